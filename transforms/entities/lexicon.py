"""Every name that the gazetteer knows, in one search, built once per process.

Names come from `data/`: `cldr_names.tsv` and `cities.tsv` (written by `sources.py`), and by hand
`country_names.tsv`, `demonyms.tsv`, `known_names.tsv`, `agencies.toml`, `organizations.toml`,
`acronyms.toml`; `ambiguous.tsv` says which of them are also words, persons or several places, and
what to do then.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import re
import threading
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from transforms.entities.fold import fold, fold_name
from transforms.entities.inflection import arabic_articles, demonym_forms, name_forms
from transforms.entities.name_search import NameSearch
from transforms.entities.script import CASED, script_of

DATA = Path(__file__).parent / "data"
RULES = ("drop", "company", "unresolved", "either", "person", "lower", "caps", "block")
_BUILDING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a name may mean.

    `entity_id` is empty where no list has one. `languages` None: in all. `capital`: the first
    letter must be a capital. `exact`: acronym, the
    surface must be spelt so. `weight`: the larger wins among entries of one name.
    """

    entity_id: str
    kind: str
    country: str | None
    method: str
    score: float
    weight: int
    languages: frozenset[str] | None = None
    capital: bool = True
    exact: str | None = None

    @property
    def people(self) -> int:
        """How many live there, as far as `weight` says."""
        return self.weight % (1 << 32)


@dataclass(frozen=True, slots=True)
class Name:
    """One folded form: what it may mean, by weight, and what to be careful about.

    `rules` are (language or `*`, rule) of `ambiguous.tsv`. `script` tells how words are bounded.
    """

    entries: tuple[Entry, ...]
    script: str | None
    length: int
    rules: tuple[tuple[str, str], ...] = ()

    def rule(self, language: str | None) -> str | None:
        """The rule that holds in `language`."""
        held = dict(self.rules)
        return held.get(language or "", held.get("*"))


@functools.cache
def _build() -> NameSearch[Name]:
    forms: dict[str, list[Entry]] = defaultdict(list)
    for form, entry in _all_forms():
        if entry not in forms[form]:
            forms[form].append(entry)
    rules = read_ambiguous()
    names: dict[str, Name] = {}
    shared: dict[Name, Name] = {}  # half the memory: declined forms mean the same
    for form in rules.keys() | forms.keys():
        # Taken out, so that the two never stand in memory whole.
        entries = tuple(sorted(forms.pop(form, ()), key=lambda entry: -entry.weight))
        script = script_of(form)
        name = Name(entries, script, len(form), rules.get(form, ()))
        names[_key(form, script)] = shared.setdefault(name, name)
    return NameSearch(names)


def name_search() -> NameSearch[Name]:
    """The search for every name in folded text, built once."""
    with _BUILDING, _no_garbage_collection():
        return _build()


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A tenth of the load time went into searching half a million new objects for cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _key(form: str, script: str | None) -> str:
    """The form with the spaces that must stand around it."""
    if script in ("han", "kana"):
        return form
    if script == "hangul":  # particles follow without a space
        return f" {form}"
    if script in ("arabic", "hebrew"):  # the prefix is judged where it stands
        return f"{form} "
    return f" {form} "


def _all_forms() -> Iterator[tuple[str, Entry]]:
    yield from _countries_and_zone_cities()
    yield from _cities()
    yield from _demonyms()
    yield from _named("agencies.toml", "agency", "agency")
    yield from _named("organizations.toml", "organization", "org")
    yield from _people()
    yield from _known_names()


def _countries_and_zone_cities() -> Iterator[tuple[str, Entry]]:
    score = limits()["score"]
    homes = {row[0]: row for row in read_rows("cities.tsv")}
    rows = [(row[0], row[1], row[2]) for row in read_rows("cldr_names.tsv")]
    rows += [(row[0], row[1], row[2]) for row in read_rows("country_names.tsv")]
    for entity_id, name, languages in rows:
        if entity_id.startswith("iso3166:"):
            country, weight, trust = entity_id[8:10], _weight(entity_id), score["country"]
        elif entity_id in homes:
            _, country, people, _ = homes[entity_id]
            weight, trust = (1 << 33) + int(people), score["zone_city"]
        else:
            continue
        yield from _declined(
            name,
            Entry(
                entity_id,
                "place",
                country,
                "gazetteer:place",
                trust,
                weight,
                _languages(languages),
                exact=name if _is_acronym(name) else None,
            ),
        )


def _weight(entity_id: str) -> int:
    """A country before a state of another one."""
    return 1 << (39 if "-" in entity_id else 40)


def _cities() -> Iterator[tuple[str, Entry]]:
    score, large = limits()["score"], limits()["large_city"]["least"]
    for entity_id, country, people, names in read_rows("cities.tsv"):
        trust = score["city_large"] if int(people) >= large else score["city_small"]
        entry = Entry(entity_id, "place", country, "gazetteer:place", trust, int(people))
        for name in names.split("|"):
            yield from _declined(name, entry)


def _demonyms() -> Iterator[tuple[str, Entry]]:
    rows = read_rows("demonyms.tsv")
    languages = next(rows)[1:]
    for entity_id, *cells in rows:
        for language, cell in zip(languages, cells, strict=True):
            for demonym in filter(None, cell.split("|")):
                entry = Entry(
                    entity_id,
                    "place",
                    entity_id.removeprefix("iso3166:"),
                    "gazetteer:demonym",
                    limits()["score"]["demonym"],
                    1 << 32,
                    frozenset({language}),
                    capital=demonym[0].isupper(),
                )
                for form in demonym_forms(demonym, language):
                    yield fold_name(form), entry
                    if language == "ar":
                        yield from ((fold_name(a + form), entry) for a in arabic_articles())


def _named(file: str, table: str, scheme: str) -> Iterator[tuple[str, Entry]]:
    """Agencies and organizations; an alias in capitals alone is an acronym."""
    for row in read_named(file, table):
        entry = Entry(
            f"{scheme}:{row['id']}",
            "organization",
            None,
            "gazetteer:" + table,
            limits()["score"][table],
            1 << 41,
        )
        for alias in all_aliases(row):
            if _is_acronym(alias):
                yield fold_name(alias), replace(entry, exact=alias)
                yield from _as_word(alias, entry)
            elif alias.islower():  # dpa writes itself so
                yield fold_name(alias), replace(entry, exact=alias, capital=False)
            else:
                yield from _declined(alias, entry)


def _as_word(acronym: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
    """The form that a language's press writes like a word, if any: Onu."""
    languages = _written_as_words().get(acronym)
    if languages:
        word = acronym.capitalize()
        yield fold_name(acronym), replace(entry, exact=word, languages=languages)


@functools.cache
def _written_as_words() -> dict[str, frozenset[str]]:
    """Acronym to languages, from `acronyms.toml`."""
    table: dict[str, list[str]] = tomllib.loads((DATA / "acronyms.toml").read_text("utf-8"))
    found: dict[str, set[str]] = defaultdict(set)
    for language, forms in table.items():
        for form in forms:
            found[form.upper()].add(language)
    return {acronym: frozenset(languages) for acronym, languages in found.items()}


def _people() -> Iterator[tuple[str, Entry]]:
    """Public figures in full; in Arabic, which has no capitals to go by, also by one name."""
    for person, names, alone in read_people():
        entry = Entry(
            person, "person", None, "gazetteer:person", limits()["score"]["person"], 1 << 41
        )
        for name in (*names, *(one for one in alone if script_of(one) == "arabic")):
            yield from _declined(name, entry)


def _known_names() -> Iterator[tuple[str, Entry]]:
    """Regions, firms and the like, without an id but their written name's."""
    score = limits()["score"]
    rows = (*read_rows("known_names.tsv"), *read_rows("han_places.tsv"))
    for kind, country, languages, names in rows:
        for name in names.split("|"):
            entry = Entry(
                "" if kind == "place" else f"name:{fold_name(name).replace(' ', '-')}",
                kind,
                country or None,
                "gazetteer:name",
                score["known"],
                _weight_of_known(kind, country, name),
                _languages(languages),
                exact=name if _is_acronym(name) else None,
            )
            yield from _declined(name, entry)
            if entry.exact:
                yield from _as_word(name, entry)


def _weight_of_known(kind: str, country: str, name: str) -> int:
    """A firm before a town (Nokia, Toyota), a state before a town (Montana, Victoria)."""
    if kind == "place":
        is_state = country and script_of(name) in CASED
        return limits()["homonym"]["state"] if is_state else 1
    return 1 << 35


def read_people() -> Iterator[tuple[str, list[str], list[str]]]:
    """Id, full names, names that mean the person alone, of every row of `people.tsv`."""
    for person, names, alone, _sources in read_rows("people.tsv"):
        yield f"person:{person}", names.split("|"), alone.split("|") if alone else []


def all_aliases(row: dict[str, Any]) -> Iterable[str]:
    """The names of an agency or organization in every script."""
    return [alias for script in SCRIPTS for alias in row.get(script, ())]


SCRIPTS = ("latin", "cyrillic", "arabic", "han")


def _declined(name: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
    script = script_of(name)
    folded = fold_name(name)
    if len(folded) < 2:
        return
    yield folded, entry
    if entry.exact is not None:
        return
    as_in_text = fold(name).text.strip()
    if as_in_text != folded:  # signs are spaces: `W. Bush` has two, ` — ` three
        yield as_in_text, entry
    if " — " in name:
        first, last = name.split(" — ", 1)
        forms = name_forms(last, "ru") if script == "cyrillic" else (last,)
        yield from ((f"{fold_name(first)}   {fold_name(form)}", entry) for form in forms)
    if script == "arabic" and (joined := _after_lam(folded)) is not None:
        yield joined, entry
    elif script == "cyrillic":
        for language in ("ru", "uk"):
            if entry.languages is None or language in entry.languages:
                forms = name_forms(name, language, person=entry.kind == "person")
                yield from ((fold_name(form), entry) for form in forms)
    elif script == "latin" and entry.languages is not None and "de" in entry.languages:
        genitive = replace(entry, languages=frozenset({"de"}))
        yield from ((fold_name(form), genitive) for form in name_forms(name, "de"))


def _after_lam(folded: str) -> str | None:
    """An Arabic name with the article after ل, which is written لل."""
    return "لل" + folded[2:] if folded.startswith("ال") else None


def _is_acronym(name: str) -> bool:
    return len(name) <= 8 and name.isupper() and script_of(name.replace(".", "")) in CASED


@functools.cache
def _languages(codes: str) -> frozenset[str] | None:
    return None if codes == "*" else frozenset(codes.split(","))


@functools.cache
def limits() -> dict[str, Any]:
    """`data/limits.toml`."""
    return tomllib.loads((DATA / "limits.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Namesake:
    """What else a name may mean, by `namesakes.toml`: `also` is its id, empty if it has none.

    `home` is the country of the usual bearer that decides, where that is not its own.
    """

    name: str
    also: str
    kind: str
    home: str
    signs: tuple[str, ...]
    words: re.Pattern[str]

    def is_named_in(self, text: str) -> bool:
        """Whether one of the signs opens a word."""
        # Most texts have none: looking for each is ten times as fast as the expression.
        return any(sign in text for sign in self.signs) and self.words.search(text) is not None


@functools.cache
def namesakes() -> dict[str, list[Namesake]]:
    """By id: what else bears its name."""
    found: dict[str, list[Namesake]] = defaultdict(list)
    rows = tomllib.loads((DATA / "namesakes.toml").read_text("utf-8"))["namesake"]
    for row in rows:
        pattern = re.compile(rf"(?<![A-Za-zА-я])(?:{'|'.join(map(re.escape, row['signs']))})")
        kind = row.get("kind", "place" if row["also"] else "organization")
        found[row["of"]].append(
            Namesake(
                row["name"], row["also"], kind, row.get("home", ""), tuple(row["signs"]), pattern
            )
        )
    return found


def read_named(file: str, table: str) -> list[dict[str, Any]]:
    """The rows of `agencies.toml` or `organizations.toml`."""
    rows: list[dict[str, Any]] = tomllib.loads((DATA / file).read_text("utf-8"))[table]
    return rows


def read_rows(file: str) -> Iterator[list[str]]:
    """The tab-separated rows of a data file; lines that open with `#` are remarks."""
    with (DATA / file).open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def read_ambiguous() -> dict[str, tuple[tuple[str, str], ...]]:
    """Folded name to its (language or `*`, rule) pairs."""
    rules: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, languages, rule, _reason in read_rows("ambiguous.tsv"):
        folded = fold_name(name)
        for form in filter(None, (folded, _after_lam(folded))):
            rules[form] += [(language, rule) for language in languages.split(",")]
        if rule in ("unresolved", "either", "person", "drop"):
            for language in {"ru", "uk"} & set(languages.split(",")):
                for form in {fold_name(one) for one in name_forms(name, language)} - {folded}:
                    rules[form].append((language, rule))
    return {name: tuple(pairs) for name, pairs in rules.items()}
