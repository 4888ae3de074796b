"""What is under embargo at a time, and that most files are not opened to know it."""

from __future__ import annotations

import datetime as dt

import pytest
from deltalake import DeltaTable

from lake.compact import compact
from lake.data_file import DataFile
from lake.embargo import embargoed_articles
from tests.lake.builder import LakeBuilder, article, at, id_of


@pytest.fixture
def two_days(builder: LakeBuilder) -> LakeBuilder:
    """Day 1 has nothing under embargo, day 2 until day 9 and until day 4, beside free articles."""
    for name, day, until in (("a", 1, None), ("b", 2, 9), ("c", 2, 4), ("d", 2, None)):
        embargoed = at(until) if until else None
        builder.run(article(name, published=at(day), embargoed=embargoed))
    return builder


def opened(builder: LakeBuilder, when: dt.datetime) -> int:
    return sum(file.may_be_embargoed(when) for file in builder.snapshot.files("articles"))


@pytest.mark.parametrize("compacted", [False, True])
def test_the_log_says_which_files_need_not_be_opened(two_days: LakeBuilder, compacted: bool):
    """By the end of the latest embargo in each, kept to the millisecond."""
    if compacted:
        compact(two_days.root)
    assert opened(two_days, at(3)) == (1 if compacted else 2)
    assert opened(two_days, at(5)) == 1
    assert opened(two_days, at(9) + dt.timedelta(milliseconds=1)) == 0


@pytest.mark.parametrize(("day", "hidden"), [(1, "bc"), (4, "b"), (8, "b"), (9, "")])
@pytest.mark.parametrize("compacted", [False, True])
def test_an_embargo_holds_until_its_moment(
    two_days: LakeBuilder, day: int, hidden: str, compacted: bool
):
    """Not longer."""
    if compacted:
        compact(two_days.root)
    assert embargoed_articles(two_days.snapshot, at(day)) == {id_of(name) for name in hidden}


def test_a_lake_of_before_learns_to_keep_them(two_days: LakeBuilder):
    """Delta's readers see the statistics of the first 32 columns only, unless told otherwise."""
    log = DeltaTable((two_days.root / "articles").as_uri())
    log.alter.set_table_properties({"delta.dataSkippingStatsColumns": "article_id"})
    two_days.run(article("e", published=at(3)))
    assert opened(two_days, at(9) + dt.timedelta(milliseconds=1)) == 0
    assert embargoed_articles(two_days.snapshot, at(5)) == {id_of("b")}


def test_a_file_without_statistics_is_opened():
    """Nothing is known of it."""
    file = DataFile("articles", "part.parquet", 1, 2, {}, '{"numRecords": 2}')
    assert file.may_be_embargoed(at(1))
