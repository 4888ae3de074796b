"""XML of an agency's own making: what is no standard's, and holds news all the same.

Elements are known by what newsrooms call them (`agency_xml_names.toml`), whoever the agency is. An
item is an element with a headline or a text among its children, the largest such set of siblings
of one name, else the root. Text may be elements, escaped HTML or a CDATA section. Where the
headline is empty, the first sentence of the text is the headline: a flash has none. Asked last of
all readers of XML.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from transforms.parse.decoding import decode_head
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.markup import html_to_text
from transforms.parse.plaintext import MAX_HEADLINE
from transforms.parse.xml_root import find_root
from transforms.parse.xml_tree import (
    XML_LANG,
    BadXml,
    Element,
    line,
    local_name,
    parse_xml,
    to_plain,
)

FORMAT = "agency_xml"
VERSIONS: Final = "XML with elements named as newsrooms name them"
_TABLE: Final = tomllib.loads(Path(__file__).with_name("agency_xml_names.toml").read_text("utf-8"))
_NAMES: Final[dict[str, list[str]]] = {field: row["names"] for field, row in _TABLE.items()}
_FIELDS: Final = {
    "version": "version_stated",
    "published": "published_raw",
    "versioncreated": "versioncreated_raw",
    "embargoed": "embargoed_raw",
    "language": "language_declared",
}
KEPT: Final = {
    _FIELDS.get(field, field): ", ".join(names)
    for field, names in _NAMES.items()
    if field != "item"
} | {"uri": ", ".join(_NAMES["guid"])}
_KNOWN: Final = frozenset(name for names in _NAMES.values() for name in names)
# Kinds of XML that hold no news, and may have a `title` or a `text`.
_NO_NEWS: Final = frozenset(
    ("svg", "math", "opml", "urlset", "sitemapindex", "schema", "stylesheet", "project", "manifest",
     "kml", "gpx", "plist", "xliff", "tei", "docbook", "catalog", "configuration")
)  # fmt: skip
_SIGNS = re.compile(r"[\W_]")
_SENTENCE = re.compile(r"[^.!?。]{3,250}(?:[.!?。](?=\s|$)|$)")
_OPENING = re.compile(r"<(?:[\w.-]{1,40}:)?([^\W\d][\w.-]{0,40})[\s>/]")
_MAX_OPENINGS: Final = 400


def sniff(head: bytes) -> bool:
    """XML of an unknown root, with an element for a headline and one for a text."""
    root = find_root(head)
    if root is None or root.casefold() in _NO_NEWS:
        return False
    text = decode_head(head)
    found = {to_key(one[1]) for one in islice(_OPENING.finditer(text), _MAX_OPENINGS)}
    return bool(found & {*_NAMES["headline"]}) and bool(found & {*_NAMES["body_text"]})


@functools.lru_cache(4096)
def to_key(name: str) -> str:
    """A name as the table writes it."""
    return _SIGNS.sub("", name).casefold()


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each element that holds one."""
    try:
        tree = parse_xml(data, context.charset)
    except BadXml as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    elements = find_items(tree.root)
    for number, element in enumerate(elements, context.first_record):
        record = number if len(elements) > 1 else None
        item = read_item(element, record, tree.encoding, tree.warnings)
        if item.headline or item.body_text:
            yield item
        else:
            says = f"<{local_name(element)}> has neither headline nor text"
            yield ItemReject(reason="empty", message=says, record=record)


def find_items(root: Element) -> list[Element]:
    """The siblings of one name that look like items, else the root."""
    wanted = {*_NAMES["headline"], *_NAMES["body_text"]}
    named: dict[tuple[Element, str], list[Element]] = {}
    for element in root.iter("{*}*"):
        name = local_name(element)
        is_item = to_key(name) in _NAMES["item"] and element is not root
        if is_item and any(to_key(local_name(child)) in wanted for child in element):
            named.setdefault((element.getparent(), name), []).append(element)
    return max(named.values(), key=len, default=[root])


def read_item(
    element: Element, record: int | None, encoding: str, warnings: tuple[str, ...]
) -> Item:
    """The item of one element: values of its children and attributes, nearest first."""
    values = read_values(element)
    body = find_body(element)
    headline = _first(values, "headline")
    guid = _first(values, "guid")
    return Item(
        source_format=FORMAT,
        record=record,
        encoding=encoding,
        provider=_first(values, "provider"),
        guid=guid,
        uri=guid,
        version_stated=_first(values, "version"),
        headline=headline or find_opening(body),
        description_text=_first(values, "description_text"),
        body_text=body,
        slugline=_first(values, "slugline"),
        dateline=_first(values, "dateline"),
        byline=_first(values, "byline"),
        creditline=_first(values, "creditline"),
        ednote=_first(values, "ednote"),
        language_declared=_first(values, "language") or element.get(XML_LANG),
        published_raw=_first(values, "published"),
        versioncreated_raw=_first(values, "versioncreated"),
        embargoed_raw=_first(values, "embargoed"),
        urgency=_first(values, "urgency"),
        genre=_first(values, "genre"),
        subjects=_all(values, "subjects"),
        keywords=_all(values, "keywords"),
        url=_first(values, "url"),
        copyrightholder=_first(values, "copyrightholder"),
        warnings=warnings,
    )


def read_values(element: Element) -> dict[str, list[str]]:
    """By name as the table writes it: attributes, then children, then what lies deeper."""
    values: dict[str, list[str]] = {}
    for name, value in element.attrib.items():
        if value.strip():
            values.setdefault(to_key(name.rpartition("}")[2]), []).append(value.strip())
    inner = [
        child
        for child in element.iter("{*}*")
        if child is not element and to_key(local_name(child)) in _KNOWN
    ]
    for child in sorted(inner, key=lambda one: one.getparent() is not element):
        text = line(child) if len(child) == 0 else None
        if text:
            plain = html_to_text(text) if "</" in text else text
            values.setdefault(to_key(local_name(child)), []).append(plain)
    return values


def _first(values: dict[str, list[str]], field: str) -> str | None:
    found = (values[name][0] for name in _NAMES[field] if name in values)
    return next(found, None)


def _all(values: dict[str, list[str]], field: str) -> tuple[str, ...]:
    found = (values[name] for name in _NAMES[field] if name in values)
    return tuple(dict.fromkeys(next(found, [])))


def find_body(element: Element) -> str | None:
    """The longest text among the elements whose name says that they hold it."""
    counts: Counter[str] = Counter()
    for child in element.iter("{*}*"):
        if child is not element and to_key(local_name(child)) in _NAMES["body_text"]:
            plain = to_plain(child) or ""
            counts[plain] = len(plain)
    return max(counts, key=lambda text: counts[text], default=None) or None


def find_opening(body: str | None) -> str | None:
    """The first sentence, where it can be a headline."""
    sentence = _SENTENCE.match(body or "")
    return sentence[0] if sentence and len(sentence[0]) <= MAX_HEADLINE else None
