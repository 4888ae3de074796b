"""`story_jsonld`: types and properties that schema.org has, references that lead somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lake.builder import id_of
from tests.tracing.twins.told import EMPTY, HOSTILE, STORY, hostile_story, naughty_strings
from tracing.harmless import strip_controls
from tracing.story_model import Story
from tracing.twins.jsonld import story_jsonld

# By type the properties that are used, and what schema.org expects there.
SHAPES: dict[str, dict[str, tuple[type | str, ...]]] = {
    "DataFeed": {"identifier": (str,), "dataFeedElement": ("DataFeedItem",)},
    "DataFeedItem": {"dateCreated": (str,), "item": ("NewsArticle",)},
    "NewsArticle": {
        "identifier": (str,), "headline": (str,), "inLanguage": (str,), "datePublished": (str,),
        "url": (str,), "genre": (str,), "creativeWorkStatus": (str,),
        "publisher": ("Organization",), "citation": ("Role",), "isBasedOn": ("Role",),
    },
    "Organization": {"identifier": (str,), "name": (str,)},
    # A role has the property that it stands in; `isBasedOn` takes no text.
    "Role": {
        "roleName": (str,), "description": (str,), "citation": (str, "@id"), "isBasedOn": ("@id",),
    },
}  # fmt: skip


def read(story: Story) -> dict[str, Any]:
    """The document; what has no place in schema.org fails here."""
    found: dict[str, Any] = json.loads(story_jsonld(story))
    assert found.pop("@context") == "https://schema.org"
    ids = {node["@id"] for node in nodes(found) if "@type" in node and "@id" in node}
    for node in nodes(found):
        if node.keys() == {"@id"}:
            assert node["@id"] in ids
            continue
        for name, value in node.items():
            if not name.startswith("@"):
                allowed = SHAPES[node["@type"]][name]
                for one in value if isinstance(value, list) else [value]:
                    assert kind_of(one) in allowed, (node["@type"], name, one)
    return found


def kind_of(value: Any) -> type | str:
    return value.get("@type", "@id") if isinstance(value, dict) else type(value)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from nodes(one)
    if isinstance(value, dict):
        yield value


def articles(story: Story) -> list[dict[str, Any]]:
    return [item["item"] for item in read(story)["dataFeedElement"]]


def article_ref(name: str) -> dict[str, str]:
    return {"@id": f"urn:x-wiretrace:article:{id_of(name)}"}


def test_an_article_with_what_it_claims_and_when_it_was_seen() -> None:
    found = read(STORY)
    assert (found["@type"], found["@id"]) == (
        "DataFeed", f"urn:x-wiretrace:story:{id_of('story')}",
    )  # fmt: skip
    items = found["dataFeedElement"]
    assert {item["dateCreated"] for item in items} == {"2024-05-05T12:30:00+00:00"}
    assert items[0]["item"] == {
        "@type": "NewsArticle", **article_ref("tass"), "identifier": id_of("tass"),
        "headline": "Заявил: «да»", "inLanguage": "ru",
        "datePublished": "2024-05-01T12:00:00+00:00", "url": "https://tass.example/1",
        "publisher": {
            "@type": "Organization", "@id": "urn:x-wiretrace:outlet:tass.example",
            "identifier": "tass.example", "name": "ТАСС",
        },
    }  # fmt: skip


def test_what_is_not_known_is_not_said() -> None:
    """No zone, no claim, no address that may be followed."""
    _, matin, _, soir, undated = articles(STORY)
    assert matin["datePublished"] == "2024-05-02T12:00:00"
    assert soir["creativeWorkStatus"] == "canceled"
    assert {"datePublished", "headline", "url"}.isdisjoint(undated)


def test_each_kind_of_edge_keeps_its_name_and_evidence() -> None:
    _, matin, newer, soir, undated = articles(STORY)
    assert soir["citation"] == [
        {
            "@type": "Role", "roleName": "cites", "description": "according to matin",
            "citation": article_ref("matin"),
        },
        {
            "@type": "Role", "roleName": "dangling", "description": "d'après l'AFP",
            "citation": "afp",
        },
    ]  # fmt: skip
    assert soir["isBasedOn"] == [
        {
            "@type": "Role", "roleName": "copies",
            "description": "reprint: 75% of its words, 80 in a row",
            "isBasedOn": article_ref("matin"),
        }
    ]  # fmt: skip
    assert [(role["roleName"], role["citation"]) for role in matin["citation"]] == [
        ("derives", article_ref("tass"))
    ]
    assert [(role["roleName"], role["isBasedOn"]) for role in newer["isBasedOn"]] == [
        ("updates", article_ref("matin"))
    ]
    assert "isBasedOn" not in undated, "its direction is not known"


def test_a_story_of_which_nothing_may_be_shown_has_no_items() -> None:
    assert read(EMPTY)["dataFeedElement"] == []


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_comes_back_and_ends_no_script(text: str) -> None:
    comes_back(text)


def test_naughty_strings_come_back(shared: Path) -> None:
    for text in naughty_strings(shared):
        comes_back(text)


def comes_back(text: str) -> None:
    """As it is: JSON can hold every text."""
    written = story_jsonld(hostile_story(text))
    assert "<" not in written
    assert strip_controls(written) == written.replace("\n", " ")
    one, two = articles(hostile_story(text))
    assert (one["headline"], two["genre"]) == (text, text)
    assert one["publisher"]["name"] == (text or "one.example")
    assert [role["description"] for role in two["citation"]] == [text]
    assert [role["citation"] for role in one["citation"]] == [text]
