"""Writes `data/cldr.tsv`: names of months, weekdays, units and currencies from Babel's CLDR.

    python -m transforms.facts.sources

The file is in the repository so that what is tagged depends on no installed version (a replay must
give the same rows) and so that no worker has to unpack locales.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.core import get_global

DATA = Path(__file__).parent / "data"
# The language of the texts, and the locales whose names they use.
LOCALES = {
    "ar": ("ar", "ar_LB", "ar_DZ", "ar_MA", "ar_MR"),
    "de": ("de", "de_AT"),
    "en": ("en", "en_GB"),
    "es": ("es", "es_MX"),
    "fr": ("fr", "fr_CA"),
    "it": ("it",),
    "pt": ("pt", "pt_PT"),
    "ru": ("ru",),
    "tr": ("tr",),
    "zh": ("zh", "zh_Hant"),
}
# CLDR's unit ids with their class; without it they are the ids in our rows. Hours and minutes are
# left out: `18 heures` is a time of day as often as a duration.
UNITS = (
    *("area-acre", "area-hectare", "area-square-kilometer", "area-square-meter"),
    *("area-square-mile", "duration-day", "duration-month", "duration-week", "duration-year"),
    *("energy-kilowatt-hour", "length-centimeter", "length-foot", "length-kilometer"),
    *("length-meter", "length-mile", "length-millimeter", "length-nautical-mile"),
    *("mass-kilogram", "mass-ton", "mass-tonne", "power-gigawatt", "power-kilowatt"),
    *("power-megawatt", "speed-kilometer-per-hour", "speed-knot", "speed-meter-per-second"),
    *("speed-mile-per-hour", "temperature-celsius", "temperature-fahrenheit"),
    *("volume-barrel", "volume-cubic-kilometer", "volume-cubic-meter", "volume-liter"),
)
_ONE_LETTER = frozenset("mtмт")


def main() -> None:
    """Rewrites the data file."""
    rows = sorted({row for language in LOCALES for row in rows_of(language)})
    text = "".join("\t".join(row) + "\n" for row in rows)
    (DATA / "cldr.tsv").write_text(text, "utf-8")


def rows_of(language: str) -> Iterator[tuple[str, str, str, str]]:
    """(language, kind, id, name) of what CLDR names in a language; a name may stand for several."""
    for identifier in LOCALES[language]:
        locale = Locale.parse(identifier)
        for kind, names in (
            ("month", months(locale)),
            ("weekday", weekdays(locale)),
            ("unit", units(locale)),
            ("currency", currencies(locale)),
        ):
            for key, name in names:
                yield language, kind, key, " ".join(name.split())


def months(locale: Locale) -> Iterator[tuple[str, str]]:
    """1 to 12 with their names in running text and alone, written out or short."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                if not name[0].isdigit():
                    yield str(number), name


def weekdays(locale: Locale) -> Iterator[tuple[str, str]]:
    """0 (Monday) to 6 with their names; in Chinese the short ones too, which are words there."""
    widths = ("wide", "abbreviated") if locale.language == "zh" else ("wide",)
    for context in ("format", "stand-alone"):
        for width in widths:
            for number, name in locale.days[context][width].items():
                yield str(number), name


def units(locale: Locale) -> Iterator[tuple[str, str]]:
    """Unit ids with what stands behind a number: written out, and signs of two letters or more."""
    names = locale._data["unit_patterns"]
    for unit in UNITS:
        patterns = dict(names.get(unit, {}))
        short = not unit.startswith("duration") or locale.language == "zh"
        for width in ("long", "short") if short else ("long",):
            for form, pattern in dict(patterns.get(width, {})).items():
                name = pattern.replace("{0}", "").strip(" \u00a0\u202f\u200f")
                if form == "per" or not pattern.startswith("{0}") or not name:
                    continue
                if len(name) > 1 or locale.language == "zh" or name in _ONE_LETTER:
                    yield unit.partition("-")[2], name


def currencies(locale: Locale) -> Iterator[tuple[str, str]]:
    """ISO 4217 codes of currencies in use, with their names in every number."""
    current = _current_currencies()
    for code in current & locale.currencies.keys():
        yield code, locale.currencies[code]
        for name in dict(locale._data["currency_names_plural"].get(code, {})).values():
            yield code, name


def _current_currencies() -> frozenset[str]:
    """Codes that some territory has as legal tender without an end."""
    spans = get_global("territory_currencies").values()
    return frozenset(
        code for listed in spans for code, _, end, tender in listed if tender and end is None
    )


if __name__ == "__main__":
    main()
