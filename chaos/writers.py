"""Eight writers at one lake at once, some of them killed, and a reader that never stops looking."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from chaos import corpus
from chaos.child import run_child, wiretrace
from chaos.faults import Fault, fired
from chaos.judge import judge, look, read_dump
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
    workshop.must(
        "run", "--lake", alone, *(word for drop in drops for word in ("--drop", str(drop)))
    )
    wanted = workshop.ask(lambda: read_dump(alone))
    reader = _start(lambda: _read_always(root, folder / "read"))
    writers = [
        _start(lambda number=number, drop=drop: _write(root, drop, number, folder))
        for number, drop in enumerate(drops)
    ]
    codes = [os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1]) for writer in writers]
    time.sleep(1)  # for a last look
    os.kill(reader, signal.SIGTERM)
    os.waitpid(reader, 0)
    verdict = workshop.ask(lambda: [*_plain(judge(root, wanted))])
    wrong = list(verdict[2])
    looks = (folder / "read").read_text().splitlines()
    wrong += [line for line in looks if not line.startswith("saw ")]
    if len(set(looks)) < 3:
        wrong.append(f"the reader hardly saw anything: {looks}")
    return [
        Outcome(
            part=PART,
            fault=f"writer {number}",
            fired=fired(folder / f"log-{number}"),
            code=code,
            wrong=(*(wrong if not number else []), *([f"left with {code}"] if code else [])),
            lost=verdict[0] if not number else 0,
            doubled=verdict[1] if not number else 0,
        )
        for number, code in enumerate(codes)
    ]


def _write(root: Path, drop: Path, number: int, folder: Path) -> int:
    """Killed at a call of its own, then once more: as a scheduler would."""
    said, log = folder / f"said-{number}", folder / f"log-{number}"
    task = wiretrace("run", "--lake", root, "--drop", drop, "--wait", _WAIT)
    fault = Fault("changes", 40 + 97 * number, "kill" if number % 2 else "torn")
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


def _start(task) -> int:  # type: ignore[no-untyped-def]
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = task()
        finally:
            os._exit(code)
    return child


def _plain(verdict) -> tuple[int, int, list[str]]:  # type: ignore[no-untyped-def]
    return verdict.lost, verdict.doubled, list(verdict.damage)
