"""Links of whole runs: found, explained, and the same in whatever order articles arrive."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from lake.views import connect
from pipeline.link_tasks import has_looked
from tests.pipeline.desk import Desk, Record

START = dt.datetime(2024, 3, 1, 8, tzinfo=dt.UTC)
DAYS = 6
# Words that stand nowhere together, else the stories would be forms of one another.
SYLLABLES = ("ba", "lor", "ti", "men", "sa", "ru", "kel", "vo", "pin", "da", "fer", "gu")


def story(seed: str) -> list[str]:
    """Six sentences that no other seed has, each with a name and a number."""
    chosen = random.Random(seed)

    def word() -> str:
        return "".join(chosen.choices(SYLLABLES, k=3))

    return [
        f"{word().title()} {' '.join(word() for _ in range(12))} in {chosen.randrange(3, 900)}."
        for _ in range(6)
    ]


def records(seed: str = "corpus") -> list[Record]:
    """Some seventy articles of six days: wires, copies of them, round-ups, and corrections."""
    chosen = random.Random(seed)
    wires = [(number, story(f"{seed} {number}")) for number in range(25)]
    made: list[Record] = []
    for number, sentences in wires:
        hour = chosen.uniform(0, 24 * (DAYS - 3))
        made.append(record(f"wire-{number}", "wire.example", hour, sentences))
        if number % 6 == 0:
            mended = [sentences[0].replace(" ", " again ", 1), *sentences[1:], "This was mended."]
            made.append(record(f"wire-{number}", "wire.example", hour + 3, mended))
        for copy in range(chosen.randrange(4)):
            own = story(f"{seed} {number} {copy}")
            text = chosen.choice(
                [sentences, sentences[:4], [*own, *sentences], [own[0], *sentences[1:], own[1]]]
            )
            at = hour + chosen.uniform(0.5, 50)
            made.append(record(f"{number}-{copy}", f"paper{copy}.example", at, text))
    return made


def record(guid: str, outlet: str, hour: float, sentences: Iterable[str]) -> Record:
    return {
        "guid": guid, "outlet": outlet, "headline": f"News of {guid}",
        "body_text": "\n".join(sentences),
        "published": (START + dt.timedelta(hours=round(hour, 2))).isoformat(),
    }  # fmt: skip


def day_of(one: Record) -> int:
    return (dt.datetime.fromisoformat(one["published"]).date() - START.date()).days


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Everything in one run."""
    desk = Desk(tmp_path_factory.mktemp("once"))
    desk.take(records())
    return desk


def by_day(delayed: Mapping[str, int] | None = None) -> Iterable[list[Record]]:
    days: dict[int, list[Record]] = defaultdict(list)
    for one in records():
        days[day_of(one) + (delayed or {}).get(f"{one['guid']} {one['published']}", 0)].append(one)
    return [days[day] for day in sorted(days)]


def test_every_copy_is_linked_to_its_wire_and_no_two_wires_to_each_other(once: Desk) -> None:
    links = once.links()
    copies = {one["guid"] for one in records() if one["outlet"].startswith("paper")}
    assert len(copies) > 25
    found = {later for later, earlier in links if earlier == f"wire-{later.split('-')[0]}"}
    assert found == copies
    strangers = {
        pair
        for pair in links
        if len({guid.removeprefix("wire-").split("-")[0] for guid in pair}) > 1
    }
    assert strangers == set()
    assert {row["direction"] for row in links.values()} == {"likely"}
    kinds = {row["kind"] for row in links.values()}
    assert {"reprint", "embedded"} <= kinds


@pytest.mark.e2e
def test_daily_runs_each_shuffled_say_what_one_run_says(once: Desk, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for day in by_day():
        random.Random("shuffled").shuffle(day)
        desk.take(day)
    assert desk.runs >= DAYS - 1
    assert desk.said() == once.said()


@pytest.mark.e2e
def test_a_tenth_that_comes_up_to_five_days_late_changes_nothing_in_the_end(
    once: Desk, tmp_path: Path
) -> None:
    chosen = random.Random("late")
    names = sorted(f"{one['guid']} {one['published']}" for one in records())
    late = {name: chosen.randrange(1, 6) for name in chosen.sample(names, len(names) // 10)}
    assert len(late) >= 6
    desk = Desk(tmp_path)
    for day in by_day(late):
        desk.take(day)
    # Ids of stories tell who was there first: tests/pipeline/test_stories.py.
    assert desk.said("stories", "story_aliases") == once.said("stories", "story_aliases")


def test_chunks_and_a_second_delivery_change_nothing(once: Desk, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take(records(), chunk=20)
    assert desk.said() == once.said()
    before = desk.pinned.read("links").num_rows
    again = desk.take(records())
    assert again.ledger.outcomes["duplicate"] == len(records())
    assert desk.pinned.read("links").num_rows == before
    assert desk.said() == once.said()


def test_fingerprints_that_are_lost_or_damaged_are_made_again(once: Desk, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    *days, last = by_day()
    desk.take(one for day in days for one in day)
    files = sorted(desk.pinned.lake.signatures.iterdir())
    assert len(files) > 4
    files[0].unlink()
    files[-1].write_bytes(b"damaged")
    files[-2].write_bytes(files[-2].read_bytes()[:-1])
    desk.take(last)
    assert desk.said() == once.said()


def test_a_lake_from_before_there_were_links_gets_them_with_its_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    older = [record("wire-1", "wire.example", 0, story("older"))]
    older.append(record("1-copy", "paper.example", 5, story("older")))
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.conclude.plan_links", lambda *_: [])
        desk.take(older)
    assert desk.links() == {}
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.link_tasks.has_looked", lambda *_: False)
        desk.take([record("2-else", "paper.example", 6, story("something else"))])
    assert set(desk.links()) == {("1-copy", "wire-1")}


def test_a_dry_run_leaves_no_fingerprints(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take([record("wire-1", "wire.example", 0, story("dry"))])
    before = sorted(desk.pinned.lake.signatures.iterdir())
    desk.take([record("1-copy", "paper.example", 5, story("dry"))], dry_run=True)
    assert sorted(desk.pinned.lake.signatures.iterdir()) == before != []


@pytest.mark.parametrize(
    ("command", "tables", "is_it"),
    [
        ("run", ("articles",), False),  # by an older wiretrace
        ("compact", ("articles", "links"), False),  # which made but the empty table
        ("run", ("articles", "links"), True),
        ("watch", ("articles", "links"), True),
    ],
)
def test_a_lake_is_linked_when_a_run_has_looked(
    command: str, tables: tuple[str, ...], is_it: bool
) -> None:
    versions = [{"table": table, "version": 0} for table in tables]
    assert has_looked([{"command": command, "table_versions": versions}], "links") is is_it


def test_what_claims_no_time_is_compared_with_everything(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    wire = record("wire-1", "wire.example", 0, story("undated"))
    plain = {"guid": "1-plain", "outlet": "plain.example"} | {
        "headline": "A plain text", "body_text": wire["body_text"]
    }  # fmt: skip
    desk.take([wire])
    desk.take([plain])
    later = record("1-later", "paper.example", 24 * 300, story("undated"))
    desk.take([later])
    assert set(desk.links()) == {("1-plain", "wire-1"), ("1-plain", "1-later")}
    assert {row["direction"] for row in desk.links().values()} == {"unknown"}


def test_a_text_that_everybody_prints_costs_links_in_proportion(tmp_path: Path) -> None:
    """Of a hundred prints of one text all pairs of the first 65; each later one with the first."""
    text = story("everybody")
    prints = [record(f"1-{n:03}", f"p{n}.example", n / 10, text) for n in range(100)]
    # These share a passage of their own beside it, too; what comes late below makes 66 hot.
    for two in (50, 66):
        prints[two]["body_text"] += "\n" + "\n".join(story("two of them"))
    desk = Desk(tmp_path / "once")
    desk.take(prints)
    links = desk.links()
    assert len(links) == 65 * 64 // 2 + 35 + 1
    assert {earlier for later, earlier in links if later >= "1-065"} == {"1-000", "1-050"}
    with connect(desk.pinned) as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT copy_id) FROM copy_families")
        assert rows.fetchall() == [(100, 1)]
    late = Desk(tmp_path / "late")
    late.take([*prints[1:30], *prints[31:]])
    late.take([prints[0], prints[30]])
    assert sum(late.pinned.read("links")["withdrawn"].to_pylist()) > 64
    assert late.said("stories") == desk.said("stories")  # one story, by the id of who was first
