"""Real feeds of the shared folder: every entry accounted for once, in any order."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from tests.e2e.command import assert_healthy, drops, dump, ledger_of, rows, wiretrace

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

FEEDS = ("wires/feeds_real", "wires/jsonfeed")
TABLES = (
    "articles",
    "entities",
    "citations",
    "quotes",
    "facts",
    "controls",
    "article_aliases",
    "rejects",
)
# The only entry of all that has neither title nor text: `<title></title>`, `<description></…>`.
EMPTY = "no_encoding_ISO-8859-1.xml#4"


def count_entries(path: Path) -> int:
    """Entries of a feed, counted without any of our code."""
    if path.suffix == ".json":
        return len(json.loads(path.read_bytes())["items"])
    return len(re.findall(rb"<(?:item|entry)[\s>]", path.read_bytes()))


@pytest.fixture
def feeds(shared: Path) -> list[Path]:
    """Every feed file."""
    return sorted(path for folder in FEEDS for path in (shared / folder).iterdir())


def test_every_entry_is_accounted_for_and_the_second_run_adds_nothing(
    feeds: list[Path], tmp_path: Path
) -> None:
    """Sightings and rejects of each file are its entries; again, and nothing has a new row."""
    lake = tmp_path / "lake"
    expected = {str(path): count_entries(path) for path in feeds}
    first = ledger_of(wiretrace("run", "--lake", lake, *drops(feeds), "--json"), code=3)
    assert first["containers"] == len(feeds)
    assert first["seen"] == sum(expected.values()) == 473
    assert (first["rejected"], first["control"]) == (1, 0)
    (reject,) = rows(lake, "SELECT source_uri, reason FROM rejects")
    assert reject["source_uri"].endswith(EMPTY)
    assert reject["reason"] == "empty"
    by_file = {
        row["file"]: row["items"]
        for row in rows(
            lake,
            "SELECT split_part(source_uri, '#', 1) AS file, sum(deliveries)::INT AS items FROM "
            "(SELECT source_uri, deliveries FROM sightings UNION ALL SELECT source_uri, 1 FROM "
            "rejects) GROUP BY ALL",
        )
    }
    assert by_file == expected
    count = "SELECT " + ", ".join(f"(SELECT count(*) FROM {t}) AS {t}" for t in TABLES)
    before = rows(lake, count)
    second = ledger_of(wiretrace("run", "--lake", lake, *drops(feeds), "--json"), code=3)
    assert (second["duplicate"], second["rejected"]) == (472, 1)
    assert rows(lake, count) == before
    deliveries = rows(lake, "SELECT sum(deliveries)::INT AS n FROM sightings")
    assert deliveries == [{"n": 2 * 472}]
    assert_healthy(lake)


def test_order_and_workers_change_nothing(feeds: list[Path], tmp_path: Path) -> None:
    """Two shuffled runs with two workers, one of them in small chunks: the dump of the first."""
    lake = tmp_path / "lake"
    ledger = ledger_of(wiretrace("run", "--lake", lake, *drops(feeds), "--json"), code=3)
    expected = dump(lake)
    assert len(expected.splitlines()) > 2 * len(feeds)
    for turn in range(2):
        shuffled = feeds[:]
        random.Random(turn).shuffle(shuffled)
        other = tmp_path / f"lake-{turn}"
        options = ["--workers", "2", *(("--chunk", "50") if turn == 1 else ())]
        done = wiretrace("run", "--lake", other, *drops(shuffled), *options, "--json")
        assert ledger_of(done, code=3)["seen"] == ledger["seen"]
        assert dump(other) == expected, f"shuffle {turn}"
