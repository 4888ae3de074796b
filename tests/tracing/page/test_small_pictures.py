"""Small pictures of the pages of lists: how a story grew, and an outlet's days."""

from __future__ import annotations

import datetime as dt

from tests.tracing.page.models import NOON, days
from tracing.coverage_model import Silence
from tracing.page.day_strip import strip_of
from tracing.page.sparkline import sparkline_of


def hours(*numbers: float) -> list[dt.datetime]:
    return [NOON + dt.timedelta(hours=number) for number in numbers]


def test_a_stair_rises_by_one_article_at_its_time() -> None:
    """Two articles: one at the left end at half of the height, one at the right at all of it."""
    assert sparkline_of(hours(0, 8)).stair == "M0 36H0V19.5H152V3H160"


def test_articles_of_one_time_rise_at_once() -> None:
    grown = sparkline_of(hours(0, 0, 0))
    assert grown.stair == "M0 36H0V25H0V14H0V3H160"
    assert grown.span == "0 min"


def test_how_many_came_within_how_many_hours() -> None:
    assert sparkline_of(hours(0, 1, 6, 30, 100)).within == (2, 3, 3, 4)


def test_a_bar_is_the_higher_the_more_and_never_gone() -> None:
    """Of 1 and 400 articles: 5.75, rounded, and 20 of 20."""
    assert strip_of(days("run", "run"), (1, 400)).seen == "M1 24v-6h7v6zM10 24v-20h7v20z"


def test_a_silence_is_a_line_under_its_days() -> None:
    """The second and third day of four; a silence of other days is not drawn."""
    mine = Silence(dt.date(2024, 5, 2), dt.date(2024, 5, 3), 2, is_now=False)
    others = Silence(dt.date(2023, 5, 2), dt.date(2023, 5, 3), 2, is_now=False)
    assert strip_of(days(*["run"] * 4), (1, 0, 0, 1), (mine, others)).silent == "M9 28H27"


def test_no_days_are_no_picture() -> None:
    assert strip_of((), ()).width == 0
