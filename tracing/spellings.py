"""Which ids of persons are spellings of one: one name in two orthographies, and the same company.

The spelling alone joins nobody (two Ivanovs). It takes ids that both are named together with,
weighed by how few articles name them: a place or a body that everybody names says nothing. Rows
keep their ids; what is joined is joined where it is read, with its evidence. No lake, no clock.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from transforms.entities.lexicon import read_people
from transforms.entities.transliterate import (
    first_word_keys,
    has_rare_surname,
    may_be_one,
    spellings,
)

# What the shared company must weigh: three in natural logarithms, as one id that a twentieth of the
# articles names; two for a surname that hardly anybody bears. `score` is one half there.
LEAST_SUPPORT, LEAST_OF_RARE = 3.0, 2.0
# A place is where many things happen: two thirds of its weight, none if over a hundredth names it;
# for a rare surname, if over a thirtieth does.
_PLACE_WEIGHT, _COMMON_PLACE, _COMMON_PLACE_OF_RARE = 2 / 3, 0.01, 1 / 30
# So many other ids an article names; who has more about them shares some by chance.
_USUAL_COMPANY = 15
_MOST_EVIDENCE = 10
_MOST_OF_A_SURNAME = 20


@dataclass(frozen=True, slots=True)
class Near:
    """What stands near a person: its kind, in how many of the person's articles."""

    kind: str
    articles: int


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person's id, what it is written as, the articles that name it, the ids in them."""

    entity_id: str
    names: tuple[str, ...]
    articles: frozenset[str]
    around: Mapping[str, Near]


@dataclass(frozen=True, slots=True)
class Shared:
    """An id that both are named with: in how many articles of all, and what that weighs."""

    entity_id: str
    articles: int
    weight: float


@dataclass(frozen=True, slots=True)
class Joined:
    """`entity_id` is taken for `with_id`: their two names, a score of 0.5 to 1, the evidence."""

    entity_id: str
    with_id: str
    names: tuple[str, str]
    score: float
    shared: tuple[Shared, ...]


def find_joined(
    asked: Sequence[Bearer], others: Sequence[Bearer], named_in: Mapping[str, int], total: int
) -> list[Joined]:
    """The `others` that are one with some of `asked`, each by its best evidence, the surest first.

    `named_in`: in how many of all `total` articles an id is named.
    """
    bearers = {one.entity_id: one for one in asked}
    spelled = find_alike(
        {one.entity_id: one.names for one in asked}, {one.entity_id: one.names for one in others}
    )
    found = [
        joined
        for other in others
        for like in [[bearers[each] for each in spelled.get(other.entity_id, ())]]
        for joined in [_best(like, other, named_in, total)]
        if joined is not None
    ]
    return sorted(found, key=lambda joined: (-joined.score, joined.entity_id))


def judge(one: Bearer, other: Bearer, named_in: Mapping[str, int], total: int) -> Joined | None:
    """Whether `other` is `one`, or None. Who stand in one article together are two people."""
    if one.entity_id == other.entity_id or not one.articles.isdisjoint(other.articles):
        return None
    names = common_name(one.names, other.names)
    if names is None:
        return None
    many = max(1.0, min(len(one.around), len(other.around)) / _USUAL_COMPANY)
    rare = all(has_rare_surname(name) for name in names)
    least, common = (
        (LEAST_OF_RARE, _COMMON_PLACE_OF_RARE) if rare else (LEAST_SUPPORT, _COMMON_PLACE)
    )
    shared = [
        Shared(ours, articles, weight)
        for ours, theirs in _company(one, other)
        for articles in [sum(named_in.get(each, 1) for each in {ours, theirs})]
        if one.around[ours].kind != "place" or articles <= common * total
        for weight in [_weight((one, ours), (other, theirs), articles, total) - math.log(many)]
        if weight > 0
    ]
    support = sum(each.weight for each in shared)
    if support < least:
        return None
    shared.sort(key=lambda each: (-each.weight, each.entity_id))
    return Joined(
        other.entity_id,
        one.entity_id,
        names,
        round(support / (support + least), 3),
        tuple(shared[:_MOST_EVIDENCE]),
    )


def _best(
    asked: Sequence[Bearer], other: Bearer, named_in: Mapping[str, int], total: int
) -> Joined | None:
    judged = [judge(one, other, named_in, total) for one in asked]
    return max(
        (one for one in judged if one is not None),
        key=lambda one: (one.score, one.with_id),
        default=None,
    )


def find_alike(
    asked: Mapping[str, Sequence[str]], others: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Which ids of `asked` each of `others` may be spelled like, by their names; none: left out.

    A thousand Ivanovs are not each compared with a thousand.
    """
    by_key: dict[str, set[str]] = defaultdict(set)
    for one, names in asked.items():
        for name in names:
            for key in first_word_keys(name):
                by_key[key].add(one)
    alike = {
        other: sorted(
            one
            for one in set().union(
                *(by_key[key] for name in names for key in first_word_keys(name) if key in by_key)
            )
            if common_name(asked[one], names) is not None
        )
        for other, names in others.items()
    }
    return {other: found for other, found in alike.items() if found}


def common_name(names: Sequence[str], others: Sequence[str]) -> tuple[str, str] | None:
    """The first two names of two people that may be one name, if any."""
    return next(((a, b) for a in names for b in others if may_be_one(a, b)), None)


def _company(one: Bearer, other: Bearer) -> Iterator[tuple[str, str]]:
    """The ids around both: one id, or two that are one person's name in two spellings."""
    both = one.around.keys() & other.around.keys()
    yield from ((each, each) for each in both)
    spelled: dict[str, list[str]] = defaultdict(list)
    for each in _people(other, both):
        for surname in spellings(_name_of(each).rpartition(" ")[2]):
            spelled[surname].append(each)
    for ours in _people(one, both):
        name = _name_of(ours)
        alike = (each for key in spellings(name.rpartition(" ")[2]) for each in spelled[key])
        first = itertools.islice(alike, _MOST_OF_A_SURNAME)
        theirs = next((each for each in first if may_be_one(name, _name_of(each))), None)
        if theirs is not None:
            yield ours, theirs


def _people(bearer: Bearer, without: Set[str]) -> list[str]:
    near = bearer.around
    return sorted(each for each in near if near[each].kind == "person" and each not in without)


def names_of(people: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names of each id: those of `people.tsv`, else the id itself, which is a name."""
    known = {person: tuple(names) for person, names, _ in read_people()}
    return {one: known.get(one, (_name_of(one),)) for one in people}


def _name_of(entity_id: str) -> str:
    """A person's id, the scheme taken off, is a name: as it is written, `person:` in English."""
    return entity_id.partition(":")[2].replace("-", " ")


def _weight(one: tuple[Bearer, str], other: tuple[Bearer, str], articles: int, total: int) -> float:
    """How unlikely it is that an id stands so often near both by chance, in logarithms."""
    share = (articles + 1) / (total + 1)
    weight = min(
        _surprise(bearer.around[near].articles, len(bearer.articles) * share)
        for bearer, near in (one, other)
    )
    bearer, near = one
    return _PLACE_WEIGHT * weight if bearer.around[near].kind == "place" else weight


def _surprise(count: int, expected: float) -> float:
    """`-ln` of the bound λᶜ/c! of a Poisson variable's chance to reach `count`."""
    return max(0.0, math.lgamma(count + 1) - count * math.log(expected))
