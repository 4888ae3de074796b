"""`story_graphml`: a multigraph by the rules of the GraphML 1.0 schema, its values typed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.lake.builder import id_of
from tests.tracing.twins.told import EMPTY, HOSTILE, STORY, hostile_story, naughty_strings
from tracing.harmless import strip_controls
from tracing.story_model import Story
from tracing.twins.graphml import story_graphml

SPACE = "{http://graphml.graphdrawing.org/xmlns}"
TYPES = {
    "string": str,
    "boolean": {"true": True, "false": False}.__getitem__,
    "int": int,
    "double": float,
}
Values = dict[str, Any]


def read(story: Story) -> tuple[dict[str, Values], list[tuple[str, str, Values]]]:
    """Nodes by id and edges in order; whatever breaks a rule of the schema fails here."""
    root = etree.fromstring(story_graphml(story).encode())
    assert root.tag == f"{SPACE}graphml"
    *declared, graph = root
    keys = {}
    for key in declared:
        assert key.tag == f"{SPACE}key"
        assert key.get("for") in ("node", "edge")
        assert re.fullmatch(r"[\w.:-]+", key.get("id"))
        keys[key.get("id")] = (key.get("for"), key.get("attr.name"), TYPES[key.get("attr.type")])
    assert len(keys) == len(declared)
    assert (graph.tag, graph.get("edgedefault")) == (f"{SPACE}graph", "directed")
    nodes: dict[str, Values] = {}
    edges: dict[str, tuple[str, str, Values]] = {}
    for element in graph:
        kind = element.tag.removeprefix(SPACE)
        values: Values = {}
        for data in element:
            assert data.tag == f"{SPACE}data"
            owner, name, to_value = keys[data.get("key")]
            assert owner == kind
            assert name not in values
            values[name] = to_value(data.text or "")
        id_ = element.get("id")
        assert re.fullmatch(r"[\w.:-]+", id_)
        assert id_ not in nodes
        assert id_ not in edges
        if kind == "node":
            assert not edges, "readers that make nodes of unknown ends want nodes first"
            nodes[id_] = values
        else:
            assert kind == "edge"
            assert {element.get("source"), element.get("target")} <= nodes.keys()
            edges[id_] = (element.get("source"), element.get("target"), values)
    return nodes, list(edges.values())


def test_articles_are_nodes_with_both_times() -> None:
    nodes, _ = read(STORY)
    assert list(nodes) == [id_of(name) for name in ("tass", "matin", "newer", "soir", "undated")]
    assert nodes[id_of("tass")] == {
        "label": "ТАСС", "headline": "Заявил: «да»", "outlet": "tass.example",
        "outlet_name": "ТАСС", "language": "ru", "published": "2024-05-01T12:00:00+00:00",
        "published_tz_known": True, "first_seen": "2024-05-05T12:30:00+00:00",
        "url": "https://tass.example/1", "pubstatus": "usable", "is_embargo_open": False,
        "roles": "first_claimed first_in_language",
    }  # fmt: skip
    soir, undated = nodes[id_of("soir")], nodes[id_of("undated")]
    assert (soir["label"], soir["dangling"], soir["pubstatus"]) == (
        "soir.example", "afp", "canceled",
    )  # fmt: skip
    assert {"published", "headline", "dangling", "roles"}.isdisjoint(undated)


def test_edges_between_the_same_articles_stay_apart() -> None:
    _, edges = read(STORY)
    ends = {id_of(name): name for name in ("tass", "matin", "newer", "soir", "undated")}
    assert [(ends[one], ends[other], values["kind"]) for one, other, values in edges] == [
        ("soir", "matin", "cites"),
        ("matin", "tass", "derives"),
        ("soir", "matin", "copies"),
        ("undated", "tass", "copies"),
        ("newer", "matin", "updates"),
    ]
    assert edges[0][2] == {
        "kind": "cites", "subkind": "attribution", "agency": "matin", "words": "matin",
        "phrase": "according to matin", "is_exact": False, "doubt": "the same time",
    }  # fmt: skip
    assert edges[2][2] == {
        "kind": "copies", "subkind": "reprint", "direction": "likely", "direction_reason": "time",
        "credited": False, "share": 0.75, "longest": 80,
    }  # fmt: skip


def test_a_story_of_which_nothing_may_be_shown_is_an_empty_graph() -> None:
    assert read(EMPTY) == ({}, [])


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_comes_back(text: str) -> None:
    comes_back(text)


def test_naughty_strings_come_back(shared: Path) -> None:
    for text in naughty_strings(shared):
        comes_back(text)


def comes_back(text: str) -> None:
    """But for what XML 1.0 cannot hold."""
    nodes, edges = read(hostile_story(text))
    shown = strip_controls(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    one, two = nodes.values()
    assert (one["headline"], one["outlet_name"], one["url"], one["dangling"]) == (shown,) * 4
    assert (two["outlet"], two["genre"]) == (shown or "two", shown)
    (_, _, cites), (_, _, copies) = edges
    assert (cites["agency"], cites["words"], cites["phrase"], copies["phrase"]) == (shown,) * 4
