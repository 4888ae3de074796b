"""RSS 0.90 to 2.0, RSS 1.0 (RDF) and Atom through feedparser, which gets bytes only.

Covered: item, feed and source metadata, content:encoded, Dublin Core, Media RSS, enclosures,
xml:lang. Not covered: iTunes, GeoRSS, comments. Encoding is decided by `decoding.py`, so that the
result depends on no detector that happens to be installed; markup by `markup.py`, so feedparser's
sanitizer stays off. Not feedparser's dates: only the strings as written (DESIGN §7).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Final

import feedparser

from schemas.article import Media, Station
from transforms.parse.decoding import Undecodable, decode
from transforms.parse.distinct import distinct
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.markup import html_to_text
from transforms.parse.xml_root import find_root

FORMAT = "feed"
FORMATS: Final = ("rss", "atom", "rdf")
VERSIONS: Final = "RSS 0.90 to 2.0, RSS 1.0, Atom 0.3 and 1.0"
KEPT: Final = {
    "feed": "link rel=self of the feed",
    "feed_title": "title of the feed",
    "outlet_name": "source",
    "source_url": "source@url; Atom source/link",
    "guid": "guid; Atom id",
    "url": "link, else a guid that is an address",
    "headline": "title",
    "description_text": "description or summary beside a content; else one short paragraph",
    "body_text": "content:encoded, Atom content; else a long description",
    "byline": "author, dc:creator",
    "authors": "author, dc:creator",
    "language_declared": "dc:language, xml:lang, language of the feed",
    "published_raw": "pubDate, dc:date, Atom published, else updated",
    "versioncreated_raw": "Atom updated",
    "keywords": "category",
    "media": "enclosure, media:content, media:thumbnail",
    "copyrightholder": "rights, dc:rights",
    "provenance": "source",
}
# An item that only has a description: a synopsis up to here, a whole text beyond (RSS 2.0 says
# both: "The item synopsis", and that it may hold the complete text).
MAX_SYNOPSIS = 600
# feedparser's search for an e-mail address in a name is quadratic: 100 kB take 37 s (DESIGN §7).
MAX_NAME = 1000
_ROOTS: Final = frozenset(("rss", "feed", "rdf"))
_HTML_TYPES = ("text/html", "application/xhtml+xml")
# What feedparser was seen to raise where it promises `bozo` (its own tracker; fuzzing, DESIGN §7).
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,500}\?>")
_NAME_OPEN = re.compile(
    r"<(?:[a-z]+:)?(?:author|contributor|creator|email|managingeditor|name|owner|publisher"
    r"|webmaster)\b[^<>]*>\s*",
    re.IGNORECASE,
)
_ENTRY = re.compile(rb"<(/?)(?:[A-Za-z]+:)?(?:item|entry)(?=[\s>])[^<>]*>")

Entry = dict[str, Any]


def sniff(head: bytes) -> bool:
    """Is the root element that of a feed?"""
    root = find_root(head)
    return root is not None and root.casefold() in _ROOTS


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each entry; `raw_span` where entries and elements match one to one."""
    try:
        decoded = decode(data, context.charset)
        text, warnings = cut_names(decoded.text)
        feed = _feedparse(text)
    except Undecodable as error:
        yield ItemReject(reason="undecodable", message=str(error))
        return
    except RecursionError:
        yield ItemReject(reason="too_deep", message="elements nested too deep for feedparser")
        return
    except _FAULTS as error:
        yield ItemReject(reason="malformed", message=f"feedparser gave up: {str(error)[:200]}")
        return
    if not feed.entries:
        yield ItemReject(reason="no_items", message="the feed has no entries")
        return
    common = {
        "source_format": find_format(feed, text),
        "encoding": decoded.encoding,
        "warnings": decoded.warnings + warnings + (("feed_ill_formed",) if feed.bozo else ()),
    }
    spans = find_spans(data, len(feed.entries))
    for offset, (entry, span) in enumerate(zip(feed.entries, spans, strict=True)):
        yield _parse_entry(entry, feed.feed, context.first_record + offset, span, common)


def _feedparse(text: str) -> Any:
    body = _DECLARATION.sub("", text, count=1).lstrip()
    return feedparser.parse(
        io.BytesIO(body.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def cut_names(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` with absurdly long names blanked, and the warning that says so."""
    pieces, done = [], 0
    for match in _NAME_OPEN.finditer(text):
        start = match.end()
        if start < done:
            continue
        is_cdata = text.startswith("<![CDATA[", start)
        end = text.find("]]>" if is_cdata else "<", start)
        end = len(text) if end < 0 else end + (3 if is_cdata else 0)
        if end - start > MAX_NAME:
            pieces.append(text[done:start])
            done = end
    if not done:
        return text, ()
    return "".join([*pieces, text[done:]]), ("oversize_name_dropped",)


def find_format(feed: Any, text: str) -> str:
    """rss, atom or rdf; by the root element where feedparser saw no version."""
    version: str = feed.version or ""
    root = (find_root(text[:65536].encode("utf-8", "replace")) or "").casefold()
    if root == "rdf" or version in ("rss090", "rss10"):
        return "rdf"
    return "atom" if version.startswith("atom") or root == "feed" else "rss"


def find_spans(data: bytes, entries: int) -> list[tuple[int, int] | None]:
    """Where each entry's bytes are; all None unless the elements are as many as the entries."""
    spans: list[tuple[int, int] | None] = []
    start = None
    for match in _ENTRY.finditer(data):
        if not match[1]:
            start = match.start()
        elif start is not None:
            spans.append((start, match.end()))
            start = None
    return spans if len(spans) == entries else [None] * entries


def _parse_entry(
    entry: Entry, feed: Entry, number: int, span: tuple[int, int] | None, common: dict[str, Any]
) -> Item | ItemReject:
    headline = find_headline(entry)
    description, body = find_texts(entry)
    if not (headline or description or body):
        message = f"entry {number} has neither title nor text"
        return ItemReject(reason="empty", message=message, record=number, raw_span=span)
    published, updated = find_dates(entry, common["source_format"])
    source = _mapping(_get(entry, "source"))
    source_name, source_url = _plain(source, "title"), find_source_url(source)
    authors = find_authors(entry)
    return Item(
        record=number,
        raw_span=span,
        feed=_link(feed, "self"),
        feed_title=_plain(feed, "title"),
        outlet_name=source_name,
        source_url=source_url,
        guid=_string(entry, "id"),
        url=find_url(entry),
        headline=headline,
        description_text=description,
        body_text=body,
        byline=", ".join(authors) or None,
        authors=authors,
        language_declared=find_language(entry, feed),
        published_raw=published,
        versioncreated_raw=updated,
        keywords=find_keywords(entry),
        media=tuple(find_media(entry)),
        copyrightholder=_string(entry, "rights"),
        provenance=(
            (Station("source", source_name, source_url, None),) if source_name or source_url else ()
        ),
        **common,
    )


def find_source_url(source: Entry) -> str | None:
    """Where an aggregator took the entry from (RSS `<source url>`, Atom `<source>`)."""
    return _string(source, "href") or _string(source, "link") or _link(source, "alternate")


def _get(entry: Entry, key: str) -> Any:
    # Not entry.get: feedparser maps `updated` to `published` and `summary` to `content`.
    return dict.get(entry, key)


def _mapping(value: object) -> Entry:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Entry]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _string(entry: Entry, key: str) -> str | None:
    value = _get(entry, key)
    return value.strip() or None if isinstance(value, str) else None


def _plain(entry: Entry, key: str) -> str | None:
    value = _string(entry, key)
    if value is None:
        return None
    kind = _string(_mapping(_get(entry, key + "_detail")), "type")
    return (html_to_text(value) if kind in _HTML_TYPES else value) or None


def _link(entry: Entry, rel: str) -> str | None:
    links = (link for link in _mappings(_get(entry, "links")) if _get(link, "rel") == rel)
    return next((href for link in links if (href := _string(link, "href"))), None)


def find_headline(entry: Entry) -> str | None:
    """`title`, on one line."""
    title = _plain(entry, "title")
    return " ".join(title.split()) or None if title else None


def find_texts(entry: Entry) -> tuple[str | None, str | None]:
    """Standfirst and body: summary and content; a lone description by its form."""
    content = max(
        (_content_text(c) for c in _mappings(_get(entry, "content"))), key=len, default=""
    )
    summary = _string(entry, "summary") or ""
    kind = _string(_mapping(_get(entry, "summary_detail")), "type")
    # RSS descriptions are entity-encoded HTML without a declared type (RSS 2.0, "item").
    text = summary if kind == "text/plain" and "<" not in summary else html_to_text(summary)
    if content:
        return (text or None) if text != content else None, content
    is_marked_up = kind in _HTML_TYPES and re.search(r"<(?:p|br|div)\b", summary, re.IGNORECASE)
    is_one_paragraph = "\n\n" not in text
    if find_url(entry) and is_one_paragraph and len(text) <= MAX_SYNOPSIS and not is_marked_up:
        return text or None, None
    return None, text or None


def _content_text(content: Entry) -> str:
    value = _string(content, "value") or ""
    return value if _get(content, "type") == "text/plain" else html_to_text(value)


def find_url(entry: Entry) -> str | None:
    """`link`, else the alternate link, else a guid that is an address (RSS 2.0 isPermaLink)."""
    guid = _string(entry, "id") or ""
    permalink = guid if guid.startswith(("http://", "https://")) else None
    url = _string(entry, "link")
    # feedparser copies any id into `link`, tag: and urn: too.
    stated = None if url == guid else url
    return stated or _link(entry, "alternate") or permalink


def find_authors(entry: Entry) -> tuple[str, ...]:
    """Names of `author` and `dc:creator`; without a name, the whole string."""
    names = (_string(author, "name") for author in _mappings(_get(entry, "authors")))
    found = distinct(names)
    lone = _string(entry, "author")
    return found or ((lone,) if lone else ())


def find_language(entry: Entry, feed: Entry) -> str | None:
    """dc:language, else xml:lang in force at content, summary or title, else the feed's."""
    details = [*_mappings(_get(entry, "content"))]
    details += [_mapping(_get(entry, key + "_detail")) for key in ("summary", "title")]
    candidates = [entry, *details, feed]
    return next((found for c in candidates if (found := _string(c, "language"))), None)


def find_dates(entry: Entry, source_format: str) -> tuple[str | None, str | None]:
    """`published` and `versioncreated` as written. dc:date is when it was published.

    An Atom entry need not say when it was published (RFC 4287 §4.2.9); then its update stands in.
    """
    published, updated = _string(entry, "published"), _string(entry, "updated")
    return published or updated, updated if source_format == "atom" else published and updated


def find_keywords(entry: Entry) -> tuple[str, ...]:
    """Labels, else terms, of the categories."""
    tags = _mappings(_get(entry, "tags"))
    names = (_string(tag, "label") or _string(tag, "term") for tag in tags)
    return distinct(names)


def find_media(entry: Entry) -> Iterator[Media]:
    """Enclosures (RSS, Atom), then media:content and media:thumbnail, each address once."""
    links = [m for m in _mappings(_get(entry, "links")) if _get(m, "rel") == "enclosure"]
    contents = _mappings(_get(entry, "media_content"))
    credits = [_string(c, "content") for c in _mappings(_get(entry, "media_credit"))]
    thumbnails = _mappings(_get(entry, "media_thumbnail"))
    credit = next((c for c in credits if c), None)
    seen = set()
    for medium in (*links, *contents, *thumbnails):
        url = _string(medium, "href") or _string(medium, "url")
        if url and url not in seen:
            seen.add(url)
            kind = _string(medium, "medium") or (_string(medium, "type") or "").split("/")[0]
            is_picture = medium in thumbnails
            yield Media(kind or ("image" if is_picture else None), url, None, credit)
