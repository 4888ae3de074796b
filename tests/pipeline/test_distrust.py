"""`find_distrusted`: which names a source gives to different articles (DESIGN.md §4.2)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.chunks import find_distrusted
from tests.lake.road import deliver
from transforms.delivery import Delivery
from transforms.stage import write_deliveries

ONE, OTHER = "https://herald.example/1", "https://herald.example/2"


def item(headline: str, **names: str) -> Delivery:
    return deliver({"headline": headline, **names}, "run")


def kinds_of(folder: Path, *files: list[Delivery]) -> set[tuple[str, str]]:
    """What is found in files of deliveries, as sources and kinds of keys."""
    staged = [write_deliveries(some, folder) for some in files]
    kind_of = {key.hash: key.kind for some in files for one in some for key in one.keys}
    return {(source, kind_of[key]) for source, key in find_distrusted(staged)}


def test_a_guid_of_two_texts_under_two_addresses(tmp_path: Path) -> None:
    first, second = item("Ferry", guid="7", url=ONE), item("Bridge", guid="7", url=OTHER)
    assert kinds_of(tmp_path, [first, second]) == {("drop", "guid")}
    assert kinds_of(tmp_path, [first], [second]) == {("drop", "guid")}  # of whatever file


def test_a_uri_likewise(tmp_path: Path) -> None:
    first, second = item("Ferry", uri="urn:1", url=ONE), item("Bus", uri="urn:1", url=OTHER)
    assert kinds_of(tmp_path, [first, second]) == {("drop", "uri")}


def test_an_address_of_two_texts_under_two_guids(tmp_path: Path) -> None:
    found = kinds_of(tmp_path, [item("Ferry", guid="7", url=ONE), item("Bus", guid="8", url=ONE)])
    assert found == {("drop", "url")}


@pytest.mark.parametrize(
    "deliveries",
    [
        [item("Ferry", guid="7", url=ONE), item("Ferry", guid="7", url=OTHER)],
        [item("Ferry", guid="7", url=ONE), item("Ferry sails", guid="7", url=ONE)],
        [item("Ferry", guid="7", url=ONE), item("Ferry sails", guid="7")],
        [item("Ferry", guid="7"), item("Bridge", guid="7")],
        [item("Ferry", guid="7", url=ONE), replace(item("Bus", guid="7", url=OTHER), source="b")],
        [
            item("Ferry", guid="7", url=ONE),
            replace(item("Bus", guid="7", url=OTHER), control="kill"),
        ],
        [item("Ferry", guid="7", url=ONE)],
        [],
    ],
    ids=[
        "one text", "a revision", "an address and none", "no address", "two sources", "a message",
        "alone", "nothing",
    ],
)  # fmt: skip
def test_what_stays_trusted(tmp_path: Path, deliveries: list[Delivery]) -> None:
    assert kinds_of(tmp_path, *[[one] for one in deliveries]) == set()


def test_only_who_misuses_a_name_loses_it(tmp_path: Path) -> None:
    """A third item without an address does not hide two that have different ones."""
    misused = [
        item("Ferry", guid="7", url=ONE),
        item("Bus", guid="7"),
        item("Bridge", guid="7", url=OTHER),
    ]
    elsewhere = [replace(one, source="b") for one in misused[:2]]
    others = [item("Tram", guid="9", url="https://herald.example/9")]
    assert kinds_of(tmp_path, misused, elsewhere, others) == {("drop", "guid")}
