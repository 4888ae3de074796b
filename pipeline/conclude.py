"""What follows once everything is staged: spread, settle, link, tell, ledger, one atomic commit.

A bounded run comes here with what its sources held, a window of a stream with what arrived in it;
from here on they are the same.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

import apache_beam as beam
import structlog

from lake.commit import Plan, commit
from lake.data_file import DataFile
from lake.keys import MARK, StateFiles, merge_due, pack_keys, publish_state, write_state
from lake.tables import Snapshot
from pipeline.chunks import batch_files, find_distrusted, plan_chunks
from pipeline.engines import make_options, make_runner, read_counters
from pipeline.graph import link, settle, spread, tell
from pipeline.ledger import Ledger, balance
from pipeline.link_tasks import plan_links
from pipeline.manifest import read_manifest
from pipeline.memory import give_back
from pipeline.options import RunContext, RunOptions
from pipeline.replay import COMMAND as REPLAY
from pipeline.replay import standing_rejects
from pipeline.story_tasks import plan_stories
from schemas.ids import distrust_mark
from schemas.run import Run
from transforms.identify_outlets import IdentifyContext
from transforms.stage import StagedFile, StagedRows
from transforms.write import write_rejects

_log = structlog.get_logger("wiretrace")

Progress = Callable[[str, int], None]
"""Called with the name of a stage and the items that went through it so far."""


@dataclass
class Taken:
    """What was taken in and lies in staging; `rejected` counts (source, outcome, reason).

    `marks` are those that the key state keeps with it (`schemas.ids`), `shown` as in
    `transforms.identify.Known`.
    """

    deliveries: list[StagedFile] = field(default_factory=list)
    rejects: list[StagedRows] = field(default_factory=list)
    rejected: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    containers: int = 0
    marks: list[str] = field(default_factory=list)
    shown: frozenset[str] = frozenset()

    @property
    def seen(self) -> int:
        """Items, counted before anything is decided: staged deliveries and rejects."""
        staged = sum(items for file in self.deliveries for _, items in file.days)
        return staged + self.rejected.total()


@dataclass
class Concluded:
    """What a run made of what it took in; `state` are files of keys and versions, its own only."""

    files: list[DataFile] = field(default_factory=list)
    state: StateFiles = field(default_factory=lambda: StateFiles((), ()))
    details: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    ledger: Ledger = field(default_factory=lambda: Ledger({}, 0, 0, ()))


def conclude(
    options: RunOptions,
    run: RunContext,
    taken: Taken,
    pinned: Snapshot,
    base: StateFiles,
    progress: Progress = lambda stage, items: None,
) -> Concluded:
    """Decide on everything that was taken in, and write its final files; nothing is visible yet.

    Raises:
        LedgerUnbalanced: a fault of ours.
    """
    done = _settle(options, run, taken, pinned, base, progress)
    done.files += _link(options, run, done.files, pinned, progress)
    if options.tell:
        done.files += _tell(options, run, done.files, pinned, base, progress)
    if taken.rejects:
        # A replay takes up every open reject, so what fails again needs a new row to stay open.
        standing = frozenset() if options.command == REPLAY else standing_rejects(pinned)
        done.files += write_rejects(taken.rejects, Path(run.staging()), standing)
    read_failures = sum(
        items for (_, _, reason), items in taken.rejected.items() if reason.startswith("read:")
    )
    done.details.update(taken.rejected)
    done.ledger = balance(taken.seen, taken.containers, read_failures, done.details)
    return done


def make_visible(run: RunContext, row: Run, base: StateFiles, done: Concluded) -> None:
    """Commit it all at once, under the lease."""
    publish_state(run.lake, run.sequence, base, done.state)
    commit(run.lake, Plan(run.sequence, row, done.files))


def _settle(
    options: RunOptions,
    run: RunContext,
    taken: Taken,
    pinned: Snapshot,
    base: StateFiles,
    progress: Progress,
) -> Concluded:
    settled = Concluded()
    distrust = find_distrusted(taken.deliveries)
    forgotten = frozenset(pinned.read("tombstones", ["key_hash"])["key_hash"].to_pylist())
    distrusted = [distrust_mark(*pair) for pair in sorted(distrust)]
    marked = [(mark, MARK) for mark in (*distrusted, *taken.marks)]
    settled.state = settled.state.plus(write_state(run.lake, [pack_keys(marked)], []))
    for number, staged in enumerate(_spread(options, run, taken.deliveries)):
        path = run.staging(f"manifests/settle-{number}")
        context = IdentifyContext(
            run.sequence,
            run.run_id,
            run.seen_at,
            base.plus(settled.state),
            forgotten,
            distrust,
            taken.shown,
        )
        execute(options, partial(settle, staged=staged, context=context, run=run, manifest=path))
        manifest = read_manifest(path)
        settled.files += manifest["files"]
        for counts in manifest["counts"]:
            settled.details.update(dict(counts))
        blocks = manifest["state"]
        written = write_state(run.lake, [keys for keys, _ in blocks], [v for _, v in blocks])
        settled.state = merge_due(run.lake, settled.state.plus(written))
        progress("settle", settled.details.total())
    return settled


def _spread(
    options: RunOptions, run: RunContext, deliveries: Sequence[StagedFile]
) -> list[list[str]]:
    """The staged files of each chunk, in order; where there is more than one, they are new."""
    chunks = list(plan_chunks(deliveries, options.chunk))
    if len(chunks) < 2:
        return [[file.path for file in deliveries] for _ in chunks]
    path = run.staging("manifests/spread")
    batches = list(batch_files(deliveries))
    execute(options, partial(spread, batches=batches, chunks=chunks, run=run, manifest=path))
    files: list[list[str]] = [[] for _ in chunks]
    for number, new in read_manifest(path)["files"]:
        files[number].append(new)
    for file in deliveries:
        Path(file.path).unlink()
    return files


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
    counters = execute(options, partial(link, tasks=tasks, run=run, manifest=path))
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
    execute(options, partial(tell, plan=plan, run=run, manifest=path))
    files: list[DataFile] = read_manifest(path)["files"]
    progress("tell", sum(file.rows for file in files))
    return files


def execute(options: RunOptions, build: Callable[[beam.Pipeline], None]) -> dict[str, int]:
    """Run a pipeline to its end; gives its counters by name."""
    given = options.runner_options
    pipeline = beam.Pipeline(
        runner=make_runner(options.runner, given),
        options=make_options(options.workers, options.runner, given),
    )
    build(pipeline)
    result = pipeline.run()
    result.wait_until_finish()
    counters = read_counters(result)
    give_back()
    return counters


def run_row(options: RunOptions, run: RunContext, ledger: Ledger) -> Run:
    """The run's row of `runs`, as of now."""
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
        ended=dt.datetime.now(dt.UTC),
        status="complete",
        stories_told=options.tell,
        window_end=run.window_end,
    )
