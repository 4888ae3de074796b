"""Which data files a run's new versions are compared with: the days around, and what has no day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lake.checked import checked_file
from lake.data_file import DataFile, hash_in_name
from lake.tables import Snapshot
from pipeline.options import STREAM, WATCH
from pipeline.replay import COMMAND as REPLAY
from schemas.link import LINKS
from schemas.run import RUNS
from tracing.find_articles import undated_files
from transforms.link_copies import CitationsFile, LinkTask
from transforms.sign_texts import TextsFile

WINDOW = dt.timedelta(days=7)
# Runs that take in articles; others that came first made but the empty table.
_LOOKING = frozenset({"run", WATCH, STREAM, REPLAY})
# Versions that one task asks about; its fingerprints and those it shares are in memory together.
_VERSIONS_AT_ONCE = 10_000


def plan_links(pinned: Snapshot, written: Sequence[DataFile], staging: Path) -> Iterator[LinkTask]:
    """Tasks for all versions in the files that a run wrote under `staging`, in order of day.

    For all of a lake that is older than its table of links, too.
    """
    runs = pinned.read(RUNS.name, ["command", "table_versions"]).to_pylist()
    is_first = not has_looked(runs, LINKS.name)
    base = pinned.lake.table_path("articles")
    known = [_texts(file, base, is_new=is_first) for file in pinned.files("articles")]
    own = [
        _texts(file, staging / "articles", is_new=True)
        for file in written
        if file.table == "articles"
    ]
    new = sorted([*own, *(known if is_first else ())], key=lambda file: (file.date, file.path))
    if not new:
        return
    with_undated = {file for file in own if _has_undated(file)}
    paths = {str(base / path) for path in undated_files(pinned)}
    with_undated |= {file for file in known if file.path in paths}
    citations = [
        *_citations(pinned.files("citations"), pinned.lake.table_path("citations")),
        *_citations((f for f in written if f.table == "citations"), staging / "citations"),
    ]
    for asked in _in_groups(new):
        near = [file for file in (*known, *own) if _is_near(file, asked, with_undated)]
        window = {file.date for file in near}
        yield LinkTask(asked, tuple(near), tuple(file for file in citations if file.date in window))


def has_looked(runs: Iterable[Mapping[str, Any]], table: str) -> bool:
    """Whether any of these rows of `runs` has looked for rows of a table, whether it found any."""
    return any(
        run["command"] in _LOOKING
        and any(entry["table"] == table for entry in run["table_versions"])
        for run in runs
    )


def _is_near(file: TextsFile, asked: Sequence[TextsFile], with_undated: set[TextsFile]) -> bool:
    """What claims no day is near all days."""
    if file in with_undated or not with_undated.isdisjoint(asked):
        return True
    return asked[0].date - WINDOW <= file.date <= asked[-1].date + WINDOW


def _in_groups(files: Sequence[TextsFile]) -> Iterator[tuple[TextsFile, ...]]:
    group: list[TextsFile] = []
    size = 0
    for file in files:
        if group and size + file.rows > _VERSIONS_AT_ONCE:
            yield tuple(group)
            group, size = [], 0
        group.append(file)
        size += file.rows
    if group:
        yield tuple(group)


def _texts(file: DataFile, base: Path, *, is_new: bool) -> TextsFile:
    day = dt.date.fromisoformat(file.partition["date"])
    content = hash_in_name(file.path)
    assert content is not None, f"{file.path} was not written by this lake"
    return TextsFile(str(base / file.path), content, day, file.rows, is_new)


def _citations(files: Iterable[DataFile], base: Path) -> Iterator[CitationsFile]:
    for file in files:
        yield CitationsFile(str(base / file.path), dt.date.fromisoformat(file.partition["date"]))


def _has_undated(file: TextsFile) -> bool:
    with checked_file(file.path) as parquet:
        column = parquet.schema_arrow.get_field_index("published")
        groups = range(parquet.metadata.num_row_groups)
        stats = [parquet.metadata.row_group(group).column(column).statistics for group in groups]
        return any(one is None or one.null_count for one in stats)
