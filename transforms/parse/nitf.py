"""NITF, the News Industry Text Format 3.0 to 3.6 of the IPTC (https://www.iptc.org/std/NITF/).

Covered: `docdata` whole but for `fixture` and `doc-scope`, `tobject`, `meta` of ANPA's names,
`revision-history` (its comments go to `ednote` where no `ed-msg` does), body by
`nitf_content.py`. A document that replaces, corrects or cancels another names it
(`management-doc-idref`, `correction`): that id is its `uri`, so that it reaches the other's
versions. `date.release` is an embargo only where `management-status` says so. `du-key` is no
identity: agencies use one key for all stories of a subject. Only `keyword/@key` is a keyword, as
the DTD has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from schemas.article import Station
from transforms.parse.control import says_something
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.nitf_content import read_content
from transforms.parse.xml_root import find_root
from transforms.parse.xml_tree import (
    XML_LANG,
    BadXml,
    Element,
    attribute,
    children,
    find,
    line,
    parse_xml,
)

FORMAT = "nitf"
VERSIONS: Final = "NITF 3.0 to 3.6"
KEPT: Final = {
    "provider": "distributor, doc-id@regsrc, doc.rights@agent and @owner, doc.copyright@holder",
    "guid": "doc-id@id-string",
    "uri": "docdata@management-doc-idref, correction@id-string, else doc-id@id-string",
    "pubstatus": "docdata@management-status; embargoed is usable",
    "signals": "docdata@management-status, correction, ed-msg@msg-type",
    "version_stated": "du-key@generation and @version",
    "headline": "body.head/hedline/hl1, else head/title",
    "description_text": "body.head/abstract, else hedline/hl2",
    "body_text": "body.content, body.end",
    "slugline": "meta anpa-keyword, meta slugline, else the only keyword@key",
    "dateline": "body.head/dateline",
    "byline": "body.head/byline without byttl",
    "creditline": "body.head/distributor",
    "ednote": "ed-msg@info, correction@info, revision-history@comment, body.head/note",
    "authors": "byline/person",
    "language_declared": "nitf@baselang, xml:lang of nitf, body or body.content",
    "published_raw": "date.issue@norm",
    "versioncreated_raw": "date.issue@norm",
    "embargoed_raw": "date.release@norm where management-status is embargoed",
    "expires_raw": "date.expire@norm",
    "urgency": "urgency@ed-urg",
    "genre": "ed-msg@msg-type of an advisory, tobject.property@tobject.property.type",
    "subjects": "tobject.subject with what is above it; meta anpa-category",
    "keywords": "keyword@key",
    "media": "media",
    "copyrightholder": "doc.copyright@holder",
    "usageterms": "doc.rights@limitations, @type",
    "wordcount_stated": "meta anpa-wordcount, pubdata@item-length in words",
    "takekey": "meta anpa-takekey",
    "provider_sequence": "meta anpa-sequence",
    "places": "dateline/location, evloc",
    "provenance": "del-list/from-src",
}
# What `ed-msg/@msg-type` says, by the words that NITF's documentation and agencies use for it.
_SIGNALS: Final = {
    "cancel": "kill",
    "correction": "correction",
    "embargo": "embargo",
    "kill": "kill",
    "mandatory kill": "kill",
    "release": "release",
    "update": "update",
    "withhold": "withhold",
    "writethru": "writethru",
}
_GENRES: Final = ("advisory", "test")
# IPTC subject reference numbers: two digits subject, three matter, three detail.
_REFNUM = re.compile(r"([0-9]{2})([0-9]{3})([0-9]{3})")
_LEVELS: Final = ("detail", "matter", "type")


def sniff(head: bytes) -> bool:
    """Is the root element `nitf`?"""
    return (find_root(head) or "").casefold() == "nitf"


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """One item: the document."""
    try:
        tree = parse_xml(data, context.charset)
    except BadXml as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    item = read_document(tree.root, FORMAT, tree.encoding, tree.warnings)
    if says_something(item):
        yield item
    else:
        yield ItemReject(reason="empty", message="the document has neither headline nor text")


def read_document(
    nitf: Element, source_format: str, encoding: str, warnings: tuple[str, ...]
) -> Item:
    """The item of an element `nitf`."""
    content = read_content(nitf)
    head = find(nitf, "head")
    docdata = find(head, "docdata")
    metas = read_metas(head)
    keywords = tuple(
        filter(None, (attribute(k, "key") for k in children(find(docdata, "key-list"), "keyword")))
    )
    status = (attribute(docdata, "management-status") or "").casefold()
    guid = attribute(find(docdata, "doc-id"), "id-string")
    signals = find_signals(docdata, status)
    copyright_holder = attribute(find(docdata, "doc.copyright"), "holder")
    return Item(
        source_format=source_format,
        record=None,
        encoding=encoding,
        provider=content.creditline or find_provider(docdata) or copyright_holder,
        guid=guid,
        uri=find_replaced(docdata) or guid,
        pubstatus="canceled"
        if "kill" in signals
        else status.replace("embargoed", "usable") or None,
        signals=signals,
        version_stated=find_version(find(docdata, "du-key")),
        headline=content.headline,
        description_text=content.description_text,
        body_text=content.body_text,
        slugline=metas.get("anpa-keyword") or metas.get("slugline") or _only(keywords),
        dateline=content.dateline,
        byline=content.byline,
        creditline=content.creditline,
        ednote=find_ednote(head, docdata) or content.ednote,
        authors=content.authors,
        language_declared=find_language(nitf),
        published_raw=_norm(docdata, "date.issue"),
        versioncreated_raw=_norm(docdata, "date.issue"),
        embargoed_raw=_norm(docdata, "date.release") if status == "embargoed" else None,
        expires_raw=_norm(docdata, "date.expire"),
        urgency=attribute(find(docdata, "urgency"), "ed-urg")
        or attribute(find(head, "urgency"), "ed-urg"),
        genre=find_genre(head, docdata),
        subjects=tuple(dict.fromkeys(find_subjects(head, metas))),
        keywords=tuple(dict.fromkeys(keywords)),
        media=content.media,
        copyrightholder=copyright_holder,
        usageterms=find_terms(find(docdata, "doc.rights")),
        wordcount_stated=metas.get("anpa-wordcount") or find_wordcount(head),
        takekey=metas.get("anpa-takekey"),
        provider_sequence=metas.get("anpa-sequence"),
        places=(*content.places, *find_event_places(docdata, content.places)),
        provenance=find_hops(docdata),
        warnings=warnings,
    )


def read_metas(head: Element | None) -> dict[str, str]:
    """`meta` elements of the head: name, in lower case, to content."""
    pairs = ((attribute(m, "name"), attribute(m, "content")) for m in children(head, "meta"))
    return {name.casefold(): content for name, content in pairs if name and content}


def find_replaced(docdata: Element | None) -> str | None:
    """The document that this one replaces, corrects or cancels."""
    replaced = attribute(docdata, "management-doc-idref")
    return replaced or attribute(find(docdata, "correction"), "id-string")


def find_signals(docdata: Element | None, status: str) -> tuple[str, ...]:
    """What the document is to do with another, or with itself."""
    kinds = (attribute(m, "msg-type") or "" for m in children(docdata, "ed-msg"))
    signals = [_SIGNALS[kind] for one in kinds if (kind := one.casefold()) in _SIGNALS]
    if status == "canceled":
        signals.append("kill")
    if find(docdata, "correction") is not None:
        signals.append("correction")
    return tuple(dict.fromkeys(signals))


def find_version(key: Element | None) -> str | None:
    """`14.1` of generation 14, version 1."""
    return ".".join(filter(None, (attribute(key, "generation"), attribute(key, "version")))) or None


def find_provider(docdata: Element | None) -> str | None:
    """Who is named as sender where no `distributor` is."""
    rights = find(docdata, "doc.rights")
    return (
        attribute(find(docdata, "doc-id"), "regsrc")
        or attribute(rights, "agent")
        or attribute(rights, "owner")
    )


def find_ednote(head: Element | None, docdata: Element | None) -> str | None:
    """What is said to editors: messages, else what a correction or the last revision says."""
    messages = (attribute(m, "info") for m in children(docdata, "ed-msg"))
    corrections = (attribute(c, "info") for c in children(docdata, "correction"))
    found = "\n".join(filter(None, (*messages, *corrections)))
    if found:
        return found
    comments = [attribute(r, "comment") for r in children(head, "revision-history")]
    return next(filter(None, reversed(comments)), None)


def find_language(nitf: Element) -> str | None:
    """The language of the whole, else of its text."""
    body = find(nitf, "body")
    elements = (nitf, body, find(body, "body.content"))
    stated = (one.get(XML_LANG) for one in elements if one is not None)
    return attribute(nitf, "baselang") or next(filter(None, stated), None)


def find_genre(head: Element | None, docdata: Element | None) -> str | None:
    """An advisory or a test where it is called so, else the properties of the object."""
    kinds = ((attribute(m, "msg-type") or "").casefold() for m in children(docdata, "ed-msg"))
    told = next((kind for kind in kinds if kind in _GENRES), None)
    properties = children(find(head, "tobject"), "tobject.property")
    stated = (attribute(p, "tobject.property.type") for p in properties)
    return told or ", ".join(filter(None, stated)) or None


def find_subjects(head: Element | None, metas: dict[str, str]) -> Iterator[str]:
    """Each subject, then the matter and subject above it where they are named (IPTC numbers)."""
    for subject in children(find(head, "tobject"), "tobject.subject"):
        refnum = attribute(subject, "tobject.subject.refnum")
        names = {level: attribute(subject, f"tobject.subject.{level}") for level in _LEVELS}
        number = _REFNUM.fullmatch(refnum or "")
        if number is None or refnum is None:
            name = next(filter(None, names.values()), None)
            stated = " ".join(filter(None, (refnum, name)))
            if stated:
                yield stated
            continue
        yield from _with_broader(refnum, number, names)
    if "anpa-category" in metas:
        yield f"anpa-category:{metas['anpa-category']}"


def _with_broader(
    refnum: str, number: re.Match[str], names: dict[str, str | None]
) -> Iterator[str]:
    codes = {"detail": refnum, "matter": f"{number[1]}{number[2]}000", "type": f"{number[1]}000000"}
    own = max((level for level in _LEVELS if codes[level] == refnum), key=_LEVELS.index)
    yield " ".join(filter(None, (refnum, names[own])))
    for level in _LEVELS[_LEVELS.index(own) + 1 :]:
        if names[level]:
            yield f"{codes[level]} {names[level]}"


def find_wordcount(head: Element | None) -> str | None:
    """The length of the item, where it is counted in words."""
    pubdata = find(head, "pubdata")
    is_words = attribute(pubdata, "unit-of-measure") == "word"
    return attribute(pubdata, "item-length") if is_words else None


def find_terms(rights: Element | None) -> str | None:
    """Under which terms it may be used."""
    return attribute(rights, "limitations") or attribute(rights, "type")


def find_event_places(docdata: Element | None, named: tuple[str, ...]) -> Iterator[str]:
    """Where the event was, but for what is `named` already: city, region, country."""
    known = {part for place in named for part in (place, *place.split(" ", 1))}
    for place in children(docdata, "evloc"):
        for name in ("city", "county-dist", "state-prov", "region", "iso-cc"):
            value = attribute(place, name)
            if value and value not in known:
                yield value


def find_hops(docdata: Element | None) -> tuple[Station, ...]:
    """Who moved the document, in the order of their levels."""
    sources = list(children(find(docdata, "del-list"), "from-src"))
    ordered = sorted(sources, key=lambda source: _level(attribute(source, "level-number")))
    names = (attribute(source, "src-name") or line(source) for source in ordered)
    return tuple(Station("hop", name, None, None) for name in names if name)


def _level(number: str | None) -> int:
    return (
        int(number) if number and number.isascii() and number.isdigit() and len(number) < 6 else 0
    )


def _norm(docdata: Element | None, name: str) -> str | None:
    return attribute(find(docdata, name), "norm")


def _only(keywords: tuple[str, ...]) -> str | None:
    return keywords[0] if len(keywords) == 1 else None
