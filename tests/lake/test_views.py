"""What is current: the order of versions, controls and aliases, by the views alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from lake.views import NotAQuery, connect, query
from schemas.article_alias import ArticleAlias
from schemas.control import Control
from tests.lake.builder import LakeBuilder, article, at, id_of, place, sighting


def select(builder: LakeBuilder, sql: str) -> list[tuple[Any, ...]]:
    with connect(builder.snapshot) as connection:
        rows = query(connection, sql).to_arrow_table().to_pylist()
    return [tuple(row.values()) for row in rows]


def current(builder: LakeBuilder) -> list[str]:
    sql = "SELECT headline FROM articles_now WHERE is_current ORDER BY ALL"
    return [headline for (headline,) in select(builder, sql)]


def control(name: str, kind: str, **fields: Any) -> Control:
    defaults: dict[str, Any] = {
        "uri": name, "article_id": id_of(name), "kind": kind, "source_uri": "c.xml",
        "run_id": "", "month": "2024-05",
    }  # fmt: skip
    return Control(**{**defaults, **fields})


def alias(newer: str, older: str) -> ArticleAlias:
    return ArticleAlias(
        article_id=id_of(newer), alias_of=id_of(older), reason="url", run_id="", month="2024-05"
    )


ORDERS = {
    "versioncreated before published": (
        {"versioncreated": at(3), "published": at(1)},
        {"published": at(2)},
    ),
    "published": ({"published": at(2)}, {"published": at(1)}),
    "a dated one over an undated one": ({"published": at(1)}, {"published": None}),
    "stated versions as numbers": ({"version_stated": "10"}, {"version_stated": "9"}),
    "stated versions part by part": ({"version_stated": "1.10"}, {"version_stated": "1.9"}),
    "a time over a stated version": (
        {"published": at(2), "version_stated": "1"},
        {"published": at(1), "version_stated": "2"},
    ),
    "the longer of equals": ({"word_count": 9}, {"word_count": 8}),
}


@pytest.mark.parametrize("case", ORDERS)
@pytest.mark.parametrize("newer_first", [True, False])
def test_the_newer_version_is_current(builder: LakeBuilder, case: str, newer_first: bool) -> None:
    """Order of versions is by what they state, in any order of arrival within a run."""
    newer, older = ORDERS[case]
    rows = [article("a", "new", **newer), article("a", "old", **older)]
    builder.run(*(rows if newer_first else rows[::-1]))
    assert current(builder) == ["Headline of a new"]


@pytest.mark.parametrize("case", list(ORDERS)[:-1])
def test_arrival_decides_nothing_that_is_stated(builder: LakeBuilder, case: str) -> None:
    """An older version that arrives, and is sighted, in a later run stays old."""
    newer, older = (article("a", n, **f) for n, f in zip(("new", "old"), ORDERS[case], strict=True))
    builder.run(newer, sighting(newer))
    builder.run(older, sighting(older))
    assert current(builder) == ["Headline of a new"]


def test_an_older_one_sighted_again_is_current_again(builder: LakeBuilder) -> None:
    """Where nothing stated tells two versions apart, the one sighted by the latest run holds."""
    first, second = article("a", "1", published=None), article("a", "2", published=None)
    builder.run(first, sighting(first))
    builder.run(second, sighting(second))
    assert current(builder) == ["Headline of a 2"]
    builder.run(sighting(first))
    assert current(builder) == ["Headline of a 1"]


def test_a_later_claim_of_a_sighting_counts(builder: LakeBuilder) -> None:
    """An older text published again with a new date is the newest statement."""
    first, second = article("a", "1", published=at(1)), article("a", "2", published=at(2))
    builder.run(first, second, sighting(first, claimed_published=at(3)))
    assert current(builder) == ["Headline of a 1"]


def test_versions_are_numbered_from_the_oldest(builder: LakeBuilder) -> None:
    """`version_order` counts from 1 within an article."""
    builder.run(*(article("a", str(n), published=at(n)) for n in (3, 1, 2)))
    sql = "SELECT headline, version_order, is_current FROM articles_now ORDER BY version_order"
    assert select(builder, sql) == [
        ("Headline of a 1", 1, False),
        ("Headline of a 2", 2, False),
        ("Headline of a 3", 3, True),
    ]


CONTROLS = {
    "kill": ([("kill", at(1))], "canceled"),
    "kill, then release": ([("kill", at(1)), ("release", at(9))], "canceled"),
    "withhold": ([("withhold", at(1))], "withheld"),
    "withhold, then release": ([("withhold", at(1)), ("release", at(2))], "usable"),
    "release, then withhold": ([("release", at(1)), ("withhold", at(2))], "withheld"),
    "both at once": ([("release", at(1)), ("withhold", at(1))], "withheld"),
    "undated withhold before release": ([("withhold", None), ("release", at(2))], "usable"),
    "correction": ([("correction", at(1))], "usable"),
}


@pytest.mark.parametrize("case", CONTROLS)
@pytest.mark.parametrize("controls_first", [True, False])
def test_controls_hold_in_any_order(builder: LakeBuilder, case: str, controls_first: bool) -> None:
    """Controls hold for every version of their article and for no other article."""
    messages, expected = CONTROLS[case]
    controls = [control("a", kind, at=when) for kind, when in messages]
    texts = [article("a", "1"), article("a", "2", published=at(5)), article("b")]
    for rows in (controls, texts) if controls_first else (texts, controls):
        builder.run(*rows)
    sql = "SELECT headline, effective_pubstatus FROM articles_now ORDER BY ALL"
    assert select(builder, sql) == [
        ("Headline of a 1", expected),
        ("Headline of a 2", expected),
        ("Headline of b 1", "usable"),
    ]


def test_a_canceled_version_cancels_the_article(builder: LakeBuilder) -> None:
    """A kill that comes as a version holds for the versions before and after it."""
    builder.run(
        *(article("a", str(n), published=at(n)) for n in (1, 3)),
        article("a", "2", published=at(2), pubstatus="canceled"),
    )
    assert select(builder, "SELECT DISTINCT effective_pubstatus FROM articles_now") == [
        ("canceled",)
    ]


STATED = {
    "a later version withdraws a withhold": (
        [article("a", pubstatus="withheld", published=at(1)), article("a", "2", published=at(2))],
        "usable",
    ),
    "a message withholds what a version says is usable": (
        [article("a", published=at(2)), control("a", "withhold", at=at(1))],
        "withheld",
    ),
    "a version that says it is released": (
        [
            control("a", "withhold", at=at(1)),
            article("a", published=at(1)),
            article("a", "2", published=at(2), signals=("release",)),
        ],
        "usable",
    ),
    "a version withheld after a release": (
        [control("a", "release", at=at(1)), article("a", pubstatus="withheld", published=at(2))],
        "withheld",
    ),
    "a release of a withheld version": (
        [control("a", "release", at=at(2)), article("a", pubstatus="withheld", published=at(1))],
        "usable",
    ),
    "a revision after a kill": (
        [control("a", "kill", at=at(1)), article("a", "2", published=at(9), signals=("release",))],
        "canceled",
    ),
}


@pytest.mark.parametrize("case", STATED)
@pytest.mark.parametrize("turned", [True, False])
def test_versions_and_messages_count_by_their_time(
    builder: LakeBuilder, case: str, turned: bool
) -> None:
    """The newest word on withholding holds, whether it came with a text or without."""
    rows, expected = STATED[case]
    for row in rows[::-1] if turned else rows:
        builder.run(row)
    sql = "SELECT effective_pubstatus FROM articles_now WHERE is_current"
    assert select(builder, sql) == [(expected,)]


EMBARGOES: dict[str, tuple[list[Any], Any]] = {
    "a release before its end": ([control("a", "release", at=at(3))], at(3)),
    "a release that comes too late": ([control("a", "release", at=at(8))], at(7)),
    "a release older than the version": ([control("a", "release", at=at(1))], at(7)),
    "a release without a time": ([control("a", "release")], None),
    "two releases": ([control("a", "release", at=at(d)) for d in (1, 4)], at(4)),
    "a message's embargo, released": (
        [control("a", "embargo", at=at(9)), control("a", "release", at=at(1))],
        at(1),
    ),
    "a newer version with its own": ([article("a", "2", published=at(3), embargoed=at(5))], at(5)),
    "a newer version without any": ([article("a", "2", published=at(3))], None),
    "a release of another article": ([control("b", "release", at=at(3))], at(7)),
}


@pytest.mark.parametrize("case", EMBARGOES)
@pytest.mark.parametrize("turned", [True, False])
def test_a_release_ends_an_embargo(builder: LakeBuilder, case: str, turned: bool) -> None:
    """At the release's time, in any order of arrival; an embargo that is stated later stays."""
    messages, expected = EMBARGOES[case]
    rows = [article("a", published=at(2), embargoed=at(7)), *messages]
    for row in rows[::-1] if turned else rows:
        builder.run(row)
    sql = "SELECT effective_embargoed FROM articles_now WHERE is_current"
    assert select(builder, sql) == [(expected,)]


def take(name: str, slugline: str | None, hour: int, *signals: str, **fields: Any) -> Any:
    fields = {"published": at(2, hour), "slugline": slugline, "signals": signals, **fields}
    return article(name, **fields)


TAKES = {
    "a lead and a story": (("GRAIN-prices/", 8), ("Grain-Prices", 9, "lead"), True),
    "version sections": (
        ("BC-HL--Grain, 1st Ld-Writethru,1140", 8, "lead", "writethru"),
        ("BC-HL--Grain", 9),
        True,
    ),
    "a bracket": (("GRAIN/ (PIX, UPDATE 1)", 8, "update"), ("GRAIN/", 9, "take"), True),
    "a comma and a number": (("Grain, 2nd add", 8, "take"), ("Grain, add 1", 9, "take"), True),
    "neither is a take": (("GRAIN", 8), ("GRAIN", 9, "update"), False),
    "another slugline": (("GRAIN", 8), ("GRAIN-PORTS", 9, "lead"), False),
    "keywords behind a comma": (("Grain, ports", 8), ("Grain, prices", 9, "lead"), False),
    "no slugline": ((None, 8), (None, 9, "lead"), False),
    "nothing left of it": (("(1)", 8), ("/", 9, "lead"), False),
}


@pytest.mark.parametrize("case", TAKES)
def test_takes_are_paired_by_outlet_and_slugline(builder: LakeBuilder, case: str) -> None:
    """Later to earlier, once; the version section of a slugline is not compared."""
    one, two, paired = TAKES[case]
    builder.run(take("one", *one), take("two", *two))
    sql = "SELECT from_article_id, to_article_id FROM takes_now"
    assert select(builder, sql) == ([(id_of("two"), id_of("one"))] if paired else [])


def test_takes_are_of_one_outlet_and_day(builder: LakeBuilder) -> None:
    """Exactly 24 hours are a day still; what claims no time stands by first sight."""
    builder.run(
        take("a", "GRAIN", 8, "lead"),
        take("b", "GRAIN", 8, published=at(3, 8)),
        take("c", "GRAIN", 9, published=at(3, 9)),
        take("d", "GRAIN", 8, outlet="other.example"),
        take("e", "GRAIN", 8, published=None, first_seen=at(2, 9)),
    )
    found = {frozenset(pair) for pair in select(
        builder, "SELECT from_article_id, to_article_id FROM takes_now"
    )}  # fmt: skip
    assert found == {frozenset(map(id_of, pair)) for pair in ("ab", "ae")}


def test_an_embargo_message_sets_the_embargo(builder: LakeBuilder) -> None:
    """The latest embargo stands before the one that the version stated."""
    builder.run(
        article("a", embargoed=at(2)), control("a", "embargo", at=at(7)),
        control("a", "embargo", at=at(5)), article("b", embargoed=at(3)),
    )  # fmt: skip
    sql = "SELECT effective_embargoed FROM articles_now ORDER BY headline"
    assert select(builder, sql) == [(at(7),), (at(3),)]


def test_aliases_are_followed_to_the_end(builder: LakeBuilder) -> None:
    """All that stands under an alias belongs to the article it leads to."""
    version = article("c", published=at(9))
    builder.run(
        article("a"), version, sighting(version), place(version, "Paris"),
        alias("c", "b"), alias("b", "a"), control("c", "kill"),
    )  # fmt: skip
    sql = "SELECT headline, is_current, effective_pubstatus FROM articles_now ORDER BY ALL"
    assert select(builder, sql) == [
        ("Headline of a 1", False, "canceled"),
        ("Headline of c 1", True, "canceled"),
    ]
    for view in ("articles_now", "sightings_now", "entities_now", "controls_now"):
        assert select(builder, f"SELECT DISTINCT current_article_id FROM {view}") == [
            (id_of("a"),)
        ], view


def test_aliases_in_a_circle_end(builder: LakeBuilder) -> None:
    """A circle, which no run should write, neither hangs nor loses an article."""
    builder.run(article("a"), article("b"), alias("a", "b"), alias("b", "a"))
    assert select(builder, "SELECT count(*) FROM articles_now") == [(2,)]


def test_entities_now_are_those_of_current_versions(builder: LakeBuilder) -> None:
    """Mentions of a superseded version are left out."""
    old, new = article("a", "1", published=at(1)), article("a", "2", published=at(2))
    builder.run(old, new, place(old, "Paris"), place(new, "Paris"))
    assert select(builder, "SELECT version_id FROM entities_now") == [(new.version_id,)]


def test_the_ledger_has_a_row_per_outcome(builder: LakeBuilder) -> None:
    """All five outcomes of a run, zero included."""
    builder.run(article("a"), duplicate=2)
    assert select(builder, "SELECT outcome, items FROM ledger WHERE sequence = 1 ORDER BY ALL") == [
        ("control", 0), ("duplicate", 2), ("new", 1), ("rejected", 0), ("revised", 0),
    ]  # fmt: skip


def test_an_empty_lake_has_typed_columns(builder: LakeBuilder) -> None:
    """Queries on a lake without rows work, with the types that rows would have."""
    builder.run()
    sql = "SELECT typeof(date), typeof(published), count(*) FROM articles_now GROUP BY ALL"
    assert select(builder, sql) == []
    described = dict(
        row[:2]
        for row in select(builder, "SELECT column_name, column_type FROM (DESCRIBE articles)")
    )
    assert (described["date"], described["published"], described["language"]) == (
        "DATE", "TIMESTAMP WITH TIME ZONE", "VARCHAR",
    )  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{file}'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}'",
        "SET enable_external_access = true",
        "SELECT 1; SELECT 2",
        "CREATE TABLE t (a INT)",
        "",
    ],
)
def test_only_one_query_runs(builder: LakeBuilder, sql: str) -> None:
    """Nothing but a query: a COPY to a registered file would destroy it."""
    builder.run(article("a"))
    (file,) = builder.snapshot.paths("articles")
    before = Path(file).read_bytes()
    with connect(builder.snapshot) as connection, pytest.raises(NotAQuery):
        query(connection, sql.format(file=file))
    assert Path(file).read_bytes() == before


@pytest.mark.parametrize(
    "sql", ["FROM read_text('{other}')", "FROM glob('/etc/*')", "FROM '{root}/**/*.parquet'"]
)
def test_no_other_file_opens(builder: LakeBuilder, tmp_path: Path, sql: str) -> None:
    """A query reads the pinned files only."""
    builder.run(article("a"))
    other = tmp_path / "other.txt"
    other.write_text("secret")
    with connect(builder.snapshot) as connection, pytest.raises(duckdb.PermissionException):
        query(connection, sql.format(other=other, root=builder.root)).fetchall()
