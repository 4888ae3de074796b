"""The tree of components of a NewsML 1 item: which text is the story, and whose metadata it has.

A text's role is that of its component, or of the nearest above it. The story is the first text of
role Main or Body, else the first whose role names no other part. A lead beside it is its beginning,
an abstract its description, a title its headline. What is said of the story stands in its component
and those around it, the nearest first; beside it only where none of these has news lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from transforms.parse.nitf_content import NitfContent, read_content
from transforms.parse.xml_tree import (
    XML_LANG,
    Element,
    attribute,
    children,
    find,
    find_line,
    local_name,
    to_plain,
    to_text,
)

# Roles as the IPTC and agencies name them, lower case.
_STORY: Final = ("main", "body", "maintext", "bodytext", "text", "story")
_HEADLINE: Final = ("headline", "title")
_LEAD: Final = ("lead", "leadin", "lede")
_ABSTRACT: Final = ("abstract", "summary", "standfirst", "teaser")
_CAPTION: Final = ("caption",)
_PARTS: Final = frozenset((*_HEADLINE, *_LEAD, *_ABSTRACT, *_CAPTION))
_TEXT_KINDS: Final = ("", "text", "complextext")
_NO_STORY: Final = ("text/css", "text/javascript", "text/calendar", "text/csv")
_KINDS: Final = {"photo": "image"}
# More languages than any agency sends in one item.
_MOST_STORIES: Final = 20
_MEDIA: Final = ("image", "video", "audio")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of an item: its role, the component that holds it, and what it says."""

    role: str
    component: Element
    content: NitfContent


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of an item by what they are; the scope is that of the story's metadata.

    `unread`: languages in which the item has the story too.
    """

    content: NitfContent
    headline: str | None
    description: str | None
    caption: str | None
    scope: tuple[Element, ...]
    unread: tuple[str, ...]


def read_texts(item: Element) -> Texts:
    """The texts of a `NewsItem`."""
    texts = list(_find_texts(item))
    stories = [text for text in texts if text.role not in _PARTS]
    story = next((text for text in stories if text.role in _STORY), stories[0] if stories else None)
    holder = None if story is None else story.component.getparent()
    lead = _find_part(texts, _LEAD, holder)
    scope = find_scope(item, story or lead)
    languages = [find_language(_components_around(one)) for one in stories[:_MOST_STORIES]]
    return Texts(
        content=_join(lead, story),
        headline=_body(_find_part(texts, _HEADLINE, holder)),
        description=_body(_find_part(texts, _ABSTRACT, holder)),
        caption=_body(_find_part(texts, _CAPTION, None)),
        scope=scope,
        unread=tuple(sorted({one for one in languages if one} - {find_language(scope)})),
    )


def find_language(components: Sequence[Element]) -> str | None:
    """The language that the nearest component describes, else that it is marked with."""
    described = (find(one, "DescriptiveMetadata/Language") for one in components)
    stated = (attribute(one, "FormalName") for one in described if one is not None)
    return next(filter(None, (*stated, *(one.get(XML_LANG) for one in components))), None)


def _find_part(texts: list[Text], roles: tuple[str, ...], holder: Element | None) -> Text | None:
    """The first text of these roles, where the story stands if there is one."""
    found = (text for text in texts if text.role in roles)
    return next((one for one in found if holder in (None, one.component.getparent())), None)


def _body(text: Text | None) -> str | None:
    return None if text is None else text.content.body_text


def _join(lead: Text | None, story: Text | None) -> NitfContent:
    if story is None or lead is None:
        found = story or lead
        return NitfContent() if found is None else found.content
    opening, rest = lead.content.body_text or "", story.content.body_text or ""
    if rest.startswith(opening):
        return story.content
    return NitfContent(body_text=f"{opening}\n\n{rest}")


def find_scope(item: Element, text: Text | None) -> tuple[Element, ...]:
    """The components whose metadata are the story's, the nearest first."""
    own = _components_around(text)
    if any(find(one, "NewsLines") is not None for one in own):
        return tuple(own)
    known = set(own)
    others = (one for one in item.iter("{*}NewsComponent") if one not in known)
    return (*own, *others)


def _components_around(text: Text | None) -> list[Element]:
    own: list[Element] = []
    component = None if text is None else text.component
    while component is not None and local_name(component) == "NewsComponent":
        own.append(component)
        component = component.getparent()
    return own


def _find_texts(item: Element) -> Iterator[Text]:
    roles: dict[Element, str] = {}
    for held in item.iter("{*}ContentItem"):
        data = next(held.iter("{*}DataContent"), None)
        if data is not None and is_text(held):
            content = read_data(data)
            if content.body_text:
                component = held.getparent()
                yield Text(find_role(component, roles), component, content)


def is_text(held: Element) -> bool:
    """By its MIME type, where that says something, else by its medium."""
    mime = _formal(held, "MimeType")
    if find_line(held, "Encoding") is not None or mime in _NO_STORY:
        return False
    is_marked = mime.startswith("text/") or mime.endswith("xml")
    return is_marked or (not mime.startswith(_MEDIA) and _formal(held, "MediaType") in _TEXT_KINDS)


def find_medium(held: Element) -> str:
    """What a content item that is no text is: its medium, else the first part of its MIME type."""
    medium = _formal(held, "MediaType") or _formal(held, "MimeType").partition("/")[0]
    return _KINDS.get(medium, medium)


def is_medium(held: Element) -> bool:
    """Does it refer to something that is no text?"""
    return not is_text(held) and find_medium(held) not in _TEXT_KINDS


def find_role(component: Element | None, known: dict[Element, str]) -> str:
    """The role of the component, else of the nearest above it; `known` is filled on the way."""
    climbed: list[Element] = []
    role = ""
    while component is not None and local_name(component) == "NewsComponent":
        if component in known:
            role = known[component]
            break
        climbed.append(component)
        role = _formal(component, "Role")
        if role:
            break
        component = component.getparent()
    known.update(dict.fromkeys(climbed, role))
    return role


def read_data(data: Element) -> NitfContent:
    """NITF, other markup, or character data."""
    if len(data) == 0:
        return NitfContent(body_text=to_plain(data))
    nitf = find(data, "nitf")
    if nitf is None and next(data.iter("{*}body.content"), None) is None:
        page = find(data, "html/body")
        return NitfContent(body_text=to_text(data if page is None else page))
    return read_content(data if nitf is None else nitf)


def _formal(element: Element, name: str) -> str:
    named = (attribute(one, "FormalName") for one in children(element, name))
    return (next(named, None) or "").casefold()
