"""Eight writers at one lake at once, some of them killed, and a reader that never stops looking."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from chaos import corpus
from chaos.child import fork, run_child, wiretrace
from chaos.faults import COUNT, Fault, are_changes, fired
from chaos.judge import Verdict, judge, look, read_dump
from chaos.report import Outcome
from chaos.scenarios import Workshop, armed

WRITERS = 8
_WAIT = "600"
PART = "eight writers"


def try_writers(workshop: Workshop) -> list[Outcome]:
    """Each takes in one article, after it was killed once; the lake holds all of them, once."""
    folder = workshop.folder / "writers"
    drops = [
        corpus.write_drop(folder / "drops" / f"{number}.jsonl", corpus.own_article(number))
        for number in range(WRITERS)
    ]
    alone, root = folder / "alone", folder / "lake"
    calls = _count_changes(workshop, alone, drops, folder / "calls")
    wanted = workshop.ask(lambda: read_dump(alone))
    reader = fork(lambda: _read_always(root, folder / "read"))
    writers = [
        fork(partial(_write, root, drop, number, calls, folder))
        for number, drop in enumerate(drops)
    ]
    codes = [os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1]) for writer in writers]
    time.sleep(1)  # for a last look
    os.kill(reader, signal.SIGTERM)
    os.waitpid(reader, 0)
    outcomes = [
        Outcome(
            part=PART,
            fault=f"writer {number}",
            fired=fired(folder / f"log-{number}"),
            code=code,
            wrong=(f"left with {code}",) if code else (),
        )
        for number, code in enumerate(codes)
    ]
    return [*outcomes, _judge_reader(folder / "read"), _judge_lake(workshop, root, wanted)]


def _count_changes(workshop: Workshop, alone: Path, drops: Sequence[Path], log: Path) -> int:
    """Take in all, with nothing in the way: how many changes the last one makes."""
    *others, last = drops
    workshop.must(
        "run", "--lake", alone, *(word for drop in others for word in ("--drop", str(drop)))
    )
    ended = workshop.run(
        armed(alone, COUNT, log, wiretrace("run", "--lake", alone, "--drop", last))
    )
    if ended.code != 0:
        raise RuntimeError(f"the last article left with {ended.code}: {ended.said[-2000:]}")
    return sum(are_changes(log))


def _judge_reader(out: Path) -> Outcome:
    looks = out.read_text().splitlines()
    wrong = tuple(line for line in looks if not line.startswith("saw "))
    met = f"{len(looks)} looks" if len(set(looks)) > 2 else None
    return Outcome(PART, "a reader meanwhile", met, None, wrong)


def _judge_lake(workshop: Workshop, root: Path, wanted: Sequence[str]) -> Outcome:
    try:
        verdict = Verdict(**workshop.ask(lambda: asdict(judge(root, wanted))))
    except RuntimeError as error:
        return Outcome(PART, "the lake", "eight at once", None, (str(error),))
    return Outcome(
        PART, "the lake", "eight at once", None, tuple(verdict.damage), verdict.lost,
        verdict.doubled,
    )  # fmt: skip


def _write(root: Path, drop: Path, number: int, calls: int, folder: Path) -> int:
    """Killed at a change of its own among so many, then once more: as a scheduler would."""
    said, log = folder / f"said-{number}", folder / f"log-{number}"
    task = wiretrace("run", "--lake", root, "--drop", drop, "--wait", _WAIT)
    nth = (number + 1) * calls // (WRITERS + 1)
    fault = Fault("changes", nth, "kill" if number % 2 else "torn")
    run_child(armed(root, fault, log, task), said, seconds=900)
    return run_child(task, said, seconds=900).code or 0


def _read_always(root: Path, out: Path) -> int:
    """Every look is whole, and never shows less than the one before."""
    seen: frozenset[str] = frozenset()
    with open(out, "w", buffering=1) as lines:
        while True:
            try:
                now = look(root)
            except Exception as error:
                print(f"could not read: {error!r}", file=lines)
                continue
            print(f"saw {len(now)}" if seen <= now else f"no longer saw {seen - now}", file=lines)
            seen = now
            time.sleep(0.05)
