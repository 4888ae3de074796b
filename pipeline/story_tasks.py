"""Which data files the stories of a run are told from: its new days, and a window before them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.checked import checked_dataset
from lake.data_file import DataFile, hash_in_name
from lake.keys import StateFiles
from lake.tables import Snapshot
from lake.where import is_any
from pipeline.link_tasks import has_looked
from pipeline.story_versions import Versions, article_ids_in, places_left
from schemas.article_alias import ARTICLE_ALIASES
from schemas.link import LINKS
from schemas.run import RUNS
from schemas.story_alias import STORY_ALIASES
from schemas.story_member import STORY_MEMBERS
from tracing.find_articles import undated_files
from transforms.bind_stories import BindTask
from transforms.profile_articles import TOLD_BY, ProfilesFile
from transforms.stories.window import WINDOW
from transforms.tell_stories import UNDATED_KEPT, LanguageTask, StoryFiles

# Days on which an article shares so many names with one that claims no day, and how many of them.
_NAMES_SHARED, _MOST_LIKELY = 2, 7
_TOO_COMMON = ("iso3166:", "agency:", "name:")
Places = dict[str, tuple[str, dt.date]]
ToldBy = Mapping[tuple[str, dt.date], Sequence[str]]


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """A task for each language that has something new, and one for all languages."""

    tasks: tuple[LanguageTask, ...]
    bind: BindTask


def plan_stories(
    pinned: Snapshot,
    base: StateFiles,
    written: Sequence[DataFile],
    staging: Path,
    today: dt.date,
) -> StoryPlan | None:
    """What to tell of the files that a run wrote under `staging`; None if there is nothing new.

    A lake that is older than its tables of stories is told whole. `base`: the keys of the lake as
    it was pinned.
    """
    runs = pinned.read(RUNS.name, ["command", "table_versions"]).to_pylist()
    is_first = not has_looked(runs, STORY_MEMBERS.name)
    told_by = _told_by(pinned, written, staging)
    folder = pinned.lake.table_path("articles")
    known = [_profiles(file, folder, told_by, is_new=is_first) for file in pinned.files("articles")]
    new = [
        _profiles(file, staging / "articles", told_by, is_new=True)
        for file in written
        if file.table == "articles"
    ]
    left = untold_places(pinned)
    if not left and not any(file.is_new for file in (*known, *new)):
        return None
    aliased = frozenset(pinned.read(ARTICLE_ALIASES.name, ["article_id"])["article_id"].to_pylist())
    newly = article_ids_in(written, staging, ARTICLE_ALIASES.name) - aliased
    undated = {str(folder / path) for path in undated_files(pinned)}
    left |= places_left(pinned, newly)
    while True:
        known = [replace(f, is_new=f.is_new or (f.language, f.date) in left) for f in known]
        since = min(file.date for file in (*known, *new) if file.is_new) - WINDOW
        likely = _likely_days(pinned, new, since)
        files = tuple(
            file
            for file in (*known, *new)
            if file.date >= since
            or file.date in likely
            or (file.path in undated and file.date >= today - UNDATED_KEPT)
        )
        versions = Versions(pinned, base, files, staging)
        more = versions.left() - left
        if not more:
            break
        left |= more
    stood = StoryFiles(
        _members(pinned, {file.date for file in files}),
        tuple(pinned.paths(STORY_ALIASES.name)),
        (*_links(pinned, since), *_staged(written, staging, LINKS.name)),
    )
    return _plan(BindTask(files, stood, likely, versions.not_told(aliased | newly)))


def untold_places(pinned: Snapshot) -> set[tuple[str, dt.date]]:
    """Languages and days of articles that came with runs that told no stories.

    Who tells some later tells all of them. Maintenance tells none, and what it rewrites is no news.
    """
    columns = ["sequence", "stories_told", "table_versions"]
    runs = sorted(pinned.read(RUNS.name, columns).to_pylist(), key=lambda row: row["sequence"])
    if all(row["stories_told"] is not False for row in runs):
        return set()
    told = max((number for number, row in enumerate(runs) if row["stories_told"]), default=0)
    before: Places = {}
    came: Places = {}
    for is_untold, stretch in groupby(runs[told:], lambda row: row["stories_told"] is False):
        after = _articles_of(pinned, list(stretch)[-1])
        if is_untold:
            came |= {path: place for path, place in after.items() if path not in before}
        before = after
    return set(came.values()) & set(_places(pinned).values())


def _articles_of(pinned: Snapshot, run: Mapping[str, Any]) -> Places:
    versions = {one["table"]: one["version"] for one in run["table_versions"]}
    return _places(replace(pinned, versions=versions))


def _places(pinned: Snapshot) -> Places:
    return {
        file.path: (file.partition["language"], dt.date.fromisoformat(file.partition["date"]))
        for file in pinned.files("articles")
    }


def plan_retelling(pinned: Snapshot) -> StoryPlan:
    """To tell the whole lake as if nothing had been told yet."""
    told_by = _told_by(pinned, (), Path())
    folder = pinned.lake.table_path("articles")
    files = tuple(
        _profiles(file, folder, told_by, is_new=True) for file in pinned.files("articles")
    )
    stood = StoryFiles((), (), tuple(pinned.paths(LINKS.name)))
    aliased = pinned.read(ARTICLE_ALIASES.name, ["article_id"])["article_id"].to_pylist()
    hidden = Versions(pinned, StateFiles(), files, Path()).not_told(aliased)
    return _plan(BindTask(files, stood, frozenset(), hidden))


def _plan(bind: BindTask) -> StoryPlan:
    tasks = tuple(
        LanguageTask(
            language,
            tuple(file for file in bind.files if file.language == language),
            bind.stood,
            bind.likely,
            bind.hidden,
        )
        for language in sorted({file.language for file in bind.files if file.is_new})
    )
    return StoryPlan(tasks, bind)


def _likely_days(
    pinned: Snapshot, new: Iterable[ProfilesFile], since: dt.date
) -> frozenset[dt.date]:
    """Days before the window of which new articles that claim none may be: by what both name.

    Looks through the whole lake, but only where there is such an article, and only at ids.
    """
    named = {one for file in new for one in _named_by_undated(file)}
    if not named:
        return frozenset()
    where = is_any("entity_id", named)
    older = pc.field("date") < pa.scalar(since, pa.date32())
    rows = pinned.read("entities", ["version_id", "entity_id", "date"], where & older)
    counted = rows.group_by(["date", "version_id"]).aggregate([("entity_id", "count_distinct")])
    best: dict[dt.date, int] = {}
    for row in counted.to_pylist():
        best[row["date"]] = max(row["entity_id_count_distinct"], best.get(row["date"], 0))
    found = [day for day in best if best[day] >= _NAMES_SHARED]
    return frozenset(sorted(found, key=lambda day: (-best[day], day))[:_MOST_LIKELY])


def _named_by_undated(file: ProfilesFile) -> set[str]:
    """The ids that articles of a file name which claim no day: no countries'."""
    rows = checked_dataset([file.path]).to_table(["version_id", "published"])
    undated = rows.filter(pc.is_null(rows["published"]))["version_id"].to_pylist()
    paths = dict(file.told_by)["entities"]
    if not undated or not paths:
        return set()
    found = checked_dataset(paths).to_table(["entity_id"], filter=is_any("version_id", undated))
    ids = pc.unique(found["entity_id"]).to_pylist()
    return {one for one in ids if one and not one.startswith(_TOO_COMMON)}


def _profiles(file: DataFile, base: Path, told_by: ToldBy, *, is_new: bool) -> ProfilesFile:
    day = dt.date.fromisoformat(file.partition["date"])
    content = hash_in_name(file.path)
    assert content is not None, f"{file.path} was not written by this lake"
    mine = tuple((table, tuple(told_by.get((table, day), ()))) for table in TOLD_BY)
    return ProfilesFile(
        str(base / file.path), content, day, file.partition["language"], is_new, mine
    )


def _told_by(pinned: Snapshot, written: Iterable[DataFile], staging: Path) -> ToldBy:
    found: dict[tuple[str, dt.date], list[str]] = defaultdict(list)
    for table in TOLD_BY:
        base = pinned.lake.table_path(table)
        for file in pinned.files(table):
            day = dt.date.fromisoformat(file.partition["date"])
            found[table, day].append(str(base / file.path))
    for file in written:
        if file.table in TOLD_BY:
            day = dt.date.fromisoformat(file.partition["date"])
            found[file.table, day].append(str(staging / file.table / file.path))
    return found


def _members(pinned: Snapshot, days: Collection[dt.date]) -> tuple[str, ...]:
    base = pinned.lake.table_path(STORY_MEMBERS.name)
    wanted = {day.isoformat() for day in days}
    files = pinned.files(STORY_MEMBERS.name)
    return tuple(str(base / file.path) for file in files if file.partition["date"] in wanted)


def _links(pinned: Snapshot, since: dt.date) -> tuple[str, ...]:
    """No run links articles that are dated after it, but for those whose date is wrong."""
    base = pinned.lake.table_path(LINKS.name)
    files = [f for f in pinned.files(LINKS.name) if f.partition["month"] >= f"{since:%Y-%m}"]
    return tuple(str(base / file.path) for file in files)


def _staged(written: Iterable[DataFile], staging: Path, table: str) -> tuple[str, ...]:
    return tuple(str(staging / table / file.path) for file in written if file.table == table)
