"""Rows of `facts` from an article."""

from __future__ import annotations

import datetime as dt

from schemas.definition import to_arrow
from schemas.fact import FACTS, KINDS
from schemas.parse_warning import is_known
from tests.transforms.articles import article
from transforms.facts.lexicon import limits
from transforms.facts.state import state_facts
from transforms.tag_facts import WARNING

NOON = dt.datetime(2024, 5, 16, 12, tzinfo=dt.UTC)


def test_offsets_count_within_each_field():
    """The surface of every row stands at its offsets in the field that it names."""
    one = article(
        published=NOON, headline="5 % de plus", body_text="Il a plu hier. Cela fait 12 morts."
    )
    rows = state_facts(one)
    assert [(row.field, row.surface, row.value, row.date_value) for row in rows] == [
        ("headline", "5 %", "5", None),
        ("body_text", "hier", None, dt.date(2024, 5, 15)),
        ("body_text", "12 morts", "12", None),
    ]
    assert all(getattr(one, row.field)[row.start : row.end] == row.surface for row in rows)
    assert to_arrow(FACTS, list(rows)).num_rows == 3
    assert {row.kind for row in rows} <= set(KINDS)


def test_a_fact_is_stated_once():
    """`5 %` and `5 pour cent` are one, where it stands first."""
    rows = state_facts(article(headline="5 % de plus", body_text="Soit 5 pour cent, et 6 %."))
    assert [(row.field, row.value) for row in rows] == [("headline", "5"), ("body_text", "6")]


def test_a_table_of_numbers_is_cut():
    """The first of them, in reading order."""
    rows = state_facts(article(body_text="\n".join(f"{n} %" for n in range(1, 200))))
    assert [row.value for row in rows] == [str(n) for n in range(1, limits()["facts"] + 1)]


def test_first_sight_is_no_date_of_the_article():
    """Without a stated date `hier` is no day."""
    assert state_facts(article(body_text="Il a plu hier.")) == ()


def test_the_warning_is_on_the_list():
    """Readers of `parse_warnings` can look it up."""
    assert is_known(WARNING)
