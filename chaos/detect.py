"""Whether damage is seen: by doctor always, by whoever reads before a wrong answer is given."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chaos.child import exit_code, wiretrace
from chaos.damage import Damage, damaged, harm
from chaos.judge import judge, pin
from chaos.scenarios import Scenario, Workshop

if TYPE_CHECKING:
    from lake.tables import Snapshot

_DAMAGED = 6
_ASKED = ("ferry Mahren saved", "storm port Lyon")
# Of so many damages of a kind one is looked for by the whole of doctor, and read by a trace too: to
# look at the files alone costs a tenth of either.
_WHOLE = 8
# What is read to pin a lake; the other files are read by whoever looks at one that is pinned.
_PINS = ("log entry", "log checkpoint", "log sums")


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one damage: whether doctor found it (None: not asked), and what a reader said.

    `answer`: `right`, `refused` (exit code 6 and a sentence), None (not asked), or what is wrong.
    """

    reader: str
    kind: str
    damage: str
    found: bool | None
    answer: str | None

    @property
    def holds(self) -> bool:
        """Found, if doctor was asked, and never read as if it were nothing."""
        return self.found is not False and self.answer in (None, "right", "refused")


def inspect(workshop: Workshop, lake: Path, damages: Sequence[Damage]) -> list[Seen]:
    """Doctor, and now and then a trace, on one copy of the lake after the other."""
    root = workshop.folder / f"damaged-{os.getpid()}"

    def work() -> list[dict[str, Any]]:
        shutil.copytree(lake, root)
        sound = _Sound(pin(root), tuple(_trace(root, words) for words in _ASKED))
        turns: defaultdict[str, Iterator[int]] = defaultdict(count)
        return [asdict(_inspect(sound, one, next(turns[one.kind]))) for one in damages]

    try:
        return [Seen(**seen) for seen in workshop.ask(work, seconds=3600)]
    finally:
        shutil.rmtree(root, ignore_errors=True)


def try_command(workshop: Workshop, scenario: Scenario, damage: Damage) -> list[Seen]:
    """A writer on the damaged lake: refused, or as right as on a sound one once that is mended."""
    with workshop.case() as folder:
        root = folder / "lake"
        scenario.begin(root)
        path = root / damage.path
        whole = path.read_bytes()
        hurt = harm(whole, damage)
        path.write_bytes(hurt)
        ended = workshop.run(wiretrace(*scenario.command(root)))
        answer = "refused"
        if ended.code not in (*scenario.codes, _DAMAGED):
            answer = f"no clear error ({ended.code}): {ended.said[-700:]}"
        elif ended.code == _DAMAGED and "wiretrace" not in ended.said:
            answer = "left with 6 and said nothing"
        if path.exists() and path.read_bytes() == hurt:
            path.write_bytes(whole)
        after = workshop.ask(lambda: _judge_again(root, scenario, again=ended.code == _DAMAGED))
        if after != "right":
            answer = after
        elif ended.code in scenario.codes:
            answer = "right"
        return [Seen(scenario.name, damage.kind, str(damage), None, answer)]


def format_seen(seen: Iterable[Seen]) -> str:
    """A line for each kind of file: damaged, found by doctor, and what readers said of it."""
    counts: dict[str, Counter[str]] = {}
    for one in seen:
        row = counts.setdefault(f"{one.reader}: {one.kind}", Counter())
        row["planned"] += 1
        row["found"] += bool(one.found)
        if one.answer is not None:
            row[one.answer if one.answer in ("right", "refused") else "wrong"] += 1
    lines = [f"{'damaged':34} planned  found  read: right  refused  wrong"]
    for name, row in counts.items():
        told = (row[key] for key in ("planned", "found", "right", "refused", "wrong"))
        lines.append("{:34} {:7} {:6} {:12} {:8} {:6}".format(name, *told))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Sound:
    """The lake before it is damaged: pinned, and what a trace says of each of `_ASKED`."""

    pinned: Snapshot
    right: tuple[str, ...]


def _inspect(sound: _Sound, damage: Damage, turn: int) -> Seen:
    from lake.check import check, check_files
    from lake.tables import open_lake

    root = sound.pinned.lake.root
    is_whole, nth = turn % _WHOLE == 0, turn // _WHOLE % len(_ASKED)
    answer = None
    with damaged(root, damage):
        try:
            if is_whole or damage.kind in _PINS:
                findings = check(open_lake(root))
            else:
                findings = check_files(sound.pinned)
            found = any(finding.is_damage for finding in findings)
            if is_whole:
                answer = _read(lambda: _trace(root, _ASKED[nth]), sound.right[nth])
        except Exception:
            found, answer = False, f"doctor raised: {traceback.format_exc()[-500:]}"
    return Seen("doctor", damage.kind, str(damage), found, answer)


def _read(ask: Callable[[], str], right: str) -> str:
    try:
        return "right" if ask() == right else "a wrong answer"
    except Exception as error:
        if getattr(error, "exit_code", None) == _DAMAGED:
            return "refused"
        return f"no clear error: {error!r}"[:500]


def _trace(root: Path, words: str) -> str:
    from tracing.trace import Filters, trace

    at = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    none: Any = (None, None, frozenset(), frozenset())
    found = trace(pin(root), words, None, Filters(*none), embargo_at=at)
    return json.dumps(asdict(found), default=str)


def _judge_again(root: Path, scenario: Scenario, *, again: bool) -> str:
    if again:
        code = exit_code(wiretrace(*scenario.command(root)))
        if code not in scenario.codes | {0}:
            return f"mended, it left with {code}"
    verdict = judge(root, scenario.after)
    return "right" if verdict.is_whole else f"afterwards: {verdict}"
