"""Gathers what belongs to an article: its story, copies, whom it cites, who cites it.

An article is gathered if

- it is in the article's story (`story`),
- its text is the same (`same_text`),
- it cites the article's outlet, or is of an outlet that the article cites, and both name one rare
  thing, or are in one story (`cites`, `cited`),
- it is another take of the article, as the view `takes_now` has it (`take`).

Where the lake has no stories, also if

- it credits the same agency and both name one rare thing (`same_agency`),
- both name two rare things (`names`).

But for stories, within `WINDOW` days; an article without a date of its own is near to every other.
Rare is what few articles of the window name; a country never is. Two articles that cite TASS on one
day have nothing in common but TASS. Advisories and tests, which name whatever the day brings,
belong to nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.checked import is_any
from lake.current import family_of, versions_of
from lake.tables import Snapshot
from schemas.article import is_notice
from tracing.find_articles import ARTICLE_COLUMNS, with_texts
from tracing.find_credits import Neighbours, crediting, is_cited, words_of
from tracing.model import Credit, Reason, Words
from tracing.read_takes import read_takes
from tracing.story_rows import has_stories, stories_of

WINDOW = 3
# A name is rare if at most so many articles of the window, or this share of them, have it.
RARE_COUNT, RARE_SHARE = 12, 0.01
_COMMON = ("iso3166:", "agency:")
_CITATION_COLUMNS = [
    "article_id", "version_id", "agency", "surface", "phrase", "field", "start", "end", "kind",
    "score",
]  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """By version: why it is in the trace, its credits, and its row of `articles`.

    `left_out` are the articles that belong to it and were not to be seen.
    """

    reasons: Mapping[str, Sequence[Reason]]
    credits: Mapping[str, Sequence[Credit]]
    rows: Mapping[str, Row]
    left_out: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Window:
    """The rows of the days around the seeds, by version; `takes` are pairs of versions.

    `stories`: articles of the seeds' stories, each with the story and its score; None: the lake has
    none.
    """

    articles: Mapping[str, Row]
    citations: Mapping[str, Sequence[Row]]
    names: Mapping[str, Mapping[str, Row]]
    takes: frozenset[tuple[str, str]]
    stories: Mapping[str, tuple[str, float | None]] | None

    def story_of(self, article_id: str) -> str | None:
        """The story that an article is in, if a seed is in it, too."""
        return (self.stories or {}).get(article_id, (None, None))[0]

    def shared_by(self, version: str) -> list[str]:
        """What may bring a version together with others: its rare names, its story."""
        story_id = self.story_of(self.articles[version]["article_id"])
        return [*self.names.get(version, ()), *([story_id] if story_id else [])]


def gather(
    pinned: Snapshot,
    seeds: Mapping[str, Row],
    undated: Mapping[str, Row],
    unseen: Collection[str] = (),
) -> Gathered:
    """What belongs to the `seeds` (version id: row of `articles`), whichever version it is.

    `undated` are the lake's versions that claim no time: they are near to every other. Articles
    that are `unseen` are no one's relatives, and nothing that is shown points to them.
    """
    if not seeds:
        return Gathered({}, {}, {}, frozenset())
    window = _read(pinned, seeds, undated)
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for version, seed in seeds.items():
        for other, row in window.articles.items():
            if row["article_id"] != seed["article_id"]:
                found = list(_relations(window, version, other))
                if found:
                    reasons[other] += found
    seen = {v: row for v, row in window.articles.items() if row["article_id"] not in unseen}
    left_out = {window.articles[v]["article_id"] for v in reasons if v not in seen}
    window = replace(window, articles=seen)
    shown = {*seeds, *reasons} & seen.keys()
    near = Neighbours((row, window.shared_by(version)) for version, row in seen.items())
    credits = {
        version: tuple(
            near.credits_of(
                seen[version], window.shared_by(version), window.citations.get(version, ())
            )
        )
        for version in shown
    }
    return Gathered(
        # Two versions of one article may be related to another article in the same way.
        {version: list(dict.fromkeys(reasons[version])) for version in shown if version in reasons},
        credits,
        {version: seen[version] for version in shown},
        frozenset(left_out),
    )


def _read(pinned: Snapshot, seeds: Mapping[str, Row], undated: Mapping[str, Row]) -> _Window:
    near, days = _near(seeds, undated)
    size = sum(
        file.rows
        for file in pinned.files("articles")
        if days is None or days[0] <= dt.date.fromisoformat(file.partition["date"]) <= days[1]
    )
    names = _read_names(pinned, near, seeds, size)
    copies = with_texts(pinned, {row["content_hash"] for row in seeds.values()})
    related = {version: next(iter(rows.values())) for version, rows in names.items()}
    related |= copies
    rows = pinned.read("articles", ARTICLE_COLUMNS, near & of_versions(related)).to_pylist()
    takes, pairs = read_takes(pinned, seeds)
    stories = _read_stories(pinned, seeds)
    if stories:
        where = of_versions(versions_of(pinned, stories))
        rows += pinned.read("articles", ARTICLE_COLUMNS, where).to_pylist()
    articles = {row["version_id"]: row for row in [*rows, *takes] if not is_notice(row)}
    articles |= seeds
    citations: dict[str, list[Row]] = defaultdict(list)
    for row in pinned.read("citations", _CITATION_COLUMNS, of_versions(articles)).to_pylist():
        citations[row["version_id"]].append(row)
    return _Window(articles, citations, names, pairs, stories)


def _read_stories(
    pinned: Snapshot, seeds: Mapping[str, Row]
) -> Mapping[str, tuple[str, float | None]] | None:
    """By article of a seed's story, or what is an alias of one: the story, and its score in it."""
    if not has_stories(pinned):
        return None
    stories: dict[str, tuple[str, float | None]] = {}
    for told in stories_of(pinned, {row["article_id"] for row in seeds.values()}):
        scores = {member.article_id: member.score for member in told.members}
        for article_id in sorted(family_of(pinned, scores)):
            stories.setdefault(article_id, (told.story_id, scores.get(article_id)))
    return stories


def of_versions(versions: Mapping[str, Row]) -> pc.Expression:
    """Rows of these versions, by day and article first: so are the tables laid out."""
    days = pa.array(sorted({row["date"] for row in versions.values()}), pa.date32())
    articles = pa.array(sorted({row["article_id"] for row in versions.values()}), pa.string())
    mine = is_any("version_id", versions)
    return pc.field("date").isin(days) & pc.field("article_id").isin(articles) & mine


def _near(
    seeds: Mapping[str, Row], undated: Mapping[str, Row]
) -> tuple[pc.Expression, tuple[dt.date, dt.date] | None]:
    """The days around the seeds, every day if one of them claims none; and what claims none."""
    if any(row["published"] is None for row in seeds.values()):
        return pc.field("date").is_valid(), None
    days = [row["date"] for row in seeds.values()]
    first, last = min(days) - dt.timedelta(WINDOW), max(days) + dt.timedelta(WINDOW)
    around = (pc.field("date") >= first) & (pc.field("date") <= last)
    if undated:
        around = around | of_versions(undated)
    return around, (first, last)


def _read_names(
    pinned: Snapshot, near: pc.Expression, seeds: Mapping[str, Row], articles: int
) -> Mapping[str, Mapping[str, Row]]:
    """By version, the rare names that a seed has too, each with where it stands first."""
    ids = set(pinned.read("entities", ["entity_id"], of_versions(seeds))["entity_id"].to_pylist())
    asked = sorted(one for one in ids if one and not one.startswith(_COMMON))
    if not asked:
        return {}
    most = max(RARE_COUNT, int(articles * RARE_SHARE))
    own_days = pa.array(sorted({row["date"] for row in seeds.values()}), pa.date32())
    rare = asked
    # What is common on one of the days already need not be counted on all of them.
    for days in (pc.field("date").isin(own_days), near):
        if rare:
            counted = pinned.read("entities", ["version_id", "entity_id"], _named(days, rare))
            rare = _rare(counted, most)
    columns = ["article_id", "version_id", "entity_id", "field", "start", "end", "surface", "date"]
    names: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in pinned.read("entities", columns, _named(near, rare)).to_pylist() if rare else ():
        names[row["version_id"]].setdefault(row["entity_id"], row)
    return names


def _named(near: pc.Expression, ids: Sequence[str]) -> pc.Expression:
    return near & pc.field("entity_id").isin(pa.array(ids, pa.string()))


def _rare(named: pa.Table, most: int) -> list[str]:
    """The ids that at most so many versions name."""
    versions = named.group_by("entity_id").aggregate([("version_id", "count_distinct")])
    few = pc.less_equal(versions["version_id_count_distinct"], most)
    return sorted(versions.filter(few)["entity_id"].to_pylist())


def _relations(window: _Window, seed: str, other: str) -> Iterable[Reason]:
    """How the version `other` belongs to the version `seed`, if it does."""
    mine, theirs = window.articles[seed], window.articles[other]
    if mine["content_hash"] == theirs["content_hash"]:
        yield Reason("same_text", mine["article_id"])
    if (seed, other) in window.takes:
        slug = theirs["slugline"] or ""
        evidence = Words("slugline", 0, len(slug), slug)
        yield Reason("take", mine["article_id"], (mine["slugline"],), (evidence,))
    story_id = window.story_of(mine["article_id"])
    is_one_story = story_id is not None and story_id == window.story_of(theirs["article_id"])
    if window.stories and story_id is not None and is_one_story:
        _, score = window.stories[theirs["article_id"]]
        yield Reason("story", mine["article_id"], (story_id,), score=score)
    shared = sorted(window.names.get(seed, {}).keys() & window.names.get(other, {}).keys())
    if not shared and not is_one_story:
        return
    words = tuple(words_of(window.names[other][name]) for name in shared)
    for citation in crediting(window.citations, seed):
        if is_cited(citation, mine, theirs):
            yield Reason("cited", mine["article_id"], (citation["agency"],), (words_of(citation),))
            break
    for citation in crediting(window.citations, other):
        if is_cited(citation, theirs, mine):
            yield Reason("cites", mine["article_id"], (citation["agency"],), (words_of(citation),))
            break
    if window.stories is not None:
        return
    agencies = {row["agency"] for row in crediting(window.citations, seed)}
    both = next(
        (row for row in crediting(window.citations, other) if row["agency"] in agencies), None
    )
    if both is not None:
        yield Reason("same_agency", mine["article_id"], (both["agency"],), (words_of(both), *words))
    if len(shared) > 1:
        yield Reason("names", mine["article_id"], tuple(shared), words)
