"""The commit of one window of a stream: what arrived in it, identified and written once.

Exactly once is decided here and by content. An engine that restarts sends arrivals again, in this
window or in another, together with others that came meanwhile: those whose mark the lake holds are
left out, the rest goes the way of a bounded run. Nothing depends on whether a window of this name
was committed before (DESIGN.md §6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lake.begin import begin_run
from lake.compact import compact_gathered
from lake.keys import KeyState, committed_state
from lake.stream_state import read_progress, write_progress
from lake.tables import Lake, open_lake
from pipeline.conclude import Taken, conclude, make_visible, run_row
from pipeline.feed_state import remember
from pipeline.logs import configure
from pipeline.options import STREAM, RunContext, RunOptions
from pipeline.polling import Polled, conclude_polls, note_entries, shown_before
from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from schemas.run import Run
from tracing.feeds import known_health
from transforms.arrival import Heard, Received, unpack
from transforms.delivery import Delivery
from transforms.reject import detail_of
from transforms.stage import ROWS_PER_FILE, write_blocks, write_deliveries
from transforms.tag_texts import write_tags
from transforms.tagged import TaggedArticle

# A day's stories are told as a whole, at a cost that grows with the day: not in every window, then.
# The articles, their tags and their copies do not wait (docs/stream.md).
TELL_SECONDS = 600.0
# Of so many times what the last telling took; so tellings have a fifth of the time at most.
_TELLING_PAUSE = 4.0
# Another writer of the lake, a compaction for example, is waited for so long.
WAIT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """`lake` is its folder, `sources` the names of all that give signs of life.

    Without `stories` none are told; the next bounded run tells what is left.
    """

    lake: Path
    entities: str
    sources: frozenset[str]
    stories: bool = True


@dataclass
class Window:
    """What is in a window; `end` in UTC."""

    end: dt.datetime
    received: list[Received] = field(default_factory=list)
    tagged: list[TaggedArticle] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    polled: list[Polled] = field(default_factory=list)

    def is_last(self, sources: frozenset[str]) -> bool:
        """Has every source ended before it began?"""
        stopped = {one.source for one in self.heard if one.stopped}
        going = {one.source for one in self.heard if not one.stopped}
        return bool(sources) and sources <= stopped and not going


def open_window(end: dt.datetime, packed: Iterable[bytes]) -> Window:
    """Sort what was packed (`transforms.arrival.pack`); nothing depends on its order."""
    window = Window(end)
    for value in (value for data in packed for value in unpack(data)):
        if isinstance(value, Received):
            window.received.append(value)
        elif isinstance(value, TaggedArticle):
            window.tagged.append(value)
        elif isinstance(value, Heard):
            window.heard.append(value)
        elif isinstance(value, Polled):
            window.polled.append(value)
        else:
            raise TypeError(f"a window holds no {type(value).__name__}")
    window.received.sort(key=lambda one: one.mark)
    window.polled.sort(key=lambda one: one.attempted)
    return window


def commit_window(options: WindowOptions, window: Window) -> Run | None:
    """Commit what the lake does not have yet of a window; None where there is nothing of it.

    Raises:
        LakeBusy: another writer held the lease for `WAIT_SECONDS`.
        LakeNotFound, LakeDamaged, StateDamaged: see `lake`.
        LedgerUnbalanced: a fault of ours; nothing was committed.
    """
    row, repeated = None, 0
    before = read_progress(Lake(options.lake))
    began = dt.datetime.now(dt.UTC)
    tells = options.stories and is_telling_due(before, window.is_last(options.sources), began)
    if window.received or window.polled or (tells and before.get("untold")):
        row, repeated = _commit(options, window, tells=tells)
    _say_progress(options, window, before, row, repeated, began, tells=tells)
    return row


def is_telling_due(before: Mapping[str, Any], is_last: bool, now: dt.datetime) -> bool:
    """Are stories told with this window? At first, every `TELL_SECONDS` at most, and at the end."""
    told_at = before.get("told_at")
    if is_last or told_at is None:
        return True
    pause = max(TELL_SECONDS, _TELLING_PAUSE * before.get("telling_seconds", 0.0))
    return now - dt.datetime.fromisoformat(told_at) >= dt.timedelta(seconds=pause)


def _commit(options: WindowOptions, window: Window, *, tells: bool) -> tuple[Run | None, int]:
    root = options.lake
    open_lake(root)  # one that is gone is not made again
    with begin_run(root, STREAM, wait_seconds=WAIT_SECONDS) as begun:
        lake, now, pinned = begun.lake, begun.started, begun.pinned
        base = committed_state(lake, pinned.sequence)
        fresh = without_repeated(window.received, KeyState(base))
        run = RunContext(
            lake, begun.sequence, begun.run_id, now, True, options.entities, window.end
        )
        configure(run.run_id, json=True)
        asked = RunOptions(
            lake=lake.root, sources=(), command=STREAM, entities=options.entities, tell=tells
        )
        taken = stage(fresh, run)
        taken.marks += marks_of_whole(fresh, KeyState(base))
        write_tags(window.tagged, Path(run.tags))
        health = known_health(lake, pinned.sequence)
        answered = [each for poll in window.polled for each in poll.answered]
        note_entries(answered, taken.deliveries)
        taken.shown = shown_before(answered, health, now.date())
        taken.containers += sum(poll.unchanged for poll in window.polled)
        done = conclude(asked, run, taken, pinned, base)
        row = run_row(asked, run, done.ledger)
        is_needed = bool(fresh or done.files)
        if window.polled:
            about = run.sequence if is_needed else pinned.sequence
            health = conclude_polls(window.polled, health, done.details)
            remember(lake, run.sequence, about, health)
        if is_needed:
            make_visible(run, row, base, done)
    if is_needed:
        compact_gathered(root, wait_seconds=WAIT_SECONDS)
    return row if is_needed else None, len(window.received) - len(fresh)


def without_repeated(received: Sequence[Received], known: KeyState) -> list[Received]:
    """Each arrival once, and none that the lake holds."""
    unique = {one.mark: one for one in received}
    taken = known.holds(list(unique))
    return [one for mark, one in unique.items() if mark not in taken]


def marks_of_whole(received: Sequence[Received], known: KeyState) -> list[str]:
    """The marks of the cut files of which the lake holds every stretch with those `received`."""
    cuts = {one.cut.mark: one.cut for one in received if one.cut}
    now = {one.mark for one in received}
    missing = {mark: set(cut.marks()) - now for mark, cut in cuts.items()}
    held = known.holds(sorted(set().union(*missing.values())))
    return [mark for mark, others in missing.items() if others <= held]


def stage(received: Sequence[Received], run: RunContext) -> Taken:
    """The deliveries and rejects of a window as files of the run that commits it."""
    taken = Taken(marks=[one.mark for one in received])
    taken.containers = sum(one.containers for one in received)
    deliveries = [_of_run(delivery, run) for one in received for delivery in one.deliveries]
    for first in range(0, len(deliveries), ROWS_PER_FILE):
        some = deliveries[first : first + ROWS_PER_FILE]
        taken.deliveries.append(write_deliveries(some, Path(run.staging("deliveries"))))
    rejects = [replace(reject, run_id=run.run_id) for one in received for reject in one.rejects]
    if rejects:
        rows = to_arrow(BY_NAME["rejects"], rejects)
        taken.rejects += write_blocks("rejects", rows, Path(run.staging("rejects")))
    taken.rejected.update(map(detail_of, rejects))
    return taken


def _of_run(delivery: Delivery, run: RunContext) -> Delivery:
    return replace(delivery, article=replace(delivery.article, run_id=run.run_id))


def _say_progress(
    options: WindowOptions,
    window: Window,
    before: Mapping[str, Any],
    row: Run | None,
    repeated: int,
    began: dt.datetime,
    *,
    tells: bool,
) -> None:
    ended = dt.datetime.now(dt.UTC)
    now = ended.isoformat()
    took = (ended - began).total_seconds()
    # What somebody else has told meanwhile is not tried again with every window.
    told = tells and (row is not None or before.get("untold", False))
    progress = {
        # A window that is committed late does not set the clock back.
        "window_end": max(before.get("window_end", ""), window.end.isoformat()),
        "committed_at": now,
        "windows": before.get("windows", 0) + 1,
        "repeated_arrivals": before.get("repeated_arrivals", 0) + repeated,
        "sequence": row.sequence if row else before.get("sequence", 0),
        "told_at": now if told else before.get("told_at"),
        "telling_seconds": took if told else before.get("telling_seconds", 0.0),
        "untold": not told and (row is not None or before.get("untold", False)),
        "drained": window.is_last(options.sources),
    }
    write_progress(Lake(options.lake), progress)
