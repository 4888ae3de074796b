"""Walls: pages that were fetched and show no article, or a part of it, and say so.

By what the publisher states for machines (schema.org `isAccessibleForFree`, Open Graph's
`article:content_tier`), by the address that answered, and by the words of `page_walls.toml`. Only
for pages that we fetched ourselves: whoever drops a page may have a subscription.
"""

from __future__ import annotations

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
# In front of a wall stands a part of the article; behind so much text there is no wall.
MAX_TEASER: Final = 3_000


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
    heads = [find_headline(page) or "", *titles]
    return _first_of(CONSENT, (*heads, text))


def _find_paywall(page: Page, paragraphs: list[str], text: str) -> str | None:
    if _is_closed(page):
        return "isAccessibleForFree is false"
    if "locked" in (tier.casefold() for tier in page.meta.get("article:content_tier", ())):
        return "article:content_tier is locked"
    if len(text) > MAX_TEASER:
        return None
    return _first_of(PAYWALL, (*paragraphs[-_LAST_PARAGRAPHS:], *_wall_texts(page.tree)))


def _is_closed(page: Page) -> bool:
    """Says the article that it is not free, or, where it says nothing, one of its parts?"""
    stated = list(page.json_ld.values("isAccessibleForFree"))
    parts = (part for part in page.json_ld.values("hasPart") if isinstance(part, dict))
    return any(map(_is_false, stated or (part.get("isAccessibleForFree") for part in parts)))


def _wall_texts(tree: Any) -> Iterator[str]:
    """Texts of elements that the site's own style calls a wall."""
    for element in tree.iter("div", "section", "aside", "p"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}".casefold()
        if any(wall in names for wall in _WALLS):
            text = element.text_content()
            # Around the whole article it says nothing.
            if len(text) <= MAX_NOTICE:
                yield text


def _first_of(phrases: Iterable[str], texts: Iterable[str]) -> str | None:
    joined = "\n".join(fold(text).replace("’", "'") for text in texts)
    return next((repr(phrase) for phrase in phrases if phrase in joined), None)


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.casefold().endswith("false"))
