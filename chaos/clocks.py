"""Clocks that jump while a command works: an hour, a month, forward and back."""

from __future__ import annotations

from chaos.child import wiretrace
from chaos.faults import step_clock, times_asked
from chaos.matrix import Found, judge_end, judge_lake
from chaos.report import Outcome
from chaos.scenarios import Scenario, Workshop

STEPS = (-3600, 40 * 86_400, -2 * 86_400, 3600)


def try_step(workshop: Workshop, scenario: Scenario, seconds: int, nth: int) -> Outcome:
    """The clock jumps when the command asks it for the n-th time, and is right again afterwards."""
    with workshop.case() as folder:
        root, asked = folder / "lake", folder / "asked"
        scenario.begin(root)
        command = wiretrace(*scenario.command(root))

        def run() -> object:
            step_clock(seconds, nth)
            try:
                return command()
            finally:
                asked.write_text(str(times_asked()))

        ended = workshop.run(run)
        where = "stepped" if asked.exists() and int(asked.read_text()) >= nth else None
        found = Found(judge_end(scenario, ended))
        if ended.code not in scenario.codes:
            found.wrong.append(f"left with {ended.code}: {ended.said[-500:]}")
        judge_lake(workshop, scenario, root, found)
        told = f"{scenario.name}: {seconds:+} s at the {nth}th look"
        return found.outcome("clock steps", told, where, ended.code)
