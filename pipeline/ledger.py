"""The balance of a run: seen = new + revised + duplicate + control + rejected, in items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.run import OUTCOMES, Count


class LedgerUnbalanced(Exception):
    """More or fewer items were accounted for than were seen: a fault of ours; nothing committed."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Ledger:
    """Items by outcome, the containers they came in, and the details by source and reason.

    `read_failures` counts containers that could not be read at all.
    """

    outcomes: Mapping[str, int]
    containers: int
    read_failures: int
    counts: tuple[Count, ...]

    @property
    def seen(self) -> int:
        """All items."""
        return sum(self.outcomes.values())


def balance(
    seen: int, containers: int, read_failures: int, details: Mapping[tuple[str, str, str], int]
) -> Ledger:
    """Add up the details and hold them against what was seen independently of them.

    Raises:
        LedgerUnbalanced: the two differ.
    """
    outcomes = Counter(dict.fromkeys(OUTCOMES, 0))
    for (_, outcome, _), items in details.items():
        outcomes[outcome] += items
    if sum(outcomes.values()) != seen:
        raise LedgerUnbalanced(
            f"{seen} items were seen, but {dict(outcomes)} are accounted for; nothing was committed"
        )
    return Ledger(dict(outcomes), containers, read_failures, tuple(_counts(details)))


def _counts(details: Mapping[tuple[str, str, str], int]) -> Iterable[Count]:
    for (source, outcome, reason), items in sorted(details.items()):
        yield Count(source, outcome, reason, items)
