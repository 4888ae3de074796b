"""`read_runs` and `read_run`: the ledgers."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from lake.tables import create_lake
from schemas.reject import Reject
from schemas.run import Count
from tests.lake.builder import LakeBuilder, article, at
from tracing.runs import newest_intake, read_run, read_runs, runs_since
from tracing.runs_model import Rejected, RunCount
from tracing.since import NoSuchRun


def reject(source: str, reason: str = "empty", **fields: Any) -> Reject:
    given = {"stage": "parse", "message": f"{source} is {reason}", "month": "2024-05"}
    return Reject(reason=reason, source_uri=source, seen_at=at(1), run_id="", **{**given, **fields})


@pytest.fixture
def lake(builder: LakeBuilder) -> LakeBuilder:
    counts = (Count("a.xml", "new", None, 1), Count("b.xml", "rejected", "parse:empty", 2))
    builder.run(
        article("a"), reject("b.xml#1"), reject("b.xml#2"), reject("c.xml", "binary"),
        rejected=3, counts=counts,
    )  # fmt: skip
    builder.run(started=at(2), ended=at(2), seen=5)
    builder.run(started=at(3), ended=at(3), command="compact")
    return builder


def test_runs_are_told_the_newest_first(lake: LakeBuilder) -> None:
    found = read_runs(lake.snapshot)
    assert [(one.sequence, one.command) for one in found.runs] == [
        (3, "compact"), (2, "run"), (1, "run"),
    ]  # fmt: skip
    first = found.runs[-1]
    assert (first.seen, first.new, first.rejected, first.is_balanced) == (4, 1, 3, True)
    assert not found.runs[1].is_balanced


def test_one_run_by_its_sequence_or_id(lake: LakeBuilder) -> None:
    found = read_run(lake.snapshot, "1")
    assert read_run(lake.snapshot, "run-1") == found
    assert found.counts == (
        RunCount("b.xml", "rejected", "parse:empty", 2), RunCount("a.xml", "new", None, 1),
    )  # fmt: skip
    assert found.rejects == (
        Rejected("parse", "empty", 2, "b.xml#1 is empty", "b.xml#1"),
        Rejected("parse", "binary", 1, "c.xml is binary", "c.xml"),
    )
    assert [one.table for one in found.tables][:2] == ["articles", "sightings"]
    assert read_run(lake.snapshot, "2").rejects == ()


def test_rejects_are_found_in_the_month_of_the_end(builder: LakeBuilder) -> None:
    """A run that began in April."""
    builder.run(reject("b.xml"), started=at(1).replace(month=4), ended=at(1))
    assert len(read_run(builder.snapshot, "1").rejects) == 1


@pytest.mark.parametrize("asked", ["4", "run-9", "", "9" * 40, "²", "\ud800", "-1"])
def test_an_unknown_run_is_an_error(lake: LakeBuilder, asked: str) -> None:
    with pytest.raises(NoSuchRun):
        read_run(lake.snapshot, asked)


def test_runs_since_a_time_and_the_newest_that_looked(lake: LakeBuilder) -> None:
    since = runs_since(lake.snapshot, at(2), ["run_id"])
    assert [row["run_id"] for row in since] == ["run-3", "run-2"]
    assert newest_intake(lake.snapshot) == at(2)


def test_a_lake_without_runs(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    assert read_runs(builder.snapshot).runs == ()
    assert newest_intake(builder.snapshot) is None
    with pytest.raises(NoSuchRun):
        read_run(builder.snapshot, "1")


def test_it_is_ready_for_json(lake: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(read_run(lake.snapshot, "1")), default=str)
