"""JSON-LD of a page (https://www.w3.org/TR/json-ld11/): the node of schema.org that is its article.

Read as plain JSON: contexts are never loaded, so nothing is fetched, and terms are taken for those
of schema.org. Blocks that are no JSON are passed over, as browsers and search engines do. Only
nodes that stand for the page count (top level, `@graph`, `mainEntity`), never those in a list of
other articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

Node = dict[str, Any]
# https://schema.org/Article and what is below it, the kinds of a newsroom first.
ARTICLE_TYPES: Final = (
    "NewsArticle",
    "AnalysisNewsArticle",
    "AskPublicNewsArticle",
    "BackgroundNewsArticle",
    "OpinionNewsArticle",
    "ReportageNewsArticle",
    "ReviewNewsArticle",
    "LiveBlogPosting",
    "Report",
    "BlogPosting",
    "Article",
)
_HOLDERS: Final = ("@graph", "mainEntity", "mainEntityOfPage")
# Old content systems hide scripts from older browsers: <!-- … -->, //<![CDATA[ … //]]>.
_WRAPPER = re.compile(r"\A\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*\Z")


@dataclass(frozen=True, slots=True)
class JsonLd:
    """The node that describes the article, empty if none does, and all nodes by their `@id`."""

    article: Node = field(default_factory=dict)
    by_id: dict[str, Node] = field(default_factory=dict)

    def values(self, name: str) -> Iterator[Any]:
        """Values of a property of the article, a list opened, references by `@id` resolved."""
        value = self.article.get(name)
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict) and isinstance(entry.get("@id"), str):
                # What stands beside the reference completes it.
                yield {**self.by_id.get(entry["@id"], {}), **entry}
            elif entry is not None:
                yield entry


def read_json_ld(scripts: Iterable[str], address: str | None = None) -> JsonLd:
    """The article among the blocks of a page, preferably the one at `address`."""
    nodes = [node for script in scripts for node in _nodes(load_script(script))]
    by_id = {node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str)}
    articles = [node for node in nodes if article_rank(node) is not None]
    here = [node for node in articles if address and address in _addresses(node)]
    chosen = min(here or articles, key=lambda node: article_rank(node) or 0, default={})
    return JsonLd(chosen, by_id)


def load_script(script: str) -> Any:
    """The value of a block; None where it is no JSON, or nested too deep to be any."""
    text = _WRAPPER.sub("", script.strip())
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError):
        pass
    try:
        # Raw line ends within strings are the usual fault of templates.
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def article_rank(node: Node) -> int | None:
    """Rank among `ARTICLE_TYPES`; None where the node is no article."""
    types = node.get("@type")
    named = types if isinstance(types, list) else [types]
    local = {re.split(r"[/:#]", name)[-1] for name in named if isinstance(name, str)}
    return next((rank for rank, name in enumerate(ARTICLE_TYPES) if name in local), None)


def _nodes(value: Any) -> Iterator[Node]:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            yield node
            waiting.extend(node[name] for name in reversed(_HOLDERS) if name in node)


def _addresses(node: Node) -> set[str]:
    page = node.get("mainEntityOfPage")
    if isinstance(page, dict):
        page = page.get("@id") or page.get("url")
    return {value for value in (node.get("url"), node.get("@id"), page) if isinstance(value, str)}
