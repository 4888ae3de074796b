"""Profiles as bytes: what is read is what was written, when it is asked for."""

from __future__ import annotations

import datetime as dt

from transforms.stories.claims import make_claims
from transforms.stories.item import Item, Named, Quoted, Stated
from transforms.stories.profile import make_profile
from transforms.stories.profile_rows import Profiled, decode, encode

ITEM = Item(
    "a",
    "v",
    "en",
    "example.org",
    dt.date(2024, 3, 2),
    dt.datetime(2024, 3, 2, 9, tzinfo=dt.UTC),
    headline="Ferry sinks off Marelda",
    body_text="A ferry sank off Marelda. “We lost 17 people”, said Tolvik. See www.example.com.",
    entities=(Named("geonames:7", "place", "Marelda", "headline", "gazetteer:place"),),
    facts=(Stated("count", "17", "killed", None, "body_text"),),
    quotes=(Quoted("We lost 17 people", "Tolvik", None, "key"),),
    sources=("reuters",),
)


def test_what_is_read_is_what_was_written() -> None:
    stated = dt.datetime(2024, 3, 2, 10, tzinfo=dt.UTC)
    made = make_profile(ITEM)
    (read,) = decode(encode([Profiled(made, stated)]))
    assert read.stated_at == stated
    kept = read.profile
    assert (kept.article_id, kept.version_id, kept.language) == ("a", "v", "en")
    assert (kept.day, kept.published) == (ITEM.day, ITEM.published)
    assert kept.terms == made.terms
    assert kept.claims == make_claims(ITEM)
    assert kept.terms.quotes == ("key",)
    assert kept.claims.ids[0].id == "geonames:7"
