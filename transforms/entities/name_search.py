"""Every place where one of many names stands in a text, whatever else stands there too.

Aho and Corasick, "Efficient string matching", 1975, as the Rust crate `aho-corasick` has it: a
tenth of the time that `pyahocorasick` takes with 185,000 names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

import ahocorasick_rs

Meaning = TypeVar("Meaning")


class NameSearch(Generic[Meaning]):
    """Names, in order of their end and overlapping; built once, read by any number of threads."""

    def __init__(self, names: Mapping[str, Meaning]) -> None:
        self._meanings = list(names.values())
        self._search = ahocorasick_rs.AhoCorasick(
            iter(names),
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
            store_patterns=False,
        )

    def find(self, text: str) -> Iterator[tuple[int, int, Meaning]]:
        """Start, end (code points) and meaning of every name; linear in the text."""
        try:
            found = self._search.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:  # a lone surrogate, which no name has
            whole = text.encode("utf-8", "replace").decode("utf-8")
            found = self._search.find_matches_as_indexes(whole, overlapping=True)
        return ((start, end, self._meanings[which]) for which, start, end in found)
