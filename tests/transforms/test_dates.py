"""Dates as they are met in the wild: what is read, what is refused, and that nothing is guessed."""

from __future__ import annotations

import datetime as dt
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import dates
from transforms.dates import MAX_DATEPARSER, RULES, ParsedDate, is_absurd, parse_date

DATA = tomllib.loads((Path(dates.__file__).with_name("dates.toml")).read_text("utf-8"))


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


# language, raw, UTC; the zone is stated
ZONED = [
    (None, "Mon, 06 May 2024 10:00:00 GMT", "2024-05-06T10:00"),
    (None, "Mon, 06 May 2024 10:00:00 +0300", "2024-05-06T07:00"),
    (None, "Mon, 06 May 2024 10:00:00 MSK", "2024-05-06T07:00"),
    ("ru", "06 мая 2024, 10:00 МСК", "2024-05-06T07:00"),
    (None, "2024-05-06 10:00 MSK+2", "2024-05-06T05:00"),
    (None, "2024-05-06 10:00 MSK+0300", "2024-05-06T07:00"),
    (None, "2024-05-06 10:00:00 KST", "2024-05-06T01:00"),
    (None, "Mon, 06 May 2024 10:00:00 +0900 (KST)", "2024-05-06T01:00"),
    (None, "Mon, 06 May 2024 10:00:00 GMT+9", "2024-05-06T01:00"),
    (None, "Mon, 06 May 2024 10:00:00 GMT-3", "2024-05-06T13:00"),
    (None, "Mon, 06 May 2024 10:00:00 UTC+05:30", "2024-05-06T04:30"),
    (None, "Mon, 06 May 2024 10:00:00 EDT -0400", "2024-05-06T14:00"),
    (None, "Mon, 06 May 24 10:00 EST", "2024-05-06T15:00"),
    (None, "Mon, 06 May 2024 10:00:00 BST", "2024-05-06T09:00"),
    (None, "2024-05-06T10:00:00Z", "2024-05-06T10:00"),
    (None, "2024-05-06T10:00:00.25+02", "2024-05-06T08:00:00.250"),
    (None, "2024-05-06T10:00:00\u221203:00", "2024-05-06T13:00"),
    (None, "20240506T101530Z", "2024-05-06T10:15:30"),
    (None, "2024-05-06T24:00:00Z", "2024-05-07T00:00"),
    (None, "2024-06-30T23:59:60Z", "2024-06-30T23:59:59"),
    (None, "2023-12-31T23:30:00-02:00", "2024-01-01T01:30"),
    (None, "Mon May 6 10:00:00 UTC 2024", "2024-05-06T10:00"),
    ("fr", "6 mai 2024 14:30 +0200", "2024-05-06T12:30"),
    ("de", "Mo, 6. Mai 2024, 14:30 MESZ", "2024-05-06T12:30"),
]
# language, raw, as if UTC; no zone is stated
LOCAL = [
    ("fr", "6 mai 2024 à 14h30", "2024-05-06T14:30"),
    ("fr", "lundi 1er août 2022", "2022-08-01T00:00"),
    ("fr", "15 févr. 2024, 8 h 05", "2024-02-15T08:05"),
    ("fr", "25 decembre 2023", "2023-12-25T00:00"),
    ("ru", "6 мая 2024 г., 14:30", "2024-05-06T14:30"),
    ("ru", "Среда, 17 января 2024 года в 09:05", "2024-01-17T09:05"),
    ("de", "Montag, 6. Mai 2024, 14:30 Uhr", "2024-05-06T14:30"),
    ("de", "3. März 2024", "2024-03-03T00:00"),
    ("de", "1. Jänner 2024", "2024-01-01T00:00"),
    ("es", "6 de mayo de 2024", "2024-05-06T00:00"),
    ("es", "lunes, 9 de septiembre de 2024 a las 14:30", "2024-09-09T14:30"),
    ("it", "6 maggio 2024 ore 14:30", "2024-05-06T14:30"),
    ("it", "12 gen 2024", "2024-01-12T00:00"),
    ("pt", "6 de maio de 2024 às 14h30", "2024-05-06T14:30"),
    ("pt", "1º de março de 2024", "2024-03-01T00:00"),
    ("uk", "6 травня 2024 р.", "2024-05-06T00:00"),
    ("en", "May 6th, 2024 3:04 PM", "2024-05-06T15:04"),
    ("en", "6 May 2024 12:10 a.m.", "2024-05-06T00:10"),
    ("zh", "2024年5月6日 下午3时20分", "2024-05-06T15:20"),
    ("ja", "2024年5月6日(月) 15時20分", "2024-05-06T15:20"),
    ("ko", "2024년 5월 6일 오후 3:20", "2024-05-06T15:20"),
    ("ko", "2024.05.06. 15:20", "2024-05-06T15:20"),
    ("ar", "6 مايو 2024", "2024-05-06T00:00"),
    (None, "2019/11/15", "2019-11-15T00:00"),
    (None, "2024-5-6", "2024-05-06T00:00"),
    (None, "20240506101530", "2024-05-06T10:15:30"),
    (None, "6 mayo 2024", "2024-05-06T00:00"),  # a name says its language
    (None, "06.05.2024 14:30", "2024-05-06T14:30"),
    (None, "Mon May  6 10:00:00 2024", "2024-05-06T10:00"),
    ("en-US", "03/04/2024", "2024-03-04T00:00"),
    ("en-GB", "03/04/2024", "2024-04-03T00:00"),
    ("fr", "03/04/2024 18:05", "2024-04-03T18:05"),
    (None, "13/04/2024", "2024-04-13T00:00"),
    (None, "04/13/2024", "2024-04-13T00:00"),
    (None, "04/04/2024", "2024-04-04T00:00"),
    ("pl", "6 maja 2024", "2024-05-06T00:00"),  # by dateparser
]


@pytest.mark.parametrize(("language", "raw", "expected"), ZONED)
def test_stated_zone_is_applied(language: str | None, raw: str, expected: str) -> None:
    """The moment in UTC, and that the zone was known."""
    found = parse_date(raw, language)
    assert (found.value, found.tz_known, found.warning) == (utc(expected), True, None)


@pytest.mark.parametrize(("language", "raw", "expected"), LOCAL)
def test_without_a_zone_the_time_is_kept_and_said_to_be_unsure(
    language: str | None, raw: str, expected: str
) -> None:
    """Taken for UTC, `tz_known` false; a date alone is its midnight."""
    found = parse_date(raw, language)
    assert (found.value, found.tz_known, found.warning) == (utc(expected), False, None)


@pytest.mark.parametrize(
    "raw",
    [
        "Mon, 06 May 2024 10:00:00 IST", "2024-05-06T10:00:00+15:00",
        "Mon, 06 May 2024 10:00:00 A", "2024-05-06 10:00 XYZ",
    ],
)  # fmt: skip
def test_zone_that_says_nothing_certain_is_a_warning(raw: str) -> None:
    """India, Israel or Ireland: the time stays, the zone is not guessed."""
    assert parse_date(raw, None) == ParsedDate(
        utc("2024-05-06T10:00"), parse_date(raw, None).rule, False, "date_zone_unknown"
    )


NO_DATE = [
    (None, "Fri, 30 Feb 2024 10:00:00 GMT"), (None, "2024-02-30"), (None, "29 February 2023"),
    ("fr", "31 avril 2024"), (None, "2024-13-01"), (None, "0000-00-00 00:00:00"),
    (None, "2024-05-06T25:00:00Z"), ("fr", "6 mai 2024 14:75"),
    (None, "03/04/2024"), ("en", "03/04/2024"), ("zz", "03/04"),
    (None, "1714992000"), (None, "1714992000000"),
    ("en", "yesterday"), ("de", "vor 2 Stunden"), ("en", "May 6"), (None, "2024"),
    (None, "2024-05"), (None, "6 xyz 2024"), ("xx-nonsense", "6 xyz 2024"), ("", "6 xyz 2024"),
    (None, ""), (None, " \n"), (None, "2024-05-06" + " " * 300),
]  # fmt: skip


@pytest.mark.parametrize(("language", "raw"), NO_DATE)
def test_what_is_no_date_is_null(language: str | None, raw: str) -> None:
    """Days that do not exist, days that could be two, relative and partial dates, nonsense."""
    found = parse_date(raw, language)
    assert (found.value, found.tz_known, found.warning) == (None, False, "date_unparseable")


@pytest.mark.parametrize(
    "raw",
    [
        "0001-01-01T00:00:00Z", "1899-12-31", "2101-01-01", "6 mai 1066", "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9999-12-31T24:00:00Z",
    ],
)  # fmt: skip
def test_absurd_years_are_null_with_their_own_warning(raw: str) -> None:
    """Before 1900 and after 2100, also where no calendar reaches."""
    found = parse_date(raw, None)
    assert (found.value, found.warning) == (None, "date_absurd")


@pytest.mark.parametrize("raw", ["1900-01-01", "2100-12-31"])
def test_first_and_last_year_are_dates(raw: str) -> None:
    """The bounds are inclusive."""
    assert parse_date(raw, None).value == utc(raw)


def test_longer_than_64_characters_is_for_strict_forms_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """dateparser takes seconds on long input: it is not asked, a strict form still is."""
    asked: list[str] = []

    def ask(text: str, language: str) -> None:
        asked.append(text)

    monkeypatch.setattr(dates, "_ask_dateparser", ask)
    words = "6 maja 2024 " + "x" * (MAX_DATEPARSER - 12)
    assert parse_date(words, "pl").value is None
    assert asked == [words]
    assert parse_date(words + "x", "pl").value is None
    assert parse_date("6 maja 2024", None).value is None
    assert asked == [words]
    assert parse_date("2024-05-06" + " " * 70 + "10:00", None).value == utc("2024-05-06T10:00")


def test_dateparser_may_raise_whatever_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its authors' oversights are an unparseable date."""

    def fail(text: str, language: str) -> None:
        raise RecursionError

    monkeypatch.setattr(dates, "_ask_dateparser", fail)
    assert parse_date("6 maja 2024", "pl").warning == "date_unparseable"


def test_two_days_ahead_are_allowed() -> None:
    """Zones and clocks differ; more than two days are no claim about the past."""
    seen = utc("2024-05-06T10:00")
    assert not is_absurd(seen + dt.timedelta(days=2), seen)
    assert is_absurd(seen + dt.timedelta(days=2, seconds=1), seen)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=80), st.none() | st.text(max_size=8))
def test_anything_has_an_answer(raw: str, language: str | None) -> None:
    """No text raises, and a null always has its warning."""
    found = parse_date(raw, language)
    assert found.rule in RULES
    assert (found.value is None) == (found.warning in ("date_unparseable", "date_absurd"))


HOSTILE = [
    "1", "a", "6 mai ", "1 ", "1,", ". ", "a1", "٣", "(", "x (", "2024", "Mon, ", "à ", "a,",
    "2024-", "-", "+", " h ", "年", "m.", "12:", "мая ", "'", "º",
]  # fmt: skip


@pytest.mark.parametrize("head", ["", "6 mai 2024 ", "2024-05-06 ", "Mon, 06 May 2024 10:00 "])
def test_hostile_text_costs_no_more_than_plain_text(head: str) -> None:
    """Patterns do not backtrack: repetitions of anything, after a good start, cost milliseconds."""
    parse_date("warm up", None)
    start = time.process_time()
    for piece in HOSTILE:
        for size in (64, dates.MAX_RAW):
            parse_date((head + piece * size)[:size], None)
    assert time.process_time() - start < 1


def entries(table: dict[str, Any]) -> list[list[str]]:
    return [list(table[name]) for name in table]


@pytest.mark.parametrize("names", [*entries(DATA["months"]), list(DATA["zones"])])
def test_names_are_sorted_and_as_they_are_looked_up(names: list[str]) -> None:
    """One a line in order (TOML itself refuses doubles), lower case, without the final dot."""
    assert names == sorted(names)
    assert [name for name in names if name != name.lower() or name.endswith(".")] == []


def test_no_name_stands_for_two_months() -> None:
    """The months of all languages are one table: a name must not depend on the language."""
    known: dict[str, int] = {}
    for months in DATA["months"].values():
        for name, number in months.items():
            assert known.setdefault(name, number) == number, name
            assert 1 <= number <= 12


@pytest.mark.parametrize("language", DATA["months"])
def test_a_language_has_twelve_months(language: str) -> None:
    """None is forgotten."""
    assert set(DATA["months"][language].values()) == set(range(1, 13))


def test_zones_lie_within_a_day() -> None:
    """Minutes east of UTC, whole quarters of an hour."""
    assert [name for name, east in DATA["zones"].items() if abs(east) > 840 or east % 15] == []


FORMS = [
    line.split("\t")
    for line in (Path(__file__).with_name("date_forms.tsv")).read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(
    ("source", "language", "raw", "expected", "zone"), FORMS, ids=[f"{f[0]}: {f[2]}" for f in FORMS]
)
def test_a_form_that_is_met(source: str, language: str, raw: str, expected: str, zone: str) -> None:
    """As the table says, with where it is met; a null has a warning that says why."""
    found = parse_date(raw, None if language == "-" else language)
    assert found.value == (None if expected == "-" else utc(expected)), source
    assert found.tz_known == (zone == "yes")
    assert (found.warning is None) == (expected != "-" and not raw.endswith((" IST", " XYZ")))


def test_there_are_many_forms() -> None:
    """None is written twice."""
    assert len(FORMS) >= 120
    assert len({(form[1], form[2]) for form in FORMS}) == len(FORMS)
