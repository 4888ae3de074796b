"""By which versions articles are told: those of the language and the day that they came out in.

An article stands in one story, whatever its later versions say: in which language they are taken to
be, on which day they claim to be published. A version without a day counts only until there is one
that claims a day. Within a language and a day: `transforms/stories/profile_rows.first_versions`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lake.checked import checked_file
from lake.current import read_versions
from lake.data_file import DataFile
from lake.keys import KeyState, StateFiles
from lake.tables import Snapshot
from schemas.article import is_notice
from transforms.profile_articles import ProfilesFile

_COLUMNS = ["article_id", "version_id", "published", "versioncreated", "genre"]
_LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)


class Version(NamedTuple):
    """A version that reports something; the least of an article is that which it is told by."""

    is_undated: bool
    date: dt.date
    stated_at: dt.datetime
    version_id: str
    language: str
    article_id: str

    @property
    def place(self) -> tuple[bool, dt.date, str]:
        """What an article's versions have to share with the least to be told."""
        return self.is_undated, self.date, self.language


class Versions:
    """Those in some data files, and of the same articles those that are in no such file."""

    def __init__(
        self, pinned: Snapshot, base: StateFiles, files: Iterable[ProfilesFile], staging: Path
    ) -> None:
        """`base`: the keys of the lake as it was pinned; files under `staging` are new."""
        known: dict[str, list[Version]] = defaultdict(list)
        new: dict[str, list[Version]] = defaultdict(list)
        for file in files:
            found = new if Path(file.path).is_relative_to(staging) else known
            for one in versions_in(Path(file.path), file.date, file.language):
                found[one.article_id].append(one)
        self._files_hold = [one for found in (known, new) for own in found.values() for one in own]
        held = {one.version_id for one in self._files_hold}
        registered = KeyState(base).versions(sorted({*known, *new}))
        apart = {
            article_id
            for article_id, entries in registered.items()
            if not {entry.version_id for entry in entries} <= held
        }
        for one in known_versions(pinned, apart):
            if one.version_id not in held:
                known[one.article_id].append(one)
        self._known, self._new = known, new

    def not_told(self, aliased: Collection[str]) -> frozenset[str]:
        """The ids of versions in the files that no article is told by.

        `aliased`: articles that turned out to be others, which tell by their own versions.
        """
        told = {
            article_id: min(
                (*self._known.get(article_id, ()), *self._new.get(article_id, ()))
            ).place
            for article_id in (self._known.keys() | self._new.keys()) - set(aliased)
        }
        return frozenset(
            one.version_id for one in self._files_hold if told.get(one.article_id) != one.place
        )

    def left(self) -> set[tuple[str, dt.date]]:
        """Languages and days on which articles stood that a new version takes elsewhere."""
        found = set()
        for article_id, versions in self._new.items():
            before = min(self._known.get(article_id, ()), default=None)
            if before is not None and min((before, *versions)).place != before.place:
                found.add((before.language, before.date))
        return found


def places_left(pinned: Snapshot, aliased: Collection[str]) -> set[tuple[str, dt.date]]:
    """Languages and days on which articles stood that turn out to be others."""
    versions: dict[str, list[Version]] = defaultdict(list)
    for one in known_versions(pinned, aliased):
        versions[one.article_id].append(one)
    return {(first.language, first.date) for first in map(min, versions.values())}


def known_versions(pinned: Snapshot, article_ids: Collection[str]) -> Iterator[Version]:
    """The versions of some articles that the lake has."""
    if not article_ids:
        return
    columns = [*_COLUMNS, "date", "language"]
    for row in read_versions(pinned, article_ids, columns).to_pylist():
        if not is_notice(row):
            yield _version(row, row["date"], row["language"])


def versions_in(path: Path, date: dt.date, language: str) -> Iterator[Version]:
    """The versions in a data file."""
    with checked_file(path) as parquet:
        for row in parquet.read(columns=_COLUMNS).to_pylist():
            if not is_notice(row):
                yield _version(row, date, language)


def _version(row: Mapping[str, Any], date: dt.date, language: str) -> Version:
    return Version(
        row["published"] is None,
        date,
        row["versioncreated"] or row["published"] or _LATEST,
        row["version_id"],
        language,
        row["article_id"],
    )


def article_ids_in(written: Sequence[DataFile], staging: Path, table: str) -> frozenset[str]:
    """The articles that rows of a table are of which a run wrote."""
    found: set[str] = set()
    for file in written:
        if file.table == table:
            path = staging / table / file.path
            with checked_file(path) as parquet:
                found |= set(parquet.read(columns=["article_id"])["article_id"].to_pylist())
    return frozenset(found)
