"""The commands that faults are put into, each with the lake it begins with and that it leaves."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos import corpus
from chaos.child import SECONDS, Ended, exit_code, run_child, wiretrace
from chaos.faults import COUNT, Fault, are_changes, arm, fired
from chaos.judge import look, read_dump

# With this call the plan is there: what comes next rolls the run forward.
_BLOCK = 4096
_PLANS = "link none _state/plans/"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A command on a copy of the lake `before` (None: on no lake).

    `after` is the canonical dump that it leaves, with whatever code of `codes`; a reader sees one
    of `looks` while it works. `points` are the calls it makes, by kind; with the change of number
    `planned_at` its plan stands. `adds` are the bytes that the lake has grown by, in blocks.
    """

    name: str
    arguments: tuple[str, ...]
    before: Path | None
    codes: frozenset[int]
    after: tuple[str, ...]
    looks: frozenset[frozenset[str]]
    points: dict[str, int]
    planned_at: int
    adds: int

    def command(self, root: Path) -> tuple[str, ...]:
        """Its words for the lake at `root`."""
        return (*self.arguments, "--lake", str(root))

    def begin(self, root: Path) -> None:
        """Put the lake there that it begins with."""
        if self.before is not None:
            shutil.copytree(self.before, root)


class Workshop:
    """Makes scenarios in a folder, and runs commands there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drops = folder / "drops"

    def make_drops(self) -> None:
        """Early: a watch takes files that have not changed for some seconds."""
        corpus.write_drop(self.drops / "first.jsonl", corpus.FIRST, reject=True)
        corpus.write_drop(self.drops / "next.jsonl", corpus.NEXT)
        corpus.write_drop(self.drops / "watched" / "next.jsonl", corpus.NEXT)
        corpus.write_drop(self.drops / "mended.jsonl", corpus.LATE)

    def run(self, task: Callable[[], object], seconds: float = SECONDS) -> Ended:
        """A task in a child."""
        return run_child(task, self.folder / f"said-{os.getpid()}", seconds)

    @contextmanager
    def case(self) -> Iterator[Path]:
        """A folder for the length of the block, one for each process."""
        folder = self.folder / f"case-{os.getpid()}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def must(self, *arguments: str | Path, codes: Sequence[int] = (0, 3)) -> None:
        """A command that has to end well: nothing can be tested on what it did not make."""
        ended = self.run(wiretrace(*arguments))
        if ended.code not in codes:
            raise RuntimeError(f"{arguments} left with {ended.code}: {ended.said[-2000:]}")

    def ask(self, question: Callable[[], Any], seconds: float = SECONDS) -> Any:
        """What a function says of a lake, in a child: delta-rs must not have run before a fork."""
        out = self.folder / f"answer-{os.getpid()}.json"
        ended = self.run(lambda: out.write_text(json.dumps(question())), seconds)
        if ended.code != 0:
            raise RuntimeError(f"no answer: {ended.said[-2000:]}")
        return json.loads(out.read_text())

    def scenarios(self) -> list[Scenario]:
        """All of them; takes seconds."""
        first, next_ = self.drops / "first.jsonl", self.drops / "next.jsonl"
        absent = self.drops / "absent.jsonl"
        lakes = {name: self.folder / "lakes" / name for name in ("one", "two", "merged", "planned")}
        self.must("run", "--lake", lakes["one"], "--drop", first, "--drop", absent)
        shutil.copyfile(self.drops / "mended.jsonl", absent)
        shutil.copytree(lakes["one"], lakes["two"])
        for _ in range(2):
            self.must("run", "--lake", lakes["two"], "--drop", next_)
        shutil.copytree(lakes["two"], lakes["merged"])
        self.must("compact", "--lake", lakes["merged"])
        self._leave_plan(lakes["one"], lakes["planned"], next_)
        return [
            self._scenario("new lake", None, "feeds", "add", "https://feed.example/rss"),
            self._scenario("first run", None, "run", "--drop", str(first)),
            self._scenario("run", lakes["one"], "run", "--drop", str(next_)),
            self._scenario(
                "watch", lakes["one"], "watch", "--once", "--drop", str(self.drops / "watched")
            ),
            self._scenario("replay", lakes["one"], "replay"),
            self._scenario("compact", lakes["two"], "compact"),
            self._scenario("vacuum", lakes["merged"], "compact", "--purge"),
            self._scenario("forget", lakes["two"], "forget", "--outlet", "one.example", "--yes"),
            self._scenario("roll forward and compact", lakes["planned"], "compact", "--purge"),
        ]

    def _leave_plan(self, lake: Path, planned: Path, drop: Path) -> None:
        """A lake whose last run was killed when its plan was durable."""
        run = self._scenario("leave a plan", lake, "run", "--drop", str(drop))
        shutil.copytree(lake, planned)
        fault, log = Fault("changes", run.planned_at + 1, "kill"), self.folder / "planned.log"
        self.run(armed(planned, fault, log, wiretrace(*run.command(planned))))
        if not fired(log) or not list((planned / "_state" / "plans").glob("*.json")):
            raise RuntimeError("no plan was left behind")

    def _scenario(self, name: str, before: Path | None, *arguments: str) -> Scenario:
        """Run it once with nothing in its way."""
        root, log = self.folder / "undisturbed", self.folder / "calls"
        shutil.rmtree(root, ignore_errors=True)
        log.unlink(missing_ok=True)
        if before is not None:
            shutil.copytree(before, root)
        size = _size(root)

        def watch() -> dict[str, object]:
            seen = [sorted(look(root))]
            code = exit_code(armed(root, COUNT, log, wiretrace(*arguments, "--lake", root)))
            return {
                "code": code,
                "changes": are_changes(log),
                "planned": [line.startswith(_PLANS) for line in log.read_text().splitlines()],
                "looks": [*seen, sorted(look(root))],
                "after": read_dump(root),
            }

        told = self.ask(watch)
        if told["code"] not in (0, 3):
            raise RuntimeError(f"{name} left with {told['code']}")
        changes = told["changes"]
        plan = told["planned"].index(True) if any(told["planned"]) else 0
        return Scenario(
            name=name,
            arguments=arguments,
            before=before,
            codes=frozenset({told["code"]}),
            after=tuple(told["after"]),
            looks=frozenset(map(frozenset, told["looks"])),
            points={"changes": sum(changes), "reads": len(changes) - sum(changes)},
            planned_at=sum(changes[: plan + 1]),
            adds=_size(root) - size,
        )


def armed(root: Path, fault: Fault, log: Path, task: Callable[[], object]) -> Callable[[], object]:
    """The task in a child that meets the fault."""

    def run() -> object:
        arm(root, fault, log)
        return task()

    return run


def _size(root: Path) -> int:
    sizes = (path.stat().st_size for path in root.rglob("*") if path.is_file())
    return sum(-(-size // _BLOCK) * _BLOCK for size in sizes)
