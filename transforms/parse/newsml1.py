"""NewsML 1.0 to 1.2 of the IPTC (https://www.iptc.org/std/NewsML/1.2/).

Covered: one or several news items, each with one story and what is said of it, at whatever depth of
components (`newsml1_components.py`); text as NITF, XHTML, bare paragraphs, escaped or plain. Of
components that are equivalent, the first; of a story in several languages too, with a warning that
names the others (an item of their own would need an id of its own, which no kill knows). The public
identifier without its revision is the uri (RFC 3085); one that names only the provider is
completed. Pictures and captions become media. Not covered: `Update` of parts, catalogs, topics but
for the names of subjects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from schemas.article import Media, Station
from transforms.parse.control import says_something
from transforms.parse.distinct import distinct
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.newsml1_components import find_language, find_medium, is_medium, read_texts
from transforms.parse.newsml_g2 import SIGNALS
from transforms.parse.nitf_content import NitfContent
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
    parse_xml,
)

FORMAT = "newsml1"
VERSIONS: Final = "NewsML 1.0 to 1.2"
KEPT: Final = {
    "provider": "AdministrativeMetadata/Provider, else ProviderId",
    "guid": "PublicIdentifier, else ProviderId, DateId and NewsItemId",
    "uri": "the same without its revision",
    "pubstatus": "NewsManagement/Status; embargoed is usable",
    "signals": "NewsManagement/Instruction, where it is one of ours",
    "version_stated": "RevisionId",
    "headline": "NewsLines/HeadLine, else that of NITF, else the text of role HeadLine or Title",
    "description_text": "NewsLines/SubHeadLine, abstract of NITF, text of role Abstract, a caption",
    "body_text": "ContentItem/DataContent of role Main or Body, after that of role Lead",
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
_PLACES: Final = ("city", "sublocation", "worldregion", "countryarea", "country")
_PROVIDER_ONLY = re.compile(r"urn:newsml:[^:]*")
# RFC 3085: the day an item was first given its id. Some write the time of the revision there.
_DATE_ID = re.compile(r"[0-9]{8}")


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
        if says_something(item):
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
    texts = read_texts(element)
    content, scope = texts.content, texts.scope
    described = _held(scope, "DescriptiveMetadata")
    administrative = _held(scope, "AdministrativeMetadata")
    rights = next(iter(_held(scope, "RightsMetadata")), None)
    guid = find_guid(identifier)
    status = (_formal(find(management, "Status")) or "").casefold()
    media = find_media(element, texts.caption)
    return Item(
        source_format=FORMAT,
        record=record,
        encoding=encoding,
        provider=next(iter(_parties(administrative, "Provider")), None)
        or find_line(identifier, "ProviderId"),
        guid=guid,
        uri=without_revision(guid, find_line(identifier, "RevisionId")),
        pubstatus=status.replace("embargoed", "usable") or None,
        signals=find_signals(management, status),
        version_stated=find_line(identifier, "RevisionId"),
        headline=_stated(scope, "HeadLine") or content.headline or texts.headline,
        description_text=_stated(scope, "SubHeadLine")
        or content.description_text
        or texts.description
        or (None if content.body_text else texts.caption),
        body_text=content.body_text,
        slugline=_stated(scope, "SlugLine") or find_line(element, "Identification/NameLabel"),
        dateline=_stated(scope, "DateLine") or content.dateline,
        byline=_stated(scope, "ByLine") or content.byline,
        creditline=_stated(scope, "CreditLine") or content.creditline,
        ednote=find_ednote(scope),
        authors=_parties(administrative, "Creator") or content.authors,
        language_declared=find_declared(element, scope),
        published_raw=find_line(management, "FirstCreated")
        or find_line(management, "ThisRevisionCreated"),
        versioncreated_raw=find_line(management, "ThisRevisionCreated"),
        embargoed_raw=find_line(management, "StatusWillChange/DateAndTime")
        if status == "embargoed"
        else None,
        urgency=_formal(find(management, "Urgency")),
        genre=find_genre(described, content, media),
        subjects=find_subjects(element, described),
        keywords=distinct((*_properties(described, "Keyword"), *_all_stated(scope, "KeywordLine"))),
        media=content.media or media,
        wordcount_stated=find_wordcount(element),
        copyrightholder=find_line(rights, "Copyright/CopyrightHolder")
        or _stated(scope, "CopyrightLine"),
        usageterms=line(find(rights, "UsageRights")) or _stated(scope, "RightsLine"),
        places=find_places(described) or content.places,
        provenance=tuple(
            Station("infosource", name, None, None) for name in _parties(administrative, "Source")
        ),
        warnings=(*warnings, *(f"language_not_read:{one}" for one in texts.unread)),
    )


def find_guid(identifier: Element | None) -> str | None:
    """The public identifier; made as RFC 3085 has it where none names more than the provider."""
    stated = find_line(identifier, "PublicIdentifier")
    if stated and not _PROVIDER_ONLY.fullmatch(stated):
        return stated
    provider, item = find_line(identifier, "ProviderId"), find_line(identifier, "NewsItemId")
    if not provider or not (item or "").strip("0"):
        return None
    day = find_line(identifier, "DateId") or ""
    return ":".join(filter(None, ("urn:newsml", provider, _DATE_ID.fullmatch(day) and day, item)))


def without_revision(guid: str | None, revision: str | None) -> str | None:
    """RFC 3085: the revision, with N, A or U for its kind of update, is the last part."""
    if guid is None or not revision:
        return guid
    return re.sub(rf":{re.escape(revision)}[NAU]?$", "", guid)


def _held(scope: Iterable[Element], name: str) -> list[Element]:
    return [held for one in scope if (held := find(one, name)) is not None]


def _stated(scope: Iterable[Element], name: str) -> str | None:
    return next(_all_stated(scope, name), None)


def _all_stated(scope: Iterable[Element], name: str) -> Iterator[str]:
    """What the news lines of the nearest component that has any of the name say."""
    for lines in _held(scope, "NewsLines"):
        found = [text for one in children(lines, name) if (text := line(one))]
        if found:
            yield from found
            return


def _formal(element: Element | None) -> str | None:
    return attribute(element, "FormalName")


def _parties(administrative: Iterable[Element], role: str) -> tuple[str, ...]:
    for metadata in administrative:
        parties = (one for holder in children(metadata, role) for one in children(holder, "Party"))
        found = distinct(_formal(one) or line(one) for one in parties)
        if found:
            return found
    return ()


def _properties(described: Iterable[Element], name: str) -> Iterator[str | None]:
    for metadata in described:
        for one in metadata.iter("{*}Property"):
            if _formal(one) == name:
                yield attribute(one, "Value")


def find_signals(management: Element | None, status: str) -> tuple[str, ...]:
    """What is to be done with the item and its earlier revisions."""
    words = [(_formal(one) or "").casefold() for one in children(management, "Instruction")]
    found = [word for word in words if word in SIGNALS]
    if status in ("canceled", "cancelled"):
        found.append("kill")
    return tuple(dict.fromkeys(found))


def find_ednote(scope: Iterable[Element]) -> str | None:
    """Lines of a type that says that it is a note."""
    for lines in _held(scope, "NewsLines"):
        for one in children(lines, "NewsLine"):
            if "note" in (_formal(find(one, "NewsLineType")) or "").casefold():
                return find_line(one, "NewsLineText")
    return None


def find_declared(element: Element, scope: Sequence[Element]) -> str | None:
    """The language of the story, else of the item, else of a headline."""
    headlines = (find(lines, "HeadLine") for lines in _held(scope, "NewsLines"))
    titled = (headline.get(XML_LANG) for headline in headlines if headline is not None)
    return find_language(scope) or element.get(XML_LANG) or next(filter(None, titled), None)


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
        url = attribute(item, "Href")
        if url and is_medium(item):
            media.setdefault(url, Media(find_medium(item), url, caption, None))
    return tuple(media.values())


def find_genre(
    described: Iterable[Element], content: NitfContent, media: tuple[Media, ...]
) -> str | None:
    """The genres as stated; of what has no text and states none, its medium."""
    for metadata in described:
        genres = distinct(map(_formal, children(metadata, "Genre")))
        if genres:
            return ", ".join(genres)
    kind = media[0].kind if media and not content.body_text else None
    return "picture" if kind == "image" else kind


def find_subjects(element: Element, described: Iterable[Element]) -> tuple[str, ...]:
    """Codes, with the names that a topic set of the item gives them."""
    names = {}
    for topic in element.iter("{*}Topic"):
        code, name = find_line(topic, "FormalName"), _topic_name(topic)
        if code and name:
            names[code] = name
    holders = (holder for one in described for holder in children(one, "SubjectCode"))
    codes = [_formal(one) for holder in holders for one in holder.iterchildren("{*}*")]
    return distinct(" ".join(filter(None, (code, names.get(code)))) for code in codes if code)


def _topic_name(topic: Element) -> str | None:
    described = [
        one for one in children(topic, "Description") if attribute(one, "Variant") in (None, "Name")
    ]
    english = (one for one in described if one.get(XML_LANG) == "en")
    return line(next(english, described[0] if described else None))


def find_places(described: Iterable[Element]) -> tuple[str, ...]:
    """City first, then what is around it."""
    properties: dict[str, str] = {}
    for metadata in described:
        for one in metadata.iter("{*}Property"):
            name, value = (_formal(one) or "").casefold(), attribute(one, "Value")
            if name in _PLACES and value:
                properties.setdefault(name, value)
    return tuple(properties[name] for name in _PLACES if name in properties)
