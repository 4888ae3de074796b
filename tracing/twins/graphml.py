"""A story as a directed graph in GraphML 1.0, for Gephi, NetworkX, yEd and igraph.

Articles are nodes, edges lead from the later to the earlier. Two articles may have several edges:
each has its `kind`, and they stay apart (a multigraph; NetworkX makes one of it). Keys are typed
with the types that every reader has; what is not known is left out, there are no defaults. `label`
is the outlet, as readers draw it beside the node.

Not used: nested graphs, hyperedges, ports, and what yEd adds; Gephi and NetworkX do not read them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from tracing.story_model import Story
from tracing.trace_model import Line
from tracing.twins.edges import Edge, edges_of
from tracing.twins.roles import roles_of
from tracing.twins.xml_text import xml_text

_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
# Attributes by the element that has them, with their types (GraphML primer, "Declaring
# GraphML-Attributes"). Times are strings, as the format has no type for them.
_NODE: Final = {
    "label": "string", "headline": "string", "outlet": "string", "outlet_name": "string",
    "language": "string", "published": "string", "published_tz_known": "boolean",
    "first_seen": "string", "url": "string", "genre": "string", "pubstatus": "string",
    "embargoed": "string", "is_embargo_open": "boolean", "roles": "string", "dangling": "string",
}  # fmt: skip
_EDGE: Final = {
    "kind": "string", "subkind": "string", "agency": "string", "words": "string",
    "phrase": "string", "is_exact": "boolean", "doubt": "string", "direction": "string",
    "direction_reason": "string", "credited": "boolean", "share": "double", "longest": "int",
}  # fmt: skip


def story_graphml(story: Story) -> str:
    """The graph as text. `roles` and `dangling` are words with blanks between."""
    root = etree.Element("graphml", nsmap={None: _NAMESPACE})
    for element, attributes in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in attributes.items():
            declared = {"id": f"{element}-{name}", "for": element, "attr.name": name}
            etree.SubElement(root, "key", {**declared, "attr.type": kind})
    graph = etree.SubElement(root, "graph", id=story.story_id, edgedefault="directed")
    roles = roles_of(story)
    dangling: dict[str, list[str]] = defaultdict(list)
    for one in story.dangling:
        dangling[one.article_id].append(one.agency)
    for line in story.lines:
        node = etree.SubElement(graph, "node", id=line.article_id)
        _fill(node, _NODE, _node(line, roles, dangling))
    for number, edge in enumerate(edges_of(story)):
        ends = {"source": edge.article_id, "target": edge.other_id}
        _fill(etree.SubElement(graph, "edge", id=f"e{number}", **ends), _EDGE, _edge(edge))
    text: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _node(
    line: Line, roles: Mapping[str, tuple[str, ...]], dangling: Mapping[str, list[str]]
) -> Mapping[str, Any]:
    own = {name: getattr(line, name) for name in _NODE if hasattr(line, name)}
    mine = {"roles": roles.get(line.article_id), "dangling": dangling.get(line.article_id)}
    words = {name: " ".join(found) for name, found in mine.items() if found}
    return {"label": line.outlet_name or line.outlet, **own, **words}


def _edge(edge: Edge) -> Mapping[str, Any]:
    return {name: getattr(edge, name) for name in _EDGE}


def _fill(element: Any, attributes: Mapping[str, str], values: Mapping[str, Any]) -> None:
    for name in attributes:
        value = values.get(name)
        if value is not None:
            data = etree.SubElement(element, "data", key=f"{element.tag}-{name}")
            data.text = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return xml_text(value.isoformat() if isinstance(value, dt.datetime) else str(value))
