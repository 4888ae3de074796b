"""`FeedHealth`: what is remembered of a feed between two requests, and what each answer changes.

Pure: the clock, chance and the answers are arguments. It is written with the run that took the
answer's items in (`lake/feeds.py`), so a validator is never ahead of the lake.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from transforms.feeds.interval import Bounds, find_gap, find_interval
from transforms.feeds.pages import Waiting
from transforms.feeds.retry_after import read_retry_after
from transforms.feeds.survey import FeedSurvey
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Request, Response

# A server that goes on to say "not modified" is not believed for ever.
_FULL_AT_LEAST = dt.timedelta(hours=2)
_FULL_AT_MOST = dt.timedelta(days=1)
_FULL_AFTER_GAPS = 6
# A permanent redirect is believed once it was met so often, over such a time.
_MOVES = 3
_MOVE_HOLDS = dt.timedelta(days=1)
# A new address that fails so often in a row is given up for the old one.
_MOVE_FAILS = 5
_ARRIVALS = 10
_RECENT = 20
_FIRST_BACKOFF = dt.timedelta(minutes=15)
_BACKOFF_ANYWAY = dt.timedelta(hours=1)
_BACKOFF_PART = 1 / 8
_UNASKED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """`url` as subscribed is its key, `url_now` where it has moved for good.

    `last_full` is the last 200; `arrivals` are the dates of its newest items in seconds, `recent`
    hashes of its newest entries, `entries` how many it shows, `wishes` the seconds it asks to be
    left alone, `shown` marks of all that it showed last, on the UTC day `shown_on`: these have a
    sighting of that day. `held_until` is a `Retry-After`; `why` tells people why `next_due` is what
    it is. `pages` are those still to be asked, by the mark of their entry (`feeds.pages.Waiting`),
    `held_hosts` hosts whose pages are not asked until a time in seconds since 1970.
    """

    url: str
    url_now: str | None = None
    moving_to: str | None = None
    moves: int = 0
    moving_since: dt.datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    last_attempt: dt.datetime | None = None
    last_success: dt.datetime | None = None
    last_full: dt.datetime | None = None
    last_new_item: dt.datetime | None = None
    failures: Mapping[str, int] = field(default_factory=dict)
    failing_since: dt.datetime | None = None
    failed_in_a_row: int = 0
    possible_gaps: int = 0
    retired: str | None = None
    held_until: dt.datetime | None = None
    next_due: dt.datetime = _UNASKED
    why: str = "never asked yet"
    arrivals: tuple[float, ...] = ()
    recent: tuple[str, ...] = ()
    newest: dt.datetime | None = None
    entries: int = 0
    period: int | None = None
    wishes: tuple[float, ...] = ()
    shown: tuple[str, ...] = ()
    shown_on: str | None = None
    pages: Mapping[str, Waiting] = field(default_factory=dict)
    held_hosts: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            name: value.isoformat() if isinstance(value, dt.datetime) else value
            for name, value in asdict(self).items()
        }

    @staticmethod
    def from_json(url: str, value: Mapping[str, Any]) -> FeedHealth:
        """What `to_json` gave. A damaged value is as good as none: the feed is asked in full."""
        known: dict[str, Any] = {}
        try:
            for item in fields(FeedHealth):
                if item.name in value:
                    known[item.name] = _read(str(item.type), value[item.name])
            return FeedHealth(**{**known, "url": url})
        except (TypeError, ValueError):
            return FeedHealth(url=url)


def is_due(health: FeedHealth, now: dt.datetime) -> bool:
    """Is it time? Also if the clock was set back behind the last attempt."""
    if health.retired:
        return False
    set_back = health.last_attempt is not None and now < health.last_attempt
    return now >= health.next_due or set_back


def is_held(health: FeedHealth, now: dt.datetime) -> bool:
    """Must it not be asked, even if a person wants to? `Retry-After`, and 410, always hold."""
    return health.retired is not None or (health.held_until is not None and now < health.held_until)


def request_of(health: FeedHealth, now: dt.datetime, authorization: str | None = None) -> Request:
    """Conditional, or in full: the server has answered 304 for too long, or a page is due."""
    url = health.url_now or health.url
    is_stale = health.last_full is None or now - health.last_full >= _full_after(health, now)
    if is_stale or has_page_due(health, now):
        return Request(url=url, authorization=authorization)
    return Request(
        url=url,
        etag=health.etag,
        last_modified=health.last_modified,
        authorization=authorization,
    )


def is_same_body(health: FeedHealth, response: Response, now: dt.datetime) -> bool:
    """Is there nothing to read: 304, or the very bytes of the last time and no page due?"""
    if response.status == 304:
        return True
    return _sha256(response.body) == health.body_sha256 and not has_page_due(health, now)


def has_page_due(health: FeedHealth, now: dt.datetime) -> bool:
    """Is an entry's page to be asked again? It is known from the feed alone."""
    return any(due <= now.timestamp() for _, due in health.pages.values())


def after_response(
    health: FeedHealth, response: Response, now: dt.datetime, bounds: Bounds, chance: float
) -> FeedHealth:
    """After an answer, before it is known what was in it; `chance` in [0, 1) spreads the load.

    Validators of every 200 and 304 are kept (RFC 9110 §15.4.5: a 304 may bring newer ones).
    """
    is_full = response.status == 200
    health = replace(
        _after_move(health, response.permanent_url, now),
        etag=response.etag if is_full else response.etag or health.etag,
        last_modified=(
            response.last_modified if is_full else response.last_modified or health.last_modified
        ),
        body_sha256=_sha256(response.body) if is_full else health.body_sha256,
        last_attempt=now,
        last_success=now,
        last_full=now if is_full else health.last_full,
        failing_since=None,
        failed_in_a_row=0,
        held_until=None,
    )
    return _scheduled(health, now, bounds, chance)


def after_entries(
    health: FeedHealth, survey: FeedSurvey, now: dt.datetime, bounds: Bounds, chance: float
) -> FeedHealth:
    """What a 200 held: its new items set the rhythm."""
    dates = sorted(_seconds(e.published, now) for e in survey.entries)
    arrivals = sorted((*health.arrivals, *dates[len(dates) - survey.new :]))
    newest_first = sorted(survey.entries, key=lambda e: _seconds(e.published, now), reverse=True)
    published = [e.published for e in survey.entries if e.published and e.published <= now]
    wishes = (survey.hints.ttl, survey.max_age)
    health = replace(
        health,
        last_new_item=now if survey.new else health.last_new_item,
        arrivals=tuple(arrivals[-_ARRIVALS:]),
        recent=tuple(e.key for e in newest_first[:_RECENT]) or health.recent,
        newest=max(published, default=health.newest),
        entries=len(survey.entries),
        shown=tuple(dict.fromkeys(e.shown for e in survey.entries)),
        shown_on=survey.seen_on.isoformat() if survey.seen_on else None,
        period=survey.hints.period,
        wishes=tuple(float(wish) for wish in wishes if wish),
        possible_gaps=health.possible_gaps + has_gap(health, survey),
        pages=dict(survey.pages),
        held_hosts={host: math.ceil(until) for host, until in survey.held_hosts.items()},
    )
    return _scheduled(health, now, bounds, chance)


def has_gap(health: FeedHealth, survey: FeedSurvey) -> bool:
    """May entries have come and gone unseen: is nothing there that was the last time, or older?"""
    if not health.recent or not survey.entries:
        return False
    if not {entry.key for entry in survey.entries}.isdisjoint(health.recent):
        return False
    oldest = min((e.published for e in survey.entries if e.published), default=None)
    return oldest is None or health.newest is None or oldest > health.newest


def with_entries_of(answered: FeedHealth, known: FeedHealth | None) -> FeedHealth:
    """What answers have told of a feed, with what the entries told that are `known`."""
    if known is None:
        return answered
    told = (
        "last_new_item", "possible_gaps", "arrivals", "recent", "newest", "entries", "period",
        "wishes", "shown", "shown_on", "pages", "held_hosts",
    )  # fmt: skip
    return replace(answered, **{name: getattr(known, name) for name in told})


def after_failure(
    health: FeedHealth, failure: FetchFailed, now: dt.datetime, bounds: Bounds, chance: float
) -> FeedHealth:
    """Later each time, up to the longest interval; `Retry-After` is obeyed, 410 is the end."""
    kind = f"http_{failure.status}" if failure.status else failure.reason
    in_a_row = health.failed_in_a_row + 1
    health = replace(
        _after_move(health, failure.permanent_url, now),
        last_attempt=now,
        failures={**health.failures, kind: health.failures.get(kind, 0) + 1},
        failing_since=health.failing_since or now,
        failed_in_a_row=in_a_row,
        held_until=read_retry_after(failure.retry_after, now),
    )
    if failure.status == 410:
        return replace(health, retired="410 Gone", why="gone for good (410)")
    if health.url_now and in_a_row >= _MOVE_FAILS:
        health = replace(health, url_now=None, moving_to=None, moves=0, moving_since=None)
    seconds = min(_backoff(health, now, bounds), bounds.longest)
    due = now + dt.timedelta(seconds=seconds * (1 + 0.2 * chance))
    why = f"failure {in_a_row} in a row: {failure.message}"[:300]
    if health.held_until is not None:
        # After the time it names, never before: jitter only adds.
        held = health.held_until + dt.timedelta(seconds=30 * chance)
        due = max(due, held)
        why = f"Retry-After until {health.held_until:%Y-%m-%d %H:%M:%S} UTC; {why}"[:300]
    return replace(health, next_due=due, why=why)


def _scheduled(health: FeedHealth, now: dt.datetime, bounds: Bounds, chance: float) -> FeedHealth:
    seconds = _interval(health, now, bounds)
    # Half up, half down, so that feeds which were added together do not stay together.
    due = now + dt.timedelta(seconds=max(seconds * (0.95 + 0.1 * chance), bounds.shortest))
    page_due = _page_due(health, now + dt.timedelta(seconds=bounds.shortest))
    if page_due is not None and page_due < due:
        why = f"{len(health.pages)} pages of its entries are still to be asked"
        return replace(health, next_due=page_due, why=why)
    return replace(health, next_due=due, why=f"every {_words(seconds)}, by its own rhythm")


def _page_due(health: FeedHealth, earliest: dt.datetime) -> dt.datetime | None:
    """When the first page of its entries may be asked again."""
    if not health.pages:
        return None
    first = min(due for _, due in health.pages.values())
    return max(dt.datetime.fromtimestamp(first, dt.UTC), earliest)


def _interval(health: FeedHealth, now: dt.datetime, bounds: Bounds) -> float:
    gap = find_gap(health.arrivals, now.timestamp(), health.period)
    return find_interval(gap, health.entries, health.wishes, bounds)


def _backoff(health: FeedHealth, now: dt.datetime, bounds: Bounds) -> float:
    """Doubles with each failure, up to a part of the time that the feed has failed for.

    A host that was down for half a day is asked again soon after it is back: what a lively feed
    shows meanwhile is gone in an hour or two.
    """
    interval = _interval(health, now, bounds)
    failing = (now - (health.failing_since or now)).total_seconds()
    most = max(_BACKOFF_ANYWAY.total_seconds(), interval, failing * _BACKOFF_PART)
    first = min(interval, _FIRST_BACKOFF.total_seconds())
    return min(first * 2.0 ** min(health.failed_in_a_row - 1, 30), most)


def _full_after(health: FeedHealth, now: dt.datetime) -> dt.timedelta:
    gap = find_gap(health.arrivals, now.timestamp(), health.period)
    seconds = min(gap * _FULL_AFTER_GAPS, _FULL_AT_MOST.total_seconds())
    return max(dt.timedelta(seconds=seconds), _FULL_AT_LEAST)


def _after_move(health: FeedHealth, permanent: str | None, now: dt.datetime) -> FeedHealth:
    """A permanent redirect is stored once it holds: one slip of a server must not lose a feed."""
    if permanent is None:
        return replace(health, moving_to=None, moves=0, moving_since=None)
    if permanent != health.moving_to:
        return replace(health, moving_to=permanent, moves=1, moving_since=now)
    moves = health.moves + 1
    since = health.moving_since or now
    if moves < _MOVES or now - since < _MOVE_HOLDS:
        return replace(health, moves=moves)
    return replace(health, url_now=permanent, moving_to=None, moves=0, moving_since=None)


def _seconds(published: dt.datetime | None, now: dt.datetime) -> float:
    return min(published or now, now).timestamp()


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _words(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7_200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"


def _read(kind: str, value: Any) -> Any:
    if value is None and "None" in kind:
        return None
    if "datetime" in kind:
        time = dt.datetime.fromisoformat(value)
        return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
    if kind.startswith("tuple"):
        each = float if "float" in kind else str
        return tuple(each(v) for v in value)
    if "Waiting" in kind:
        return {str(mark): (float(n), float(due)) for mark, (n, due) in dict(value).items()}
    if kind.startswith("Mapping"):
        return {str(name): int(count) for name, count in dict(value).items()}
    return int(value) if kind.startswith("int") else str(value)
