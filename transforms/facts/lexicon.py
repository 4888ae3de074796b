"""The words of numbers and dates of each language, from `data/<language>.toml` and `data/cldr.tsv`.

`decimals`: signs before a fraction; `groups`: signs between groups of three digits;
`counted_groups`: those that stand there only if a unit follows; `ambiguous`: signs that may be
either before three digits; `magnitudes`: powers of ten; `money_magnitudes`: those that are
letters and stand between a number and money only (`$5m`); `words`: numbers written out; `links`
between a magnitude and its unit (`millions de`); `about`: what stands between a verb and its
number (`at least`); `units`, `money`, `counts`: names beside those of CLDR, by id; `before`:
verbs whose number is of persons (`killed 12 …`); `others`: what makes a number no fact (`18
heures`); `clock`: words before an hour that has no other sign of one (`alle 18`); `ranks`,
`not_ranks`: what does before it (`前100名`, `第3天`). `months`: short names beside those of CLDR;
`days`: names of days as days from the article's; `not_after` them; `weekday_follows`: without it
a name of a weekday is none (Turkish). `tense`: words and endings that tell what was from what
will be; `last`, `next`, `vague`: what beside a weekday says which one. All lower case but the
names of days and months.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.quotes.lexicon import speech

DATA = Path(__file__).parent / "data"
DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19"
_NOT_LANGUAGES = {"limits", "signs"}
_JOINTS = re.compile(r"[-'’\u00a0\u202f ]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts: the row's `kind`, and the id of the unit, None if not told."""

    kind: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Tense:
    """What tells whether a weekday is behind or ahead."""

    past: frozenset[str]
    past_endings: tuple[str, ...]
    future: frozenset[str]
    future_endings: tuple[str, ...]
    future_beginnings: tuple[str, ...]
    unclear: frozenset[str]
    last: frozenset[str]
    next: frozenset[str]
    vague: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One language's lists."""

    language: str
    run: re.Pattern[str]
    decimals: str
    groups: str
    counted_groups: str
    ambiguous: str
    magnitudes: Mapping[str, int]
    money_magnitudes: Mapping[str, int]
    links: frozenset[str]
    about: frozenset[str]
    units: Mapping[str, Unit]
    fates: Mapping[str, Unit]
    heads: frozenset[str]
    fate_heads: frozenset[str]
    parts: frozenset[str]
    before: Mapping[str, Unit]
    others: frozenset[str]
    clock: frozenset[str]
    ranks: tuple[str, ...]
    not_ranks: tuple[str, ...]
    signs: Mapping[str, str]
    codes: frozenset[str]
    percent_before: tuple[str, ...]
    months: Mapping[str, int]
    short_months: frozenset[str]
    month_first: bool
    weekdays: Mapping[str, int]
    weekday_follows: frozenset[str]
    days: Mapping[str, int]
    not_after: frozenset[str]
    numbers: Mapping[str, int]
    triggers: frozenset[str]
    tense: Tense
    spaced: bool
    ordinal_dot: bool
    inflected: bool


@functools.cache
def limits() -> dict[str, Any]:
    """The numbers of `data/limits.toml`."""
    return _read("limits")


@functools.cache
def languages() -> frozenset[str]:
    """The languages that have a file."""
    return frozenset(path.stem for path in DATA.glob("*.toml")) - _NOT_LANGUAGES


@functools.cache
def words_of(language: str) -> Words:
    """The lists of a primary subtag that has a file."""
    table = _read(language)
    names = _cldr().get(language, {})
    signs = _read("signs")
    fates = _fates(table["counts"])
    counted_groups = table.get("counted_groups", "")
    months = {_key(name): int(number) for number, name in names["month"]}
    months |= {
        name: int(number) for number, listed in table.get("months", {}).items() for name in listed
    }
    weekdays = dict(_cased(names["weekday"], table.get("weekdays", {})))
    days = dict(_cased((), table["days"]))
    numbers = dict(_cased((), table["words"]))
    units = _units(language, table, names, signs) | fates
    magnitudes, money_magnitudes = _powers(table["magnitudes"]), _powers(table["money_magnitudes"])
    fates = {name: unit for name, unit in fates.items() if unit.unit != "person"}
    return Words(
        language=language,
        run=_run(table["groups"] + counted_groups),
        decimals=table["decimals"],
        groups=table["groups"] + counted_groups + "'’\u00a0\u202f\u2009",
        counted_groups=counted_groups,
        ambiguous=table.get("ambiguous", ""),
        magnitudes=magnitudes,
        money_magnitudes=money_magnitudes,
        links=frozenset(table["links"]),
        about=frozenset(table["about"]),
        units=units,
        fates=fates,
        heads=_heads(units, magnitudes, money_magnitudes),
        fate_heads=_heads(fates),
        parts=frozenset(
            part
            for name in (*units, *fates, *magnitudes, *money_magnitudes, *table["links"])
            for part in name.split()
        ),
        before={
            name: Unit("count", unit) for unit, listed in table["before"].items() for name in listed
        },
        others=frozenset(table.get("others", ())),
        clock=frozenset(table.get("clock", ())),
        ranks=tuple(table.get("ranks", ())),
        not_ranks=tuple(table.get("not_ranks", ())),
        signs=signs["money"] | signs["money_of"].get(language, {}),
        codes=_codes(names, signs),
        percent_before=tuple(table.get("percent_before", ())),
        months=months,
        short_months=frozenset(
            name for name in months if _is_short(name, {_key(name) for _, name in names["month"]})
        ),
        month_first=table.get("month_first", False),
        weekdays=weekdays,
        weekday_follows=frozenset(table.get("weekday_follows", {}).get("words", ())),
        days=days,
        not_after=frozenset(table.get("not_after", {}).get("words", ())),
        numbers=numbers,
        triggers=frozenset(weekdays) | frozenset(days) | frozenset(numbers),
        tense=_tense(table["tense"], language),
        spaced=table.get("spaced", True),
        ordinal_dot=table.get("ordinal_dot", False),
        inflected=table.get("inflected", False),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


@functools.cache
def _cldr() -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Language, then kind, to (id, name) pairs."""
    table: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for line in (DATA / "cldr.tsv").read_text("utf-8").splitlines():
        language, kind, key, name = line.split("\t")
        table.setdefault(language, {}).setdefault(kind, []).append((key, name))
    return table


def _run(groups: str) -> re.Pattern[str]:
    """Digits with what may stand among them; spaces only before groups of three, and no year."""
    space = " " if " " in groups else ""
    return re.compile(
        rf"[{DIGITS}]+(?:[.,٫٬'’:/–-][{DIGITS}]+"
        rf"|(?<![{DIGITS}]{{4}})[{space}\u00a0\u202f\u2009][{DIGITS}]{{3}}(?![{DIGITS}]))*"
    )


def _key(name: str) -> str:
    return _JOINTS.sub(" ", name.lower()).rstrip(".")


def _cased(
    rows: Iterable[tuple[str, str]], more: Mapping[str, Iterable[str]]
) -> Iterable[tuple[str, int]]:
    """Names as written and with a capital, which they have where a sentence begins."""
    listed = [(key, name) for key, names in more.items() for name in names]
    for key, name in [*rows, *listed]:
        yield name, int(key)
        yield name[0].upper() + name[1:], int(key)


def _powers(table: Mapping[str, Iterable[str]]) -> dict[str, int]:
    return {_key(name): int(power) for power, names in table.items() for name in names}


def _fates(counts: Mapping[str, Iterable[str]]) -> dict[str, Unit]:
    """`people`, `killed`, `people were killed`: in Chinese they are given whole."""
    found: dict[str, Unit] = {}
    for unit, names in counts.items():
        for name in names:
            found[name] = Unit("count", unit)
            if unit != "person":
                found |= {f"{who} {name}": Unit("count", unit) for who in counts["person"]}
    return found


def _units(
    language: str,
    table: Mapping[str, Any],
    names: Mapping[str, list[tuple[str, str]]],
    signs: Mapping[str, Any],
) -> dict[str, Unit]:
    """Names to units; the language's own list stands over CLDR's."""
    found = {_key(name): Unit("measure", unit) for unit, name in names["unit"]}
    found |= {_key(name): Unit("money", code) for code, name in names["currency"]}
    found |= {code: Unit("money", code) for code in _codes(names, signs)}
    found |= {
        _key(name): Unit("measure", unit)
        for unit, listed in table["units"].items()
        for name in listed
    }
    found |= {
        _key(name): Unit("money", None if code == "unknown" else code)
        for code, listed in table["money"].items()
        for name in listed
    }
    found |= dict.fromkeys(table["percent"], Unit("percent", "percent"))
    found |= dict.fromkeys(signs["percent"]["signs"], Unit("percent", "percent"))
    found |= dict.fromkeys(table["points"], Unit("percent", "percentage-point"))
    money = signs["money"] | signs["money_of"].get(language, {})
    found |= {sign: Unit("money", code or None) for sign, code in money.items() if len(sign) == 1}
    return found


def _codes(names: Mapping[str, list[tuple[str, str]]], signs: Mapping[str, Any]) -> frozenset[str]:
    """ISO 4217 codes; they mean money in capitals only (`12 all`, `15 top players`)."""
    return frozenset(code for code, _ in names["currency"]) - frozenset(signs["codes"]["words"])


def _heads(*tables: Mapping[str, Any]) -> frozenset[str]:
    """The first word of every name, and its first character."""
    names = [name for table in tables for name in table]
    return frozenset(name.partition(" ")[0] for name in names) | {name[0] for name in names}


def _is_short(name: str, all_names: Iterable[str]) -> bool:
    return any(other != name and other.startswith(name) for other in all_names) and len(name) <= 5


def _tense(table: Mapping[str, Any], language: str) -> Tense:
    return Tense(
        past=frozenset(table["past"]) | speech(language).verbs - frozenset(table["future"]),
        past_endings=tuple(table["past_endings"]),
        future=frozenset(table["future"]),
        future_endings=tuple(table["future_endings"]),
        future_beginnings=tuple(table.get("future_beginnings", ())),
        unclear=frozenset(table["unclear"]),
        last=frozenset(table["last"]),
        next=frozenset(table["next"]),
        vague=frozenset(table["vague"]),
    )
