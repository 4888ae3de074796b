"""A story as an RSS 2.0 feed, to follow it in a feed reader: its articles, the newest first.

By the RSS Advisory Board's specification and best practices, with Dublin Core for creator and
language. A revised article keeps its guid. `pubDate` is what an article claims, with the zone
`-0000` (RFC 5322: not known) where it names none, and is not there where it claims none; when it
was seen stands in the description. `source` names the outlet, as
aggregators do.

Not there: a summary or text of the article, which is its publisher's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from email.utils import format_datetime
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from tracing.harmless import minute
from tracing.line_marks import marks_of
from tracing.story_model import Story
from tracing.trace_model import Line
from tracing.twins.edges import Edge, edges_of
from tracing.twins.roles import roles_of
from tracing.twins.urn import urn
from tracing.twins.xml_text import xml_text
from tracing.web_address import web_address

_ATOM: Final = "http://www.w3.org/2005/Atom"
_DC: Final = "http://purl.org/dc/elements/1.1/"


def story_rss(story: Story, now: dt.datetime, page: str | None = None) -> str:
    """The feed as text, for who reads it `now`. `page`: the story's address, if it is served.

    The feed's own is that with `.rss` behind.
    """
    root = etree.Element("rss", nsmap={"atom": _ATOM, "dc": _DC}, version="2.0")
    channel = etree.SubElement(root, "channel")
    headline = next((line.headline for line in story.lines if line.headline), story.story_id)
    _add(channel, "title", f"Story: {headline}")
    _add(channel, "link", page or urn("story", story.story_id))
    _add(channel, "description", _about(story))
    _add(channel, "generator", "wiretrace")
    if page is not None:
        own = {"href": xml_text(f"{page}.rss"), "rel": "self", "type": "application/rss+xml"}
        etree.SubElement(channel, f"{{{_ATOM}}}link", own)
    evidence, roles = _evidence(story), roles_of(story)
    for line in sorted(story.lines, key=lambda line: (line.time, line.article_id), reverse=True):
        item = etree.SubElement(channel, "item")
        _fill(item, line, now, evidence.get(line.article_id, ()))
        for role in roles.get(line.article_id, ()):
            _add(item, "category", role)
    text: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _about(story: Story) -> str:
    outlets = len({line.outlet for line in story.lines})
    languages = ", ".join(sorted({line.language for line in story.lines}))
    return f"articles: {len(story.lines)}, outlets: {outlets}, languages: {languages or 'none'}"


def _fill(item: Any, line: Line, now: dt.datetime, evidence: Iterable[str]) -> None:
    outlet = line.outlet_name or line.outlet
    address = web_address(line.url)
    _add(item, "title", " ".join((*marks_of(line, now), line.headline or "without a headline")))
    if address:
        _add(item, "link", address)
    claimed = () if line.published else ("no date claimed",)
    said = (f"{outlet}, {line.language}, seen {minute(line.first_seen)}", *claimed, *evidence)
    # Readers take a description for HTML.
    _add(item, "description", "".join(f"<p>{escape(one, quote=False)}</p>" for one in said))
    _add(item, "guid", urn("article", line.article_id), isPermaLink="false")
    if line.published:
        is_known = line.published_tz_known is not False
        _add(item, "pubDate", format_datetime(_zoned(line.published, is_known=is_known)))
    if address:
        parts = urlsplit(address)
        _add(item, "source", outlet, url=f"{parts.scheme}://{parts.netloc}/")
    _add(item, f"{{{_DC}}}creator", outlet)
    _add(item, f"{{{_DC}}}language", line.language)


def _zoned(time: dt.datetime, *, is_known: bool) -> dt.datetime:
    """In UTC; without a zone, which `format_datetime` writes as -0000, if it is not known."""
    return time.astimezone(dt.UTC) if is_known else time.astimezone(dt.UTC).replace(tzinfo=None)


def _evidence(story: Story) -> Mapping[str, list[str]]:
    """By article what it has of whom, with the words that say so."""
    names = {line.article_id: line.outlet_name or line.outlet for line in story.lines}
    found: dict[str, list[str]] = defaultdict(list)
    for edge in edges_of(story):
        kind = "shares words with" if edge.direction == "unknown" else edge.kind
        found[edge.article_id].append(f"{kind} {names[edge.other_id]}{_words(edge)}")
    for one in story.dangling:
        found[one.article_id].append(f"credits {one.agency}: “{one.phrase}”")
    return found


def _words(edge: Edge) -> str:
    if edge.phrase:
        return f": “{edge.phrase}”"
    return ": no credit of it found" if edge.kind == "copies" and not edge.credited else ""


def _add(parent: Any, name: str, text: str, **attributes: str) -> None:
    safe = {key: xml_text(value) for key, value in attributes.items()}
    etree.SubElement(parent, name, safe).text = xml_text(text)
