"""The few articles of which the lakes of `make chaos` are made: as small as a lake can be, and yet
with a revision, a copy, a duplicate, a control message, a reject, stories and every kind of tag."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

_FERRY = (
    "A ferry sank off Mahren on Monday, the harbour office said. Twelve people were saved by two "
    'boats of the coast guard. "We were lucky," captain John Carter told Reuters in Paris. The '
    "owner of the ferry said that its papers had been in order since the spring."
)
FIRST: tuple[Mapping[str, str], ...] = (
    {"guid": "ferry", "outlet": "one.example", "headline": "Ferry sinks off Mahren",
     "text": _FERRY, "published": "2024-05-01T08:00:00Z", "language": "en"},
    {"guid": "storm", "outlet": "two.example", "headline": "Storm closes the port of Lyon",
     "text": "A storm closed the port.", "published": "2024-05-01T09:00:00Z", "language": "en"},
)  # fmt: skip
NEXT: tuple[Mapping[str, str], ...] = (
    {**FIRST[0], "headline": "Ferry sinks off Mahren, twelve saved"},
    {"guid": "copy", "outlet": "three.example", "headline": "A ferry sinks", "text": _FERRY,
     "published": "2024-05-02T08:00:00Z", "language": "en"},
    FIRST[1],
)  # fmt: skip
LATE: tuple[Mapping[str, str], ...] = (
    {"guid": "late", "outlet": "four.example", "headline": "Orchestre de Dakar",
     "text": "L’orchestre joue.", "published": "2024-05-03T08:00:00Z", "language": "fr"},
)  # fmt: skip
_APART = {
    "anchovies": "return to colder waters",
    "bridges": "closed for painting",
    "cellists": "win prizes abroad",
    "dairies": "report record output",
    "elevators": "stuck again downtown",
    "falcons": "nest upon towers",
    "glaciers": "lose another metre",
    "hospitals": "hire more nurses",
}
NO_RECORD = "{ this is no record"


def write_drop(path: Path, records: Sequence[Mapping[str, str]], *, reject: bool = False) -> Path:
    """The records as JSON lines, with a line that is none if there is to be a reject."""
    lines = [*map(json.dumps, records), *([NO_RECORD] if reject else [])]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), "utf-8")
    return path


def own_article(number: int) -> list[Mapping[str, str]]:
    """One article that has nothing to do with any other: it is all one which comes first."""
    name, words = sorted(_APART.items())[number]
    return [
        {"guid": name, "outlet": f"{name}.example", "headline": f"{name.title()} {words}",
         "text": f"{words} {name}.", "published": f"2024-{number + 1:02}-01T08:00:00Z"},
    ]  # fmt: skip
