"""What an article claims."""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from dataclasses import replace

from transforms.stories.claims import Number, from_plain, make_claims, plain
from transforms.stories.item import Item, Named, Quoted, Stated

ITEM = Item(
    article_id="a",
    version_id="a",
    language="fr",
    outlet="example.org",
    day=dt.date(2023, 5, 3),
    headline="Vasilenkov et Dakouré signent à Tachkent",
    body_text=(
        "Les ministres Igor Vasilenkov et Adama Dakouré ont signé mardi un accord.\n"
        "Selon le texte (www.mines.example.org/accord), le gazoduc est prévu pour 2027. "
        "« 4 ans suffiront », a dit M. Vasilenkov, selon l'agence TASS."
    ),
    entities=(
        Named("geonames:1512569", "place", "Tachkent", "headline", "gazetteer:place"),
        Named("agency:tass", "organization", "TASS", "body_text", "gazetteer:agency"),
        Named("name:igor-vasilenkov", "person", "Igor Vasilenkov", "body_text", "rule:first_name"),
        Named("name:adama-dakoure", "person", "Adama Dakouré", "body_text", "rule:first_name"),
    ),
    facts=(
        Stated("measure", "250000", "tonne", None, "body_text"),
        Stated("date", None, None, dt.date(2023, 5, 2), "body_text"),
    ),
    quotes=(Quoted("4 ans suffiront", "Igor Vasilenkov", "name:igor-vasilenkov", "k"),),
    sources=("tass",),
)


def test_what_is_claimed() -> None:
    claims = make_claims(ITEM)
    assert [one.id for one in claims.ids] == ["geonames:1512569"]
    assert claims.ids[0].head == 1
    assert {one.row for one in claims.names} >= {"fslnkf", "dkr"}
    assert claims.numbers == (Number("250000", "tonne", 0),)
    assert claims.days == ("2023-05-02",)
    assert [(one.speaker, one.figures) for one in claims.quotes] == [("fslnkf", "4")]
    assert claims.sources == ("tass",)
    assert claims.hosts == ("mines.example.org",)
    assert {"agreement", "pipeline", "minister"} <= {one.concept for one in claims.concepts}


def test_an_agency_is_a_source_and_no_name() -> None:
    claims = make_claims(ITEM)
    assert not any("tas" in one.latin for one in claims.names)
    assert not any(one.id.startswith("agency:") for one in claims.ids)


def test_the_order_of_rows_says_nothing() -> None:
    expected = make_claims(ITEM)
    for seed in range(5):
        shuffled = random.Random(seed)
        rows = {
            name: tuple(shuffled.sample(found, len(found)))
            for name, found in (("entities", ITEM.entities), ("quotes", ITEM.quotes))
        }
        assert make_claims(replace(ITEM, **rows)) == expected


def test_claims_survive_json() -> None:
    claims = make_claims(ITEM)
    assert from_plain(json.loads(json.dumps(plain(claims)))) == claims


def test_languages_without_a_number_tagger_have_their_figures() -> None:
    item = replace(
        ITEM,
        language="pl",
        facts=(),
        body_text="Umowa z 2019 roku: 250 tys. ton, 1 450 osób, 7 dni.",
    )
    # A year and a number below ten say nothing.
    assert {one.value for one in make_claims(item).numbers} == {"250000", "1450"}


def test_hostile_texts_are_cut() -> None:
    word = "Lukjanenkowskaja Donnerstagsabend "
    text = word * 100_000 + "9" * 100_000 + "http://www." * 10_000
    named = tuple(
        Named(f"person:p-{n}", "person", f"P{n} Qrstvwx{n}", "body_text", "rule:shape")
        for n in range(2_000)
    )
    began = time.perf_counter()
    claims = make_claims(
        replace(ITEM, language="pl", headline=text, body_text=text, entities=named)
    )
    assert time.perf_counter() - began < 5
    assert len(json.dumps(plain(claims), ensure_ascii=False).encode()) < 3_000


def test_an_empty_article_claims_nothing() -> None:
    claims = make_claims(Item("a", "a", "und", "example.org", dt.date(2023, 5, 3)))
    assert plain(claims) == {"language": "und", "origins": ["example.org"]}
