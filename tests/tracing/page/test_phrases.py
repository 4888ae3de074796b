"""Times, spans and shares as a page has them; links."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.tracing.page.told_story import START
from tracing.page.links import Exported, Served
from tracing.page.phrases import counted, day, day_and_minute, hours, share, shortened
from tracing.page.render import language_name, language_tag


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 min"), (0.75, "45 min"), (1, "1 h"), (7.37, "7 h 22 min"), (23.999, "1 d"),
        (24, "1 d"), (53.5, "2 d 5 h"), (0.004, "less than a minute"),
    ],
)  # fmt: skip
def test_hours(number: float, said: str) -> None:
    assert hours(number) == said


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (0, "0 %"),
        (0.001, "under 1 %"),
        (0.81, "81 %"),
        (0.999, "99 %"),
        (1, "100 %"),
    ],
)
def test_what_is_not_all_is_never_called_all(part: float, said: str) -> None:
    assert share(part) == said


def test_times_are_utc_wherever_they_were_read() -> None:
    there = START.astimezone(dt.timezone(dt.timedelta(hours=-11)))
    assert day_and_minute(there) == day_and_minute(START) == "12 Mar 2024, 10:20 UTC"
    assert day(there) == "12 Mar 2024"
    assert day(dt.date(2024, 1, 1)) == "1 Jan 2024"


def test_counts_and_long_names() -> None:
    assert (counted(1, "article"), counted(12_000, "article")) == ("1 article", "12,000 articles")
    assert counted(2, "story", "stories") == "2 stories"
    assert (shortened("abcdef", 6), shortened("abcdefg", 6)) == ("abcdef", "abcde…")


def test_an_id_is_one_segment_of_a_path() -> None:
    links = Served()
    assert links.entity("geonames:1/../..") == "/entity/geonames%3A1%2F..%2F.."
    assert links.agency("..") == "/agency/%2E%2E"
    assert links.outlet("feed.json") == "/outlet/feed%2Ejson"
    assert links.outlet("a.b.example") == "/outlet/a.b.example"
    assert links.outlet(".rss") == "/outlet/%2Erss"
    assert links.agency("罗斯") == "/agency/%E7%BD%97%E6%96%AF"
    assert links.evidence("a", "b") == "/evidence/a/b"


def test_a_page_on_disk_links_to_nothing_beyond_itself() -> None:
    links = Exported({"a"})
    assert (links.article("a"), links.article("b")) == ("#article-a", None)
    others = (
        links.front(), links.story("s"), links.evidence("a", "b"), links.outlet("o"),
        links.agency("g"), links.entity("e"), links.quote("q"), links.run("r"),
    )  # fmt: skip
    assert set(others) == {None}


def test_only_languages_become_language_tags() -> None:
    assert [language_tag(code) for code in ("fr", "zh-Hant", "pt-BR")] == ["fr", "zh-Hant", "pt-BR"]
    assert not any(map(language_tag, ("und", "", None, 'x" onload="', "FR", "english")))
    assert [language_name(code) for code in ("fr", "und", "qq")] == ["French", None, None]
