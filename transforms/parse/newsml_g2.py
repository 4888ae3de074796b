"""NewsML-G2 of the IPTC, 2.0 to 2.35 (https://iptc.org/standards/newsml-g2/).

Covered: news items, alone or in a `newsMessage`; packages, which are an article of their own only
where the message carries no text item; planning items, as advisories. Text as NITF, XHTML or
`inlineData`. `hopHistory` and `infoSource` become stations. A `contentSet` holds renditions of one
content: the first text, the largest picture. `guid` is the same for all versions, so it is the uri.
Concept, knowledge and catalog items hold no news. Not covered: `partMeta`, `assert`, `link`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from schemas.article import Media, Station
from transforms.parse.control import says_something
from transforms.parse.distinct import distinct
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.markup import without_headline
from transforms.parse.nitf_content import NitfContent, read_content
from transforms.parse.xml_root import find_root
from transforms.parse.xml_tree import (
    XML_LANG,
    BadXml,
    Element,
    attribute,
    children,
    find,
    find_line,
    line,
    local_name,
    parse_xml,
    to_plain,
    to_text,
)

FORMAT = "newsml_g2"
VERSIONS: Final = "NewsML-G2 2.0 to 2.35, core and power"
KEPT: Final = {
    "provider": "itemMeta/provider, else header/sender",
    "guid": "@guid",
    "uri": "@guid",
    "pubstatus": "itemMeta/pubStatus",
    "signals": "itemMeta/signal, where it is one of ours",
    "version_stated": "@version",
    "headline": "contentMeta/headline, else NITF hl1, else itemMeta/title",
    "description_text": "contentMeta/description, else a headline of role subHeadline",
    "body_text": "contentSet/inlineXML (NITF, XHTML), contentSet/inlineData",
    "slugline": "contentMeta/slugline",
    "dateline": "contentMeta/dateline, else that of NITF, else contentMeta/located",
    "byline": "contentMeta/by, else that of NITF",
    "creditline": "contentMeta/creditline",
    "ednote": "itemMeta/edNote",
    "authors": "contentMeta/creator, where a name is given",
    "language_declared": "contentMeta/language@tag, else @xml:lang",
    "published_raw": "itemMeta/firstCreated, contentCreated, versionCreated",
    "versioncreated_raw": "itemMeta/versionCreated",
    "embargoed_raw": "itemMeta/embargoed",
    "expires_raw": "rightsInfo/usageTerms@validto",
    "urgency": "contentMeta/urgency",
    "genre": "contentMeta/genre, else itemMeta/itemClass of what is no text",
    "subjects": "contentMeta/subject",
    "keywords": "contentMeta/keyword",
    "media": "contentSet/remoteContent",
    "copyrightholder": "rightsInfo/copyrightHolder",
    "usageterms": "rightsInfo/usageTerms",
    "wordcount_stated": "@wordcount of the text",
    "places": "contentMeta/located and what is broader",
    "provenance": "hopHistory/hop, contentMeta/infoSource",
}
SIGNALS: Final = frozenset(
    ("update", "correction", "writethru", "kill", "withhold", "release", "embargo", "refile")
)
_NEWS: Final = ("newsItem", "packageItem", "planningItem")
_NO_NEWS: Final = ("conceptItem", "knowledgeItem", "catalogItem")
_ROOTS: Final = frozenset(name.casefold() for name in ("newsMessage", *_NEWS, *_NO_NEWS))
# HTML §4.3: introductions and what leads elsewhere, where the headline stands again.
_FURNITURE: Final = frozenset(("header", "footer", "nav"))
_SUBHEADLINE: Final = "subheadline"


def sniff(head: bytes) -> bool:
    """Is the root element an item or a message of NewsML-G2?"""
    return (find_root(head) or "").casefold() in _ROOTS


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each news item, or for a package that carries none."""
    try:
        tree = parse_xml(data, context.charset)
    except BadXml as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    is_message = local_name(tree.root).casefold() == "newsmessage"
    elements = list(find_items(tree.root)) if is_message else [tree.root]
    if not elements:
        yield ItemReject(reason="no_items", message="the message carries no item")
    sender = find_line(tree.root, "header/sender") if is_message else None
    for number, element in enumerate(elements, context.first_record):
        record = number if is_message else None
        yield _parse_item(element, sender, record, tree.encoding, tree.warnings)


def find_items(message: Element) -> Iterator[Element]:
    """The items of a message; packages only where no item holds text."""
    known = (*_NEWS, *_NO_NEWS)
    items = [one for held in message.iter("{*}itemSet") for one in held if local_name(one) in known]
    has_text = any(local_name(one) == "newsItem" and find_class(one) == "text" for one in items)
    return (one for one in items if not (has_text and local_name(one) == "packageItem"))


def _parse_item(
    element: Element,
    sender: str | None,
    record: int | None,
    encoding: str,
    warnings: tuple[str, ...],
) -> Item | ItemReject:
    if local_name(element) in _NO_NEWS:
        message = f"a {local_name(element)} describes things, it is no news"
        return ItemReject(reason="no_article", message=message, record=record)
    item = read_item(element, sender, record, encoding, warnings)
    if says_something(item):
        return item
    message = f"the item {item.guid or 'without id'} has neither headline nor text"
    return ItemReject(reason="empty", message=message, record=record)


def read_item(
    element: Element,
    sender: str | None,
    record: int | None,
    encoding: str,
    warnings: tuple[str, ...],
) -> Item:
    """The item of a `newsItem`, `packageItem` or `planningItem`."""
    meta, content = find(element, "itemMeta"), find(element, "contentMeta")
    rights = find(element, "rightsInfo")
    language = attribute(find(content, "language"), "tag") or element.get(XML_LANG)
    inline = find_content(find(element, "contentSet"))
    located = tuple(children(content, "located"))
    headline = _headline(content, language) or inline.headline or find_line(meta, "title")
    return Item(
        source_format=FORMAT,
        record=record,
        encoding=encoding,
        provider=to_name(find(meta, "provider"), language) or sender,
        guid=attribute(element, "guid"),
        uri=attribute(element, "guid"),
        pubstatus=attribute(find(meta, "pubStatus"), "qcode"),
        signals=find_signals(meta),
        version_stated=attribute(element, "version"),
        headline=headline,
        description_text=find_description(content, language) or inline.description_text,
        body_text=without_headline(inline.body_text, headline),
        slugline=find_line(content, "slugline"),
        dateline=find_line(content, "dateline")
        or inline.dateline
        or _first_name(located, language),
        byline=find_line(content, "by") or inline.byline,
        creditline=find_line(content, "creditline") or inline.creditline,
        ednote="\n".join(dict.fromkeys(filter(None, map(to_text, children(meta, "edNote")))))
        or None,
        authors=find_authors(content, language) or inline.authors,
        language_declared=language,
        published_raw=find_line(meta, "firstCreated")
        or find_line(content, "contentCreated")
        or find_line(meta, "versionCreated"),
        versioncreated_raw=find_line(meta, "versionCreated"),
        embargoed_raw=find_line(meta, "embargoed"),
        expires_raw=attribute(find(rights, "usageTerms"), "validto"),
        urgency=find_line(content, "urgency"),
        genre=find_genre(element, language),
        subjects=_coded(children(content, "subject"), language),
        keywords=distinct(map(line, children(content, "keyword"))),
        media=inline.media or find_media(element, language),
        wordcount_stated=find_wordcount(find(element, "contentSet")),
        copyrightholder=to_name(find(rights, "copyrightHolder"), language),
        usageterms=in_language(children(rights, "usageTerms"), language),
        places=_coded(_with_broader(located), language) or inline.places,
        provenance=(*find_hops(element, language), *find_sources(content, language)),
        warnings=warnings,
    )


def in_language(elements: Iterable[Element], language: str | None) -> str | None:
    """The text of the element in the item's language, else of the first that has any."""
    found = [(one.get(XML_LANG), text) for one in elements if (text := line(one))]
    primary = _primary(language)
    same = (text for tag, text in found if tag and _primary(tag) == primary)
    return next(same, found[0][1] if found else None)


def _primary(tag: str | None) -> str:
    return (tag or "").partition("-")[0].casefold()


def to_name(element: Element | None, language: str | None) -> str | None:
    """What a party or concept is called: its name, literal, code or address."""
    name = in_language(children(element, "name"), language)
    return name or _literal(element) or to_code(element)


def _literal(element: Element | None) -> str | None:
    return attribute(element, "literal")


def to_code(element: Element | None) -> str | None:
    """The QCode of a concept, else its address."""
    return attribute(element, "qcode") or attribute(element, "uri")


def _coded(elements: Iterable[Element], language: str | None) -> tuple[str, ...]:
    """Code, blank, name of each."""
    return distinct(
        " ".join(
            filter(
                None,
                (to_code(one) or _literal(one), in_language(children(one, "name"), language)),
            )
        )
        for one in elements
    )


def _first_name(elements: Iterable[Element], language: str | None) -> str | None:
    names = (in_language(children(one, "name"), language) or _literal(one) for one in elements)
    return next(filter(None, names), None)


def _with_broader(located: Iterable[Element]) -> Iterator[Element]:
    for place in located:
        yield place
        yield from children(place, "broader")


def find_class(element: Element) -> str:
    """`text`, `picture`, `video`, `audio`, `graphic`, `composite`: the local part of the QCode."""
    code = attribute(find(element, "itemMeta/itemClass"), "qcode") or ""
    return code.rpartition(":")[2].casefold()


def find_genre(element: Element, language: str | None) -> str | None:
    """The genres as stated; of what is no text and states none, its class."""
    genres = distinct(
        to_name(one, language) for one in children(find(element, "contentMeta"), "genre")
    )
    if genres:
        return ", ".join(genres)
    if local_name(element) == "planningItem":
        return "advisory"
    item_class = find_class(element)
    return None if item_class in ("", "text") else item_class


def find_signals(meta: Element | None) -> tuple[str, ...]:
    """Signals of our vocabulary, whichever scheme they are from."""
    codes = (attribute(one, "qcode") or "" for one in children(meta, "signal"))
    words = (code.rpartition(":")[2].casefold() for code in codes)
    return tuple(dict.fromkeys(word for word in words if word in SIGNALS))


def _is_subheadline(headline: Element) -> bool:
    return _SUBHEADLINE in (attribute(headline, "role") or "").casefold()


def _headline(content: Element | None, language: str | None) -> str | None:
    return in_language(
        (one for one in children(content, "headline") if not _is_subheadline(one)), language
    )


def find_description(content: Element | None, language: str | None) -> str | None:
    """The description of the item, else a headline below the headline."""
    stated = in_language(children(content, "description"), language)
    below = (one for one in children(content, "headline") if _is_subheadline(one))
    return stated or in_language(below, language)


def find_authors(content: Element | None, language: str | None) -> tuple[str, ...]:
    """Creators whose name is given: a code alone is a desk or a system."""
    creators = children(content, "creator")
    return distinct(in_language(children(one, "name"), language) for one in creators)


def find_hops(element: Element, language: str | None) -> Iterator[Station]:
    """Who had the item in hand, in order."""
    hops = list(children(find(element, "hopHistory"), "hop"))
    for hop in sorted(hops, key=_sequence):
        for party in children(hop, "party"):
            name = in_language(children(party, "name"), language) or _literal(party)
            if name or to_code(party):
                yield Station("hop", name, to_code(party), attribute(hop, "timestamp"))


def _sequence(hop: Element) -> int:
    number = attribute(hop, "seq") or ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0


def find_sources(content: Element | None, language: str | None) -> Iterator[Station]:
    """Where the information comes from."""
    for source in children(content, "infoSource"):
        name = in_language(children(source, "name"), language) or _literal(source)
        if name or to_code(source):
            yield Station("infosource", name, to_code(source), None)


def find_content(content_set: Element | None) -> NitfContent:
    """The first rendition that is text."""
    for rendition in () if content_set is None else content_set:
        name = local_name(rendition)
        if name == "inlineXML":
            found = _inline_xml(rendition)
        elif name == "inlineData" and attribute(rendition, "encoding") is None:
            found = NitfContent(body_text=to_plain(rendition))
        else:
            continue
        if found.body_text:
            return found
    return NitfContent()


def find_wordcount(content_set: Element | None) -> str | None:
    """The first number of words that a rendition states."""
    counts = () if content_set is None else (attribute(one, "wordcount") for one in content_set)
    return next(filter(None, counts), None)


def _inline_xml(rendition: Element) -> NitfContent:
    nitf = find(rendition, "nitf")
    if nitf is not None:
        return read_content(nitf)
    return NitfContent(body_text=to_text(rendition, _FURNITURE) or to_text(rendition))


def find_media(element: Element, language: str | None) -> tuple[Media, ...]:
    """The largest rendition of what the item shows."""
    content = find(element, "contentMeta")
    renditions = [
        one
        for one in children(find(element, "contentSet"), "remoteContent")
        if attribute(one, "href")
    ]
    if not renditions:
        return ()
    best = max(renditions, key=_width)
    kind = (attribute(best, "contenttype") or "").partition("/")[0] or find_class(element) or None
    caption = in_language(children(content, "description"), language)
    return (Media(kind, attribute(best, "href"), caption, find_line(content, "creditline")),)


def _width(rendition: Element) -> int:
    width = attribute(rendition, "width") or ""
    return int(width) if width.isascii() and width.isdigit() and len(width) < 8 else 0
