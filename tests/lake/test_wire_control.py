"""Wire control from the record to the views: what is killed, held or released, in any order."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.lake.road import Road


def record(number: int, **fields: Any) -> dict[str, Any]:
    """An article's record."""
    return {
        "guid": f"g{number}", "uri": f"u{number}", "headline": f"Ferry number {number}",
        "body_text": f"Ferry number {number} sails from Lyon again, the port office said.",
        "published": "2024-05-01T06:30:00Z", **fields,
    }  # fmt: skip


def statuses(road: Road, uri: str) -> set[str]:
    """Effective status of every version."""
    sql = f"SELECT DISTINCT effective_pubstatus FROM articles_now WHERE uri = '{uri}'"
    return {status for (status,) in road.select(sql)}


FIRST = record(1, version="1")
SECOND = record(
    1, version="2", published="2024-05-02T06:30:00Z", headline="UPDATE 1-Ferry late",
    body_text="The ferry of Lyon is late.",
)  # fmt: skip
KILLS: dict[str, dict[str, Any]] = {
    "by its status, without a text": {"guid": "g1", "uri": "u1", "pubstatus": "canceled"},
    "by its signal, without a text": {"uri": "u1", "signals": ["kill"]},
    "by a status, with the headline alone": record(1, body_text="", pubstatus="stat:canceled"),
    "by a signal, with the same text": record(1, signals=["Kill"]),
    "by a note with a text of its own": {
        "uri": "u1", "version": "9", "pubstatus": "canceled", "headline": "Ferry number 1",
        "body_text": "The story is wrong. A substitute will follow.",
        "published": "2024-05-09T06:30:00Z",
    },
    "by the form of its headline": {
        "uri": "u1", "headline": "STORY WITHDRAWN-Ferry number 1", "body_text": "It is wrong.",
        "published": "2024-05-01T07:30:00Z",
    },
    "by a slugline's version section": {
        "uri": "u1", "slugline": "BC-HL--Ferry, KILL", "headline": "Ferry number 1",
        "published": "2024-05-01T07:30:00Z",
    },
    "by a note to editors": record(1, ednote="MANDATORY KILL. The story is wrong."),
    "by its take key, without a text": {"uri": "u1", "takekey": "BULLETIN KILL"},
    "by its guid alone": {"guid": "g1", "pubstatus": "canceled"},
}  # fmt: skip


@pytest.mark.parametrize("case", KILLS)
def test_a_kill_reaches_every_version_in_any_order(tmp_path: Path, case: str) -> None:
    """First, between, last, with the others in one run or alone; a later revision stays killed."""
    kill = KILLS[case]
    orders = [[[one] for one in order] for order in itertools.permutations((FIRST, SECOND, kill))]
    for batches in (*orders, [[FIRST, SECOND], [kill]], [[SECOND, kill, FIRST]]):
        road = Road(tmp_path)
        for batch in (*batches, [record(2)]):
            road.run(*batch)
        assert statuses(road, "u1") == {"canceled"}, batches
        assert statuses(road, "u2") == {"usable"}


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    ("named", "sender", "status"),
    [
        ("tag:hl.example,2024:1", "", "canceled"),
        ("urn:wire:1", "", "canceled"),
        ("1", "", "usable"),
        ("tag:rival.example,2024:1", "rival.example", "canceled"),
        ("https://www.rival.example/1", "rival.example", "canceled"),
        ("tag:hl.example,2024:1", "rival.example", "usable"),
        ("https://hl.example/1", "rival.example", "usable"),
        ("urn:wire:1", "rival.example", "usable"),
        ("1", "rival.example", "usable"),
    ],
)
def test_a_kill_of_another_outlet_or_of_none(
    tmp_path: Path, is_first: bool, named: str, sender: str, status: str
) -> None:
    """Who does not say who he is, or minted the URI, reaches whoever has it; nobody else does."""
    road = Road(tmp_path)
    kill = {"uri": named, "pubstatus": "canceled", "outlet": sender}
    batches = [[kill], [record(1, uri=named), record(2)]]
    for batch in batches if is_first else batches[::-1]:
        road.run(*batch)
    assert statuses(road, named) == {status}
    assert statuses(road, "u2") == {"usable"}


def test_a_kill_of_nothing_yet_waits(tmp_path: Path) -> None:
    """It stands in `controls` under the id that the article will have."""
    road = Road(tmp_path)
    road.run({"uri": "u1", "pubstatus": "canceled", "ednote": "Wrong picture."})
    assert road.select("SELECT uri, kind, reason FROM controls") == [
        ("u1", "kill", "Wrong picture.")
    ]
    assert road.select("SELECT * FROM articles") == []


def at(hour: int, **fields: Any) -> dict[str, Any]:
    """A message about article 1, without a text."""
    return {"uri": "u1", "published": f"2024-05-01T{hour:02}:00:00Z", **fields}


SAID = """
    SELECT article_id, version_id, version_order, effective_pubstatus, effective_embargoed,
           (SELECT list(kind || coalesce("at"::VARCHAR, '') ORDER BY kind, "at") FROM controls)
    FROM articles_now ORDER BY ALL
"""
WITHHELD: dict[str, tuple[list[dict[str, Any]], set[str]]] = {
    "withheld": ([at(8, signals=["withhold"])], {"withheld"}),
    "released": ([at(8, signals=["withhold"]), at(9, signals=["release"])], {"usable"}),
    "released and withheld again": (
        [at(8, signals=["release"]), at(9, pubstatus="withheld")],
        {"withheld"},
    ),
    "released with the text": (
        [at(8, pubstatus="withheld"), record(1, signals=["release"], version="2",
                                             versioncreated="2024-05-01T09:00:00Z")],
        {"usable"},
    ),
    "a correction notice": ([at(8, signals=["correction"])], {"usable"}),
}  # fmt: skip


@pytest.mark.parametrize("case", WITHHELD)
def test_withhold_and_release_count_by_their_time(tmp_path: Path, case: str) -> None:
    """Whatever order they come in, in runs of their own or in one: all dumps are equal."""
    messages, expected = WITHHELD[case]
    seen = set()
    for order in itertools.permutations([FIRST, *messages]):
        for batches in ([order], [[one] for one in order]):
            road = Road(tmp_path)
            for batch in batches:
                road.run(*batch)
            assert statuses(road, "u1") == expected, order
            seen.add(repr(road.select(SAID)))
    assert len(seen) == 1


def test_what_is_stated_beside_the_text_makes_a_version(tmp_path: Path) -> None:
    """A mere repeat too: whether a row says `repeat` must not depend on which came first."""
    road = Road(tmp_path)
    first = record(1, headline="UPDATE 1-Ferry")
    for stated, versions in (([], 1), (["update"], 1), (["repeat"], 2), (["refile"], 3)):
        road.run({**first, "signals": stated})
        assert road.select("SELECT count(*) FROM articles") == [(versions,)], stated


def test_an_embargo_whose_end_cannot_be_read_is_open(tmp_path: Path) -> None:
    """It is not lost with its date; a release ends it."""
    road = Road(tmp_path)
    road.run(record(1, embargoed="next Friday, after the vote"))
    open_now = "SELECT effective_embargoed, is_embargo_open FROM articles_now"
    assert road.select(open_now) == [(None, True)]
    road.run(at(8, signals=["release"]))
    assert road.select(open_now) == [(None, False)]
