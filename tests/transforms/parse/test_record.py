"""What of a record needs no sample: see `samples/json` and `samples/jsonl` for the rest."""

from __future__ import annotations

from schemas.article import Station
from transforms.parse.item import Item
from transforms.parse.record import parse_record


def test_a_source_that_is_an_address_is_one() -> None:
    """Not a name: its secrets are known to be secrets only there."""
    item = parse_record({"headline": "x", "source": "https://news.example/feed"}, None, "json")
    assert isinstance(item, Item)
    assert item.provenance == (Station("infosource", None, "https://news.example/feed", None),)
