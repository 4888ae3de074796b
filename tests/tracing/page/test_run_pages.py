"""Pages of runs: the ledger as a sum, what was rejected and why, and that it adds up."""

from __future__ import annotations

import datetime as dt

from tests.tracing.page.models import HOSTILE, NOON, NOW, run_line, run_model
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.page.links import Served
from tracing.page.run_page import run_page
from tracing.page.runs_page import runs_page
from tracing.runs_model import Rejected, RunCount, RunLine, RunPage, Runs, RunTable


def runs_of(*lines: RunLine) -> Parsed:
    text = runs_page(Runs(1, lines), Served(), NOW)
    check_inert(text)
    return Parsed(text)


def page_of(model: RunPage) -> Parsed:
    text = run_page(model, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_runs_are_a_ledger() -> None:
    late = NOON + dt.timedelta(hours=3, minutes=5)
    page = runs_of(run_line(2, ended=late, seen=1200, new=1194), run_line(1))
    first, second = page.table("Ledger of runs")
    assert first[2:] == ["3 h 5 min", "run", "1,200", "1,194", "1", "2", "1", "2", "complete"]
    assert second[2:] == ["2 min 0 s", "run", "10", "4", "1", "2", "1", "2", "complete"]
    assert "/run/run-2" in page.links()


def test_a_run_that_does_not_add_up_is_said_so() -> None:
    assert runs_of(run_line(is_balanced=False)).table("Ledger of runs")[0][-1] == (
        "complete does not add up"
    )
    page = page_of(run_model(run_line(is_balanced=False)))
    assert "This does not add up. wiretrace doctor checks a lake." in page.text()


def test_no_run_says_what_makes_one() -> None:
    assert "No run is committed yet. wiretrace run takes news in." in runs_of().text()


def test_what_a_run_saw_is_a_sum_and_a_picture_of_it() -> None:
    page = page_of(run_model(run_line()))
    assert page.text("//p[@class='equation']") == (
        "10 seen = 4 new + 1 revised + 2 known already + 1 messages + 2 rejected"
    )
    bars = page.tree.xpath("//*[@class='ledger']/rect")
    assert [(bar.get("class"), bar.get("x"), bar.get("width")) for bar in bars] == [
        ("new", "0.0", "400.0"),
        ("revised", "400.0", "100.0"),
        ("duplicate", "500.0", "200.0"),
        ("control", "700.0", "100.0"),
        ("rejected", "800.0", "200.0"),
    ]
    [label] = page.tree.xpath("//*[@class='ledger']/@aria-label")
    assert label == "10 items: 4 new, 1 revised, 2 known already, 1 messages, 2 rejected"


def test_rejects_by_reason_with_an_instance_and_counts_by_source() -> None:
    model = run_model(
        run_line(), rejects=(Rejected("parse", "bad_xml", 2, "line 3", "file:///a.xml"),),
        counts=(RunCount("file:///a.xml", "rejected", "bad_xml", 2),),
        tables=(RunTable("articles", 5),),
    )  # fmt: skip
    page = page_of(model)
    assert page.table("Rejects by reason") == [["parse", "bad_xml", "2", "line 3 file:///a.xml"]]
    assert page.table("Items by source, outcome and reason") == [
        ["file:///a.xml", "rejected", "bad_xml", "2"]
    ]
    assert page.table("Versions of tables") == [["articles", "5"]]


def test_rejects_that_earlier_runs_kept_are_no_contradiction() -> None:
    assert "2 rejects, met and kept by earlier runs already." in (
        page_of(run_model(run_line())).text()
    )
    assert "What it rejected Nothing." in page_of(run_model(run_line(rejected=0))).text()


def test_hostile_texts_are_texts() -> None:
    line = run_line(run_id=HOSTILE, command=HOSTILE, status=HOSTILE, seen=0)
    model = run_model(
        line, rejects=(Rejected(HOSTILE, HOSTILE, 1, HOSTILE, "javascript:alert(1)"),),
        counts=(RunCount(HOSTILE, HOSTILE, HOSTILE, 1),), tables=(RunTable(HOSTILE, 1),),
        code_version=HOSTILE, config_hash=HOSTILE,
    )  # fmt: skip
    assert "<script>alert(1)</script>" in page_of(model).table("Rejects by reason")[0][3]
    runs_of(line)
