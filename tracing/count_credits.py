"""Who credits whom on some days: of an outlet both ways, of an agency who credits it.

An article counts once for each source, whichever of its versions credits it. Whether a source is an
outlet is decided as for copies (`transforms/copies/direction.py`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from lake.data_file import DataFile
from lake.tables import Snapshot
from lake.where import is_any
from schemas.citation import CREDITING
from tracing.day_tallies import files_by_day
from tracing.listed_model import Count
from transforms.copies.direction import Cited, find_credit

Files = Mapping[dt.date, Sequence[DataFile]]


@dataclass(frozen=True, slots=True)
class Teller:
    """Whose an article is, and in which language."""

    outlet: str
    language: str


@dataclass(frozen=True, slots=True)
class OutletCredits:
    """The outlet's articles, whom they credit, and which outlets credit it; the most first."""

    own: frozenset[str]
    credits: tuple[Count, ...]
    credited_by: tuple[Count, ...]


def count_credits(
    pinned: Snapshot, files: Files, outlet: str, outlet_name: str | None, unseen: Collection[str]
) -> OutletCredits:
    """Of an outlet, on the days of some files of `articles`."""
    some = [file for mine in files.values() for file in mine]
    is_mine = pc.field("outlet") == outlet
    own = set(pinned.read("articles", ["article_id"], is_mine, some)["article_id"].to_pylist())
    own -= set(unseen)
    credits = crediting_articles(pinned, set(files), unseen)
    meant = {one for one in credits if find_credit([Cited(one, one)], outlet, outlet_name)}
    credited = Counter({one: len(credits[one] & own) for one in credits.keys() - meant})
    citing = {article for one in meant for article in credits[one]} - own
    outlets = Counter(teller.outlet for teller in tellers_of(pinned, files, citing).values())
    return OutletCredits(frozenset(own), most_first(credited), most_first(outlets))


def crediting_articles(
    pinned: Snapshot, days: Collection[dt.date], unseen: Collection[str]
) -> Mapping[str, set[str]]:
    """By source, the articles of some days that credit it."""
    where = is_any("kind", CREDITING)
    by_day = files_by_day(pinned, "citations").items()
    some = [file for day, mine in by_day if day in days for file in mine]
    rows = pinned.read("citations", ["agency", "article_id"], where, some)
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows.group_by(["agency", "article_id"]).aggregate([]).to_pylist():
        if row["article_id"] not in unseen:
            found[row["agency"]].add(row["article_id"])
    return found


def tellers_of(
    pinned: Snapshot, files: Files, article_ids: Collection[str]
) -> Mapping[str, Teller]:
    """Of those of the articles that are in some files of `articles`."""
    if not article_ids:
        return {}
    some = [file for mine in files.values() for file in mine]
    columns = ["article_id", "outlet", "language"]
    rows = pinned.read("articles", columns, is_any("article_id", article_ids), some).to_pylist()
    return {row["article_id"]: Teller(row["outlet"], row["language"]) for row in rows}


def most_first(counts: Mapping[str, int]) -> tuple[Count, ...]:
    """As a page lists them; nothing that has none."""
    ordered = sorted(counts, key=lambda one: (-counts[one], one))
    return tuple(Count(name, counts[name]) for name in ordered if counts[name])
