"""Who was first in a story, by claim and by sight, and when it reached languages and outlets.

A claim is a claim: what may be otherwise is said beside it. Sightings are ours, of the run that
read a source, and say nothing of who published first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tracing.story_model import Arrival, Citing, First, Lag
from transforms.copies.direction import Times, find_order
from transforms.copies.thresholds import LIMITS

# Two subscribers of a wire print it within minutes: as `wiretrace uncredited` has it.
_SURE_HOURS: Final = LIMITS["uncredited"]["hours"]


@dataclass(frozen=True, slots=True)
class Claim:
    """The first that an article claims, of all its versions, and when we first saw it.

    `is_revised`: what it says now it said later, nobody knows when.
    """

    article_id: str
    outlet: str
    language: str
    published: dt.datetime | None
    is_zone_known: bool | None
    first_seen: dt.datetime
    is_revised: bool

    @property
    def times(self) -> Times:
        """Of the claim alone."""
        return Times(self.published, None, self.is_zone_known)


def find_first_claimed(claims: Sequence[Claim]) -> First | None:
    """Who claims the earliest time; None if nobody claims one."""
    dated = _dated(claims)
    if not dated:
        return None
    time, first = dated[0]
    rivals = [claim for claim in claims if claim.outlet != first.outlet]
    after = next(((at, one) for at, one in dated if one.outlet != first.outlet), None)
    hours = None if after is None else _hours(time, after[0])
    doubts = {doubt for one in rivals for doubt in [_doubt(first, one)] if doubt}
    if hours is not None and hours < _SURE_HOURS:
        doubts.add("less than an hour")
    if any(one.first_seen < time for one in rivals):
        doubts.add("another was seen before")
    if first.is_revised:
        doubts.add("revised")
    next_id = None if after is None else after[1].article_id
    return First(first.article_id, first.outlet, time, next_id, hours, tuple(sorted(doubts)))


def find_first_seen(claims: Sequence[Claim]) -> First | None:
    """Whom we saw first."""
    seen = sorted(claims, key=lambda claim: (claim.first_seen, claim.article_id))
    if not seen:
        return None
    first = seen[0]
    after = next((one for one in seen if one.outlet != first.outlet), None)
    hours = None if after is None else _hours(first.first_seen, after.first_seen)
    next_id = None if after is None else after.article_id
    doubts = ("seen at once",) if hours == 0 else ()
    return First(first.article_id, first.outlet, first.first_seen, next_id, hours, doubts)


def find_arrivals(claims: Sequence[Claim], derives: Sequence[Citing]) -> Iterator[Arrival]:
    """The first of each language by claim, in this order; then languages without any claim."""
    dated = _dated(claims)
    firsts: dict[str, tuple[dt.datetime, Claim]] = {}
    for time, claim in dated:
        firsts.setdefault(claim.language, (time, claim))
    for language, (time, claim) in firsts.items():
        id_ = claim.article_id
        whence = tuple(sorted({one.cited_id for one in derives if one.article_id == id_}))
        yield Arrival(language, id_, time, claim is dated[0][1], whence)
    for language in sorted({claim.language for claim in claims} - firsts.keys()):
        yield Arrival(language, None, None, False, ())


def find_lags(claims: Sequence[Claim]) -> Iterator[Lag]:
    """Each outlet's first claim after the story's, in order of time; last who claims none."""
    dated = _dated(claims)
    outlets: set[str] = set()
    for time, claim in dated:
        if claim.outlet not in outlets:
            outlets.add(claim.outlet)
            first_time, first = dated[0]
            doubt = None if claim is first else _doubt(first, claim)
            hours = _hours(first_time, time)
            yield Lag(claim.outlet, claim.article_id, time, hours, doubt)
    for claim in sorted(
        claims, key=lambda claim: (claim.outlet, claim.first_seen, claim.article_id)
    ):
        if claim.outlet not in outlets:
            outlets.add(claim.outlet)
            yield Lag(claim.outlet, claim.article_id, None, None, "no date")


def _dated(claims: Sequence[Claim]) -> list[tuple[dt.datetime, Claim]]:
    """Those that claim a time, by it."""
    dated = [(claim.published, claim) for claim in claims if claim.published is not None]
    return sorted(dated, key=lambda one: (one[0], one[1].article_id))


def _doubt(first: Claim, other: Claim) -> str | None:
    """Why the other may have been first, though it does not claim to; None if times tell."""
    if other.published is None:
        return "no date"
    if find_order(first.times, other.times, None, None).is_other_later:
        return None
    if not (first.is_zone_known and other.is_zone_known):
        return "time zone not known"
    return "the same time" if first.published == other.published else "a day without a time"


def _hours(one: dt.datetime, other: dt.datetime) -> float:
    return round((other - one) / dt.timedelta(hours=1), 4)
