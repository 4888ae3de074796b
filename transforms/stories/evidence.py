"""What two sets of claims have in common, and what in them disagrees, each piece with its weight.

A weight is 0 to about 1: how unlikely the piece would stand in both by chance. Names and ids by how
rare their words are, numbers by their significant digits, concepts by how rare they are in news.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from transforms.citations.same_source import same_source
from transforms.stories.claim_words import BEGINNING
from transforms.stories.claims import Claims, Concept, Id, Name, Number
from transforms.stories.concepts import concept_weights
from transforms.stories.name_keys import NameKey, likeness, name_key
from transforms.stories.terms import TOLLS

KINDS: Final = (
    "id",
    "name",
    "number",
    "date",
    "quote",
    "source",
    "credit",
    "concept",
    "word",
    "url",
)
# Rarity (1 to 8) that weighs nothing, and steps to a weight of 1.
_COMMON, _STEPS = 2, 6
# Of what stands in headline or lead of both, of one, of none.
_OF_HEADS: Final = (0.6, 0.8, 1.0)
_OF_CITY, _OF_COUNTRY = 0.6, 0.4
_OF_DIGITS: Final = (0.0, 0.15, 0.35, 0.7, 1.0)
_SAME_UNIT, _LEAST_OTHER_UNIT = 0.25, 4
# Units that any article counts many different things in.
_LOOSE_UNITS: Final = frozenset({"", "percent", "person", "year", "month", "week", "day", "hour"})
_NEAR: Final = 0.1
_OF_DAY, _OF_SOURCE, _OF_HOST = 0.3, 0.3, 0.5
_OF_QUOTE, _QUOTE_LENGTHS = 0.35, 0.7
# Tenths of tf-idf that weigh 1: a word of the rarest, twice.
_OF_WORD: Final = 20
_COUNTRY, _PLACE = "iso3166:", "geonames:"
# Of languages that are not written in Latin letters.
_ALPHABETS: Final = {
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"), "cyrillic"),
    **dict.fromkeys(("ar", "fa", "ps", "ur"), "arabic"),
    **{
        name: name
        for name in ("am", "bn", "el", "he", "hi", "hy", "ja", "ka", "ko", "ta", "th", "zh")
    },
}


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A piece that both state: of a kind of `KINDS`, what it is, how telling (0 to about 1)."""

    kind: str
    what: str
    weight: float


@dataclass(frozen=True, slots=True)
class Common:
    """`evidence` for one event; what is against it: tolls and other numbers of one unit, days.

    `tolls_apart`: how many units of `TOLLS` both have, no number of one near one of the other;
    `numbers_apart`: the share of other units of which that holds; `days_apart`: both name days,
    none the same. `concepts`, `words`: cosines. `named`: the share of the names of the poorer side.
    `one_alphabet`: whether words may begin alike at all.
    """

    evidence: tuple[Evidence, ...]
    concepts: float
    words: float
    named: float
    tolls_apart: int
    numbers_apart: float
    days_apart: bool
    one_alphabet: bool

    def total(self, *kinds: str) -> float:
        """The weights of some kinds together."""
        return math.fsum(one.weight for one in self.evidence if one.kind in kinds)

    def places(self, scheme: str) -> float:
        """The weights of ids of a scheme together."""
        return math.fsum(
            one.weight for one in self.evidence if one.kind == "id" and one.what.startswith(scheme)
        )


def find_common(one: Claims, other: Claims) -> Common:
    """What two sets of claims share; the same whichever comes first."""
    if _order(other) < _order(one):
        one, other = other, one
    ids = _shared_ids(one.ids, other.ids)
    names = _shared_names(one, other, [found.what for found in ids])
    taken = {found.what for found in names}
    taken |= {key.latin for key in _keys_of(found.what for found in ids)}
    shared_concepts, cosine = _shared_concepts(one.concepts, other.concepts)
    shared_words, words_cosine = _shared_words(one, other, taken)
    evidence = [
        *ids,
        *names,
        *_shared_numbers(one.numbers, other.numbers),
        *(Evidence("date", day, _OF_DAY) for day in set(one.days) & set(other.days)),
        *_shared_quotes(one, other),
        *(Evidence("source", name, _OF_SOURCE) for name in set(one.sources) & set(other.sources)),
        *_credits(one, other),
        *shared_concepts,
        *shared_words,
        *(Evidence("url", host, _OF_HOST) for host in set(one.hosts) & set(other.hosts)),
    ]
    tolls, others = _numbers_apart(one.numbers, other.numbers)
    return Common(
        evidence=tuple(sorted(evidence)),
        concepts=cosine,
        words=words_cosine,
        named=_share_named(one, other, [*ids, *names]),
        tolls_apart=tolls,
        numbers_apart=others,
        days_apart=bool(one.days and other.days and not set(one.days) & set(other.days)),
        one_alphabet=_ALPHABETS.get(one.language) == _ALPHABETS.get(other.language),
    )


def rarity_weight(rarity: int) -> float:
    """What something of a rarity weighs, 0 to 1."""
    return min(max((rarity - _COMMON) / _STEPS, 0.0), 1.0)


def _order(claims: Claims) -> tuple[str, str]:
    return claims.language, repr(claims)


def _of_id(one: Id) -> float:
    if one.id.startswith(_COUNTRY):
        return _OF_COUNTRY * rarity_weight(one.rarity)
    return (_OF_CITY if one.id.startswith(_PLACE) else 1.0) * rarity_weight(one.rarity)


def _shared_ids(one: Iterable[Id], other: Iterable[Id]) -> list[Evidence]:
    theirs = {found.id: found for found in other}
    return [
        Evidence(
            "id",
            mine.id,
            round(
                min(_of_id(mine), _of_id(theirs[mine.id]))
                * _OF_HEADS[mine.head + theirs[mine.id].head],
                3,
            ),
        )
        for mine in one
        if mine.id in theirs
    ]


def _shared_names(one: Claims, other: Claims, ids: Sequence[str]) -> list[Evidence]:
    """Names matched one to one, the surest first; none that an id in common already tells."""
    heard = "zh" in (one.language, other.language)
    rows_of_ids = {key.row for key in _keys_of(ids)}
    pairs = []
    for mine in (*one.names, *_cities(one, ids)):
        for theirs in (*other.names, *_cities(other, ids)):
            if not (heard or mine.row == theirs.row):
                continue
            alike = likeness(mine.key, theirs.key, heard=heard)
            if alike:
                rare = rarity_weight(min(mine.rarity, theirs.rarity))
                weight = round(alike * rare * _OF_HEADS[mine.head + theirs.head], 3)
                pairs.append((-weight, mine, theirs))
    found, left, right = [], set(), set()
    for weight, mine, theirs in sorted(pairs):
        if mine.key in left or theirs.key in right or not weight:
            continue
        left.add(mine.key)
        right.add(theirs.key)
        if mine.row not in rows_of_ids and theirs.row not in rows_of_ids:
            found.append(Evidence("name", mine.latin or theirs.latin or mine.row, -weight))
    return found


def _cities(claims: Claims, ids: Sequence[str]) -> list[Name]:
    """The names of cities whose ids are not in common: the other may not have found it."""
    return [Name(*one[1:]) for one in claims.ids if one.row and one.id not in ids]


def _keys_of(ids: Iterable[str]) -> list[NameKey]:
    """The keys of the words that ids are made of: `person:igor-rogov`."""
    words = {word for name in ids for word in name.split(":")[-1].split("-")}
    return [key for word in sorted(words) if word.isalpha() and (key := name_key(word, "en"))]


def _share_named(one: Claims, other: Claims, found: Sequence[Evidence]) -> float:
    shared = math.fsum(piece.weight for piece in found)
    poorer = min(_named_total(one), _named_total(other))
    return min(shared / poorer, 1.0) if poorer else 0.0


def _named_total(claims: Claims) -> float:
    names = (rarity_weight(name.rarity) * _OF_HEADS[2 * name.head] for name in claims.names)
    ids = (_of_id(found) * _OF_HEADS[2 * found.head] for found in claims.ids)
    return math.fsum((*names, *ids))


def digits_weight(value: str) -> float:
    """What a number weighs by its significant digits, zeros at the end aside."""
    digits = value.replace(".", "").replace("-", "").lstrip("0")
    significant = digits if "." in value else digits.rstrip("0")
    return _OF_DIGITS[min(len(significant), len(_OF_DIGITS) - 1)]


def _shared_numbers(one: Iterable[Number], other: Iterable[Number]) -> list[Evidence]:
    theirs: dict[str, set[str]] = defaultdict(set)
    for found in other:
        theirs[found.value].add(found.unit)
    best: dict[str, float] = {}
    for mine in one:
        for unit in theirs.get(mine.value, ()):
            weight = digits_weight(mine.value)
            if mine.unit and unit:
                same = mine.unit == unit
                long = len(mine.value) >= _LEAST_OTHER_UNIT
                weight = weight + _SAME_UNIT if same else weight * long
            if weight:
                what = f"{mine.value} {mine.unit or unit}".strip()
                best[what] = max(best.get(what, 0.0), round(min(weight, 1.0), 3))
    return [Evidence("number", what, weight) for what, weight in best.items()]


def _numbers_apart(one: Iterable[Number], other: Iterable[Number]) -> tuple[int, float]:
    mine, theirs = _by_unit(one), _by_unit(other)
    both = sorted(set(mine) & set(theirs) - _LOOSE_UNITS)
    apart = {unit for unit in both if not _any_near(mine[unit], theirs[unit])}
    loose = [unit for unit in both if unit not in TOLLS]
    share = sum(unit in apart for unit in loose) / len(loose) if loose else 0.0
    return len(apart & TOLLS), share


def _by_unit(numbers: Iterable[Number]) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for one in numbers:
        found[one.unit].append(float(one.value))
    return found


def _any_near(one: Sequence[float], other: Sequence[float]) -> bool:
    return any(
        abs(mine - theirs) <= _NEAR * max(abs(mine), abs(theirs))
        for mine in one
        for theirs in other
    )


def _shared_quotes(one: Claims, other: Claims) -> list[Evidence]:
    best: dict[str, float] = {}
    for mine in one.quotes:
        for theirs in other.quotes:
            if not mine.speaker or mine.speaker != theirs.speaker:
                continue
            shortest, longest = sorted((mine.length, theirs.length))
            weight = _OF_QUOTE * (shortest >= _QUOTE_LENGTHS * longest)
            if mine.figures and mine.figures == theirs.figures:
                weight = 1.0
            if weight:
                best[mine.speaker] = max(best.get(mine.speaker, 0.0), weight)
    return [Evidence("quote", speaker, weight) for speaker, weight in best.items()]


def _credits(one: Claims, other: Claims) -> list[Evidence]:
    """Sources that one credits and whose own articles are in the other."""
    return [
        Evidence("credit", source, 1.0)
        for mine, theirs in ((one, other), (other, one))
        for source in sorted(set(mine.sources) - set(mine.origins))
        if any(same_source(source, origin, None) for origin in theirs.origins)
    ]


def _shared_concepts(
    one: Iterable[Concept], other: Iterable[Concept]
) -> tuple[list[Evidence], float]:
    mine, theirs = _vector(one), _vector(other)
    weights = concept_weights()
    evidence = [
        Evidence("concept", name, round(weights[name] * min(mine[name], theirs[name], 1.0), 3))
        for name in set(mine) & set(theirs)
    ]
    return evidence, _cosine(mine, theirs)


def _vector(concepts: Iterable[Concept]) -> Mapping[str, float]:
    """Concepts by what they weigh, more where they are repeated or stand in headline or lead."""
    weights = concept_weights()
    return {
        one.concept: weights[one.concept] * (1 + math.log(one.times)) * (1 + one.head)
        for one in sorted(concepts)
        if one.concept in weights
    }


def _shared_words(one: Claims, other: Claims, taken: set[str]) -> tuple[list[Evidence], float]:
    """Beginnings that no name in common tells already, and the cosine of all."""
    mine = {word.beginning: word.weight for word in one.words}
    theirs = {word.beginning: word.weight for word in other.words}
    both = sorted(set(mine) & set(theirs))
    names = {name[:BEGINNING] for name in taken}
    evidence = [
        Evidence("word", word, round(min(mine[word], theirs[word]) / _OF_WORD, 3))
        for word in both
        if word not in names
    ]
    return evidence, _cosine(mine, theirs)


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    dot = math.fsum(one[name] * other[name] for name in sorted(set(one) & set(other)))
    squares = (math.fsum(value * value for value in sorted(v.values())) for v in (one, other))
    return dot / math.sqrt(math.prod(squares)) if dot else 0.0
