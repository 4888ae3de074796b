"""Which articles are under an embargo at a time: the one place that says what readers leave out.

An article is under embargo as its current version is (`effective_embargoed` of `articles_now`): a
version without embargo that follows one with it, or a release, ends it.
"""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from lake.current import family_of, versions_now
from lake.data_file import EMBARGOED
from lake.tables import Snapshot


def embargoed_articles(pinned: Snapshot, at: dt.datetime) -> frozenset[str]:
    """Ids, those of aliases too, of the articles whose embargo ends after `at`."""
    later = pa.scalar(at, pa.timestamp("us", tz="UTC"))
    messages = (pc.field("kind") == "embargo") & (pc.field("at") > later)
    told = _articles_told(pinned, pinned.read("controls", ["article_id", "uri"], messages))
    files = [file for file in pinned.files("articles") if file.may_be_embargoed(at)]
    if files:
        stated = pinned.read("articles", ["article_id"], pc.field("embargoed") > later, files)
        told.update(stated["article_id"].to_pylist())
    if not told:
        return frozenset()
    versions = versions_now(pinned, told).values()
    current = [row for row in versions if row["is_current"] and row["effective_embargoed"]]
    hidden = {row["current_article_id"] for row in current if row["effective_embargoed"] > at}
    return family_of(pinned, hidden) if hidden else frozenset()


def next_embargo_end(pinned: Snapshot, at: dt.datetime) -> dt.datetime | None:
    """When the first embargo ends after `at` that any version or message states; None: none does.

    Until then the same articles are under embargo, whichever of these are in force.
    """
    later = pa.scalar(at, pa.timestamp("us", tz="UTC"))
    messages = (pc.field("kind") == "embargo") & (pc.field("at") > later)
    ends = pinned.read("controls", ["at"], messages)["at"].to_pylist()
    files = [file for file in pinned.files("articles") if file.may_be_embargoed(at)]
    if files:
        stated = pinned.read("articles", [EMBARGOED], pc.field(EMBARGOED) > later, files)
        ends += stated[EMBARGOED].to_pylist()
    return min(ends, default=None)


def _articles_told(pinned: Snapshot, messages: pa.Table) -> set[str]:
    """The articles that messages are about: by their id, and by the names that articles have."""
    if not len(messages):
        return set()
    named = pc.field("uri").isin(messages["uri"]) | pc.field("guid").isin(messages["uri"])
    rows = pinned.read("articles", ["article_id"], named)
    return {*messages["article_id"].to_pylist(), *rows["article_id"].to_pylist()}
