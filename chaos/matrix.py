"""A fault at the n-th call of a command, for n = 1, 2, 3 …; then the command again, without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chaos.child import Ended, exit_code, wiretrace
from chaos.faults import Fault, fired
from chaos.judge import judge, look
from chaos.report import Outcome
from chaos.scenarios import Scenario, Workshop, armed


@dataclass
class Found:
    """What is wrong after a fault."""

    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0

    def outcome(self, part: str, fault: str, where: str | None, code: int | None) -> Outcome:
        """All of it; a fault that did not fire is wrong too."""
        wrong = [*self.wrong, *([] if where else ["the fault did not fire"])]
        return Outcome(part, fault, where, code, tuple(wrong), self.lost, self.doubled)


def try_fault(
    workshop: Workshop,
    scenario: Scenario,
    fault: Fault,
    start: Callable[[Path, Fault, Path], Ended] | None = None,
) -> Outcome:
    """One fault, and what is left after one more try without it.

    `start` runs the command with the fault; in a forked child, if none is given.
    """
    with workshop.case() as folder:
        root, log = folder / "lake", folder / "log"
        scenario.begin(root)
        if start is None:
            task = wiretrace(*scenario.command(root))
            ended = workshop.run(armed(root, fault, log, task))
        else:
            ended = start(root, fault, log)
        found = Found(judge_end(scenario, ended, kills=fault.kills))
        judge_lake(workshop, scenario, root, found)
        told = f"{fault.calls} {fault.nth} {fault.name}"
        return found.outcome(scenario.name, told, fired(log), ended.code)


def judge_end(scenario: Scenario, ended: Ended, *, kills: bool = False) -> list[str]:
    """Killed, it is gone; else it ended as if nothing had been, or said in a line what it was."""
    if ended.code is None:
        return [f"hung: {ended.said[-500:]}"]
    if kills:
        return [] if ended.code == -9 else [f"was not killed: {ended.code}"]
    if ended.code < 0:
        return [f"died of signal {-ended.code}: {ended.said[-500:]}"]
    if ended.code in scenario.codes:
        return []
    if ended.code == 1 or "Traceback (most recent call last)" in ended.said:
        return [f"no clear error, but a bug's ({ended.code}): {ended.said[-700:]}"]
    return [] if ended.said.strip() else [f"left with {ended.code} and said nothing"]


def judge_lake(workshop: Workshop, scenario: Scenario, root: Path, found: Found) -> None:
    """Look as a reader, run the command once more, hold the lake against the undisturbed one."""
    out = root.parent / "verdict.json"
    again = wiretrace(*scenario.command(root))

    def mend_and_judge() -> None:
        seen = look(root)
        code = exit_code(again)
        verdict = judge(root, scenario.after)
        value = {"seen": sorted(seen), "code": code, "damage": verdict.damage}
        out.write_text(json.dumps({**value, "lost": verdict.lost, "doubled": verdict.doubled}))

    ended = workshop.run(mend_and_judge)
    if ended.code != 0:
        found.wrong.append(f"could not be mended ({ended.code}): {ended.said[-2000:]}")
        return
    value = json.loads(out.read_text())
    if frozenset(value["seen"]) not in scenario.looks:
        found.wrong.append("a reader saw half of it")
    # Where the fault came after the commit nothing is left to do: no reject this time.
    if value["code"] not in scenario.codes | {0}:
        found.wrong.append(f"the next try left with {value['code']}: {ended.said[-1000:]}")
    found.wrong += value["damage"]
    found.lost, found.doubled = value["lost"], value["doubled"]
    if found.lost or found.doubled:
        found.wrong.append(f"{found.lost} rows lost, {found.doubled} doubled")
