"""Stories of each language: what a run's new articles join and found, and what that moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lake.checked import checked_dataset
from schemas.link import FORM
from transforms.profile_articles import ProfilesFile, ProfileShelf
from transforms.stories.fold import Standing, tell
from transforms.stories.naming import follow
from transforms.stories.newest import standing_aliases
from transforms.stories.standing_rows import (
    MERGED,
    Telling,
    member_rows,
    merger_rows,
    mergers_of,
    places_of,
)

# Articles that claim no day may still be joined so long after they were seen first.
UNDATED_KEPT: Final = dt.timedelta(days=30)
# A text whose half is another's is its copy, and counts once with it.
_COPIED: Final = 0.5
# Of a row of `story_aliases`, what says that two were merged.
_MERGER: Final = ("story_id", "alias_of", "reason", "score", "day", "withdrawn", "sequence")


@dataclass(frozen=True, slots=True)
class StoryFiles:
    """Data files of the tables that say what earlier runs told, and whose text is whose."""

    members: tuple[str, ...]
    aliases: tuple[str, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageTask:
    """One language: its files from a window before the first new day on, and those days.

    `likely`: earlier days, of which articles that claim none may be. `hidden`: versions that no
    article is told by (`pipeline/story_versions.py`).
    """

    language: str
    files: tuple[ProfilesFile, ...]
    stood: StoryFiles
    likely: frozenset[dt.date]
    hidden: frozenset[str]


def tell_language(task: LanguageTask, folder: Path, telling: Telling) -> tuple[Standing, Standing]:
    """What stood of a language in the task's days, and what stands now."""
    days = {file.date for file in task.files}
    places = read_places(task.stood, task.language, days)
    merged = pc.field("reason") == MERGED
    aliases = standing_aliases(read_rows(task.stood.aliases, merged, columns=_MERGER))
    mergers = mergers_of(aliases, {place.story_id for place in places.values()})
    stood = Standing(places, mergers, _stories_elsewhere(task, days))
    shelf = ProfileShelf(task.files, folder, task.hidden)
    new_days = {file.date for file in task.files if file.is_new}
    undated = shelf.undated(telling.at.date() - UNDATED_KEPT)
    copies = read_copies(task.stood.links)
    told = tell(shelf.days, new_days, shelf.dated, stood, undated, task.likely, copies)
    return stood, told


def _stories_elsewhere(task: LanguageTask, days: set[dt.date]) -> frozenset[str]:
    where = pc.field("date").isin(pa.array(sorted(days), pa.date32()))
    where = where & (pc.field("language") != task.language)
    rows = read_table(task.stood.members, where, ["date"], ["story_id"])
    return frozenset(rows["story_id"].unique().to_pylist()) if rows else frozenset()


def read_places(stood: StoryFiles, language: str | None, days: set[dt.date]) -> Any:
    """Where the articles of some days stand, of one language or of all."""
    where = pc.field("date").isin(pa.array(sorted(days), pa.date32()))
    if language is not None:
        where = where & (pc.field("language") == language)
    return places_of(read_rows(stood.members, where, ["date"]))


@lru_cache(maxsize=1)
def read_copies(links: Sequence[str]) -> Mapping[str, str]:
    """Article to the least article of its copy family, for those that have copies.

    Kept, as each language asks for the same: a data file never changes.
    """
    columns = [
        "from_article_id", "to_article_id", "from_version_id", "to_version_id", "kind",
        "containment_from", "containment_to", "withdrawn", "as_of",
    ]  # fmt: skip
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(read_rows(links, columns=columns), key=lambda row: row["as_of"]):
        newest[row["from_version_id"], row["to_version_id"]] = row
    parents: dict[str, str] = {}
    copies: set[str] = set()
    for row in newest.values():
        is_copy = not row["withdrawn"] and row["kind"] != FORM
        if is_copy and min(row["containment_from"], row["containment_to"]) >= _COPIED:
            pair = row["from_article_id"], row["to_article_id"]
            copies.update(pair)
            one, other = sorted(follow(article, parents) for article in pair)
            if one != other:
                parents[other] = one
    return {article: follow(article, parents) for article in copies}


def read_rows(
    paths: Sequence[str],
    where: pc.Expression | None = None,
    hive: Sequence[str] = (),
    columns: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """The same as `read_table`, row by row."""
    table = read_table(paths, where, hive, columns)
    return [] if table is None else table.to_pylist()


def read_table(
    paths: Sequence[str],
    where: pc.Expression | None = None,
    hive: Sequence[str] = (),
    columns: Sequence[str] | None = None,
) -> pa.Table | None:
    """Rows of data files, page checksums verified; `hive`: partition columns, all of them dates.

    None if there are no files.
    """
    if not paths:
        return None
    schema = pa.schema([(name, pa.date32()) for name in hive])
    partitioning = ds.partitioning(schema, flavor="hive") if hive else None
    dataset = checked_dataset(paths, partitioning=partitioning)
    return dataset.to_table(columns=list(columns) if columns else None, filter=where)


class _Tell(beam.DoFn):
    def __init__(self, folder: str, telling: Telling) -> None:
        self.folder, self.telling = Path(folder), telling

    def process(self, task: LanguageTask, profiled: Sequence[str]) -> Iterator[Any]:
        stood, told = tell_language(task, self.folder, self.telling)
        for member in member_rows(stood.places, told.places, self.telling):
            yield "story_members", member
        for alias in merger_rows(stood.mergers, told.mergers, task.language, self.telling):
            yield "story_aliases", alias
        yield beam.pvalue.TaggedOutput("told", (task.language, told))


@dataclass
class TellStories(beam.PTransform):
    """Tasks to `rows`, (table name, row) pairs, and `told`, (language, `Standing`) pairs.

    Waits until the files are `profiled`, a PCollection of their hashes.
    """

    tasks: Sequence[LanguageTask]
    folder: str
    telling: Telling

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, profiled: beam.PCollection) -> Any:
        """Tell each language by itself."""
        return (
            profiled.pipeline
            | "Languages" >> beam.Create(self.tasks)
            | "Tell"
            >> beam.ParDo(
                _Tell(self.folder, self.telling), beam.pvalue.AsList(profiled)
            ).with_outputs("told", main="rows")
        )
