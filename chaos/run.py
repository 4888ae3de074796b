"""`make chaos`: everything once, and the figures."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from chaos.child import cpu_seconds, load
from chaos.clocks import STEPS, try_step
from chaos.damage import FOUND, plan_damage
from chaos.detect import Seen, format_seen, inspect, try_command
from chaos.faults import LIBRARY, build, plan_faults
from chaos.lanes import in_lanes
from chaos.matrix import try_fault
from chaos.report import Outcome, format_spent, format_tallies, tally
from chaos.scenarios import Scenario, Workshop
from chaos.whole import (
    STARVED,
    THREADS,
    may_mount,
    try_full,
    try_killed,
    try_read_only,
    try_starved,
    try_threadless,
)
from chaos.writers import PART as EIGHT
from chaos.writers import try_writers

# How many changes and reads meet a fault, unless CHAOS=long asks for all. What has Beam in it takes
# three seconds a fault, the others one.
_AT_MOST = {
    "new lake": (300, 10),
    "first run": (10, 3),
    "run": (12, 3),
    "watch": (8, 3),
    "replay": (8, 3),
    "compact": (300, 10),
    "vacuum": (300, 10),
    "forget": (24, 3),
    "roll forward and compact": (60, 10),
}
_WITH_BEAM = ("first run", "run", "watch", "replay")
_FLIPS, _CUTS = 2_000, 2_000
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Case:
    """Something to try: of its `part`, by calling `attempt`."""

    part: str
    attempt: Callable[[], Outcome | list[Outcome] | list[Seen]]


def main() -> None:
    """Print the figures; leave with 1 if they are not what they must be."""
    if os.environ.get("CHAOS", "") not in ("", "short", "long"):
        sys.exit("CHAOS is short (every tenth case), long (a fault in every call) or not set")
    _preload()
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=_memory()))
    try:
        outcomes, seen, spent = _try_all(Workshop(folder), os.environ.get("CHAOS", ""))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tallies = tally(outcomes)
    print(format_tallies(tallies), format_seen(seen), format_spent(spent), sep="\n\n")
    print(f"{time.monotonic() - began:.0f} s on the wall")
    sys.exit(not (all(one.holds for one in tallies) and all(one.holds for one in seen)))


def _try_all(workshop: Workshop, length: str) -> tuple[list[Outcome], list[Seen], dict[str, float]]:
    """What became of each fault and each damage, and the CPU seconds of each part."""
    workshop.make_drops()
    load()
    scenarios = {scenario.name: scenario for scenario in workshop.scenarios()}
    cases = [Case(EIGHT, partial(try_writers, workshop))]  # the longest, so the first
    cases += [
        *_fault_cases(workshop, scenarios, length == "long"),
        *_whole_cases(workshop, scenarios),
    ]
    cases += [*_clock_cases(workshop, scenarios), *_damage_cases(workshop, scenarios)]
    if length == "short":
        cases = cases[::10]
    spent = {"loading, and a lake for each": cpu_seconds()}
    outcomes: list[Outcome] = []
    seen: list[Seen] = []
    for case, (results, seconds) in zip(
        cases, in_lanes(_attempt, cases, workshop.folder), strict=True
    ):
        spent[case.part] = spent.get(case.part, 0.0) + seconds
        outcomes += [one for one in results if isinstance(one, Outcome)]
        seen += [one for one in results if isinstance(one, Seen)]
    return outcomes, seen, spent


def _attempt(case: Case) -> tuple[Sequence[Outcome | Seen], float]:
    """Try it, say at once what is wrong, and what it cost."""
    before = cpu_seconds()
    result = case.attempt()
    results = result if isinstance(result, list) else [result]
    for one in results:
        if not one.holds:
            print(f"{one}\n", file=sys.stderr, flush=True)
    return results, cpu_seconds() - before


def _fault_cases(
    workshop: Workshop, scenarios: Mapping[str, Scenario], is_long: bool
) -> Iterator[Case]:
    for number, scenario in enumerate(scenarios.values()):
        for calls, most in zip(("changes", "reads"), _AT_MOST[scenario.name], strict=True):
            points = scenario.points[calls]
            if calls == "reads":  # of which delta-rs makes a few more or less each time
                points -= points // 20
            faults = plan_faults(calls, points, points if is_long else most, number)
            attempt = try_killed if is_long else try_fault
            for fault in faults:
                yield Case(scenario.name, partial(attempt, workshop, scenario, fault))


def _whole_cases(workshop: Workshop, scenarios: Mapping[str, Scenario]) -> Iterator[Case]:
    """Fifty processes of their own."""
    for name, killed in (
        ("run", 4),
        ("watch", 2),
        ("compact", 10),
        ("roll forward and compact", 8),
    ):
        for fault in plan_faults("changes", scenarios[name].points["changes"], killed):
            killing = dataclasses.replace(fault, name="kill")
            yield Case("whole processes", partial(try_killed, workshop, scenarios[name], killing))
    for more in STARVED:
        yield Case("RLIMIT_AS", partial(try_starved, workshop, scenarios["compact"], more))
    for nth in THREADS:
        yield Case("no threads", partial(try_threadless, workshop, scenarios["compact"], nth))
    if not may_mount(workshop.folder):
        print("no leave to mount a tmpfs: neither a full nor a read-only disk", file=sys.stderr)
        return
    for name, shares in (
        ("run", (0.1, 0.5, 0.9)),
        ("compact", (0.0, 0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9)),
    ):
        for share in shares:
            yield Case("full tmpfs", partial(try_full, workshop, scenarios[name], share))
    for name in ("run", "replay", "watch", "compact", "vacuum", "roll forward and compact"):
        for writes in (True, False):
            if writes or name not in _WITH_BEAM:
                yield Case("read-only", partial(try_read_only, workshop, scenarios[name], writes))


def _clock_cases(workshop: Workshop, scenarios: Mapping[str, Scenario]) -> Iterator[Case]:
    for number, name in enumerate(
        ("run", "watch", "replay", "compact", "roll forward and compact")
    ):
        for nth in (1, 12):
            seconds = STEPS[(2 * number + (nth > 1)) % len(STEPS)]
            yield Case("clock steps", partial(try_step, workshop, scenarios[name], seconds, nth))


def _damage_cases(workshop: Workshop, scenarios: Mapping[str, Scenario]) -> Iterator[Case]:
    planned = scenarios["roll forward and compact"]
    for scenario, only, share in (
        (scenarios["compact"], FOUND, 0.9),
        (planned, ("plan", "staged file"), 0.1),
    ):
        lake = scenario.before
        assert lake is not None
        flips, cuts = round(_FLIPS * share), round(_CUTS * share)
        damages = plan_damage(lake, flips, cuts, only=only)
        for first in range(0, len(damages), _BATCH):
            some = damages[first : first + _BATCH]
            yield Case("damage: doctor, trace", partial(inspect, workshop, lake, some))
    for name, number in (
        ("run", 9),
        ("replay", 9),
        ("compact", 18),
        ("roll forward and compact", 18),
    ):
        lake = scenarios[name].before
        assert lake is not None
        for damage in plan_damage(lake, number // 3 * 2, number // 3):
            case = partial(try_command, workshop, scenarios[name], damage)
            yield Case("damage: commands", case)


def _preload() -> None:
    """Start anew with the library between this process and libc."""
    if os.environ.get("LD_PRELOAD") != str(LIBRARY):
        env = {**os.environ, "LD_PRELOAD": str(build()), "PYTHONHASHSEED": "0"}
        os.execve(sys.executable, [sys.executable, "-m", "chaos.run"], env)


def _memory() -> str | None:
    """A disk in memory, where there is one: what is tested is not the disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


if __name__ == "__main__":
    main()
