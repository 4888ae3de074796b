"""What every wire reader yields: an `Item` as written, or an `ItemReject`.

A reader is a module `transforms/parse/<format>.py` with

    FORMAT: str                                    name stored in `source_format`
    VERSIONS: str                                  what of the standard is read
    KEPT: Mapping[str, str]                        field of `Item` -> where the format keeps it
    sniff(head: bytes) -> bool                     does the content look like this format?
    parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]

It is pure: no clock, no storage, no Beam. It yields text as written (HTML already turned into plain
text, paragraphs separated by a blank line); dates, addresses, identity and outlets are decided in
`transforms/normalize.py`. A bad item is that item's reject; its neighbours live.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.article import Media, Station


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseContext:
    """What is known about the bytes before they are parsed.

    `source_uri` names the container; `first_record` is the number of the first record in `data`
    (a large JSONL file is parsed in pieces); `charset` is what the transport declared. `member` is
    set where the bytes are that member of an archive; `first_member` skips those before it. `url`
    is where a web archive, or we ourselves, had the bytes from.
    """

    source_uri: str
    first_record: int = 1
    charset: str | None = None
    member: str | None = None
    first_member: int = 0
    url: str | None = None

    @property
    def address(self) -> str:
        """What the bytes are the whole of: the container, or its member."""
        return address(self.source_uri, self.member, None)


def address(source: str, member: str | None, record: int | None) -> str:
    """`source_uri` of a record: the container's address, then `!member`, then `#n`."""
    within = source if member is None else f"{source}!{member}"
    return within if record is None else f"{within}#{record}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article or control message as its container wrote it; nothing normalized but markup.

    `member` is its member of an archive, `record` its number in the container or member, from 1, or
    None where that is one item. `raw_span` are the item's bytes within `data`, None for all of it.
    `raw` are the member's bytes, which `raw_span` is about then; a reader leaves both alone.
    `warnings` are keys of `schemas.parse_warning.WARNINGS`, some with `:` and a detail.
    """

    source_format: str
    record: int | None
    raw_span: tuple[int, int] | None = None
    member: str | None = None
    raw: bytes | None = field(default=None, repr=False)
    encoding: str | None = None
    feed: str | None = None
    feed_title: str | None = None
    outlet: str | None = None
    outlet_name: str | None = None
    source_url: str | None = None
    provider: str | None = None
    guid: str | None = None
    uri: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    pubstatus: str | None = None
    signals: tuple[str, ...] = ()
    version_stated: str | None = None
    headline: str | None = None
    description_text: str | None = None
    body_text: str | None = None
    slugline: str | None = None
    dateline: str | None = None
    byline: str | None = None
    creditline: str | None = None
    ednote: str | None = None
    authors: tuple[str, ...] = ()
    language_declared: str | None = None
    published_raw: str | None = None
    versioncreated_raw: str | None = None
    embargoed_raw: str | None = None
    urgency: str | None = None
    genre: str | None = None
    subjects: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    media: tuple[Media, ...] = field(default=())
    copyrightholder: str | None = None
    usageterms: str | None = None
    takekey: str | None = None
    provider_sequence: str | None = None
    wordcount_stated: str | None = None
    expires_raw: str | None = None
    places: tuple[str, ...] = ()
    provenance: tuple[Station, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReject:
    """One record (or, with `record` None, the container or member) that cannot be made sense of.

    `reason` is a key of `schemas.reject.REASONS`; `message` says what, where and how to mend it.
    `member`, `raw_span` and `raw` as in `Item`; a member that was never unpacked has no bytes.
    """

    reason: str
    message: str
    record: int | None = None
    raw_span: tuple[int, int] | None = None
    member: str | None = None
    raw: bytes | None = field(default=None, repr=False)
