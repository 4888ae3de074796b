"""When a story reached languages and outlets, by claims alone."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.lake.builder import at
from tracing.find_first import Claim, find_arrivals, find_first_claimed, find_first_seen, find_lags
from tracing.story_model import Citing
from tracing.trace_model import Words


def claim(name: str, published: dt.datetime | None, language: str = "en", **fields: bool) -> Claim:
    """Of the article `name` of the outlet that its first letter is."""
    is_zone_known = fields.get("is_zone_known", True)
    return Claim(name, name[0], language, published, is_zone_known, at(9), False)


def derives(article: str, cited: str) -> Citing:
    return Citing(article, cited, "x", "credit", "x", Words("body_text", 0, 1, "x"), True, None)


def test_nobody_is_first_where_nobody_claims_a_time() -> None:
    assert find_first_claimed([claim("a", None)]) is None
    assert find_first_claimed([]) is None
    assert find_first_seen([]) is None


def test_an_outlet_is_not_ahead_of_itself() -> None:
    found = find_first_claimed([claim("a1", at(2)), claim("a2", at(3)), claim("b", at(4))])
    assert found is not None
    assert (found.article_id, found.next_id, found.hours) == ("a1", "b", 48.0)
    alone = find_first_claimed([claim("a1", at(2)), claim("a2", at(2))])
    assert alone is not None
    assert (alone.next_id, alone.hours, alone.doubts) == (None, None, ())


@pytest.mark.parametrize(("hours", "is_doubted"), [(13, True), (15, False)])
def test_a_zone_may_be_fourteen_hours_off(hours: int, is_doubted: bool) -> None:
    late = claim("b", at(2) + dt.timedelta(hours=hours), is_zone_known=False)
    found = find_first_claimed([claim("a", at(2)), late])
    assert found is not None
    assert found.doubts == (("time zone not known",) if is_doubted else ())
    [_, lag] = find_lags([claim("a", at(2)), late])
    assert (lag.hours, lag.doubt) == (hours, "time zone not known" if is_doubted else None)


def test_the_same_time_is_no_order() -> None:
    found = find_first_claimed([claim("a", at(2)), claim("b", at(2))])
    assert found is not None
    assert (found.hours, found.doubts) == (0.0, ("less than an hour", "the same time"))


def test_a_language_comes_by_what_its_first_article_credits() -> None:
    """What a later one credits says nothing of how the story came."""
    claims = [
        claim("ru", at(1), "ru"), claim("f1", at(2), "fr"), claim("f2", at(3), "fr"),
        claim("d1", at(4), "de"), claim("d2", at(5), "de"), claim("z", None, "zh"),
    ]  # fmt: skip
    edges = [derives("f1", "ru"), derives("d2", "f1"), derives("d2", "ru")]
    found = [
        (a.language, a.article_id, a.is_origin, a.from_ids) for a in find_arrivals(claims, edges)
    ]
    assert found == [
        ("ru", "ru", True, ()),
        ("fr", "f1", False, ("ru",)),
        ("de", "d1", False, ()),
        ("zh", None, False, ()),
    ]


def test_lags_are_of_outlets_the_undated_last() -> None:
    claims = [claim("b", at(3)), claim("c", None), claim("a2", at(4)), claim("a1", at(2))]
    found = [(lag.outlet, lag.article_id, lag.hours) for lag in find_lags(claims)]
    assert found == [("a", "a1", 0.0), ("b", "b", 24.0), ("c", "c", None)]
