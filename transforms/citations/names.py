"""Names that only crediting words make a source: outlets, and agencies spelt in another way.

The gazetteer (`transforms/entities`) holds the agencies as they write themselves. Newspapers write
them in their own way (« l'Ansa », “laut afp”), and credit each other; those forms are words of
many meanings, and no entities. They come from `data/outlets.tsv` and the agency table.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.citations.lexicon import DATA
from transforms.entities.inflection import arabic_clitics, name_forms
from transforms.entities.lexicon import read_named
from transforms.entities.name_search import NameSearch

ANY = frozenset({"credit", "via", "attribution", "mention"})
CREDITED = ANY - {"mention"}
CREDIT = frozenset({"credit"})
_ARTICLES = ("Le ", "La ", "Les ", "L'", "Il ", "El ", "O ", "A ", "Der ", "Die ", "Das ", "The ")
# Articles that are words of other kinds elsewhere (Spanish « al Centro » is not Il Centro).
_ONLY_IN = {"Il ": frozenset({"it"}), "O ": frozenset({"pt"}), "A ": frozenset({"pt"})}
# Prepositions that have absorbed the article, so that the name stands without it.
_ABSORBING = re.compile(
    r"\b(?:au|aux|du|des|a[dl]|agli|allo|all[ae]|all'|dal|dalla|dall'|dallo|del|dell[ao]|dell'|nel|nella"
    r"|nell'|sul|sulla|sull'|aos?|d[oa]s?|n[oa]s?|pel[oa]|às?|de[mnr]|im|vom|beim|zum|zur)"
    r"[ „“«\"]*$"
)
# English absorbs none; the article of a title may be small ("in the Telegraph").
_IN_SMALL = re.compile(r"\bthe[ „“«\"]*$")
_LONGEST_BEFORE = 8
_OPENING, _CLOSING = "«„“\"'", "»“”\"'"
_ELISION = ("l'", "L'", "l’", "L’")
_ACRONYM = 5
_LONG_NAME = 6
_SHORT_NAME = 2
_ITALIAN, _GERMAN, _ARABIC = frozenset({"it"}), frozenset({"de"}), frozenset({"ar"})
# A German name's first word: in „der Rheinischen Post“, von „Süddeutscher Zeitung“.
_ADJECTIVE = re.compile(r"([A-ZÄÖÜ][a-zäöüß]{3,}e)(?= [A-ZÄÖÜ])")
_MOST_LABELS = 6
_LONGEST_CLITIC = 3
_ARABIC_LETTERS = "\u0600"
_WRITTEN_BEFORE = re.compile(r"(?<!\w)\w+\Z")
_FLAGS = frozenset({"word", "credit"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: `kinds` are the kinds of citation that its words may make it.

    `certain`: it is a source's name even where no word credits it.
    """

    start: int
    end: int
    agency: str
    kinds: frozenset[str]
    certain: bool


@dataclass(frozen=True, slots=True)
class _Form:
    written: str
    agency: str
    kinds: frozenset[str]
    certain: bool = False
    exact: bool = False
    headless: str = ""
    """The article that the name has lost."""
    languages: frozenset[str] = frozenset()
    """Those in which it is this outlet's name; none for all."""
    before: int = 0
    """How many signs of what is written are no part of the name."""


def find_names(text: str, language: str) -> list[Name]:
    """The names in `text`, in order, longest first, never overlapping. Linear in the text."""
    found: list[Name] = []
    hits = _hits(text, _lowered(text), language)
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return found


def _lowered(text: str) -> str:
    """In small, of the same length: İ alone would grow."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "İ".join(part.lower() for part in text.split("İ"))
    return lowered.replace("’", "'")


def _hits(text: str, lowered: str, language: str) -> Iterator[Name]:
    for start, end, forms in _search().find(lowered):
        beside = text[end : end + 1]
        if not beside.isalnum():
            beside = text[start - 1 : start]
        # Mostly a part of a word, which costs least to say of Latin letters.
        if beside.isalnum() and (
            max(beside, text[start]) < _ARABIC_LETTERS or not _is_word(text, start, end)
        ):
            continue
        for form in forms:
            if form.languages and language not in form.languages:
                continue
            if _is_spelt(text, start, end, form):
                title = _is_title(text, start, end)
                kinds, certain = (ANY, True) if title else (form.kinds, form.certain)
                if form.kinds == CREDIT and text.endswith(_ELISION, 0, start):
                    kinds = ANY  # « l'afp »
                yield Name(start + form.before, end, form.agency, kinds, certain)
                break


def _is_title(text: str, start: int, end: int) -> bool:
    """Whether its form says that it is a name: alone in quotes, or capitals inside a sentence."""
    if text[start - 1 : start] in _OPENING and text[end : end + 1] in _CLOSING:
        return start > 0 and end < len(text)
    inside = text[start - 1 : start] == " " and text[start - 2 : start - 1].isalpha()
    return inside and " " in text[start:end]


def _is_word(text: str, start: int, end: int) -> bool:
    if "\u4e00" <= text[start] <= "\u9fff":
        return True
    if _joins(text[end : end + 1]):
        return False
    if not _joins(text[start - 1 : start]):
        return True
    if not "\u0600" <= text[start] <= "\u06ff":
        return False
    before = _WRITTEN_BEFORE.search(text, max(0, start - _LONGEST_CLITIC), start)
    return before is not None and before[0] in arabic_clitics()


def _joins(sign: str) -> bool:
    """Whether it makes one word with a letter beside it; Chinese puts no space around BBC."""
    return sign.isalnum() and not "\u4e00" <= sign <= "\u9fff"


def _is_spelt(text: str, start: int, end: int, form: _Form) -> bool:
    surface = text[start:end]
    if form.exact:
        return surface == form.written
    if form.headless and not _is_absorbed(text, start, form.headless):
        return False
    capitals = zip(surface, form.written, strict=True)
    return all(mine.isupper() for mine, written in capitals if written.isupper())


def _is_absorbed(text: str, start: int, article: str) -> bool:
    before = text[max(0, start - _LONGEST_BEFORE) : start].lower().replace("’", "'")
    absorbing = _IN_SMALL if article == "The " else _ABSORBING
    return absorbing.search(before) is not None


@functools.cache
def _search() -> NameSearch[tuple[_Form, ...]]:
    forms: dict[str, list[_Form]] = {}
    for form in (*_outlets(), *_agencies()):
        forms.setdefault(_lowered(form.written), []).append(form)
    return NameSearch(
        {
            written: tuple(sorted(meant, key=lambda form: bool(form.headless)))
            for written, meant in forms.items()
        }
    )


def outlet_by_domain(host: str) -> str | None:
    """The id of the outlet of `data/outlets.tsv` that publishes on `host` or a host above it."""
    labels = host.casefold().split(".")[-_MOST_LABELS:]
    hosts = (".".join(labels[first:]) for first in range(len(labels) - 1))
    return next((_by_domain()[name] for name in hosts if name in _by_domain()), None)


@functools.cache
def _by_domain() -> dict[str, str]:
    return {host: outlet for outlet, hosts, _, _ in outlet_rows() for host in hosts.split(",")}


def outlet_rows() -> Iterator[tuple[str, str, str, str]]:
    """Id, hosts, flags and names of every row of `data/outlets.tsv`, as written."""
    for line in (DATA / "outlets.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            outlet, hosts, flags, names = line.split("\t")
            yield outlet, hosts, flags, names


def _outlets() -> Iterator[_Form]:
    for outlet, _, flags, names in outlet_rows():
        words = flags.split()
        certain = not _FLAGS.intersection(words)
        languages = frozenset(words) - _FLAGS
        kinds = ANY if certain else CREDIT if "credit" in words else CREDITED
        for name in names.split("|"):
            exact = (name.isupper() or name.islower()) and len(name) <= _ACRONYM
            yield _Form(name, outlet, kinds, certain, exact, languages=languages)
            if exact and certain and name.isupper():  # « la Bbc », as Italian has it
                yield _Form(name.capitalize(), outlet, kinds, certain, exact, languages=_ITALIAN)
            if not exact:
                yield from (
                    _Form(form.title(), outlet, kinds, certain, languages=languages)
                    for form in name_forms(name, "ru")
                    if form != name.lower()
                )
            yield from (
                _Form(form, outlet, kinds, certain, languages=_GERMAN) for form in _declined(name)
            )
            if name.startswith("ال"):  # with ل it is written لل
                to = f"لل{name[2:]}"
                yield _Form(to, outlet, kinds, certain, languages=_ARABIC, before=2)
            article = next((a for a in _ARTICLES if name.startswith(a)), None)
            if article:
                only = languages or _ONLY_IN.get(article, languages)
                bare = name[len(article) :]
                yield _Form(bare, outlet, ANY, certain, headless=article, languages=only)


def _declined(name: str) -> Iterator[str]:
    found = _ADJECTIVE.match(name)
    if found:
        yield from (f"{found[0]}{ending}{name[found.end() :]}" for ending in "nr")


def _agencies() -> Iterator[_Form]:
    for row in read_named("agencies.toml", "agency"):
        for name in (*row.get("latin", ()), *row.get("cyrillic", ())):
            if " " not in name and name.isupper():
                yield _Form(name.capitalize(), row["id"], ANY, exact=True)
                kinds = ANY if len(name) >= _LONG_NAME else CREDIT
                if len(name) > _SHORT_NAME:
                    yield _Form(name.lower(), row["id"], kinds, exact=True)
            elif len(name) >= _LONG_NAME:
                yield _Form(name.lower(), row["id"], ANY, exact=True)
