"""A story as JSON-LD in the words of schema.org, for search engines and graphs of knowledge.

A `DataFeed`: its items have a place for when an article was seen (`dateCreated`, "the item was
added to a DataFeed") beside what the article itself claims (`datePublished`, without a zone where
it names none); a `Collection` has not. Each edge is a `Role`, schema.org's way to say more of a
property: `roleName` is the kind, `description` the evidence.

| kind | property |
|---|---|
| `cites`, `derives` | `citation` |
| `dangling`: a credit of what is not in the story | `citation`, as the name of the source |
| `copies`, `updates` | `isBasedOn`, unless the direction is not known: it would claim one |

Not used: `translationOfWork`, since who credits a report in another language may not translate it;
`sdPublisher` and `sdDatePublished`, since who wrote the file is not known here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from tracing.json_text import json_text
from tracing.story_model import Story
from tracing.trace_model import Line
from tracing.twins.edges import Edge, edges_of
from tracing.twins.urn import urn
from tracing.web_address import web_address

_PROPERTY: Final = {
    "cites": "citation", "derives": "citation", "copies": "isBasedOn", "updates": "isBasedOn",
}  # fmt: skip
Node = dict[str, Any]


def story_jsonld(story: Story) -> str:
    """One line of JSON, which may stand in a `<script>` as it is."""
    properties = _properties(story)
    feed = {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "@id": urn("story", story.story_id),
        "identifier": story.story_id,
        "dataFeedElement": [
            {
                "@type": "DataFeedItem",
                "dateCreated": line.first_seen,
                "item": _article(line) | properties.get(line.article_id, {}),
            }
            for line in story.lines
        ],
    }
    # A headline must not end the script element (JSON-LD 1.1, section 7).
    return json_text(feed).replace("<", "\\u003c") + "\n"


def _article(line: Line) -> Node:
    status = line.pubstatus if line.pubstatus != "usable" else None
    node = {
        "@type": "NewsArticle",
        "@id": urn("article", line.article_id),
        "identifier": line.article_id,
        "headline": line.headline,
        "inLanguage": line.language,
        "datePublished": _claimed(line),
        "url": web_address(line.url),
        "genre": line.genre,
        "creativeWorkStatus": status,
        "publisher": {
            "@type": "Organization",
            "@id": urn("outlet", line.outlet),
            "identifier": line.outlet,
            "name": line.outlet_name or line.outlet,
        },
    }
    return {name: value for name, value in node.items() if value is not None}


def _claimed(line: Line) -> dt.datetime | None:
    if line.published is None or line.published_tz_known is not False:
        return line.published
    return line.published.replace(tzinfo=None)


def _properties(story: Story) -> Mapping[str, Node]:
    """By article and property the roles."""
    found: dict[str, Node] = defaultdict(lambda: defaultdict(list))
    for edge in edges_of(story):
        if edge.direction != "unknown":
            name = _PROPERTY[edge.kind]
            role = _role(edge.kind, _evidence(edge), name, {"@id": urn("article", edge.other_id)})
            found[edge.article_id][name].append(role)
    for one in story.dangling:
        role = _role("dangling", one.phrase, "citation", one.agency)
        found[one.article_id]["citation"].append(role)
    return found


def _role(kind: str, evidence: str, name: str, value: Any) -> Node:
    return {"@type": "Role", "roleName": kind, "description": evidence, name: value}


def _evidence(edge: Edge) -> str:
    if edge.share is None:
        return edge.phrase or ""
    credit = f"; credits it: “{edge.phrase}”" if edge.phrase else ""
    return f"{edge.subkind}: {edge.share:.0%} of its words, {edge.longest} in a row{credit}"
