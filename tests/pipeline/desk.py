"""`Desk`: a lake, the files that are dropped for it, and what can be asked of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lake.dump import dump_lines
from lake.tables import Snapshot, open_lake, snapshot
from lake.views import connect
from pipeline.batch import RunResult, run_batch
from pipeline.options import RunOptions
from transforms.read.segment import Source

Record = dict[str, Any]


class Desk:
    """A lake in a folder, and runs over records that are dropped beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = 0

    def take(self, some: Iterable[Record], **options: Any) -> RunResult:
        self.runs += 1
        path = self.folder / f"{self.runs:02}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(one) + "\n" for one in some), "utf-8")
        sources = (Source(str(path)),)
        return run_batch(RunOptions(lake=self.folder / "lake", sources=sources, **options))

    @property
    def pinned(self) -> Snapshot:
        return snapshot(open_lake(self.folder / "lake"))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with connect(self.pinned) as connection:
            found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
        return found

    def dump(self) -> list[Record]:
        return [json.loads(line) for line in dump_lines(self.pinned)]

    def said(self, *without: str) -> list[str]:
        """The dump, but for where files lay, and some sections."""
        rows = self.dump()
        return [json.dumps(row) for row in rows if row["table"] not in ("sightings", *without)]

    def told(self) -> list[Record]:
        """The stories of the dump."""
        return [row for row in self.dump() if row["table"] in ("stories", "story_aliases")]

    def stories(self) -> dict[str, frozenset[str]]:
        """Story id to the guids of its articles."""
        found = defaultdict(set)
        sql = "SELECT story_id, guid FROM members_now JOIN articles USING (article_id)"
        for story_id, guid in self.ask(sql):
            found[story_id].add(guid)
        return {story_id: frozenset(mine) for story_id, mine in found.items()}

    def links(self) -> Mapping[tuple[str, str], Record]:
        """By guids of the later and the earlier article."""
        with connect(self.pinned) as connection:
            connection.execute(
                "CREATE TEMP TABLE named AS SELECT DISTINCT article_id, guid FROM articles"
            )
            rows = connection.execute(
                "SELECT later.guid AS later, earlier.guid AS earlier, links_now.* FROM links_now"
                " JOIN named AS later ON later.article_id = from_article_id"
                " JOIN named AS earlier ON earlier.article_id = to_article_id"
            )
            names = [column[0] for column in rows.description]
            found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        return {(row["later"], row["earlier"]): row for row in found}
