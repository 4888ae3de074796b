"""`Unit`: one or more articles of a language taken together, as they are compared.

A unit holds sums over its members, so that uniting two costs the smaller one's terms. What is
compared are means: of a unit's members with the other's, over what the members of each have in
common among themselves (centroids; Cutting et al. 1992). Else a story that many tell in many ways
would be like nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.stories.term_weights import stem
from transforms.stories.terms import Terms

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Unit:
    """Sums over members; those without a body count in `count` but not in `bodies`.

    `opening`, `body`: of vectors; `told`: of squares of the opening's weights; `held`: how many
    bodies hold a term. `named`: in headlines. `bulletins`: series and day; `tolls`: of each kind
    the highest. `…_square`: squared length of the sum. `inner`: `told` times `held`.
    """

    count: int
    bodies: int
    opening: Vector
    body: Vector
    told: Vector
    held: Vector
    names: Vector
    numbers: Vector
    quotes: frozenset[str]
    named: frozenset[str]
    bulletins: frozenset[tuple[str, ...]]
    tolls: Mapping[str, float]
    opening_square: float
    body_square: float
    inner: float
    first: dt.datetime | None
    last: dt.datetime | None


def unit_of(terms: Terms, published: dt.datetime | None) -> Unit:
    """An article as a unit."""
    has_body = bool(terms.body)
    told = {term: value * value for term, value in terms.opening.items()} if has_body else {}
    held = dict.fromkeys(terms.body, 1.0)
    return Unit(
        count=1,
        bodies=int(has_body),
        opening=terms.opening,
        body=terms.body,
        told=told,
        held=held,
        names=terms.names,
        numbers=terms.numbers,
        quotes=frozenset(terms.quotes),
        named=frozenset(terms.named),
        bulletins=frozenset([terms.bulletin] if terms.bulletin else []),
        tolls=terms.tolls,
        opening_square=dot(terms.opening, terms.opening),
        body_square=dot(terms.body, terms.body),
        inner=dot(told, held),
        first=published,
        last=published,
    )


def united(one: Unit, other: Unit) -> Unit:
    """Both together."""
    return Unit(
        count=one.count + other.count,
        bodies=one.bodies + other.bodies,
        opening=_sum(one.opening, other.opening),
        body=_sum(one.body, other.body),
        told=_sum(one.told, other.told),
        held=_sum(one.held, other.held),
        names=_sum(one.names, other.names),
        numbers=_sum(one.numbers, other.numbers),
        quotes=one.quotes | other.quotes,
        named=one.named | other.named,
        bulletins=one.bulletins | other.bulletins,
        tolls={
            kind: max(one.tolls.get(kind, 0.0), other.tolls.get(kind, 0.0))
            for kind in sorted({*one.tolls, *other.tolls})
        },
        opening_square=one.opening_square
        + other.opening_square
        + 2 * dot(one.opening, other.opening),
        body_square=one.body_square + other.body_square + 2 * dot(one.body, other.body),
        inner=one.inner + other.inner + dot(one.told, other.held) + dot(other.told, one.held),
        first=min(_times(one.first, other.first), default=None),
        last=max(_times(one.last, other.last), default=None),
    )


def dot(one: Vector, other: Vector) -> float:
    """The inner product; exact, so that the order of terms, which sets change, says nothing."""
    return math.fsum([one[term] * other[term] for term in one.keys() & other.keys()])


def opening_cosines(one: Unit, other: Unit) -> tuple[float, float]:
    """Of the openings' centroids, 0 to 1: of all words, and but for the one that adds most."""
    length = math.sqrt(one.opening_square * other.opening_square)
    of_word: dict[str, list[float]] = defaultdict(list)
    for term in one.opening.keys() & other.opening.keys():
        # A word and its stem are one; a phrase is neither of its words.
        word = term if " " in term else stem(term)
        of_word[word].append(one.opening[term] * other.opening[term])
    if not of_word or not length:
        return 0.0, 0.0
    adding = [math.fsum(products) for products in of_word.values()]
    whole = math.fsum(adding)
    return whole / length, max(0.0, whole - max(adding)) / length


def body_cosine(one: Unit, other: Unit) -> float:
    """Of the bodies' centroids, 0 to 1; 0 where one has none."""
    length = math.sqrt(one.body_square * other.body_square)
    return dot(one.body, other.body) / length if length else 0.0


def opening_coverage(one: Unit, other: Unit) -> float:
    """How much of each one's openings stands in the other's bodies, 0 to 1; of squared weights."""
    across = (dot(one.told, other.held) + dot(other.told, one.held)) / 2
    within = math.sqrt(one.inner * other.inner)
    return min(across / within, 1.0) if within else 0.0


def shared(one: Vector, ones: int, other: Vector, others: int) -> float:
    """Sum of what shared keys weigh, each by its geometric mean over both; counts of members."""
    found = [math.sqrt(one[key] * other[key]) for key in one.keys() & other.keys()]
    return math.fsum(found) / math.sqrt(ones * others)


def _sum(one: Vector, other: Vector) -> Vector:
    if len(one) < len(other):
        one, other = other, one
    if not other:
        return one
    total = dict(one)
    for term, value in other.items():
        total[term] = total.get(term, 0.0) + value
    return total


def _times(*times: dt.datetime | None) -> Iterable[dt.datetime]:
    return [time for time in times if time]
