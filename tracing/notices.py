"""What runs were told of articles: corrections, kills and withholdings, as messages or versions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from lake.current import named
from lake.tables import Snapshot
from lake.where import is_any

CORRECTION, KILL, WITHHELD = "correction", "kill", "withheld"
CORRECTING = frozenset({"correction", "refile"})
_BY_STATUS = {"canceled": KILL, "withheld": WITHHELD}
_BY_CONTROL = {"kill": KILL, "withhold": WITHHELD, "correction": CORRECTION}
_VERSION = [
    "article_id", "version_id", "pubstatus", "signals", "versioncreated", "published", "run_id",
]  # fmt: skip
_MESSAGE = ["uri", "article_id", "kind", "at", "run_id"]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """That a run was told that an article is corrected, killed or withheld.

    `at` is when, as stated; `version_id` the version that says it, None for a message without text.
    """

    kind: str
    article_id: str
    version_id: str | None
    at: dt.datetime | None
    run_id: str


def read_notices(pinned: Snapshot, run_ids: Collection[str]) -> list[Notice]:
    """What these runs were told, in an order that depends on nothing else."""
    if not run_ids:
        return []
    theirs = is_any("run_id", run_ids)
    rows = pinned.read("articles", _VERSION, theirs & (pc.field("pubstatus") != "usable"))
    signalled = pinned.read("articles", _VERSION, theirs)
    signalled = signalled.filter(pc.greater(pc.list_value_length(signalled["signals"]), 0))
    versions = {row["version_id"]: row for part in (rows, signalled) for row in part.to_pylist()}
    found = {one for row in versions.values() for one in _of_version(row)}
    found |= set(_of_messages(pinned, theirs & is_any("kind", _BY_CONTROL)))
    return sorted(found, key=_order)


def were_killed(
    pinned: Snapshot, article_ids: Collection[str], run_ids: Collection[str]
) -> set[str]:
    """Those of these ids of articles that a run other than these was told to kill."""
    mine = is_any("article_id", article_ids)
    canceled = mine & (pc.field("pubstatus") == "canceled")
    rows = pinned.read("articles", ["article_id", "run_id"], canceled).to_pylist()
    killing = mine & (pc.field("kind") == "kill")
    rows += pinned.read("controls", ["article_id", "run_id"], killing).to_pylist()
    return {row["article_id"] for row in rows if row["run_id"] not in run_ids}


def _of_version(row: Row) -> Iterator[Notice]:
    at = row["versioncreated"] or row["published"]
    kinds = [_BY_STATUS.get(row["pubstatus"])]
    kinds += [CORRECTION] if CORRECTING & set(row["signals"] or ()) else []
    for kind in kinds:
        if kind is not None:
            yield Notice(kind, row["article_id"], row["version_id"], at, row["run_id"])


def _of_messages(pinned: Snapshot, where: pc.Expression) -> Iterator[Notice]:
    """Each is about its article, and some about whoever has the name (`control_states`)."""
    messages = pinned.read("controls", _MESSAGE, where).to_pylist()
    for row in messages:
        yield _told(row, row["article_id"])
    if not messages:
        return
    names = {row["uri"] for row in messages}
    reaching = pinned.read("controls", _MESSAGE, where & named(names)).to_pylist()
    uris = {row["uri"] for row in reaching}
    has = is_any("uri", uris) | is_any("guid", uris)
    rows = pinned.read("articles", ["article_id", "uri", "guid"], has).to_pylist() if uris else []
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in (row["uri"], row["guid"]):
            ids[name].add(row["article_id"])
    for message in reaching:
        for article_id in ids[message["uri"]]:
            yield _told(message, article_id)


def _told(message: Row, article_id: str) -> Notice:
    return Notice(_BY_CONTROL[message["kind"]], article_id, None, message["at"], message["run_id"])


def _order(one: Notice) -> tuple[str, str, str, str, str]:
    at = one.at.isoformat() if one.at else ""
    return one.kind, one.article_id, one.version_id or "", one.run_id, at
