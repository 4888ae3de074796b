"""The bounded run: lease, recover, poll, take in, settle, link, tell, one atomic commit.

The order of the steps is the whole of this module; what each decides lies in `transforms/`, how it
becomes durable in `lake/`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import structlog

from lake.begin import Begun, begin_run
from lake.keys import committed_state
from lake.profiles import prune_profiles
from lake.signatures import prune_signatures
from lake.tables import Snapshot, refuse_foreign
from pipeline.conclude import (
    Progress,
    Taken,
    conclude,
    execute,
    make_visible,
    run_row,
)
from pipeline.engines import make_runner
from pipeline.feed_state import remember
from pipeline.graph import take_in
from pipeline.ledger import Ledger
from pipeline.logs import configure
from pipeline.manifest import read_manifest
from pipeline.options import WATCH, RunContext, RunOptions
from pipeline.pages import PageRound
from pipeline.polling import PollRound
from pipeline.replay import COMMAND as REPLAY
from pipeline.replay import open_rejects, replay_segments
from schemas.run import Run
from tracing.feeds import known_health
from transforms.parse.containers import close_idle
from transforms.read.drop_folder import list_dropped
from transforms.read.segment import Segment
from transforms.read.sources import batch_segments, chunk_batches, list_segments

_log = structlog.get_logger("wiretrace")


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did; `committed` is false for a dry run, and for a round that found nothing.

    `postponed` counts feeds that were due and not asked, for want of time.
    """

    run: Run
    ledger: Ledger
    committed: bool
    rolled_forward: tuple[int, ...]
    postponed: int = 0


def run_batch(options: RunOptions, progress: Progress = lambda stage, items: None) -> RunResult:
    """Read every source once and commit what it holds.

    Raises:
        LakeBusy: another writer holds the lease, for longer than `options.wait`.
        LakeNotFound, LakeDamaged: see `lake.tables`.
        UnknownRunner, EngineMissing: see `pipeline.engines`; nothing was made.
        LedgerUnbalanced: a fault of ours; nothing was committed.
    """
    root = options.lake.absolute()
    refuse_foreign(root)
    make_runner(options.runner, options.runner_options)  # refuses, before a lake is made
    with begin_run(root, options.command, wait_seconds=options.wait, clock=_now) as begun:
        run = RunContext(
            begun.lake,
            begun.sequence,
            begun.run_id,
            begun.started,
            options.log_json,
            options.entities,
        )
        configure(run.run_id, json=options.log_json)
        _log.info("run started", rolled_forward=list(begun.rolled_forward))
        result = _run(options, run, begun, progress)
        _log.info("run ended", seen=result.ledger.seen, **result.ledger.outcomes)
        return result


def _run(options: RunOptions, run: RunContext, begun: Begun, progress: Progress) -> RunResult:
    pinned = begun.pinned
    base = committed_state(run.lake, pinned.sequence)
    remembered = known_health(run.lake, pinned.sequence)
    polled = PollRound(
        options.feeds,
        options.polling,
        remembered,
        Path(run.staging("fetched")),
        run.seen_at.date(),
        only_due=options.command == WATCH,
        may_ask=options.may_ask,
        full_text=options.full_text,
        sent=options.sent,
    )
    pages = PageRound(
        options.polling,
        polled.health,
        base,
        options.robots,
        Path(run.staging("pages")),
        options.may_ask,
        options.sent,
    )
    try:
        taken = _take_in(options, run, pinned, polled, pages, progress)
    finally:
        close_idle()
    done = conclude(options, run, taken, pinned, base, progress)
    row = run_row(options, run, done.ledger)
    idle = options.command == WATCH and not done.ledger.seen and not options.dropped
    committed = not options.dry_run and not idle
    if options.feeds and not options.dry_run:
        about = pinned.sequence if idle else run.sequence
        health = polled.conclude(done.details, pages.waiting, pages.held)
        remember(run.lake, run.sequence, about, health)
    if committed:
        make_visible(run, row, base, done)
    else:
        prune_signatures(run.lake, pinned)  # of files that will not be
        prune_profiles(run.lake, pinned)
    return RunResult(row, done.ledger, committed, begun.rolled_forward, polled.postponed)


def _take_in(
    options: RunOptions,
    run: RunContext,
    pinned: Snapshot,
    polled: PollRound,
    pages: PageRound,
    progress: Progress,
) -> Taken:
    taken = Taken()
    _read(_segments(options, pinned), options, run, taken, progress)
    dropped = len(taken.deliveries)
    fetched = polled.fetch()
    taken.containers += polled.unchanged
    while fetched:
        before = len(taken.deliveries)
        _read(fetched, options, run, taken, progress)
        fetched = polled.follow(taken.deliveries[before:])
    if options.full_text:
        fetched = pages.fetch(taken.deliveries[dropped:], polled.answered())
        if fetched:
            _read(fetched, options, run, taken, progress)
    taken.marks = [file.mark for file in options.dropped] + pages.marks
    taken.shown = polled.shown_before()
    return taken


def _read(
    segments: Iterable[Segment],
    options: RunOptions,
    run: RunContext,
    taken: Taken,
    progress: Progress,
) -> None:
    batches = batch_segments(_counted(segments, taken))
    for chunk in chunk_batches(batches, options.chunk):
        path = run.staging(f"manifests/take-in-{uuid.uuid4().hex}")
        execute(options, partial(take_in, batches=chunk, run=run, manifest=path))
        manifest = read_manifest(path)
        taken.deliveries += manifest["deliveries"]
        taken.rejects += manifest["rejects"]
        for counts in manifest["counts"]:
            taken.rejected.update(dict(counts))
        progress("read", taken.seen)


def _segments(options: RunOptions, pinned: Snapshot) -> Iterator[Segment]:
    if options.command == REPLAY:
        return replay_segments(open_rejects(pinned))
    return chain(list_segments(options.sources), list_dropped(options.dropped))


def _counted(segments: Iterable[Segment], taken: Taken) -> Iterator[Segment]:
    for segment in segments:
        taken.containers += segment.counts
        yield segment


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
