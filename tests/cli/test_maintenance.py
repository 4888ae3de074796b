"""Commands that write but `run`: `compact`, `forget`, `replay`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lake.lease import acquire
from lake.tables import open_lake, snapshot
from tests.cli.conftest import Wiretrace, record, write_jsonl
from tests.lake.builder import id_of
from transforms import normalize


def ids(lake: Path) -> set[str]:
    return set(snapshot(open_lake(lake)).read("articles")["article_id"].to_pylist())


def test_compact_merges_and_says_so(wiretrace: Wiretrace, own_lake: Path) -> None:
    """Fewer files, the same dump; with --purge what older versions held is deleted."""
    before = wiretrace("dump", "--lake", own_lake).out
    done = wiretrace("compact", "--lake", own_lake, "--purge", "--json").json
    assert done["files_before"] > done["files_after"] >= done["partitions"] >= 1
    assert done["purged"] >= done["files_before"]
    assert wiretrace("dump", "--lake", own_lake).out == before
    assert wiretrace("doctor", "--lake", own_lake, "--json").json == []


@pytest.mark.parametrize(
    "command", [["compact"], ["forget", id_of("a"), "--yes"], ["doctor", "--rebuild-state"]]
)
def test_a_busy_lake_is_5(wiretrace: Wiretrace, own_lake: Path, command: list[str]) -> None:
    """No writer but the one that holds the lease; the articles stay."""
    with acquire(own_lake, command="watch"):
        done = wiretrace(*command, "--lake", own_lake)
    assert done.code == 5
    assert "wiretrace watch" in done.err
    assert len(ids(own_lake)) == 3


@pytest.mark.parametrize(
    ("selection", "left"),
    [
        ([id_of("a")], {"b", "c"}),
        ([id_of("a"), id_of("c")], {"b"}),
        (["--outlet", "post.example"], {"a", "c"}),
        (["--before", "2024-05-03"], {"c"}),
        (["--before", "2024-05-01"], {"a", "b", "c"}),
        (["--outlet", "nobody.example"], {"a", "b", "c"}),
    ],
)
def test_forget_takes_what_is_named_and_no_more(
    wiretrace: Wiretrace, own_lake: Path, selection: list[str], left: set[str]
) -> None:
    """By id, by outlet, or all of whose versions are before a day; the lake is sound after it."""
    done = wiretrace("forget", *selection, "--lake", own_lake, "--yes", "--json")
    assert (done.code, done.json["articles"]) == (0, 3 - len(left))
    assert ids(own_lake) == {id_of(name) for name in left}
    assert wiretrace("doctor", "--lake", own_lake).code == 0


def test_forget_of_an_unknown_id_is_2_and_forgets_nothing(
    wiretrace: Wiretrace, own_lake: Path
) -> None:
    """Not even the known ones beside it."""
    done = wiretrace("forget", id_of("a"), id_of("nobody"), "--lake", own_lake, "--yes")
    assert (done.code, done.out) == (2, "")
    assert id_of("nobody") in done.err
    assert len(ids(own_lake)) == 3


def test_forget_without_a_selection_is_2(wiretrace: Wiretrace, own_lake: Path) -> None:
    """Forgetting nothing in particular must not mean everything."""
    done = wiretrace("forget", "--lake", own_lake, "--yes")
    assert done.code == 2
    assert len(ids(own_lake)) == 3


@pytest.mark.parametrize(("answer", "left"), [("n\n", 3), ("", 3), ("y\n", 2)])
def test_forget_asks(
    wiretrace: Wiretrace,
    own_lake: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    left: int,
) -> None:
    """Without --yes it forgets only on a yes; the question, with the number, is on stderr."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    done = wiretrace("forget", id_of("a"), "--lake", own_lake)
    assert (done.code, len(ids(own_lake))) == (0 if left == 2 else 130, left)
    assert "Forget 1 articles" in done.err


@pytest.fixture
def broken_normalizer(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A fault of ours in each item that says FAULT, until it is mended by a call."""
    sound = normalize.normalize

    def normalize_or_fail(item: normalize.Item, provenance: normalize.Provenance) -> object:
        if "FAULT" in (item.headline or ""):
            raise KeyError("a fault of ours")
        return sound(item, provenance)

    monkeypatch.setattr(normalize, "normalize", normalize_or_fail)
    return lambda: monkeypatch.setattr(normalize, "normalize", sound)


FEED = """<?xml version="1.0" encoding="windows-1251"?>
<rss version="2.0"><channel><title>Вестник</title><link>https://vestnik.example/</link>
<item><title>Паром ходит</title><guid>f1</guid></item>
<item><title>FAULT Паром стоит</title><guid>f2</guid></item></channel></rss>"""


def drop_all_kinds(folder: Path) -> None:
    """The same fault in every kind of container: the bytes kept are the record's, or all of them.

    The first records are good: a replay that took one of them for the rejected one would land a
    duplicate and lose the reject.
    """
    records = [record(1), record(2, headline="FAULT in JSON lines")]
    write_jsonl(folder / "lines.jsonl", *records)
    array = [record(3), record(4, headline="FAULT in an array")]
    (folder / "array.json").write_text(json.dumps(array, indent=1))
    utf16 = [record(5), record(6, headline="FAULT in UTF-16")]
    (folder / "wide.jsonl").write_text("\n".join(map(json.dumps, utf16)), "utf-16")
    (folder / "feed.xml").write_text(FEED, "cp1251")
    (folder / "note.txt").write_text("FAULT in a text\n\nThe ferry stays in the port of Lyon.\n")


def test_replay_lands_what_was_rejected_once_the_cause_is_mended(
    wiretrace: Wiretrace, tmp_path: Path, broken_normalizer: Callable[[], None]
) -> None:
    """Each rejected record itself, none of its neighbours, under its own address; balanced."""
    drop_all_kinds(tmp_path / "drop")
    lake = tmp_path / "lake"
    first = wiretrace("run", "--lake", lake, "--drop", tmp_path / "drop", "--json")
    assert (first.code, first.json["new"], first.json["rejected"]) == (3, 4, 5)
    broken_normalizer()
    done = wiretrace("replay", "--lake", lake, "--json")
    assert (done.code, done.json["new"], done.json["seen"]) == (0, 5, 5)
    landed = snapshot(open_lake(lake)).read("articles", ["headline", "source_uri"]).to_pylist()
    found = {
        Path(row["source_uri"]).name: row["headline"]
        for row in landed
        if "FAULT" in row["headline"]
    }
    assert found == {
        "lines.jsonl#2": "FAULT in JSON lines", "array.json#2": "FAULT in an array",
        "wide.jsonl#2": "FAULT in UTF-16", "feed.xml#2": "FAULT Паром стоит",
        "note.txt": "FAULT in a text",
    }  # fmt: skip
    assert [run["balanced"] for run in wiretrace("runs", "list", "--lake", lake, "--json").json] \
        == [True, True]  # fmt: skip
    assert wiretrace("replay", "--lake", lake, "--json").json["seen"] == 0


def test_replay_reads_an_absent_file_again(wiretrace: Wiretrace, tmp_path: Path) -> None:
    """No bytes were kept of a file that was not there; once it is there, its articles land."""
    lake, late = tmp_path / "lake", tmp_path / "late.jsonl"
    assert wiretrace("run", "--lake", lake, "--drop", late).code == 7
    write_jsonl(late, record(1), record(2))
    done = wiretrace("replay", "--lake", lake, "--json")
    assert (done.code, done.json["new"]) == (0, 2)


def test_replay_makes_no_article_of_what_is_none(wiretrace: Wiretrace, tmp_path: Path) -> None:
    """A line that is no JSON stays a reject with its reason: it is no plain text of its own."""
    drop = write_jsonl(tmp_path / "drop.jsonl", record(1))
    drop.write_text(drop.read_text() + "Ferry lost at sea, says nobody\n{}\n")
    lake = tmp_path / "lake"
    assert wiretrace("run", "--lake", lake, "--drop", drop).code == 3
    done = wiretrace("replay", "--lake", lake, "--json")
    assert (done.code, done.json["rejected"], done.json["new"]) == (3, 2, 0)
    rows = snapshot(open_lake(lake)).read("rejects", ["source_uri", "reason", "raw"]).to_pylist()
    assert len(rows) == 4
    assert sorted({(Path(r["source_uri"]).name, r["reason"], r["raw"]) for r in rows}) == [
        ("drop.jsonl#2", "malformed", b"Ferry lost at sea, says nobody"),
        ("drop.jsonl#3", "empty", b"{}"),
    ]


def test_replay_finds_a_long_record_by_its_hash(
    wiretrace: Wiretrace, tmp_path: Path, broken_normalizer: Callable[[], None]
) -> None:
    """Of more than 1 MiB only the head is kept; the line is read again, wherever it stands now."""
    long = record(1, headline="FAULT of length", body_text="ferry " * 200_000)
    drop = write_jsonl(tmp_path / "drop.jsonl", record(2), long)
    lake = tmp_path / "lake"
    assert wiretrace("run", "--lake", lake, "--drop", drop).code == 3
    broken_normalizer()
    write_jsonl(drop, record(3), record(2), long)
    done = wiretrace("replay", "--lake", lake, "--json")
    assert (done.code, done.json["new"], done.json["seen"]) == (0, 1, 1)


def test_replay_does_not_take_another_record_for_a_long_one(
    wiretrace: Wiretrace, tmp_path: Path, broken_normalizer: Callable[[], None]
) -> None:
    """Where its bytes are gone it stays a reject."""
    long = record(1, headline="FAULT of length", body_text="ferry " * 200_000)
    drop = write_jsonl(tmp_path / "drop.jsonl", long)
    lake = tmp_path / "lake"
    wiretrace("run", "--lake", lake, "--drop", drop)
    broken_normalizer()
    write_jsonl(drop, record(3))
    done = wiretrace("replay", "--lake", lake, "--json")
    assert (done.json["new"], done.json["rejected"]) == (0, 1)


def test_replay_dry_run_leaves_the_rejects_open(
    wiretrace: Wiretrace, tmp_path: Path, broken_normalizer: Callable[[], None]
) -> None:
    """It shows what would land, and takes nothing up."""
    drop = write_jsonl(tmp_path / "drop.jsonl", record(1, headline="FAULT"))
    lake = tmp_path / "lake"
    wiretrace("run", "--lake", lake, "--drop", drop)
    broken_normalizer()
    assert wiretrace("replay", "--lake", lake, "--dry-run", "--json").json["new"] == 1
    assert ids(lake) == set()
    assert wiretrace("replay", "--lake", lake, "--json").json["new"] == 1
