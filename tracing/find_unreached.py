"""Which corrections and kills did not reach the articles that have the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.tables import Snapshot
from schemas.link import FORM
from tracing.model import Unreached

_LINK = [
    "from_version_id", "to_version_id", "kind", "containment_from", "containment_to", "withdrawn",
    "as_of",
]  # fmt: skip
_CORRECTING = {"correction", "refile"}
Row = dict[str, Any]


def find_unreached(pinned: Snapshot, now: Mapping[str, Row]) -> Mapping[str, list[Unreached]]:
    """By article, which of the others were corrected or killed after it took their text.

    `now` has every version of the articles, by id. An article has the text from before a correction
    if its current version shares more with a version that was corrected than with the current one.
    """
    versions: dict[str, list[Row]] = defaultdict(list)
    for version_id, row in now.items():
        versions[row["current_article_id"]].append(row | {"version_id": version_id})
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
    is_corrected = len(rows) > 1 and any(_CORRECTING & set(row["signals"] or ()) for row in rows)
    return "corrected" if is_corrected else None


def _current(rows: list[Row]) -> Row:
    return next(row for row in rows if row["is_current"])


def _old_text(
    source: list[Row], copy: Row, shares: Mapping[frozenset[str], float], what: str
) -> Row | None:
    """The version of the source whose text the copy has, if that was taken back or replaced."""
    if copy["effective_pubstatus"] == "canceled":
        return None

    def share(row: Row) -> float:
        return shares.get(frozenset((row["version_id"], copy["version_id"])), 0.0)

    best = max(source, key=lambda row: (share(row), row["is_current"]))
    is_old = share(best) > 0 if what == "killed" else share(best) > share(_current(source))
    return best if is_old else None


def _shares(pinned: Snapshot, now: Mapping[str, Row]) -> Mapping[frozenset[str], float]:
    """How much two versions have in common, both ways added, by what the newest run says."""
    mine = pa.array(sorted(now), pa.string())
    where = pc.field("from_version_id").isin(mine) & pc.field("to_version_id").isin(mine)
    rows = pinned.read("links", _LINK, where).sort_by("as_of").to_pylist()
    return dict(_share(row) for row in rows)


def _share(row: Row) -> tuple[frozenset[str], float]:
    counts = not row["withdrawn"] and row["kind"] != FORM
    shared = row["containment_from"] + row["containment_to"] if counts else 0.0
    return frozenset((row["from_version_id"], row["to_version_id"])), shared
