"""Walls: pages that were fetched and show no article, or a part of it, and say so.

By what the publisher states for machines (schema.org `isAccessibleForFree`, Open Graph's
`article:content_tier`), by the address that answered, and by the words of `page_walls.toml`. Only
for pages that we fetched ourselves: whoever drops a page may have a subscription.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from transforms.fingerprint import fold
from transforms.parse.item import ItemReject, ParseContext
from transforms.parse.page_metadata import Page, find_headline, states_article

_TABLE: Final = tomllib.loads(Path(__file__).with_name("page_walls.toml").read_text("utf-8"))
PAYWALL: Final = tuple(phrase for phrases in _TABLE["paywall"].values() for phrase in phrases)
CONSENT: Final = tuple(phrase for phrases in _TABLE["consent"].values() for phrase in phrases)
_WALLS: Final = tuple(_TABLE["markup"]["walls"])
_HOSTS: Final = frozenset(_TABLE["addresses"]["hosts"])
_PATHS: Final = frozenset(_TABLE["addresses"]["paths"])
# A wall stands where the text breaks off.
_LAST_PARAGRAPHS: Final = 3
# Notices and log-ins are shorter; an article about them is longer.
MAX_NOTICE: Final = 1_500
# In front of a wall stands a part of the article; behind so much text there is no wall, or one that
# only some readers meet.
MAX_TEASER: Final = 2_000
MAX_CLOSED: Final = 5_000
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def is_fetched(context: ParseContext) -> bool:
    """Did we ask for the page ourselves? Then its address is its container's."""
    return context.member is None and context.source_uri.startswith(("http://", "https://"))


def find_wall(page: Page, paragraphs: list[str], context: ParseContext) -> ItemReject | None:
    """A reject that says which wall the page is, or None."""
    text = "\n\n".join(paragraphs)
    if evidence := _find_consent(page, text, context.url or context.source_uri):
        return ItemReject(reason="consent_page", message=f"no article but a notice: {evidence}")
    if evidence := _find_paywall(page, paragraphs, text):
        return ItemReject(reason="paywalled", message=f"only a part of the article: {evidence}")
    return None


def _find_consent(page: Page, text: str, address: str) -> str | None:
    if states_article(page):
        return None
    try:
        parts = urlsplit(address)
        labels = (parts.hostname or "").split(".")[:-2]
    except ValueError:
        return None
    steps = parts.path.casefold().split("/")
    named = _HOSTS.intersection(labels) or _PATHS.intersection(steps)
    if named:
        return f"its address says {min(named)!r}"
    if len(text) > MAX_NOTICE:
        return None
    titles = [element.text_content() for element in page.tree.iter("title", "h1")]
    titled = _said(CONSENT, (find_headline(page) or "", *titles))
    said = _said(CONSENT, (text,))
    return repr(titled[0]) if titled else " and ".join(map(repr, said[:2])) if said[1:] else None


def _find_paywall(page: Page, paragraphs: list[str], text: str) -> str | None:
    if len(text) > MAX_CLOSED:
        return None
    if _is_closed(page):
        return "isAccessibleForFree is false"
    if "locked" in (tier.casefold() for tier in page.meta.get("article:content_tier", ())):
        return "article:content_tier is locked"
    if len(text) > MAX_TEASER:
        return None
    said = _said(PAYWALL, (*paragraphs[-_LAST_PARAGRAPHS:], *_wall_texts(page.tree)))
    return repr(said[0]) if said else None


def _is_closed(page: Page) -> bool:
    """Says the article that it is not free, or, where it says nothing, one of its parts?"""
    stated = list(page.json_ld.values("isAccessibleForFree"))
    parts = (part for part in page.json_ld.values("hasPart") if isinstance(part, dict))
    return any(map(_is_false, stated or (part.get("isAccessibleForFree") for part in parts)))


def _wall_texts(tree: Any) -> Iterator[str]:
    """Texts of elements that the site's own style calls a wall."""
    for element in tree.iter("div", "section", "aside", "p"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}".casefold().split()
        if any(map(_names_wall, names)) and not _is_hidden(element):
            text = element.text_content()
            # Around the whole article it says nothing.
            if len(text) <= MAX_NOTICE:
                yield text


def _names_wall(name: str) -> bool:
    return name.startswith(_WALLS) or any(f"{mark}paywall" in name for mark in "-_")


def _is_hidden(element: Any) -> bool:
    """Sites with a meter send the wall with every page, and show it when the meter is full."""
    around = (element, *element.iterancestors())
    return any(
        each.get("hidden") is not None
        or each.get("aria-hidden") == "true"
        or _HIDDEN.search((each.get("style") or "").casefold())
        for each in around
    )


def _said(phrases: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Those of the phrases that are in one of the texts."""
    joined = "\n".join(fold(text).replace("’", "'") for text in texts)
    return [phrase for phrase in phrases if phrase in joined]


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.casefold().endswith("false"))
