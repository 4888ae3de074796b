"""A story's articles as they are now: of each the version that is shown, and all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lake.current import rows_of, versions_now
from lake.tables import Snapshot
from tracing.article_facts import utc
from tracing.find_citing import Teller
from tracing.find_first import Claim
from tracing.shown_version import shown_version
from tracing.story_rows import Member
from transforms.copies.direction import Times

_CITATION = [
    "version_id", "agency", "surface", "phrase", "field", "start", "end", "kind", "score",
]  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article of a story: all versions, the oldest first; the one that is shown and its credits.

    Rows are of `articles_now` and `citations`.
    """

    article_id: str
    member: Member
    versions: tuple[Row, ...]
    shown: Row
    citations: tuple[Row, ...]

    @property
    def claim(self) -> Claim:
        """The earliest that any version claims, and when the first was seen."""
        dated = [row for row in self.versions if row["published"] is not None]
        first = min(dated, key=lambda row: row["published"], default=self.versions[0])
        return Claim(
            self.article_id,
            self.shown["outlet"],
            self.shown["language"],
            utc(first["published"]),
            first["published_tz_known"],
            min(row["first_seen"] for row in self.versions),
            self.shown["version_order"] > 1 and self.shown["versioncreated"] is None,
        )

    @property
    def teller(self) -> Teller:
        """What credits are decided by."""
        row = self.shown
        times = Times(utc(row["published"]), utc(row["versioncreated"]), row["published_tz_known"])
        return Teller(
            self.article_id,
            row["outlet"],
            row["outlet_name"],
            row["language"],
            times,
            self.claim.times,
        )


def read_articles(pinned: Snapshot, members: Sequence[Member]) -> list[StoryArticle]:
    """The articles of members, in order of id, with the versions of what is an alias of them."""
    if not members:
        return []
    versions: dict[str, list[Row]] = defaultdict(list)
    for row in versions_now(pinned, {member.article_id for member in members}).values():
        versions[row["current_article_id"]].append(row)
    for mine in versions.values():
        mine.sort(key=lambda row: row["version_order"])
    placed = {member.article_id: member for member in members if member.article_id in versions}
    shown = {article: shown_version(versions[article]) for article in placed}
    cited = _citations(pinned, {row["version_id"]: row for row in shown.values()})
    return [
        StoryArticle(
            article,
            placed[article],
            tuple(versions[article]),
            shown[article],
            tuple(cited.get(shown[article]["version_id"], ())),
        )
        for article in sorted(placed)
    ]


def _citations(pinned: Snapshot, versions: Mapping[str, Row]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of(pinned, "citations", _CITATION, versions).to_pylist():
        found[row["version_id"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row["field"], row["start"], row["end"], row["kind"]))
    return found
