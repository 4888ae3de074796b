"""NewsML 1.0 to 1.2 of the IPTC (https://www.iptc.org/std/NewsML/1.2/).

Covered: one or several news items, with the first news lines, metadata and text that each holds in
document order; text as NITF, XHTML, bare paragraphs, escaped or plain. Of components that are
equivalent (`EquivalentsList`), the first. The public identifier without its revision is the uri
(RFC 3085). Pictures and captions become media. Not covered: `Update` of parts, catalogs, topics but
for the names of subjects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from schemas.article import Media, Station
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.newsml_g2 import SIGNALS
from transforms.parse.nitf_content import NitfContent, read_content
from transforms.parse.record import is_control
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

FORMAT = "newsml1"
VERSIONS: Final = "NewsML 1.0 to 1.2"
KEPT: Final = {
    "provider": "AdministrativeMetadata/Provider, else ProviderId",
    "guid": "PublicIdentifier",
    "uri": "PublicIdentifier without its revision",
    "pubstatus": "NewsManagement/Status; embargoed is usable",
    "signals": "NewsManagement/Instruction, where it is one of ours",
    "version_stated": "RevisionId",
    "headline": "NewsLines/HeadLine, else that of NITF",
    "description_text": "NewsLines/SubHeadLine, else abstract of NITF, else a caption",
    "body_text": "ContentItem/DataContent",
    "slugline": "NewsLines/SlugLine, else NameLabel",
    "dateline": "NewsLines/DateLine, else that of NITF",
    "byline": "NewsLines/ByLine, else that of NITF",
    "creditline": "NewsLines/CreditLine",
    "ednote": "NewsLines/NewsLine of a type that says note, Comment",
    "authors": "AdministrativeMetadata/Creator",
    "language_declared": "DescriptiveMetadata/Language, else xml:lang",
    "published_raw": "FirstCreated, else ThisRevisionCreated",
    "versioncreated_raw": "ThisRevisionCreated",
    "embargoed_raw": "StatusWillChange/DateAndTime where the status is embargoed",
    "urgency": "NewsManagement/Urgency",
    "genre": "DescriptiveMetadata/Genre, else the media type of what is no text",
    "subjects": "DescriptiveMetadata/SubjectCode, names from TopicSet",
    "keywords": "Property Keyword, NewsLines/KeywordLine",
    "media": "ContentItem@Href that is no text",
    "copyrightholder": "RightsMetadata/Copyright/CopyrightHolder, else NewsLines/CopyrightLine",
    "usageterms": "RightsMetadata/UsageRights, else NewsLines/RightsLine",
    "wordcount_stated": "property WordCount or Words of Characteristics",
    "places": "Location and its properties, else properties City and Country",
    "provenance": "AdministrativeMetadata/Source",
}
# By the role of the component, each text of an item.
Texts = tuple[tuple[str, NitfContent], ...]
_TEXT: Final = ("", "text", "complextext")
_CAPTION: Final = "caption"
_PLACES: Final = ("city", "sublocation", "worldregion", "countryarea", "country")
_KINDS: Final = {"photo": "image"}


def sniff(head: bytes) -> bool:
    """Is the root element `NewsML`?"""
    return (find_root(head) or "").casefold() == "newsml"


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each `NewsItem`."""
    try:
        tree = parse_xml(data, context.charset)
    except BadXml as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    elements = list(children(tree.root, "NewsItem"))
    if not elements:
        yield ItemReject(reason="no_items", message="the document carries no NewsItem")
    for number, element in enumerate(elements, context.first_record):
        record = number if len(elements) > 1 else None
        item = read_item(element, record, tree.encoding, tree.warnings)
        if item.headline or item.body_text or item.description_text or is_control(item):
            yield item
        else:
            message = f"the item {item.guid or 'without id'} has neither headline nor text"
            yield ItemReject(reason="empty", message=message, record=record)


def read_item(
    element: Element, record: int | None, encoding: str, warnings: tuple[str, ...]
) -> Item:
    """The item of a `NewsItem`."""
    identifier = find(element, "Identification/NewsIdentifier")
    management = find(element, "NewsManagement")
    lines, described = _first(element, "NewsLines"), _first(element, "DescriptiveMetadata")
    administrative, rights = (
        _first(element, "AdministrativeMetadata"),
        _first(element, "RightsMetadata"),
    )
    guid = find_line(identifier, "PublicIdentifier")
    status = (_formal(find(management, "Status")) or "").casefold()
    texts = tuple(_texts(element))
    content, caption = find_content(texts), find_caption(texts)
    media = find_media(element, caption)
    return Item(
        source_format=FORMAT,
        record=record,
        encoding=encoding,
        provider=next(_parties(administrative, "Provider"), None)
        or find_line(identifier, "ProviderId"),
        guid=guid,
        uri=without_revision(guid, find_line(identifier, "RevisionId")),
        pubstatus=status.replace("embargoed", "usable") or None,
        signals=find_signals(management, status),
        version_stated=find_line(identifier, "RevisionId"),
        headline=find_line(lines, "HeadLine") or content.headline,
        description_text=find_line(lines, "SubHeadLine")
        or content.description_text
        or (None if content.body_text else caption),
        body_text=content.body_text,
        slugline=find_line(lines, "SlugLine") or find_line(element, "Identification/NameLabel"),
        dateline=find_line(lines, "DateLine") or content.dateline,
        byline=find_line(lines, "ByLine") or content.byline,
        creditline=find_line(lines, "CreditLine") or content.creditline,
        ednote=find_ednote(lines),
        authors=tuple(_parties(administrative, "Creator")) or content.authors,
        language_declared=find_language(element, described, lines),
        published_raw=find_line(management, "FirstCreated")
        or find_line(management, "ThisRevisionCreated"),
        versioncreated_raw=find_line(management, "ThisRevisionCreated"),
        embargoed_raw=find_line(management, "StatusWillChange/DateAndTime")
        if status == "embargoed"
        else None,
        urgency=_formal(find(management, "Urgency")),
        genre=find_genre(described, content, media),
        subjects=find_subjects(element, described),
        keywords=_unique((*_properties(described, "Keyword"), find_line(lines, "KeywordLine"))),
        media=content.media or media,
        wordcount_stated=find_wordcount(element),
        copyrightholder=find_line(rights, "Copyright/CopyrightHolder")
        or find_line(lines, "CopyrightLine"),
        usageterms=line(find(rights, "UsageRights")) or find_line(lines, "RightsLine"),
        places=find_places(described) or content.places,
        provenance=tuple(
            Station("infosource", name, None, None) for name in _parties(administrative, "Source")
        ),
        warnings=warnings,
    )


def without_revision(guid: str | None, revision: str | None) -> str | None:
    """RFC 3085: the revision, with N, A or U for its kind of update, is the last part."""
    if guid is None or not revision:
        return guid
    return re.sub(rf":{re.escape(revision)}[NAU]?$", "", guid)


def _first(element: Element, name: str) -> Element | None:
    return next(element.iter(f"{{*}}{name}"), None)


def _formal(element: Element | None) -> str | None:
    return attribute(element, "FormalName")


def _unique(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _parties(administrative: Element | None, role: str) -> Iterator[str]:
    for holder in children(administrative, role):
        for party in children(holder, "Party"):
            name = _formal(party) or line(party)
            if name:
                yield name


def _properties(described: Element | None, name: str) -> Iterator[str | None]:
    found = () if described is None else described.iter("{*}Property")
    return (attribute(one, "Value") for one in found if _formal(one) == name)


def find_signals(management: Element | None, status: str) -> tuple[str, ...]:
    """What is to be done with the item and its earlier revisions."""
    words = [(_formal(one) or "").casefold() for one in children(management, "Instruction")]
    found = [word for word in words if word in SIGNALS]
    if status in ("canceled", "cancelled"):
        found.append("kill")
    return tuple(dict.fromkeys(found))


def find_ednote(lines: Element | None) -> str | None:
    """Lines of a type that says that it is a note."""
    for one in children(lines, "NewsLine"):
        if "note" in (_formal(find(one, "NewsLineType")) or "").casefold():
            return find_line(one, "NewsLineText")
    return None


def find_language(element: Element, described: Element | None, lines: Element | None) -> str | None:
    """The language that is described, else that of the item or its headline."""
    stated = _formal(find(described, "Language")) or element.get(XML_LANG)
    headline = find(lines, "HeadLine")
    return stated or (None if headline is None else headline.get(XML_LANG))


def find_content(texts: Texts) -> NitfContent:
    """The first text that is no caption; a component whose role is Main before the others."""
    found = [(role, content) for role, content in texts if role != _CAPTION]
    main = (content for role, content in found if role == "main")
    return next(main, found[0][1] if found else NitfContent())


def find_caption(texts: Texts) -> str | None:
    """The first caption of a picture."""
    captions = (content.body_text for role, content in texts if role == _CAPTION)
    return next(captions, None)


def _texts(element: Element) -> Iterator[tuple[str, NitfContent]]:
    for item in element.iter("{*}ContentItem"):
        if _medium(item) in _TEXT and find_line(item, "Encoding") is None:
            data = _first(item, "DataContent")
            content = NitfContent() if data is None else read_data(data)
            if content.body_text:
                yield find_role(item), content


def _medium(item: Element) -> str:
    return (_formal(find(item, "MediaType")) or "").casefold()


def find_role(item: Element) -> str:
    """The role of the nearest component that has one, lower case."""
    component = item.getparent()
    while component is not None and local_name(component) != "NewsItem":
        role = _formal(find(component, "Role"))
        if role:
            return role.casefold()
        component = component.getparent()
    return ""


def read_data(data: Element) -> NitfContent:
    """NITF, other markup, or character data."""
    if len(data) == 0:
        return NitfContent(body_text=to_plain(data))
    nitf = find(data, "nitf")
    if nitf is None and _first(data, "body.content") is None:
        return NitfContent(body_text=to_text(data))
    return read_content(data if nitf is None else nitf)


def find_wordcount(element: Element) -> str | None:
    """The number of words that a content item states."""
    for characteristics in element.iter("{*}Characteristics"):
        for one in children(characteristics, "Property"):
            if _formal(one) in ("WordCount", "Words"):
                return attribute(one, "Value")
    return None


def find_media(element: Element, caption: str | None) -> tuple[Media, ...]:
    """What is referred to and no text, each address once, with the caption of the item."""
    media: dict[str, Media] = {}
    for item in element.iter("{*}ContentItem"):
        url, kind = attribute(item, "Href"), _medium(item)
        if url and kind not in _TEXT:
            media.setdefault(url, Media(_KINDS.get(kind, kind), url, caption, None))
    return tuple(media.values())


def find_genre(
    described: Element | None, content: NitfContent, media: tuple[Media, ...]
) -> str | None:
    """The genres as stated; of what has no text and states none, its medium."""
    genres = _unique(map(_formal, children(described, "Genre")))
    if genres:
        return ", ".join(genres)
    kind = media[0].kind if media and not content.body_text else None
    return "picture" if kind == "image" else kind


def find_subjects(element: Element, described: Element | None) -> tuple[str, ...]:
    """Codes, with the names that a topic set of the item gives them."""
    names = {}
    for topic in element.iter("{*}Topic"):
        code, name = find_line(topic, "FormalName"), _topic_name(topic)
        if code and name:
            names[code] = name
    codes = [_formal(one) for holder in children(described, "SubjectCode") for one in holder]
    return _unique(" ".join(filter(None, (code, names.get(code)))) for code in codes if code)


def _topic_name(topic: Element) -> str | None:
    described = [
        one for one in children(topic, "Description") if attribute(one, "Variant") in (None, "Name")
    ]
    english = (one for one in described if one.get(XML_LANG) == "en")
    return line(next(english, described[0] if described else None))


def find_places(described: Element | None) -> tuple[str, ...]:
    """City first, then what is around it."""
    properties: dict[str, str] = {}
    for one in () if described is None else described.iter("{*}Property"):
        name, value = (_formal(one) or "").casefold(), attribute(one, "Value")
        if name in _PLACES and value:
            properties.setdefault(name, value)
    return tuple(properties[name] for name in _PLACES if name in properties)
