"""`Source`, what the user named, and `Segment`, what is read of it in one piece."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.full_text import Entry

# Only to plan chunks: deliveries of a container that is not JSONL are estimated by its size.
BYTES_PER_DELIVERY = 3_000


@dataclass(frozen=True, slots=True)
class Source:
    """What the user named: a path, folder, glob or Beam file-system URI, and what they said of it.

    `outlet` and `format` are `--outlet` and `--format`; `is_feed` for `--feed`.
    """

    pattern: str
    outlet: str | None = None
    format: str | None = None
    is_feed: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A container, or a stretch of lines of it: `length` bytes from `offset`, None for all.

    `uri` can be shown: printable, without secrets. `path` is what the operating system opens, or
    Beam's file systems where it holds `://`.
    `problem` is a reason of `schemas.reject.REASONS` that was found while listing. `counts` says
    whether this segment counts as a container (the first of each does). A replay brings the bytes
    themselves, in `data`, those of `member` where it was in an archive, and may want `only_record`
    of them, or `only_member` of an archive that it reads again. What was fetched lies at `path`,
    with the `charset` that HTTP declared; if it could not be, `message` says what happened. A page
    that was fetched for the `entry` of a feed came from `url`. `mark` is what the key state keeps
    when a message was taken in, so that it is taken in once.
    """

    uri: str
    source: Source
    path: str = ""
    offset: int = 0
    length: int | None = None
    first_record: int = 1
    deliveries: int = 1
    problem: str | None = None
    counts: bool = True
    data: bytes | None = None
    member: str | None = None
    only_record: int | None = None
    only_member: str | None = None
    charset: str | None = None
    message: str | None = None
    entry: Entry | None = None
    url: str | None = None
    mark: str | None = None
