"""What messages say of themselves on the whole road: drop, run, and what the commands show."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from tests.cli.conftest import Wiretrace, record, write_jsonl


def drop(wiretrace: Wiretrace, lake: Path, *records: dict[str, Any]) -> None:
    """One run over one file."""
    count = len(list(lake.parent.glob("drop-*")))
    path = write_jsonl(
        lake.parent / f"drop-{count}.jsonl", *({"outlet": "herald.example", **r} for r in records)
    )
    done = wiretrace("run", "--lake", lake, "--drop", path)
    assert done.code == 0, done.err


def test_signals_and_genres_are_stored(wiretrace: Wiretrace, tmp_path: Path) -> None:
    """What a message says of itself stands in its row; a stated genre stays."""
    lake = tmp_path / "lake"
    drop(
        wiretrace, lake,
        record(1, headline="REFILE-UPDATE 1-Ferry", signals=["Lead"]),
        record(2, headline="TEST-Ferry"),
        record(3, slugline="BC-HL News Digest"),
        record(4, headline="ADVISORY-Ferry", genre="Text"),
        record(5, genre="Test"),
        record(6, headline="Test match on the ferry"),
    )  # fmt: skip
    sql = "SELECT list_sort(signals) AS signals, genre FROM articles ORDER BY guid"
    assert [(row["signals"], row["genre"]) for row in
            wiretrace("sql", "--lake", lake, "--json", sql).json] == [
        (["lead", "refile", "update"], None), ([], "test"), ([], "advisory"), ([], "Text"),
        ([], "test"), ([], None),
    ]  # fmt: skip


UNTIL = f"{dt.datetime.now(dt.UTC) + dt.timedelta(days=30):%Y-%m-%d}"
EMBARGOED = record(1, uri="u1", embargoed=f"{UNTIL}T18:00:00Z", headline="Ferry secret")


def test_commands_leave_out_what_is_under_embargo(wiretrace: Wiretrace, tmp_path: Path) -> None:
    """Until it is asked for, or released: trace, entity, agencies, quotes, and the export."""
    lake = tmp_path / "lake"
    quote = (
        "The ferry sails from Lyon again. Anna Ferrand, the mayor, said: "
        '"We will sail again tomorrow morning." (AFP)'
    )
    drop(
        wiretrace, lake, {**EMBARGOED, "body_text": quote}, record(2, headline="Ferry open"),
        *(record(n, headline="Market", body_text="Nothing at all.") for n in range(3, 6)),
    )  # fmt: skip
    [row] = wiretrace(
        "sql", "--lake", lake, "--json", "SELECT article_id FROM articles WHERE uri = 'u1'"
    ).json
    asked = {
        "trace by id": ("trace", row["article_id"], "--jsonl"),
        "trace by words": ("trace", "ferry secret anna", "--jsonl"),
        "entity": ("entity", "Lyon", "--json"),
        "quotes": ("quotes", "sail", "--json"),
        "agencies": ("agencies", "--agency", "afp", "--json"),
    }
    for case in ("quotes", "agencies"):
        assert wiretrace(*asked[case], "--lake", lake).json == []
    [lyon] = wiretrace(*asked["entity"], "--lake", lake).json
    assert (lyon["articles"], lyon["mentions"], "embargoed_until" in lyon) == (1, 1, False)
    for case, arguments in asked.items():
        done = wiretrace(*arguments, "--lake", lake)
        assert "1 article under embargo left out; --embargoed includes them" in done.err, case
        assert "secret" not in done.out + done.err, case
        shown = wiretrace(*arguments, "--embargoed", "--lake", lake)
        assert UNTIL in shown.out, case
        assert "left out" not in shown.err, case
    assert (
        f"[embargoed until {UNTIL} 18:00 UTC]"
        in wiretrace("trace", row["article_id"], "--embargoed", "--lake", lake).out
    )
    assert "secret" in wiretrace("dump", "--lake", lake).out
    for option, rows in (((), 4), (("--embargoed",), 5)):
        out = tmp_path / f"out{rows}"
        done = wiretrace("export", "parquet", out, "--lake", lake, "--json", *option)
        assert {table["table"]: table["rows"] for table in done.json}["articles"] == rows
        assert ("1 article under embargo" in done.err) is not bool(option)
    drop(wiretrace, lake, {"uri": "u1", "signals": ["release"], "published": "2024-05-03"})
    done = wiretrace("trace", row["article_id"], "--lake", lake)
    assert (done.err, "Ferry secret" in done.out, "[" in done.out) == ("", True, False)


def test_a_test_is_marked_and_found_by_its_id_only(wiretrace: Wiretrace, tmp_path: Path) -> None:
    """An answer without lines, and the line with its mark."""
    lake = tmp_path / "lake"
    drop(wiretrace, lake, record(1, headline="TEST-Ferry harbour"), record(2, headline="Market"),
         record(3, headline="Port"))  # fmt: skip
    [row] = wiretrace(
        "sql", "--lake", lake, "--json", "SELECT article_id FROM articles WHERE genre = 'test'"
    ).json
    assert wiretrace("trace", "harbour", "--lake", lake).out == ""
    assert "  [test]  TEST-Ferry" in wiretrace("trace", row["article_id"], "--lake", lake).out
