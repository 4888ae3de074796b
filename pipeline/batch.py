"""The bounded run: lease, recover, poll, take in, settle, link, tell, one atomic commit.

The order of the steps is the whole of this module; what each decides lies in `transforms/`, how it
becomes durable in `lake/`.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import apache_beam as beam
import structlog

from lake.commit import Plan, commit, newest_sequence, plan_path, recover
from lake.data_file import DataFile
from lake.keys import (
    MARK,
    StateFiles,
    committed_state,
    pack_keys,
    publish_state,
    write_state,
)
from lake.lease import acquire
from lake.profiles import prune_profiles
from lake.signatures import prune_signatures
from lake.tables import Lake, Snapshot, create_lake, is_lake, refuse_foreign, snapshot
from pipeline.chunks import files_of, find_distrusted, plan_chunks
from pipeline.engines import make_options, make_runner
from pipeline.feed_state import remember
from pipeline.graph import link, settle, take_in, tell
from pipeline.ledger import Ledger, balance
from pipeline.link_tasks import plan_links
from pipeline.logs import configure
from pipeline.manifest import read_manifest
from pipeline.memory import give_back
from pipeline.options import WATCH, RunContext, RunOptions, name_run
from pipeline.pages import PageRound
from pipeline.polling import PollRound
from pipeline.replay import COMMAND as REPLAY
from pipeline.replay import open_rejects, replay_segments, standing_rejects
from pipeline.story_tasks import plan_stories
from schemas.ids import distrust_mark
from schemas.run import Run
from tracing.feeds import known_health
from transforms.identify_outlets import IdentifyContext
from transforms.read.drop_folder import list_dropped
from transforms.read.segment import Segment
from transforms.read.sources import batch_segments, chunk_batches, list_segments
from transforms.stage import StagedFile, StagedRows
from transforms.write import write_rejects

_log = structlog.get_logger("wiretrace")

Progress = Callable[[str, int], None]
"""Called with the name of a stage and the items that went through it so far."""


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


@dataclass
class _Taken:
    """What the first phase left in staging; `rejected` counts (source, outcome, reason)."""

    deliveries: list[StagedFile] = field(default_factory=list)
    rejects: list[StagedRows] = field(default_factory=list)
    rejected: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    containers: int = 0
    chunks: int = 0

    @property
    def seen(self) -> int:
        """Items, counted before anything is decided: staged deliveries and rejects."""
        staged = sum(items for file in self.deliveries for _, items in file.days)
        return staged + self.rejected.total()


@dataclass
class _Settled:
    """What the second phase made; `state` are files of keys and versions, this run's only."""

    files: list[DataFile] = field(default_factory=list)
    state: StateFiles = field(default_factory=lambda: StateFiles((), ()))
    details: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def run_batch(options: RunOptions, progress: Progress = lambda stage, items: None) -> RunResult:
    """Read every source once and commit what it holds.

    Raises:
        LakeBusy: another writer holds the lease, for longer than `options.wait`.
        LakeNotFound, LakeDamaged: see `lake.tables`.
        UnknownRunner: see `pipeline.engines`; nothing was made.
        LedgerUnbalanced: a fault of ours; nothing was committed.
    """
    root = options.lake.absolute()
    refuse_foreign(root)
    make_runner(options.runner)  # refuses an unknown one before there is a lake
    floor = newest_sequence(Lake(root)) if is_lake(root) else 0
    with acquire(root, wait_seconds=options.wait, command=options.command, floor=floor) as lease:
        lake = create_lake(lease.root)
        rolled_forward = tuple(recover(lake))
        seen_at = _now().replace(microsecond=0)
        run_id = name_run(seen_at, lease.sequence)
        run = RunContext(lake, lease.sequence, run_id, seen_at, options.log_json, options.entities)
        configure(run_id, json=options.log_json)
        _log.info("run started", rolled_forward=list(rolled_forward))
        try:
            result = _run(options, run, rolled_forward, progress)
        finally:
            # With a plan the staging folder is the commit's; without one it is litter.
            if not plan_path(lake, run.sequence).exists():
                shutil.rmtree(run.staging(), ignore_errors=True)
        _log.info("run ended", seen=result.ledger.seen, **result.ledger.outcomes)
        return result


def _run(
    options: RunOptions, run: RunContext, rolled_forward: tuple[int, ...], progress: Progress
) -> RunResult:
    pinned = snapshot(run.lake)
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
    taken = _take_in(options, run, pinned, polled, pages, progress)
    marks = [file.mark for file in options.dropped] + pages.marks
    settled = _settle(options, run, taken, marks, pinned, base, polled.shown_before(), progress)
    settled.files += _link(options, run, settled.files, pinned, progress)
    settled.files += _tell(options, run, settled.files, pinned, base, progress)
    if taken.rejects:
        # A replay takes up every open reject, so what fails again needs a new row to stay open.
        standing = frozenset() if options.command == REPLAY else standing_rejects(pinned)
        settled.files += write_rejects(taken.rejects, Path(run.staging()), standing)
    read_failures = sum(
        items for (_, _, reason), items in taken.rejected.items() if reason.startswith("read:")
    )
    details = taken.rejected + settled.details
    ledger = balance(taken.seen, taken.containers, read_failures, details)
    row = _run_row(options, run, ledger)
    idle = options.command == WATCH and not ledger.seen and not options.dropped
    committed = not options.dry_run and not idle
    if options.feeds and not options.dry_run:
        about = pinned.sequence if idle else run.sequence
        remember(run.lake, run.sequence, about, polled.conclude(details, pages.waiting, pages.held))
    if committed:
        publish_state(run.lake, run.sequence, base, settled.state)
        commit(run.lake, Plan(run.sequence, row, settled.files))
    else:
        prune_signatures(run.lake, pinned)  # of files that will not be
        prune_profiles(run.lake, pinned)
    return RunResult(row, ledger, committed, rolled_forward, polled.postponed)


def _take_in(
    options: RunOptions,
    run: RunContext,
    pinned: Snapshot,
    polled: PollRound,
    pages: PageRound,
    progress: Progress,
) -> _Taken:
    taken = _Taken()
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
    return taken


def _read(
    segments: Iterable[Segment],
    options: RunOptions,
    run: RunContext,
    taken: _Taken,
    progress: Progress,
) -> None:
    batches = batch_segments(_counted(segments, taken))
    for chunk in chunk_batches(batches, options.chunk):
        path = run.staging(f"manifests/take-in-{taken.chunks}")
        taken.chunks += 1
        _execute(options, partial(take_in, batches=chunk, run=run, manifest=path))
        manifest = read_manifest(path)
        taken.deliveries += manifest["deliveries"]
        taken.rejects += manifest["rejects"]
        for counts in manifest["counts"]:
            taken.rejected.update(dict(counts))
        progress("read", taken.seen)


def _settle(
    options: RunOptions,
    run: RunContext,
    taken: _Taken,
    marks: Sequence[str],
    pinned: Snapshot,
    base: StateFiles,
    shown: frozenset[str],
    progress: Progress,
) -> _Settled:
    settled = _Settled()
    distrust = find_distrusted(taken.deliveries)
    forgotten = frozenset(pinned.read("tombstones", ["key_hash"])["key_hash"].to_pylist())
    distrusted = [distrust_mark(*pair) for pair in sorted(distrust)]
    marked = [(mark, MARK) for mark in (*distrusted, *marks)]
    settled.state = settled.state.plus(write_state(run.lake, [pack_keys(marked)], []))
    for number, chunk in enumerate(plan_chunks(taken.deliveries, options.chunk)):
        path = run.staging(f"manifests/settle-{number}")
        context = IdentifyContext(
            run.sequence,
            run.run_id,
            run.seen_at,
            base.plus(settled.state),
            forgotten,
            distrust,
            shown,
        )
        staged = files_of(chunk, taken.deliveries)
        _execute(
            options,
            partial(settle, staged=staged, chunk=chunk, context=context, run=run, manifest=path),
        )
        manifest = read_manifest(path)
        settled.files += manifest["files"]
        for counts in manifest["counts"]:
            settled.details.update(dict(counts))
        blocks = manifest["state"]
        written = write_state(run.lake, [keys for keys, _ in blocks], [v for _, v in blocks])
        settled.state = settled.state.plus(written)
        progress("settle", settled.details.total())
    return settled


def _link(
    options: RunOptions,
    run: RunContext,
    written: Sequence[DataFile],
    pinned: Snapshot,
    progress: Progress,
) -> list[DataFile]:
    tasks = list(plan_links(pinned, written, Path(run.staging())))
    if not tasks:
        return []
    path = run.staging("manifests/link")
    counters = _execute(options, partial(link, tasks=tasks, run=run, manifest=path))
    files: list[DataFile] = read_manifest(path)["files"]
    _log.info("linked", links=sum(file.rows for file in files), **counters)
    progress("link", sum(file.rows for file in files))
    return files


def _tell(
    options: RunOptions,
    run: RunContext,
    written: Sequence[DataFile],
    pinned: Snapshot,
    base: StateFiles,
    progress: Progress,
) -> list[DataFile]:
    plan = plan_stories(pinned, base, written, Path(run.staging()), run.seen_at.date())
    if plan is None:
        return []
    path = run.staging("manifests/tell")
    _execute(options, partial(tell, plan=plan, run=run, manifest=path))
    files: list[DataFile] = read_manifest(path)["files"]
    progress("tell", sum(file.rows for file in files))
    return files


def _execute(options: RunOptions, build: Callable[[beam.Pipeline], None]) -> dict[str, int]:
    """Run a pipeline to its end; gives its counters by name."""
    pipeline = beam.Pipeline(
        runner=make_runner(options.runner), options=make_options(options.workers)
    )
    build(pipeline)
    result = pipeline.run()
    result.wait_until_finish()
    counters = result.metrics().query()["counters"]
    give_back()
    return {counter.key.metric.name: counter.committed for counter in counters}


def _segments(options: RunOptions, pinned: Snapshot) -> Iterator[Segment]:
    if options.command == REPLAY:
        return replay_segments(open_rejects(pinned))
    return chain(list_segments(options.sources), list_dropped(options.dropped))


def _counted(segments: Iterable[Segment], taken: _Taken) -> Iterator[Segment]:
    for segment in segments:
        taken.containers += segment.counts
        yield segment


def _run_row(options: RunOptions, run: RunContext, ledger: Ledger) -> Run:
    return Run(
        sequence=run.sequence,
        run_id=run.run_id,
        command=options.command,
        seen=ledger.seen,
        new=ledger.outcomes["new"],
        revised=ledger.outcomes["revised"],
        duplicate=ledger.outcomes["duplicate"],
        control=ledger.outcomes["control"],
        rejected=ledger.outcomes["rejected"],
        containers=ledger.containers,
        counts=ledger.counts,
        config_hash=options.config_hash,
        code_version=version("wiretrace"),
        started=run.seen_at,
        ended=_now(),
        status="complete",
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
