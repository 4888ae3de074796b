"""Commands that read a lake: `sql`, `runs`, `dump`, `export parquet`; one lake for all of them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from tests.cli.conftest import Wiretrace
from tests.lake.builder import id_of

CURRENT = "SELECT outlet, headline FROM articles_now WHERE is_current ORDER BY ALL"
READERS = {
    "sql": ["sql", "SELECT 1 AS one"],
    "runs list": ["runs", "list"],
    "runs show": ["runs", "show", "1"],
    "dump": ["dump"],
    "doctor": ["doctor"],
    "compact": ["compact"],
    "forget": ["forget", id_of("a"), "--yes"],
    "replay": ["replay"],
}


@pytest.mark.parametrize("command", READERS)
def test_no_lake_is_2_with_the_way_to_one(
    wiretrace: Wiretrace, tmp_path: Path, command: str
) -> None:
    """Nothing is made, nothing is on stdout, and the sentence says how to make a lake."""
    done = wiretrace(*READERS[command], "--lake", tmp_path / "none")
    assert (done.code, done.out) == (2, "")
    assert "wiretrace run --lake" in done.err
    assert not (tmp_path / "none").exists()


def test_sql_prints_csv_off_a_terminal(wiretrace: Wiretrace, lake: Path) -> None:
    """A header and a row each; what would act on a terminal is replaced, the words stay."""
    done = wiretrace("sql", "--lake", lake, CURRENT)
    assert (done.code, done.err) == (0, "")
    assert list(csv.reader(io.StringIO(done.out))) == [
        ["outlet", "headline"],
        ["example.org", "Headline of a 2"],
        ["example.org", "Tab\there, bell\N{REPLACEMENT CHARACTER} and "
                        "\N{REPLACEMENT CHARACTER}turned"],
        ["post.example", "Headline of b 1"],
    ]  # fmt: skip


def test_sql_json_is_one_list_with_the_text_whole(wiretrace: Wiretrace, lake: Path) -> None:
    """Every character comes back from the JSON, but none of them acts on a terminal."""
    done = wiretrace("sql", "--lake", lake, "--json", CURRENT)
    assert [row["headline"] for row in done.json] == [
        "Headline of a 2", "Tab\there, bell\x07 and \u202eturned", "Headline of b 1",
    ]  # fmt: skip
    assert not {"\x07", "\u202e", "\t"} & set(done.out)


def test_sql_jsonl_is_an_object_a_line(wiretrace: Wiretrace, lake: Path) -> None:
    """One line a row, also where a text holds line breaks."""
    done = wiretrace("sql", "--lake", lake, "--jsonl", "SELECT i, E'a\\nb' AS t FROM range(3) r(i)")
    assert [json.loads(line) for line in done.out.splitlines()] == [
        {"i": number, "t": "a\nb"} for number in range(3)
    ]


def test_sql_json_has_no_word_that_json_lacks(wiretrace: Wiretrace, lake: Path) -> None:
    """NaN and infinity, also in a list or struct, are null; times are ISO 8601, bytes base64."""
    done = wiretrace(
        "sql", "--lake", lake, "--json",
        "SELECT 'nan'::double AS n, -1/0.0 AS i, [1.5, 'inf'::double] AS l, {'x': 'nan'::double}"
        " AS s, TIMESTAMPTZ '2024-05-01 12:00:00+00' AS t, '\\xC3\\xA9'::blob AS b, NULL AS z",
    )  # fmt: skip
    assert done.json == [
        {"n": None, "i": None, "l": [1.5, None], "s": {"x": None},
         "t": "2024-05-01T12:00:00+00:00", "b": "w6k=", "z": None}
    ]  # fmt: skip


def test_sql_reads_the_query_from_stdin(
    wiretrace: Wiretrace, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-` stands for stdin."""
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 7 AS seven"))
    assert wiretrace("sql", "--lake", lake, "-").out == "seven\n7\n"


REFUSED = {
    "two statements": "SELECT 1; SELECT 2",
    "no statement": "",
    "a COPY": "COPY articles TO '{outside}'",
    "a COPY over a file of the lake": "COPY (SELECT 1) TO '{inside}'",
    "an ATTACH": "ATTACH '{outside}' AS other",
    "a CREATE": "CREATE TABLE t AS SELECT 1",
    "a DELETE": "DELETE FROM articles",
    "a SET": "SET enable_external_access = true",
    "a file by its name": "SELECT * FROM '{secret}'",
    "a file by a function": "SELECT * FROM read_text('{secret}')",
    "a folder": "SELECT * FROM glob('/*')",
    "no SQL": "SELEC",
    "an unknown table": "SELECT * FROM stories_of_tomorrow",
    "an error while it runs": "SELECT error('boom') FROM articles",
}


@pytest.mark.parametrize("case", REFUSED)
def test_sql_refuses_all_but_one_query_over_the_lake(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path, case: str
) -> None:
    """Exit code 2; no row on stdout, nothing written, nothing outside of the lake read."""
    secret = tmp_path / "secret.csv"
    secret.write_text("canary\n1\n")
    inside = next((lake / "articles").rglob("*.parquet"))
    before = inside.read_bytes()
    query = REFUSED[case].format(outside=tmp_path / "new", inside=inside, secret=secret)
    done = wiretrace("sql", "--lake", lake, query)
    assert done.code == 2
    assert "canary" not in done.out + done.err
    assert (tmp_path / "new").exists() is False
    assert inside.read_bytes() == before


def test_runs_list_is_the_ledger_oldest_first(wiretrace: Wiretrace, lake: Path) -> None:
    """A balanced line for each run, as JSON and as a table."""
    listed = wiretrace("runs", "list", "--lake", lake, "--json").json
    assert [(r["sequence"], r["new"], r["revised"], r["rejected"], r["balanced"]) for r in listed] \
        == [(1, 2, 0, 0, True), (2, 1, 1, 1, True)]  # fmt: skip
    lines = wiretrace("runs", "list", "--lake", lake).out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["sequence", "run_id"], ["1", "run-1"], ["2", "run-2"],
    ]  # fmt: skip


def test_runs_show_takes_a_sequence_or_an_id(wiretrace: Wiretrace, lake: Path) -> None:
    """Both name the same run; the versions that readers pin are shown."""
    by_id = wiretrace("runs", "show", "run-2", "--lake", lake, "--json").json
    assert by_id == wiretrace("runs", "show", "2", "--lake", lake, "--json").json
    assert by_id["run_id"] == "run-2"
    assert {"table": "articles", "version": 2} in by_id["table_versions"]


def test_runs_show_of_an_unknown_run_is_2(wiretrace: Wiretrace, lake: Path) -> None:
    """The sentence says how to find the right one."""
    done = wiretrace("runs", "show", "99", "--lake", lake)
    assert (done.code, done.out) == (2, "")
    assert "runs list" in done.err


def test_dump_is_the_same_twice_and_json_lines(wiretrace: Wiretrace, lake: Path) -> None:
    """Equal lakes have equal dumps; so has one lake with itself. Current articles only."""
    first = wiretrace("dump", "--lake", lake)
    assert first.out == wiretrace("dump", "--lake", lake).out
    rows = [json.loads(line) for line in first.out.splitlines()]
    told = sorted(row["headline"] for row in rows if row["table"] == "articles")
    assert told == [
        "Headline of a 2", "Headline of b 1", "Tab\there, bell\x07 and \u202eturned",
    ]  # fmt: skip


def test_dump_does_not_depend_on_the_place_of_the_lake(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path
) -> None:
    """A copy of the lake elsewhere has the same dump."""
    shutil.copytree(lake, tmp_path / "copy")
    assert (
        wiretrace("dump", "--lake", tmp_path / "copy").out == wiretrace("dump", "--lake", lake).out
    )


def test_export_writes_folders_that_a_glob_reads(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path
) -> None:
    """All rows of all tables, by table and partition; the result on stdout counts them."""
    done = wiretrace("export", "parquet", tmp_path / "out", "--lake", lake, "--json")
    assert done.code == 0
    counted = {table["table"]: table["rows"] for table in done.json}
    assert (counted["articles"], counted["runs"]) == (4, 2)
    read = ds.dataset(tmp_path / "out" / "articles", partitioning="hive").to_table()
    assert sorted(map(str, read["date"].to_pylist())) == [
        "2024-05-01", "2024-05-01", "2024-05-02", "2024-05-03",
    ]  # fmt: skip


def test_export_takes_whole_days_and_named_tables(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path
) -> None:
    """--since and --until are inclusive; other tables are left out."""
    done = wiretrace(
        "export", "parquet", tmp_path / "out", "--lake", lake, "--json", "--table", "articles",
        "--since", "2024-05-02", "--until", "2024-05-02",
    )  # fmt: skip
    assert done.json == [{"table": "articles", "files": 1, "rows": 1}]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["articles"]


def test_export_into_a_folder_in_use_is_2_and_changes_nothing(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path
) -> None:
    """A glob over FOLDER would mix both exports."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    done = wiretrace("export", "parquet", tmp_path / "mine", "--lake", lake)
    assert (done.code, done.out) == (2, "")
    assert "not an empty folder" in done.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_export_of_an_unknown_table_is_2(wiretrace: Wiretrace, lake: Path, tmp_path: Path) -> None:
    """The ones there are, are named."""
    done = wiretrace("export", "parquet", tmp_path / "out", "--lake", lake, "--table", "stories")
    assert done.code == 2
    assert "'sightings'" in done.err
    assert not (tmp_path / "out").exists()
