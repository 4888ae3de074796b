"""Corrections, kills and withholdings of the articles of stories, and who still has the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from lake.current import family_of, versions_now
from lake.tables import Snapshot
from tracing.alert import Alert, Carrier
from tracing.compared import Compared
from tracing.find_unreached import find_unreached
from tracing.notices import CORRECTION, KILL, WITHHELD, Notice, were_killed

# What an article's standing is where a notice holds; a correction holds whatever it is.
_STATUS = {KILL: "canceled", WITHHELD: "withheld"}
# What `find_unreached` calls what a notice did.
_DONE = {KILL: "killed", CORRECTION: "corrected"}


def find_taken_back(
    pinned: Snapshot, stories: Compared, notices: Sequence[Notice], unseen: Collection[str]
) -> Iterator[Alert]:
    """The newest notice of each kind about who is, or was, in a story, if it holds.

    A kill of what an earlier run was told to kill is no news.
    """
    sequences = {run_id: sequence for sequence, run_id in stories.since.later.items()}
    newest: dict[tuple[str, str], Notice] = {}
    for one in sorted(notices, key=lambda one: sequences[one.run_id]):
        article_id = stories.ids.get(one.article_id)
        if article_id is not None:
            newest[article_id, one.kind] = one
    known = _killed_before(pinned, stories, {a for a, kind in newest if kind == KILL})
    holding = {
        (article_id, kind): one
        for (article_id, kind), one in sorted(newest.items(), key=lambda pair: pair[0])
        if _holds(stories, article_id, kind) and not (kind == KILL and article_id in known)
    }
    carriers = _find_carriers(pinned, stories, {a for a, kind in holding if kind in _DONE}, unseen)
    for (article_id, kind), one in holding.items():
        member = stories.now.get(article_id) or stories.before[article_id]
        version = {"version_id": one.version_id} if one.version_id else {}
        yield stories.alert(
            kind, member, sequences[one.run_id], time=one.at, **version,
            still_carried_by=tuple(carriers.get((article_id, _DONE.get(kind, "")), ())),
        )  # fmt: skip


def _holds(stories: Compared, article_id: str, kind: str) -> bool:
    row = stories.articles.get(article_id)
    return row is not None and row["effective_pubstatus"] == _STATUS.get(
        kind, row["effective_pubstatus"]
    )


def _killed_before(pinned: Snapshot, stories: Compared, killed: Collection[str]) -> set[str]:
    theirs = {id_ for id_, current in stories.ids.items() if current in killed}
    found = were_killed(pinned, theirs, set(stories.since.later.values()))
    return {stories.ids[id_] for id_ in found}


def _find_carriers(
    pinned: Snapshot, stories: Compared, sources: Collection[str], unseen: Collection[str]
) -> Mapping[tuple[str, str], list[Carrier]]:
    """By source and what was done to it, who has its text; in a story or not."""
    if not sources:
        return {}
    theirs = {v for v, row in stories.versions.items() if row["current_article_id"] in sources}
    values = pa.array(sorted(theirs), pa.string())
    linked = pc.field("from_version_id").isin(values) | pc.field("to_version_id").isin(values)
    columns = ["from_article_id", "to_article_id"]
    ends = pinned.read("links", columns, linked)
    near = {id_ for column in columns for id_ in ends[column].to_pylist()}
    around = family_of(pinned, near | set(sources)) - set(unseen)
    now = versions_now(pinned, around)
    outlets = {
        row["current_article_id"]: row["outlet"] for row in now.values() if row["is_current"]
    }
    found: dict[tuple[str, str], list[Carrier]] = defaultdict(list)
    for copy, unreached in sorted(find_unreached(pinned, now).items()):
        for one in unreached:
            carrier = Carrier(copy, outlets[copy], one.version_id)
            found[one.article_id, one.what].append(carrier)
    return found
