"""`Claims`: what an article says in any language: ids, numbers, days, quotes, sources.

Small and plain, to be kept as JSON (`plain`, `from_plain`): at most about 2 kB. Nothing in it is a
word of one language only; what of two such can be told to be the same says `across.py`.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple, TypeVar

from transforms.entities.agencies import agency_by_domain
from transforms.facts.lexicon import languages
from transforms.stories.claim_words import RAREST, ClaimWords, Seen, rarity, read_words, texts_of
from transforms.stories.concepts import find_concepts
from transforms.stories.item import Item, Quoted, Stated
from transforms.stories.name_keys import NameKey, name_key

# How many of each are kept: headline and lead first, then the most repeated, then the rarest.
IDS, NAMES, NUMBERS, DAYS, QUOTES, SOURCES = 16, 20, 12, 4, 4, 4
CONCEPTS, WORDS, HOSTS, ORIGINS = 30, 50, 3, 8
_AGENCY, _NAME, _CITY = "agency:", "name:", "geonames:"
_NO_KEY: Final = NameKey("", "")
_HOST: Final = re.compile(r"(?:https?://|\bwww\.)(?:www\.)?([a-z0-9.-]{3,60}\.[a-z]{2,10})\b")
_HOST_TEXT: Final = 20_000
# Numbers in figures, for languages whose numbers no tagger reads; words for powers of ten of those.
_FIGURES: Final = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?\s?(\w+)?"
)
_POWERS: Final = {
    "tys": 3, "mln": 6, "mld": 9, "milion": 6, "miliard": 9, "тис": 3, "тисяч": 3, "млн": 6,
    "млрд": 9, "мільйон": 6, "мільярд": 9,
}  # fmt: skip
_YEARS: Final = range(1900, 2100)
_LEAST_FIGURE, _MOST_DIGITS = 10, 12
T = TypeVar("T")


class Id(NamedTuple):
    """A canonical id; `head`: 1 if in headline or lead; `rarity` of its rarest surface, 1 to 8.

    `latin`, `row`: of a city the key of its name, for texts where its id was not found.
    """

    id: str
    latin: str
    row: str
    times: int
    head: int
    rarity: int


class Name(NamedTuple):
    """A word of a name: spelling and consonants as in `NameKey`."""

    latin: str
    row: str
    times: int
    head: int
    rarity: int

    @property
    def key(self) -> NameKey:
        """What it is compared by."""
        return NameKey(self.latin, self.row)


class Number(NamedTuple):
    """Decimal digits and what they count, empty where that is not told; ids as in facts."""

    value: str
    unit: str
    head: int


class Said(NamedTuple):
    """A quotation: id or consonants of the speaker, figures in it, its length in characters."""

    speaker: str
    figures: str
    length: int


class Concept(NamedTuple):
    """A concept of `concepts.tsv`."""

    concept: str
    times: int
    head: int


class Word(NamedTuple):
    """The beginning of a rare word in Latin spelling; `weight`: tf-idf in tenths."""

    beginning: str
    weight: int


@dataclass(frozen=True, slots=True)
class Claims:
    """What of an article can be compared across languages; each in an order that says nothing.

    `days` are ISO dates, the first told first. `sources` are ids of agencies, `origins` the outlet
    and what else it may be credited as, `hosts` of addresses in the text.
    """

    language: str
    ids: tuple[Id, ...] = ()
    names: tuple[Name, ...] = ()
    numbers: tuple[Number, ...] = ()
    days: tuple[str, ...] = ()
    quotes: tuple[Said, ...] = ()
    sources: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    concepts: tuple[Concept, ...] = ()
    words: tuple[Word, ...] = ()
    hosts: tuple[str, ...] = ()


def make_claims(item: Item) -> Claims:
    """The claims of an item, of its first 1,000 words."""
    words = read_words(item)
    return Claims(
        language=item.language,
        ids=_ids(item),
        names=_names(words),
        numbers=_numbers(item),
        days=tuple(dict.fromkeys(str(one.date_value) for one in item.facts if one.date_value))[
            :DAYS
        ],
        quotes=_quotes(item.quotes, item.language),
        sources=tuple(sorted(set(item.sources))[:SOURCES]),
        origins=_origins(item.outlet),
        concepts=_concepts(item, words),
        words=_words(words),
        hosts=_hosts(item),
    )


def plain(claims: Claims) -> dict[str, Any]:
    """The claims as what JSON has: strings, integers and lists; what is empty is left out."""
    row: dict[str, Any] = {}
    for column in fields(claims):
        value = getattr(claims, column.name)
        if value:
            row[column.name] = (
                value
                if isinstance(value, str)
                else [one if isinstance(one, str) else list(one) for one in value]
            )
    return row


def from_plain(row: Mapping[str, Any]) -> Claims:
    """The claims that `plain` made a row of."""
    made: dict[str, Callable[..., Any]] = {
        "ids": Id._make, "names": Name._make, "numbers": Number._make, "quotes": Said._make,
        "concepts": Concept._make, "words": Word._make,
    }  # fmt: skip
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name in made:
            values[name] = tuple(map(made[name], value))
        else:
            values[name] = value if isinstance(value, str) else tuple(value)
    return Claims(**values)


def foremost(rows: Iterable[T], key: Callable[[T], tuple[int, int, int]], most: int) -> list[T]:
    """The first by head, times and rarity (`key`), ties by what they are."""
    ordered = sorted(rows, key=lambda row: (*(-value for value in key(row)), row))
    return ordered[:most]


def _ids(item: Item) -> tuple[Id, ...]:
    seen: dict[str, Seen] = defaultdict(Seen)
    keys: dict[str, NameKey] = {}
    lead = _lead_words(item)
    for one in item.entities:
        if one.entity_id is None or one.entity_id.startswith((_AGENCY, _NAME)):
            continue
        kept = seen[one.entity_id]
        kept.times += 1
        kept.head = kept.head or one.field != "body_text" or one.surface in lead
        kept.rarity = min(kept.rarity, _rarest(one.surface, item.language))
        if one.entity_id.startswith(_CITY):
            word = max(one.surface[:100].casefold().split(), key=len, default="")
            if key := name_key(word, item.language):
                keys[one.entity_id] = min(keys.get(one.entity_id, key), key)
    rows = [
        Id(name, *keys.get(name, _NO_KEY), min(one.times, 99), int(one.head), one.rarity)
        for name, one in seen.items()
    ]
    return tuple(foremost(rows, lambda row: (row.head, row.times, row.rarity), IDS))


def _lead_words(item: Item) -> str:
    return "\n".join(text for text, head in texts_of(item) if head)


@functools.lru_cache(1 << 14)
def _rarest(surface: str, language: str) -> int:
    words = surface[:100].casefold().split()
    return max((rarity(word, language) for word in words), default=RAREST)


def _names(words: ClaimWords) -> tuple[Name, ...]:
    """The words of tagged names before others: those may be words that only look like names."""
    rows = {
        Name(key.latin, key.row, min(seen.times, 99), int(seen.head), seen.rarity): seen.tagged
        for key, seen in words.names.items()
    }
    first = foremost(rows, lambda row: (2 * rows[row] + row.head, row.times, row.rarity), NAMES)
    return tuple(first)


def _words(words: ClaimWords) -> tuple[Word, ...]:
    rows = [
        Word(beginning, round(10 * (1 + math.log(seen.times + seen.head)) * (seen.rarity - 2) / 6))
        for beginning, seen in words.beginnings.items()
        if beginning
    ]
    return tuple(sorted(rows, key=lambda row: (-row.weight, row.beginning))[:WORDS])


def _concepts(item: Item, words: ClaimWords) -> tuple[Concept, ...]:
    texts = texts_of(item)
    whole = "\n".join(text for text, _ in texts) if item.language == "zh" else ""
    in_head = find_concepts(words.folded_head, _lead_words(item), item.language)
    counts: Counter[str] = Counter()
    if item.language == "zh":
        counts = find_concepts((), whole, "zh")
    else:
        counts = find_concepts(words.folded.elements(), "", item.language)
    rows = [Concept(name, min(n, 99), int(name in in_head)) for name, n in counts.items()]
    return tuple(foremost(rows, lambda row: (row.head, row.times, 0), CONCEPTS))


def _numbers(item: Item) -> tuple[Number, ...]:
    facts = item.facts if item.language in languages() else _figures(item)
    found: dict[tuple[str, str], int] = {}
    for one in facts:
        if one.value is not None:
            key = (one.value, one.unit or ("percent" if one.kind == "percent" else ""))
            found[key] = max(found.get(key, 0), int(one.field != "body_text"))
    rows = [Number(value, unit, head) for (value, unit), head in found.items()]
    return tuple(foremost(rows, lambda row: (row.head, bool(row.unit), len(row.value)), NUMBERS))


def _figures(item: Item) -> list[Stated]:
    found = []
    for name, text in (("headline", item.headline), ("body_text", item.body_text)):
        for whole, part, after in _FIGURES.findall(text[:_HOST_TEXT]):
            digits = re.sub(r"\s", "", whole)
            power = next((p for word, p in _POWERS.items() if after.startswith(word)), 0)
            if len(digits) > _MOST_DIGITS or (part and not power and len(part) > 2):
                continue
            if part and len(part) <= power:
                value = str(int(digits + part) * 10 ** (power - len(part)))
            else:
                value = f"{int(digits)}.{part}" if part else str(int(digits) * 10**power)
            is_year = not part and not power and int(digits) in _YEARS
            if float(value) >= _LEAST_FIGURE and not is_year:
                found.append(Stated("number", value, None, None, name))
    return found


def _quotes(quotes: Iterable[Quoted], language: str) -> tuple[Said, ...]:
    rows = []
    for one in quotes:
        speaker = one.speaker_entity_id or ""
        if not speaker or speaker.startswith(_NAME):
            words = (one.speaker or "").casefold().split()
            key = name_key(words[-1], language) if words else None
            speaker = key.row if key else ""
        figures = " ".join(re.findall(r"\d+", one.text))
        rows.append(Said(speaker, figures[:20], min(len(one.text), 999)))
    ordered = sorted(set(rows), key=lambda row: (-len(row.figures), -row.length, row))
    return tuple(ordered[:QUOTES])


def _hosts(item: Item) -> tuple[str, ...]:
    text = f"{item.description_text} {item.body_text}"[:_HOST_TEXT].casefold()
    return tuple(sorted(set(_HOST.findall(text)))[:HOSTS])


def _origins(outlet: str) -> tuple[str, ...]:
    agency = agency_by_domain(outlet)
    return (outlet,) if agency is None else (agency, outlet)
