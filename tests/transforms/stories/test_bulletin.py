"""Headlines of series, which name their own day."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.stories.bulletin import bulletin_of

SERIES = [
    ("ru", "Курсы валют на 5 мая: рубль окреп", "Курсы валют на 6 мая: рубль ослаб"),
    ("fr", "Météo du mardi 3 mars : pluie", "Météo du mercredi 4 mars : éclaircies"),
    ("es", "Informe diario del 1 de junio", "Informe diario del 12 de junio"),
    ("de", "Pegelstände am 3. Mai", "Pegelstände am 14. Mai"),
    ("en", "Markets on May 3: shares fall", "Markets on May 4: shares rise"),
    ("en", "Tides for Monday, 3 May", "Tides for Tuesday, 4 May"),
    ("zh", "本市空气质量日报5月3日", "本市空气质量日报5月4日"),
    ("tr", "Döviz kurları 3 Mayıs", "Döviz kurları 4 Mayıs"),
    ("ar", "أسعار الصرف 3 مايو", "أسعار الصرف 4 مايو"),
]


@pytest.mark.parametrize(("language", "one", "other"), SERIES)
def test_a_series_is_one_and_its_days_are_two(language: str, one: str, other: str) -> None:
    first, second = (bulletin_of(text, "gazette.example", language, None) for text in (one, other))
    assert first is not None
    assert second is not None
    assert first[0] == second[0]
    assert first[1] != second[1]


def test_another_outlet_has_another_series() -> None:
    one = bulletin_of("Markets on May 3", "gazette.example", "en", None)
    other = bulletin_of("Markets on May 3", "courier.example", "en", None)
    assert one is not None
    assert other is not None
    assert one[0] != other[0]


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("en", "Fire at port kills 3"),
        ("en", "May 2021 was the warmest"),  # no day
        ("fr", "Le maire de Mai démissionne"),
        ("ru", "Май был тёплым"),
        ("zh", "3人被捕"),
    ],
)
def test_other_headlines_are_of_no_series(language: str, headline: str) -> None:
    assert bulletin_of(headline, "gazette.example", language, None) is None


def test_a_long_headline_is_not_read_to_its_end() -> None:
    assert bulletin_of("x" * 400 + " 3 May", "gazette.example", "en", None) is None


def test_one_headline_on_two_days_is_a_series() -> None:
    monday = dt.datetime(2024, 3, 4, 23, 30, tzinfo=dt.UTC)
    one = bulletin_of("Lotto results: 3 winners", "gazette.example", "en", monday)
    other = bulletin_of(
        "Lotto results: 12 winners", "gazette.example", "en", monday + dt.timedelta(hours=1)
    )
    same = bulletin_of(
        "Lotto results: 3 winners", "gazette.example", "en", monday - dt.timedelta(hours=9)
    )
    assert one is not None
    assert other is not None
    assert one[0] == other[0]
    assert one[1] != other[1]
    assert one == same
    assert bulletin_of("1,204.50", "gazette.example", "en", monday) is None
