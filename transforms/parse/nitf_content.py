"""The content of NITF (https://www.iptc.org/std/NITF/): `body.head`, `body.content`, `body.end`.

NITF stands alone, and inside NewsML 1 and NewsML-G2; what is common to all three is read here.
Media are no part of the text, and a dateline that stands in the text stays there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.article import Media
from transforms.parse.xml_tree import (
    Element,
    attribute,
    children,
    find,
    line,
    local_name,
    to_text,
)

# A media element's caption and producer are read with it; `note` speaks to editors.
_NO_TEXT: Final = frozenset(("media", "note"))
_DESK_SIGNS = re.compile(r"[a-z]{1,4}(?:/[a-z]{1,4}){1,5}")
_MACHINE_DATE = re.compile(r"[0-9]{8}T?[0-9]{4,6}(?:Z|[+-][0-9]{4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NitfContent:
    """What the body of an NITF document says."""

    headline: str | None = None
    description_text: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    creditline: str | None = None
    ednote: str | None = None
    body_text: str | None = None
    media: tuple[Media, ...] = ()
    places: tuple[str, ...] = ()


def read_content(element: Element) -> NitfContent:
    """The content below `element`: `nitf`, `body`, a wrapper, or one that holds bare paragraphs."""
    head, content = _first(element, "body.head"), _first_content(element)
    byline, dateline = find(head, "byline"), find(head, "dateline")
    hedline = find(head, "hedline")
    title = find(element, "head/title")
    subheadline = line(_first(hedline, "hl2"))
    text = to_text(element if content is None else content, _NO_TEXT)
    tagline = to_text(_first(element, "body.end"), _NO_TEXT)
    return NitfContent(
        headline=line(_first(head, "hl1")) or line(hedline) or line(title),
        description_text=to_text(find(head, "abstract"), _NO_TEXT) or subheadline,
        byline=find_byline(byline),
        authors=tuple(find_authors(byline)),
        dateline=find_dateline(dateline),
        creditline=line(find(head, "distributor")),
        ednote=to_text(find(head, "note")),
        body_text="\n\n".join(filter(None, (text, tagline))) or None,
        media=tuple(find_media(element)),
        places=tuple(find_places(find(dateline, "location"))),
    )


def _first(element: Element | None, name: str) -> Element | None:
    return None if element is None else next(element.iter(f"{{*}}{name}"), None)


def _first_content(element: Element) -> Element | None:
    """The story's `body.content`, not that of an editor's note before it."""
    found = element.iter("{*}body.content")
    content = next((one for one in found if not _is_in_note(one)), None)
    if content is not None or _first(element, "body.head") is None:
        return content
    # A head alone: nothing of it is the text.
    return _first(element, "body.end")


def _is_in_note(content: Element) -> bool:
    above = content.getparent()
    return above is not None and local_name(above) == "note"


def find_byline(byline: Element | None) -> str | None:
    """The byline without titles; an element that touches a word is a word of its own.

    Signs of editors (`gr/bp`) name nobody.
    """
    if byline is None:
        return None
    text = byline.text or ""
    for child in byline:
        word = "" if local_name(child) == "byttl" else line(child) or ""
        text += f" {word}" if word and text[-1:].isalnum() else word
        tail = child.tail or ""
        text += f" {tail}" if tail[:1].isalnum() else tail
    text = " ".join(text.split())
    return None if not text or _DESK_SIGNS.fullmatch(text) else text


def find_authors(byline: Element | None) -> Iterator[str]:
    """The persons that a byline marks as such."""
    for person in () if byline is None else byline.iter("{*}person"):
        name = line(person)
        if name:
            yield name


def find_dateline(dateline: Element | None) -> str | None:
    """Place and date as written; a date for machines is none. Bare elements get commas between."""
    if dateline is None:
        return None
    location, date = find(dateline, "location"), line(find(dateline, "story.date"))
    if location is None:
        text = line(dateline)
        return None if text is None or _MACHINE_DATE.fullmatch(text) else text
    if date is None or _MACHINE_DATE.fullmatch(date):
        return _place_line(location)
    return line(dateline)


def _place_line(location: Element) -> str | None:
    own = (location.text or "", *(child.tail or "" for child in location))
    if any(text.strip() for text in own):
        return line(location)
    return ", ".join(filter(None, map(line, location))) or None


def find_places(location: Element | None) -> Iterator[str]:
    """City first, then what is around it: code, blank, name."""
    for name in ("sublocation", "city", "state", "region", "country"):
        for element in children(location, name):
            code = attribute(element, f"{name}-code") or attribute(element, "iso-cc")
            place = " ".join(filter(None, (code, line(element))))
            if place:
                yield place


def find_media(element: Element) -> Iterator[Media]:
    """Each medium with its first address, its caption and who made it."""
    for medium in element.iter("{*}media"):
        references = list(children(medium, "media-reference"))
        addresses = (
            attribute(one, name) for one in references for name in ("source", "data-location")
        )
        found = Media(
            attribute(medium, "media-type"),
            next(filter(None, addresses), None),
            to_text(find(medium, "media-caption")),
            line(find(medium, "media-producer")),
        )
        if found.url or found.caption:
            yield found
