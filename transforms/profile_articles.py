"""Profiles of the articles in data files, committed or still staged: what stories are told by."""

from __future__ import annotations

import datetime as dt
import errno
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc

from lake.checked import checked_dataset, checked_file
from lake.profiles import profiles_in
from lake.where import is_any
from schemas.article import is_notice
from schemas.citation import CREDITING
from transforms.stories.item import Item, Named, Quoted, Stated
from transforms.stories.profile import Profile, make_profile
from transforms.stories.profile_rows import Profiled, decode, encode, first_versions
from transforms.stories.window import WINDOW

# Tables whose rows an article's profile is made of, with the columns that it takes.
TOLD_BY: Final = {
    "entities": ("version_id", "field", "start", "entity_id", "kind", "surface", "method"),
    "facts": ("version_id", "field", "start", "kind", "value", "unit", "date_value"),
    "quotes": ("version_id", "field", "start", "text", "speaker", "speaker_entity_id", "quote_key"),
    "citations": ("version_id", "field", "start", "agency", "kind"),
}
_ARTICLE: Final = [
    "article_id", "version_id", "outlet", "published", "versioncreated", "headline",
    "description_text", "body_text", "url", "genre",
]  # fmt: skip
_ROWS_AT_ONCE = 500
_READ_ONLY: Final = (errno.EROFS, errno.EACCES, errno.EPERM)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProfilesFile:
    """A data file of `articles`: `content` is the hash in its name; `is_new`: not told yet.

    `told_by`: table name to its data files of the same day.
    """

    path: str
    content: str
    date: dt.date
    language: str
    is_new: bool
    told_by: tuple[tuple[str, tuple[str, ...]], ...]


def profile(file: ProfilesFile, folder: Path) -> list[Profiled]:
    """The profiles of a file, read from `folder`, or made and written there."""
    kept = profiles_in(folder)
    body = kept.read(file.content)
    if body is None:
        body = memoryview(encode(make_profiles(file)))
        try:
            kept.write(file.content, bytes(body))
        except OSError as error:
            # A lake that may only be read is told again too, from profiles that are not kept.
            if error.errno not in _READ_ONLY:
                raise
    return decode(body)


def make_profiles(file: ProfilesFile) -> Iterator[Profiled]:
    """The profiles of a file's versions that report anything."""
    with checked_file(file.path) as parquet:
        versions = parquet.read(columns=["version_id"])["version_id"].to_pylist()
        told_by = {table: _read(table, paths, versions) for table, paths in file.told_by if paths}
        for batch in parquet.iter_batches(batch_size=_ROWS_AT_ONCE, columns=_ARTICLE):
            rows = [row for row in batch.to_pylist() if not is_notice(row)]
            told = {table: _by_version(found, rows) for table, found in told_by.items()}
            for row in rows:
                mine = {table: found.get(row["version_id"], ()) for table, found in told.items()}
                item = to_item(row, file.date, file.language, mine)
                yield Profiled(make_profile(item), row["versioncreated"] or row["published"])


def to_item(row: Row, date: dt.date, language: str, told: Mapping[str, Sequence[Row]]) -> Item:
    """A row of `articles`, with its rows of the other tables in order of the text."""
    return Item(
        article_id=row["article_id"],
        version_id=row["version_id"],
        language=language,
        outlet=row["outlet"],
        day=date,
        published=row["published"],
        headline=row["headline"] or "",
        description_text=row["description_text"] or "",
        body_text=row["body_text"] or "",
        url=row["url"],
        entities=tuple(
            Named(one["entity_id"], one["kind"], one["surface"], one["field"], one["method"])
            for one in told.get("entities", ())
        ),
        facts=tuple(
            Stated(one["kind"], one["value"], one["unit"], one["date_value"], one["field"])
            for one in told.get("facts", ())
        ),
        quotes=tuple(
            Quoted(one["text"], one["speaker"], one["speaker_entity_id"], one["quote_key"])
            for one in told.get("quotes", ())
        ),
        sources=tuple(
            dict.fromkeys(
                one["agency"]
                for one in told.get("citations", ())
                if one["kind"] in CREDITING and one["agency"] != row["outlet"]
            )
        ),
    )


def _read(table: str, paths: Sequence[str], versions: Sequence[str]) -> pa.Table:
    columns = list(TOLD_BY[table])
    where = is_any("version_id", versions)
    order = [(name, "ascending") for name in ("version_id", "field", "start")]
    return checked_dataset(paths).to_table(columns, filter=where).sort_by(order)


def _by_version(found: pa.Table, rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    mine = pa.array([row["version_id"] for row in rows], pa.string())
    by_version: dict[str, list[Row]] = defaultdict(list)
    for row in found.filter(pc.is_in(found["version_id"], mine)).to_pylist():
        by_version[row["version_id"]].append(row)
    return by_version


class ProfileShelf:
    """Profiles are read when a day is asked for, and those of a window are kept in memory."""

    def __init__(
        self, files: Iterable[ProfilesFile], folder: Path, hidden: Collection[str]
    ) -> None:
        """`hidden`: versions that nothing is to be told by."""
        by_day: dict[dt.date, list[ProfilesFile]] = defaultdict(list)
        for file in sorted(files, key=lambda file: file.path):
            by_day[file.date].append(file)
        self._files, self._folder, self._hidden = by_day, folder, hidden
        self._of = lru_cache(maxsize=WINDOW.days + 2)(self._read)

    @property
    def days(self) -> list[dt.date]:
        """The days that have files."""
        return sorted(self._files)

    def dated(self, day: dt.date) -> list[Profile]:
        """Of each article that claims the day its first version of that day."""
        return [one for one in self._of(day) if one.published is not None]

    def undated(self, since: dt.date) -> list[Profile]:
        """The articles that claim no day and were seen first on one `since`."""
        days = [day for day in self.days if day >= since]
        return [one for day in days for one in self._of(day) if one.published is None]

    def _read(self, day: dt.date) -> list[Profile]:
        rows = [row for file in self._files[day] for row in profile(file, self._folder)]
        return first_versions([row for row in rows if row.profile.version_id not in self._hidden])


class _Profile(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def process(self, file: ProfilesFile) -> Iterator[str]:
        if not profiles_in(self.folder).has(file.content):  # a damaged one is seen when it is read
            profile(file, self.folder)
        yield file.content


@dataclass
class ProfileArticles(beam.PTransform):
    """`ProfilesFile`s to their content hashes, when their profiles are in `folder`."""

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, files: beam.PCollection) -> beam.PCollection:
        """Profile each."""
        return files | "Profile" >> beam.ParDo(_Profile(self.folder))
