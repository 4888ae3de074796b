"""OPML 1.0 and 2.0 (http://opml.org/spec2.opml): lists of feeds.

A list holds no article, so a container of this format is a reject that says how many feeds it
lists. Covered by `read_feeds`: nested outlines as paths of categories, `category`, feeds that are
listed more than once. Not covered: `include`, which would have to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.xml_root import find_root
from transforms.parse.xml_tree import BadXml, Element, local_name, parse_xml

FORMAT = "opml"
VERSIONS: Final = "OPML 1.0 and 2.0"
KEPT: Final[dict[str, str]] = {}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed of a list: its address, its name, its site, and where in the list it stands."""

    url: str
    title: str | None = None
    site: str | None = None
    categories: tuple[Path, ...] = ()


def sniff(head: bytes) -> bool:
    """Is the root element `opml`?"""
    return (find_root(head) or "").casefold() == "opml"


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """One reject: the list."""
    try:
        feeds = read_feeds(data, context.charset)
    except BadXml as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    message = f"a list of {len(feeds)} feeds holds no article; give the feeds themselves"
    yield ItemReject(reason="no_items", message=message)


def read_feeds(data: bytes, charset: str | None = None) -> tuple[ListedFeed, ...]:
    """The feeds in order of their first place, each address once with all its places.

    Raises:
        BadXml: bytes that are no text or no XML at all.
    """
    feeds: dict[str, ListedFeed] = {}
    for outline, path in _outlines(parse_xml(data, charset).root):
        url = _value(outline, "xmlurl")
        if url is None:
            continue
        title = _value(outline, "title") or _value(outline, "text")
        known = feeds.get(url) or ListedFeed(url, title, _value(outline, "htmlurl"))
        paths = [*known.categories, *([path] if path else []), *_stated(outline)]
        categories = tuple(dict.fromkeys(paths))
        feeds[url] = ListedFeed(url, known.title, known.site, categories)
    return tuple(feeds.values())


def _outlines(element: Element, path: Path = ()) -> Iterator[tuple[Element, Path]]:
    """Every outline with the names of those around it; depth is bounded by libxml2."""
    for child in element:
        if local_name(child).casefold() != "outline":
            yield from _outlines(child, path)
            continue
        yield child, path
        name = _value(child, "text") or _value(child, "title")
        yield from _outlines(child, (*path, name) if name else path)


def _stated(outline: Element) -> Iterator[Path]:
    """`category`: comma between several, slashes within one (OPML 2.0)."""
    for stated in (_value(outline, "category") or "").split(","):
        parts = tuple(part.strip() for part in stated.split("/") if part.strip())
        if parts:
            yield parts


def _value(outline: Element, name: str) -> str | None:
    """An attribute, whatever the case that its name is written in."""
    values = (value.strip() for key, value in outline.attrib.items() if key.casefold() == name)
    return next(filter(None, values), None)
