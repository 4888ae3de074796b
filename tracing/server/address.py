"""From what a client asks for to what is meant: a kind of page, its ids, the form it is wanted in.

Nothing here is looked up: whatever stands in an address becomes a value of a query, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote

from tracing.page.links import TWINS

# Beyond these nothing of ours is meant: an id has 32 characters, the search box takes `MOST_ASKED`,
# of which one may stand as twelve (`%F0%9F%A6%89`).
MOST_PATH: Final = 4_000
MOST_QUERY: Final = 26_000
MOST_ASKED: Final = 2_000
_MOST_FIELDS: Final = 16


class BadAddress(Exception):
    """What was asked for is too long, or is no address; `status` is the answer's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Address:
    """`kind` is the first segment, empty of the front page; `form` is `html` or one of `TWINS`.

    `asked` is what the search box held; `site`: where we are served, of a feed, which says so.
    """

    kind: str
    ids: tuple[str, ...]
    form: str
    asked: str = ""
    site: str = ""


def parse_address(raw_path: bytes, query: bytes) -> Address:
    """What a path and its query mean; a `.json` at the end that is part of an id is written `%2E`.

    Raises:
        BadAddress: it is too long, or no path.
    """
    if len(raw_path) > MOST_PATH or len(query) > MOST_QUERY:
        raise BadAddress(414, "The address is too long.")
    path = raw_path.decode("latin-1")
    if not path.startswith("/"):
        raise BadAddress(400, "That is no address of a page.")
    segments = path[1:].split("/")
    segments[-1], form = _form_of(segments[-1])
    if form != "html" and segments == ["index"]:
        segments = [""]
    kind, *ids = (unquote(segment, errors="replace") for segment in segments)
    return Address(kind, tuple(ids), form, _asked(query))


def form_asked(raw_path: bytes) -> str:
    """In which form a path asks for something, be it an address or not."""
    return _form_of(raw_path.decode("latin-1").rpartition("/")[2])[1]


def _form_of(segment: str) -> tuple[str, str]:
    name, dot, form = segment.rpartition(".")
    return (name, form) if dot and name and form in TWINS else (segment, "html")


def _asked(query: bytes) -> str:
    """The first `q`."""
    try:
        fields = parse_qsl(
            query.decode("latin-1"), errors="replace", max_num_fields=_MOST_FIELDS,
            keep_blank_values=True,
        )  # fmt: skip
    except ValueError as error:
        raise BadAddress(400, "The address asks for too much at once.") from error
    asked = next((value for name, value in fields if name == "q"), "")
    if len(asked) > MOST_ASKED:
        raise BadAddress(414, f"At most {MOST_ASKED:,} characters can be looked for.")
    return asked
