"""Forgetting: an article leaves every table, the state and the disk, and stays away.

What stays is a tombstone per identity key and text: a hash, from which nothing can be read back.
The Delta logs hold ids and counts only, never a text (`lake/data_file.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lake.check import find_orphans
from lake.commit import newest_sequence, recover
from lake.data_file import DataFile, write_data_file, write_rows
from lake.keys import keys_of
from lake.lease import acquire
from lake.maintenance import commit_rewrite, maintenance_run
from lake.tables import Lake, Snapshot, open_lake, snapshot
from lake.views import connect
from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from schemas.ids import content_tombstone
from schemas.tombstone import TOMBSTONES, Tombstone

_BY_ARTICLE = (
    "articles",
    "sightings",
    "controls",
    "entities",
    "citations",
    "quotes",
    "article_aliases",
)


class NothingToForget(Exception):
    """No article of the lake fits."""

    exit_code = 2


def forget(
    root: Path,
    where: str,
    values: list[str],
    rebuild: Callable[[Lake, Snapshot], int],
    wait: float = 0.0,
) -> int:
    """Forget the articles that a condition over `articles_now` selects; gives their number.

    `where` is SQL with `?` for `values`; `rebuild` makes the key state anew from what is left.

    Raises:
        NothingToForget: none fits.
        LakeBusy: another writer has the lease for longer than `wait` seconds.
    """
    floor = newest_sequence(open_lake(root))
    with acquire(root, wait_seconds=wait, command="forget", floor=floor) as lease:
        lake = open_lake(root)
        recover(lake)
        pinned = snapshot(lake)
        articles = _select(pinned, where, values)
        ids = {row[0] for row in articles} | {row[1] for row in articles}
        run = maintenance_run("forget", lease.sequence, dt.datetime.now(dt.UTC))
        staging = lake.staging(run.run_id)
        hashes = set(keys_of(lake, pinned.sequence, ids))
        hashes |= {content_tombstone(row[2], row[3]) for row in articles}
        month = run.started.strftime("%Y-%m")
        rows = [Tombstone(key_hash=h, run_id=run.run_id, month=month) for h in sorted(hashes)]
        added = write_rows(TOMBSTONES, to_arrow(TOMBSTONES, rows), staging)
        removed: list[DataFile] = []
        for table in _BY_ARTICLE:
            _rewrite(pinned, table, _keep_others(ids), staging, added, removed)
        raws = {row[4] for row in articles}
        _rewrite(pinned, "rejects", _keep_other_bytes(raws), staging, added, removed)
        purge = [f"{file.table}/{file.path}" for file in removed]
        commit_rewrite(lake, run, added, removed, data_change=True, purge=purge)
        # Files of earlier versions of the tables hold the same texts.
        for path in list(find_orphans(lake)):
            path.unlink()
        rebuild(lake, snapshot(lake))
        return len({row[1] for row in articles})


def _select(pinned: Snapshot, where: str, values: list[str]) -> list[tuple[str, ...]]:
    query = f"""SELECT article_id, current_article_id, outlet, content_hash, raw_sha256
                FROM articles_now WHERE current_article_id IN
                (SELECT current_article_id FROM articles_now WHERE {where})"""
    rows: list[tuple[str, ...]] = connect(pinned).execute(query, values).fetchall()
    if not rows:
        raise NothingToForget("no article of the lake fits; nothing was changed")
    return rows


def _keep_others(ids: Iterable[str]) -> Callable[[pa.Table], pa.Table]:
    gone = pa.array(sorted(ids), pa.string())

    def keep(rows: pa.Table) -> pa.Table:
        return rows.filter(pc.invert(pc.is_in(rows["article_id"], gone)))

    return keep


def _keep_other_bytes(raws: Iterable[str]) -> Callable[[pa.Table], pa.Table]:
    gone = pa.array(sorted(raws), pa.string())

    def keep(rows: pa.Table) -> pa.Table:
        return rows.filter(pc.invert(pc.is_in(rows["raw_sha256"], gone)))

    return keep


def _rewrite(
    pinned: Snapshot,
    table: str,
    keep: Callable[[pa.Table], pa.Table],
    staging: Path,
    added: list[DataFile],
    removed: list[DataFile],
) -> None:
    for file in pinned.files(table):
        rows = pinned.dataset(table, [file]).to_table()
        kept = keep(rows)
        if kept.num_rows < rows.num_rows:
            removed.append(file)
            if kept.num_rows:
                added.append(write_data_file(BY_NAME[table], kept, file.partition, staging))
