"""Normalizing: one decision per test; the PTransform with good and bad items in one collection."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.article import Article
from transforms.delivery import Delivery
from transforms.normalize import EmptyItem, NormalizeItems, Provenance, control_hash, normalize
from transforms.parse.containers import ParsedItem
from transforms.parse.item import Item

SEEN = dt.datetime(2024, 3, 20, 12, tzinfo=dt.UTC)


def provenance(outlet: str | None = None) -> Provenance:
    return Provenance(
        source="drop/a.jsonl",
        source_uri="drop/a.jsonl#1",
        raw_sha256="00",
        seen_at=SEEN,
        run_id="run",
        outlet=outlet,
    )


def deliver(told: str | None = None, **fields: Any) -> Delivery:
    fields.setdefault("headline", "Headline")
    item = Item(source_format="jsonl", record=1, **fields)
    return normalize(item, provenance(told))


def article(**fields: Any) -> Article:
    return deliver(**fields).article


def test_undated_item_stands_at_first_sight_with_a_warning() -> None:
    """Never "now" as a claim: `published` is null, the partition is that of `first_seen`."""
    found = article()
    assert (found.published, found.date, found.first_seen) == (None, SEEN.date(), SEEN)
    assert "published_missing" in found.parse_warnings


def test_future_date_is_null_with_a_warning() -> None:
    """A claim of more than two days ahead is no date."""
    found = article(published_raw="2024-03-25T00:00:00Z")
    assert (found.published, found.published_raw) == (None, "2024-03-25T00:00:00Z")
    assert "date_in_future" in found.parse_warnings
    assert article(published_raw="2024-03-21T00:00:00Z").published is not None


def test_embargo_may_lie_ahead() -> None:
    """An embargo is a date in the future by nature."""
    assert article(embargoed_raw="2024-06-01T06:00:00Z").embargoed == dt.datetime(
        2024, 6, 1, 6, tzinfo=dt.UTC
    )


def test_text_is_nfc_without_controls_and_otherwise_as_written() -> None:
    """Quotes, dashes and inner spaces stay; only NFC, line ends and controls change."""
    found = article(body_text="e\u0301te\u0301 «\u00a0x\u00a0» —\x00\x07\r\nnext\ud800")
    assert found.body_text == "été «\u00a0x\u00a0» —\nnext"


@pytest.mark.parametrize(
    ("fields", "outlet", "rule"),
    [
        ({"outlet": "WWW.Herald.Example"}, "herald.example", "record"),
        ({"url": "https://www.news.herald.example/a"}, "herald.example", "url"),
        ({"feed": "https://feeds.herald.example/rss"}, "herald.example", "feed"),
        ({"provider": "Reuters", "url": "https://x.example/a"}, "reuters", "provider"),
        ({"url": "https://tass.ru/a"}, "tass", "url"),
        (
            {"source_url": "https://a.example/", "feed": "https://agg.example/", "url": "https://agg.example/1"},
            "a.example",
            "source",
        ),
        ({}, "local", "local"),
    ],
)  # fmt: skip
def test_outlet_rules_in_their_order(fields: dict[str, Any], outlet: str, rule: str) -> None:
    """DESIGN §4.1, and the rule is kept."""
    found = article(**fields)
    assert (found.outlet, found.outlet_rule) == (outlet, rule)


def test_outlet_that_the_user_told_wins() -> None:
    """`--outlet` is the first rule."""
    found = deliver("Told.example", url="https://x.example/a").article
    assert (found.outlet, found.outlet_rule) == ("told.example", "option")


def test_secrets_of_addresses_are_stored_nowhere() -> None:
    """User info and secret parameters are cut from every column that may hold an address."""
    url = "https://user:canary@x.example/a?token=canary&p=1"
    found = deliver(url=url, guid=url, uri=url, canonical_url=url, feed=url)
    assert "canary" not in repr(found)
    assert found.article.normalized_url == "https://x.example/a?p=1"


def test_keys_in_order_of_trust() -> None:
    """uri, guid, url, content; hashed with the outlet."""
    keys = deliver(uri="u", guid="g", url="https://x.example/a").keys
    assert [key.kind for key in keys] == ["uri", "guid", "url", "content"]
    other = deliver("y.example", uri="u").keys
    assert other[0].hash != keys[0].hash


@pytest.mark.parametrize(
    ("fields", "control"),
    [
        ({"pubstatus": "canceled"}, "kill"),
        ({"pubstatus": "withheld"}, "withhold"),
        ({"signals": ("Kill",)}, "kill"),
        ({"signals": ("release",)}, "release"),
        ({"signals": ("embargo",), "embargoed_raw": "2024-06-01T06:00:00Z"}, "embargo"),
        ({"signals": ("correction",)}, "correction"),
    ],
)
def test_message_without_text_is_a_control(fields: dict[str, Any], control: str) -> None:
    """With text the same statement is an article's version."""
    message = deliver(headline=None, uri="u", **fields)
    assert message.control == control
    assert deliver(uri="u", **fields).control is None


def test_signals_that_the_headline_bears_are_no_control() -> None:
    """The content hash has them: a row of before, which knew none, is the same version."""
    found = article(headline="UPDATE 1-Ferry", signals=("lead",))
    assert found.signals == ("lead", "update")
    assert control_hash(found) == control_hash(replace(found, signals=("lead",)))
    assert control_hash(found) != control_hash(replace(found, signals=("update",)))


@pytest.mark.parametrize(
    ("fields", "signals", "pubstatus", "genre"),
    [
        ({"takekey": "KILL"}, ("kill",), "canceled", None),
        ({"signals": ("Withhold",)}, ("withhold",), "withheld", None),
        ({"signals": ("withhold",), "pubstatus": "canceled"}, ("withhold",), "canceled", None),
        ({"takekey": "Advisory"}, (), "usable", "advisory"),
        ({"takekey": "Advisory", "genre": "Text"}, (), "usable", "Text"),
        ({"genre": "TEST"}, (), "usable", "test"),
        ({"embargoed_raw": "after the vote"}, ("embargo",), "usable", None),
        ({"embargoed_raw": "2024-06-01T06:00:00Z"}, (), "usable", None),
    ],
)
def test_what_a_message_says_of_itself(
    fields: dict[str, Any], signals: tuple[str, ...], pubstatus: str, genre: str | None
) -> None:
    """Marks and fields together; a stated genre stays, a status is never weakened."""
    found = article(**fields)
    assert (found.signals, found.pubstatus, found.genre) == (signals, pubstatus, genre)


def test_nothing_at_all_is_empty() -> None:
    """Neither headline nor text nor message."""
    with pytest.raises(EmptyItem):
        deliver(headline=" \x00 ", body_text="\n")


def test_good_and_poison_items_in_one_collection() -> None:
    """A fault of ours in one item costs that item only, and keeps its bytes."""
    good = Item(source_format="jsonl", record=1, headline="Good")
    empty = Item(source_format="jsonl", record=2)
    poison = Item(source_format="jsonl", record=3, headline=7)  # type: ignore[arg-type]
    parsed = [
        ParsedItem(item, "a", f"a#{item.record}", b"raw", None, None)
        for item in (good, empty, poison)
    ]
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        result = pipeline | beam.Create(parsed) | NormalizeItems(SEEN, "run")
        headlines = result.main | beam.Map(lambda d: d.article.headline)
        assert_that(headlines, equal_to(["Good"]), label="good")
        told = result.rejects | "Told" >> beam.Map(
            lambda r: (r.source_uri, r.stage, r.reason, r.raw)
        )
        expected = [
            ("a#2", "normalize", "empty", b"raw"),
            ("a#3", "normalize", "unexpected", b"raw"),
        ]
        assert_that(told, equal_to(expected), label="rejects")
