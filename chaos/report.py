"""The figures of a run of `make chaos`, and whether they are those it must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one fault did: where it fired (None: nowhere), how the command ended, what is wrong."""

    part: str
    fault: str
    fired: str | None
    code: int | None
    wrong: tuple[str, ...] = ()
    lost: int = 0
    doubled: int = 0

    @property
    def holds(self) -> bool:
        """It fired, and nothing was wrong after it."""
        return self.fired is not None and not (self.wrong or self.lost or self.doubled)


@dataclass(frozen=True, slots=True)
class Tally:
    """The outcomes of one part, counted."""

    part: str
    planned: int
    fired: int
    survived: int
    lost: int
    doubled: int

    @property
    def holds(self) -> bool:
        """Every fault fired, and nothing was wrong after any."""
        return self.planned == self.fired == self.survived and not (self.lost or self.doubled)


def tally(outcomes: Sequence[Outcome]) -> list[Tally]:
    """One line for each part, in the order in which they came."""
    parts = dict.fromkeys(outcome.part for outcome in outcomes)
    return [_count(part, [one for one in outcomes if one.part == part]) for part in parts]


def format_spent(spent: Mapping[str, float]) -> str:
    """The CPU seconds of each part: those on the wall say little where others work too."""
    rows = [*spent.items(), ("all", sum(spent.values()))]
    width = max(len(part) for part, _ in rows)
    return "\n".join(f"{part:{width}}  {seconds:6.0f} s CPU" for part, seconds in rows)


def format_tallies(tallies: Sequence[Tally]) -> str:
    """The table that is printed, with a line for all of it."""
    total = Tally("all", *(sum(getattr(t, name) for t in tallies) for name in _NUMBERS))
    rows: list[tuple[str, ...]] = [
        ("part", "planned", "fired", "survived", "rows lost", "rows doubled")
    ]
    rows += [(t.part, *(str(getattr(t, name)) for name in _NUMBERS)) for t in (*tallies, total)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


_NUMBERS = ("planned", "fired", "survived", "lost", "doubled")


def _count(part: str, outcomes: Sequence[Outcome]) -> Tally:
    return Tally(
        part=part,
        planned=len(outcomes),
        fired=sum(one.fired is not None for one in outcomes),
        survived=sum(not one.wrong for one in outcomes),
        lost=sum(one.lost for one in outcomes),
        doubled=sum(one.doubled for one in outcomes),
    )
