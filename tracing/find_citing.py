"""Which article of a story credits which other one, and which credits lead to none of them.

A source's name means an outlet as in `transforms/copies/direction.py`. Of several articles of the
outlet in one language the latest that was there before is meant. Decided whenever it is read: a
credit that dangles is filled as soon as the article that it means has arrived.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from schemas.citation import CREDITING
from tracing.story_model import Citing, Dangling
from tracing.trace_model import Words
from transforms.copies.direction import Cited, Credit, Times, find_credit, find_order

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Teller:
    """An article of a story: `times` of the version that is shown, `first` of its first claim."""

    article_id: str
    outlet: str
    outlet_name: str | None
    language: str
    times: Times
    first: Times


@dataclass(frozen=True, slots=True)
class Credits:
    """Credits within a language, across two, and those that lead to no article."""

    cites: tuple[Citing, ...]
    derives: tuple[Citing, ...]
    dangling: tuple[Dangling, ...]


def find_citing(tellers: Sequence[Teller], citations: Mapping[str, Sequence[Row]]) -> Credits:
    """The credits of articles by rows of `citations`; of one source in an article the first."""
    by_outlet: dict[tuple[str, str | None], list[Teller]] = defaultdict(list)
    for one in sorted(tellers, key=lambda one: one.article_id):
        by_outlet[one.outlet, one.outlet_name].append(one)
    cites: list[Citing] = []
    derives: list[Citing] = []
    dangling: list[Dangling] = []
    for one in sorted(tellers, key=lambda one: one.article_id):
        for row in _first_of_each(citations.get(one.article_id, ())):
            if _names(row["agency"], one.outlet, one.outlet_name):
                continue
            named = {
                other.article_id: (other, credit)
                for (outlet, name), others in by_outlet.items()
                if outlet != one.outlet
                for credit in [_names(row["agency"], outlet, name)]
                if credit
                for other in others
            }
            chosen = list(_chosen(one, named))
            for other, credit, doubt in chosen:
                found = derives if other.language != one.language else cites
                found.append(_citing(one, other, row, credit, doubt))
            if not chosen:
                dangling.append(_dangling(one, row, [other for other, _ in named.values()]))
    return Credits(tuple(cites), tuple(derives), tuple(dangling))


# A story of thousands has few outlets, and sources are few.
@lru_cache(maxsize=1 << 16)
def _names(agency: str, outlet: str, outlet_name: str | None) -> Credit | None:
    """Whether a source is an outlet, and if by its own name."""
    return find_credit([Cited(agency, agency)], outlet, outlet_name)


def _first_of_each(rows: Sequence[Row]) -> list[Row]:
    """Of each source the first words that credit it."""
    first: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (row["field"], row["start"], row["end"], row["kind"])):
        if row["kind"] in CREDITING:
            first.setdefault(row["agency"], row)
    return list(first.values())


def _chosen(
    one: Teller, named: Mapping[str, tuple[Teller, Credit]]
) -> Iterator[tuple[Teller, Credit, str | None]]:
    """Of each language the article that is meant, if any is not younger."""
    by_language: dict[str, list[tuple[Teller, str | None]]] = defaultdict(list)
    for other, _ in named.values():
        order = find_order(one.times, other.first, None, None)
        if order.is_other_later is not True:
            doubt = None if order.is_other_later is False else str(order.why)
            by_language[other.language].append((other, doubt))
    for language in sorted(by_language):
        other, doubt = min(by_language[language], key=lambda each: _distance(one, each[0]))
        yield other, named[other.article_id][1], doubt


def _distance(one: Teller, other: Teller) -> tuple[int, float, str]:
    """The latest claim before comes first, then the earliest after it, then who claims none."""
    claim, published = other.first.published, one.times.published
    if claim is None:
        return 2, 0.0, other.article_id
    if published is None:
        return 1, claim.timestamp(), other.article_id
    last = max(published, one.times.versioncreated or published)
    if claim <= last:
        return 0, (last - claim) / dt.timedelta(seconds=1), other.article_id
    return 1, claim.timestamp(), other.article_id


def _citing(one: Teller, other: Teller, row: Row, credit: Credit, doubt: str | None) -> Citing:
    return Citing(
        one.article_id,
        other.article_id,
        row["agency"],
        row["kind"],
        row["phrase"],
        Words(row["field"], row["start"], row["end"], row["surface"]),
        credit.is_exact,
        doubt,
    )


def _dangling(one: Teller, row: Row, younger: Sequence[Teller]) -> Dangling:
    claims = ((other.first.published, other.article_id) for other in younger)
    later = min(((time, id_) for time, id_ in claims if time is not None), default=None)
    return Dangling(
        one.article_id,
        row["agency"],
        row["kind"],
        row["phrase"],
        Words(row["field"], row["start"], row["end"], row["surface"]),
        later and later[1],
    )
