"""With what the command leaves, and what that means (DESIGN.md §8)."""

from __future__ import annotations

from typing import Final

EXIT_CODES: Final = {
    0: "Everything is accounted for.",
    1: "A bug of wiretrace.",
    2: "Wrong usage or configuration.",
    3: "Committed, and something was rejected.",
    5: "The lake is busy: another writer holds it (`--wait SECONDS`).",
    6: "The lake is damaged (`wiretrace doctor`).",
    7: "No source could be read.",
    75: "Temporary: an object store or an engine gave up, the disk is full or refuses, or "
    "no thread can be started; try again.",
    130: "Interrupted by Ctrl-C; nothing of the run stays. Asked to stop, `watch`, `stream` and "
    "`serve` leave with 0.",
    143: "Interrupted by SIGTERM; the same.",
}
