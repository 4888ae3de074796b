"""Links as they stand now, and families of copies: by the views alone."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lake.dump import dump_lines
from lake.tables import Snapshot
from lake.views import connect, query
from schemas.article_alias import ArticleAlias
from schemas.link import Link
from tests.lake.builder import NOON, LakeBuilder, article, at, id_of, link
from transforms.copies.thresholds import LIMITS


def select(builder: LakeBuilder, sql: str) -> list[tuple[Any, ...]]:
    with connect(builder.snapshot) as connection:
        rows = query(connection, sql).to_arrow_table().to_pylist()
    return [tuple(row.values()) for row in rows]


NAMES = {id_of(name): name for name in "abcdefgh"}


def standing(builder: LakeBuilder) -> set[tuple[str, str]]:
    rows = select(builder, "SELECT from_article_id, to_article_id FROM links_now")
    assert len(rows) == len(set(rows))
    return {(NAMES[later], NAMES[earlier]) for later, earlier in rows}


def families(builder: LakeBuilder) -> dict[str, str]:
    rows = select(builder, "SELECT article_id, copy_id FROM copy_families")
    assert len(rows) == len({article for article, _ in rows})
    return {NAMES[member]: NAMES[copy] for member, copy in rows}


@pytest.fixture
def builder(tmp_path: Path) -> LakeBuilder:
    """Articles a to g, a day after one another, b in three versions; h claims no time."""
    builder = LakeBuilder(tmp_path / "lake")
    articles = [article(name, published=at(day)) for day, name in enumerate("abcdefg", 1)]
    more = [article("b", "2", published=at(2)), article("b", "3", published=at(2))]
    builder.run(*articles, *more, article("h", published=None))
    return builder


def test_the_newest_run_holds_and_what_it_withdraws_is_gone(builder: LakeBuilder) -> None:
    builder.run(link("b", "a"), link("c", "a"))
    builder.run(link("c", "a", withdrawn=True))
    assert standing(builder) == {("b", "a")}
    builder.run(link("c", "a"))
    assert standing(builder) == {("b", "a"), ("c", "a")}


def test_a_link_that_is_turned_replaces_the_one_the_other_way(builder: LakeBuilder) -> None:
    builder.run(link("b", "a"))
    builder.run(link("a", "b"))
    assert standing(builder) == {("a", "b")}


def test_of_two_articles_the_versions_that_share_most_are_shown(builder: LakeBuilder) -> None:
    builder.run(
        link("b", "a", "excerpt", containment_from=0.4, containment_to=0.3),
        link("b2", "a", containment_from=0.9),
        link("b3", "a", containment_from=0.8),
    )
    found = select(builder, "SELECT from_version_id, kind FROM links_now")
    assert found == [(id_of("b 2"), "reprint")]


def test_aliases_are_followed_and_an_article_is_no_copy_of_itself(builder: LakeBuilder) -> None:
    builder.run(link("b", "a"), link("c", "a"))
    builder.run(
        ArticleAlias(
            article_id=id_of("b"), alias_of=id_of("a"), reason="url", run_id="", month="2024-05"
        )
    )
    assert standing(builder) == {("c", "a")}
    builder.run(link("c", "b", containment_from=0.5))
    assert standing(builder) == {("c", "a")}


def form(later: str, earlier: str, day: int) -> Link:
    return link(later, earlier, "form", from_date=dt.date(2024, 5, day))


def test_what_is_a_form_on_three_days_is_copied_only_nearby_or_with_a_credit(
    builder: LakeBuilder,
) -> None:
    builder.run(link("b", "a"), link("c", "a", hours_apart=12.0), link("d", "a", credited=True))
    builder.run(link("h", "a", hours_apart=None))
    assert standing(builder) == {("b", "a"), ("c", "a"), ("d", "a"), ("h", "a")}
    builder.run(form("e", "a", 3), form("f", "a", 4))
    assert len(standing(builder)) == 4  # a form on two days
    builder.run(form("g", "a", 5))
    assert standing(builder) == {("c", "a"), ("d", "a")}


def test_what_an_outlet_puts_under_three_articles_is_its_boilerplate(tmp_path: Path) -> None:
    builder = LakeBuilder(tmp_path / "lake")
    builder.run(*(article(name) for name in "abcd"), article("e", outlet="other.example"))
    builder.run(link("b", "a", "excerpt"), link("c", "a", "excerpt"), link("e", "a", "excerpt"))
    assert standing(builder) == {("b", "a"), ("c", "a"), ("e", "a")}
    builder.run(link("d", "a", "excerpt"))
    assert standing(builder) == {("e", "a")}
    builder.run(link("d", "a"))  # the whole text, however
    assert standing(builder) == {("e", "a"), ("d", "a"), ("b", "a"), ("c", "a")}


def test_the_view_has_the_thresholds_of_the_rules() -> None:
    views = (Path(__file__).parents[2] / "lake" / "views.sql").read_text("utf-8")
    [hours] = re.findall(r"coalesce\(hours_apart <= (\d+), false\)", views)
    [days] = re.findall(r"form_days\), 0\) < (\d+)", views)
    assert (int(hours), int(days)) == (LIMITS["form"]["hours"], LIMITS["form"]["days"])


def test_families_are_named_after_who_claims_the_earliest_time(builder: LakeBuilder) -> None:
    builder.run(link("c", "b"), link("d", "c"), link("h", "d"), link("f", "e"))
    assert families(builder) == {"b": "b", "c": "b", "d": "b", "h": "b", "e": "e", "f": "e"}
    builder.run(link("b", "a"))
    assert families(builder)["h"] == "a"


def test_a_round_up_unites_nothing(builder: LakeBuilder) -> None:
    """It has a and b in it, each a third of its words."""
    part = {"containment_to": 1.0, "containment_from": 0.33}
    builder.run(link("c", "a", "embedded", **part), link("c", "b", "embedded", **part))
    assert standing(builder) == {("c", "a"), ("c", "b")}
    assert families(builder) == {}


def test_a_long_chain_is_one_family(builder: LakeBuilder, tmp_path: Path) -> None:
    """Each a copy of the one before: as many rounds as there are links."""
    long = LakeBuilder(tmp_path / "long")
    names = [f"n{number}" for number in range(60)]
    long.run(
        *(article(name, published=NOON + dt.timedelta(minutes=n)) for n, name in enumerate(names))
    )
    long.run(
        *(
            link(
                "b", "a", from_article_id=id_of(later), to_article_id=id_of(earlier),
                from_version_id=id_of(f"{later} 1"), to_version_id=id_of(f"{earlier} 1"),
            )
            for earlier, later in pairwise(names)
        )
    )  # fmt: skip
    found = select(
        long, "SELECT count(*), count(DISTINCT copy_id), any_value(copy_id) FROM copy_families"
    )
    assert found == [(60, 1, id_of("n0"))]


def test_a_lake_from_before_there_were_links_opens(builder: LakeBuilder) -> None:
    """It has no such table yet, and no run that names a version of it."""
    pinned = builder.snapshot
    shutil.rmtree(builder.lake.table_path("links"))
    versions = {name: version for name, version in pinned.versions.items() if name != "links"}
    older = Snapshot(pinned.lake, pinned.sequence, versions)
    with connect(older) as connection:
        rows = query(connection, "SELECT (SELECT count(*) FROM links_now), count(*) FROM articles")
        assert rows.fetchall() == [(0, 10)]
    assert list(dump_lines(older))
    assert older.read("links").num_rows == 0


def direction(builder: LakeBuilder) -> list[tuple[Any, ...]]:
    return select(builder, "SELECT direction, direction_reason FROM links_now")


@pytest.mark.parametrize(("stated", "is_told"), [(None, False), (at(1, 13), True)])
def test_times_tell_nothing_of_a_version_that_was_put_in_nobody_knows_when(
    tmp_path: Path, stated: Any, is_told: bool
) -> None:
    """The earlier one's text is its second, under the time of its first."""
    builder = LakeBuilder(tmp_path / "lake")
    mended = article("a", "2", published=at(1), versioncreated=stated, word_count=99)
    builder.run(article("a", published=at(1)), mended, article("b", published=at(2)))
    builder.run(link("b", "a2"))
    assert direction(builder) == [("likely", "time") if is_told else ("unknown", "revised")]


def test_nor_of_one_that_was_there_before_and_bears_a_later_time_now(tmp_path: Path) -> None:
    builder = LakeBuilder(tmp_path / "lake")
    again = article("b", "2", published=at(3))
    builder.run(article("b", published=at(1)), again, article("a", published=at(2)))
    builder.run(link("b2", "a"))
    assert direction(builder) == [("unknown", "revised")]
    builder.run(link("b2", "a", direction="asserted", direction_reason="credit"))
    assert direction(builder) == [("asserted", "credit")]


def test_of_versions_that_share_as_much_the_earliest_are_shown(tmp_path: Path) -> None:
    builder = LakeBuilder(tmp_path / "lake")
    versions = [article("a", str(n), published=at(1), versioncreated=at(n)) for n in range(1, 6)]
    builder.run(*versions, article("b", published=at(9)))
    builder.run(*(link("b", f"a{n}") for n in range(5, 0, -1)))
    assert select(builder, "SELECT to_version_id FROM links_now") == [(id_of("a 1"),)]


def test_forms_that_claim_no_day_are_of_no_day(tmp_path: Path) -> None:
    """Else it would depend on when they arrived."""
    builder = LakeBuilder(tmp_path / "lake")
    builder.run(*(article(name, published=None) for name in "abcde"))
    builder.run(link("b", "a", hours_apart=None))
    builder.run(*(form(name, "a", day) for day, name in enumerate("cde", 3)))
    assert standing(builder) == {("b", "a")}


def test_families_cost_what_their_links_do(tmp_path: Path) -> None:
    """Thousands of links at random, which are one large family: in seconds, not in squares."""
    builder = LakeBuilder(tmp_path / "lake")
    chosen = random.Random(7)
    names = [f"n{number}" for number in range(4_000)]
    ids = {name: (id_of(name), id_of(f"{name} 1")) for name in names}
    rows = []
    for _ in range(7_000):
        (later, its), (earlier, theirs) = (ids[name] for name in chosen.sample(names, 2))
        ends = {"from_article_id": later, "to_article_id": earlier}
        rows.append(link("b", "a", **ends, from_version_id=its, to_version_id=theirs))
    builder.run(*(article(name) for name in names), *rows)
    before = time.process_time()
    [(members,)] = select(
        builder, "SELECT count(*) FROM copy_families GROUP BY copy_id ORDER BY 1 DESC LIMIT 1"
    )
    assert members > 3_500
    assert time.process_time() - before < 10
