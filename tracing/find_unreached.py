"""Which corrections and kills did not reach the articles that have the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.tables import Snapshot
from schemas.link import FORM
from tracing.trace_model import Unreached

_LINK = [
    "from_version_id", "to_version_id", "kind", "containment_from", "withdrawn", "as_of",
]  # fmt: skip
_CORRECTING = {"correction", "refile"}
Row = dict[str, Any]


def find_unreached(pinned: Snapshot, now: Mapping[str, Row]) -> Mapping[str, list[Unreached]]:
    """By article, which of the others were corrected or killed after it took their text.

    `now` has every version of the articles, by id. An article has the text from before a correction
    if more of its own words are in a version from before the first correction than in any from then
    on: a note that the correction adds, or what is written on, makes no difference.
    """
    versions: dict[str, list[Row]] = defaultdict(list)
    for version_id, row in now.items():
        versions[row["current_article_id"]].append(row | {"version_id": version_id})
    for rows in versions.values():
        rows.sort(key=lambda row: row["version_order"])
    changed = {id_: what for id_, rows in versions.items() if (what := _change(rows))}
    if not changed:
        return {}
    shares = _shares(pinned, now)
    found: dict[str, list[Unreached]] = defaultdict(list)
    for source, what in sorted(changed.items()):
        for copy in sorted(versions.keys() - {source}):
            version = _old_text(versions[source], _current(versions[copy]), shares, what)
            if version is not None:
                outlet = version["outlet"]
                found[copy].append(Unreached(what, source, version["version_id"], outlet))
    return found


def _change(rows: list[Row]) -> str | None:
    if _current(rows)["effective_pubstatus"] == "canceled":
        return "killed"
    return "corrected" if any(map(_corrects, rows[1:])) else None


def _corrects(row: Row) -> bool:
    return not _CORRECTING.isdisjoint(row["signals"] or ())


def _current(rows: list[Row]) -> Row:
    return next(row for row in rows if row["is_current"])


def _old_text(
    source: list[Row], copy: Row, shares: Mapping[tuple[str, str], float], what: str
) -> Row | None:
    """The version of the source whose text the copy has, if that was taken back or replaced."""
    if copy["effective_pubstatus"] == "canceled":
        return None

    def share(row: Row) -> float:
        return shares.get((copy["version_id"], row["version_id"]), 0.0)

    first = next((n for n, row in enumerate(source) if n and _corrects(row)), len(source))
    before, after = (source, []) if what == "killed" else (source[:first], source[first:])
    best = max(before, key=lambda row: (share(row), row["version_order"]))
    return best if share(best) > max(map(share, after), default=0.0) else None


def _shares(pinned: Snapshot, now: Mapping[str, Row]) -> Mapping[tuple[str, str], float]:
    """By later and earlier version, how much of the later one's words are in the earlier one.

    Excerpts of an outlet from itself are left out: they may be its boilerplate.
    """
    mine = pa.array(sorted(now), pa.string())
    where = pc.field("from_version_id").isin(mine) & pc.field("to_version_id").isin(mine)
    shares: dict[tuple[str, str], float] = {}
    for row in pinned.read("links", _LINK, where).sort_by("as_of").to_pylist():
        pair = row["from_version_id"], row["to_version_id"]
        is_own = now[pair[0]]["outlet"] == now[pair[1]]["outlet"]
        is_boilerplate = is_own and row["kind"] == "excerpt"
        counts = not (row["withdrawn"] or row["kind"] == FORM or is_boilerplate)
        shares.pop(pair[::-1], None)
        shares[pair] = row["containment_from"] if counts else 0.0
    return shares
