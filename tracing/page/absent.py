"""What a lake has nothing of, in words: why it is not on a page, and what mends that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Absent:
    """`what` is not there, and `how` it comes to be."""

    what: str
    how: str


_NEXT_RUN: Final = (
    "The next `wiretrace run` makes them of all that the lake has, from version 0.1.0 on."
)
_NEW_ONLY: Final = (
    "A `wiretrace run` of version 0.1.0 and later finds them in what it takes in; they may also"
    " simply not occur."
)
_BY_TABLE: Final = {
    "articles": Absent(
        "This lake holds no article yet.",
        "`wiretrace run` takes files, folders and feeds in; `wiretrace demo` makes a lake to look"
        " at.",
    ),
    "sightings": Absent(
        "Nothing was delivered to this lake yet.", "`wiretrace run` takes news in."
    ),
    "runs": Absent("No run is committed yet.", "`wiretrace run` takes news in."),
    "story_members": Absent("This lake has no stories yet.", _NEXT_RUN),
    "story_aliases": Absent("No stories of two languages are tied yet.", _NEXT_RUN),
    "links": Absent("No copies are known in this lake yet.", _NEXT_RUN),
    "citations": Absent("No credits are known in this lake.", _NEW_ONLY),
    "entities": Absent("No names are known in this lake.", _NEW_ONLY),
    "quotes": Absent("No quotations are known in this lake.", _NEW_ONLY),
    "facts": Absent("No numbers or dates are known in this lake.", _NEW_ONLY),
    "controls": Absent(
        "No message killed, withheld or corrected anything.",
        "They come with wires that send such messages.",
    ),
    "feeds.toml": Absent(
        "The lake’s list of feeds cannot be read.", "`wiretrace feeds list` says what is wrong."
    ),
}
# That nobody was killed, or that two stories are not tied, is no lack.
_USUAL: Final = frozenset({"controls", "story_aliases"})


def absent(tables: Iterable[str]) -> tuple[Absent, ...]:
    """Of each table without a row what that means; nothing of those that are often empty."""
    return tuple(
        _BY_TABLE.get(table, Absent(f"Nothing is in {table}.", "`wiretrace doctor` checks a lake."))
        for table in tables
        if table not in _USUAL
    )
