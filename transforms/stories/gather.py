"""The claims of a cluster of one language: what enough of its articles claim.

As large as those of one article, so that the two compare alike. Copies of one text weigh once:
articles whose claims are nearly the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from transforms.stories import claims as claim
from transforms.stories.claims import Claims, Concept, Id, Name, Number, Word, foremost
from transforms.stories.profile import Profile

# Articles that are looked at, the earliest; the share of claims that makes two of them copies.
_MOST_MEMBERS: Final = 60
_COPIES: Final = 0.8
# The share of articles that must claim a thing, and that must have it in headline or lead.
_ENOUGH, _ENOUGH_HEADS = 0.2, 0.34
_FIELDS: Final = ("ids", "names", "numbers", "concepts", "words")
_MOST_TIMES: Final = 99
T = TypeVar("T")


def gather_claims(members: Sequence[Profile]) -> Claims:
    """The claims of the cluster of these articles, of one language, in whatever order."""
    ordered = sorted(members, key=lambda one: (one.day, one.article_id, one.version_id))
    apart = _without_copies([one.claims for one in ordered[:_MOST_MEMBERS]])
    if len(apart) == 1:
        return apart[0]
    size = len(apart)
    least = math.ceil(_ENOUGH * size)
    ids = _grouped(apart, lambda one: one.ids, lambda row: row.id, least)
    names = _grouped(apart, lambda one: one.names, lambda row: row.key, least)
    numbers = _grouped(apart, lambda one: one.numbers, lambda row: row[:2], least)
    concepts = _grouped(apart, lambda one: one.concepts, lambda row: row.concept, least)
    words = _grouped(apart, lambda one: one.words, lambda row: row.beginning, least)
    return Claims(
        language=apart[0].language,
        ids=_first(
            (
                Id(
                    rows[0].id,
                    *min((r.latin, r.row) for r in rows),
                    *_seen(rows, size),
                    _least(rows),
                )
                for rows in ids
            ),
            claim.IDS,
        ),
        names=_first(
            (Name(*rows[0].key, *_seen(rows, size), _least(rows)) for rows in names), claim.NAMES
        ),
        numbers=tuple(
            foremost(
                (Number(*rows[0][:2], _is_head(rows, size)) for rows in numbers),
                lambda row: (row.head, int(bool(row.unit)), len(row.value)),
                claim.NUMBERS,
            )
        ),
        days=tuple(_commonest((one.days for one in apart), claim.DAYS)),
        quotes=tuple(sorted({said for one in apart for said in one.quotes})[: claim.QUOTES]),
        sources=tuple(_commonest((one.sources for one in apart), claim.SOURCES)),
        origins=tuple(_commonest((one.origins for one in apart), claim.ORIGINS)),
        concepts=tuple(
            foremost(
                (Concept(rows[0].concept, *_seen(rows, size)) for rows in concepts),
                lambda row: (row.head, row.times, 0),
                claim.CONCEPTS,
            )
        ),
        words=tuple(
            sorted(
                (Word(rows[0].beginning, _mean_weight(rows, size)) for rows in words),
                key=lambda row: (-row.weight, row.beginning),
            )[: claim.WORDS]
        ),
        hosts=tuple(_commonest((one.hosts for one in apart), claim.HOSTS)),
    )


def _without_copies(everything: Sequence[Claims]) -> list[Claims]:
    kept: list[tuple[Claims, frozenset[tuple[object, ...]]]] = []
    for one in everything:
        atoms = _atoms(one)
        if all(_jaccard(atoms, others) < _COPIES for _, others in kept):
            kept.append((one, atoms))
    return [one for one, _ in kept]


def _atoms(claims: Claims) -> frozenset[tuple[object, ...]]:
    rows: Mapping[str, Iterable[Any]] = {name: getattr(claims, name) for name in _FIELDS}
    return frozenset((name, *row[:2]) for name, found in rows.items() for row in found)


def _jaccard(one: frozenset[T], other: frozenset[T]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def _grouped(
    everything: Sequence[Claims],
    rows_of: Callable[[Claims], Iterable[T]],
    key: Callable[[T], object],
    least: int,
) -> list[list[T]]:
    found: dict[object, list[T]] = defaultdict(list)
    for one in everything:
        for row in rows_of(one):
            found[key(row)].append(row)
    return [rows for rows in found.values() if len(rows) >= least]


def _first(rows: Iterable[Any], most: int) -> tuple[Any, ...]:
    return tuple(foremost(rows, lambda row: (row.head, row.times, row.rarity), most))


def _seen(rows: Sequence[Any], size: int) -> tuple[int, int]:
    return min(sum(row.times for row in rows), _MOST_TIMES), _is_head(rows, size)


def _is_head(rows: Sequence[Any], size: int) -> int:
    return int(sum(row.head for row in rows) >= _ENOUGH_HEADS * size)


def _least(rows: Sequence[Any]) -> int:
    return int(min(row.rarity for row in rows))


def _mean_weight(rows: Sequence[Word], size: int) -> int:
    return max(round(sum(row.weight for row in rows) / size), 1)


def _commonest(everything: Iterable[Iterable[str]], most: int) -> list[str]:
    counts: dict[str, int] = defaultdict(int)
    for found in everything:
        for one in found:
            counts[one] += 1
    return sorted(counts, key=lambda one: (-counts[one], one))[:most]
