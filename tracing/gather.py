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

from lake.current import family_of, read_versions, rows_of
from lake.data_file import DataFile
from lake.tables import Snapshot
from lake.where import is_any
from schemas.article import is_notice
from schemas.citation import CREDITING
from tracing.find_articles import ARTICLE_COLUMNS, undated, with_texts
from tracing.find_credits import Neighbours, crediting, is_cited, is_source, words_of
from tracing.read_takes import read_takes
from tracing.story_rows import has_stories, stories_of
from tracing.trace_model import Credit, Reason, Words

WINDOW = 3
# A name is rare if at most so many articles of the window, or this share of them, have it.
RARE_COUNT, RARE_SHARE = 12, 0.01
_COMMON = ("iso3166:", "agency:")
_CITATION_COLUMNS = [
    "article_id", "version_id", "agency", "surface", "phrase", "field", "start", "end", "kind",
    "score",
]  # fmt: skip
_NAME_COLUMNS = [
    "article_id", "version_id", "entity_id", "field", "start", "end", "surface", "date",
]  # fmt: skip
Row = dict[str, Any]
Days = tuple[dt.date, dt.date]


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


def gather(pinned: Snapshot, seeds: Mapping[str, Row], unseen: Collection[str] = ()) -> Gathered:
    """What belongs to the `seeds` (version id: row of `articles`), whichever version it is.

    Articles that are `unseen` are no one's relatives, and nothing that is shown points to them.
    """
    if not seeds:
        return Gathered({}, {}, {}, frozenset())
    window = _read(pinned, seeds)
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


def _read(pinned: Snapshot, seeds: Mapping[str, Row]) -> _Window:
    days = _days_near(seeds)
    copies = with_texts(pinned, {row["content_hash"] for row in seeds.values()})
    rows = [row for row in copies.values() if _is_near(row, days)]
    takes, pairs = read_takes(pinned, seeds)
    rows += takes
    stories = _read_stories(pinned, seeds)
    if stories:
        rows += read_versions(pinned, stories, ARTICLE_COLUMNS).to_pylist()
    articles = {row["version_id"]: row for row in rows if not is_notice(row)} | dict(seeds)
    citations = _read_citations(pinned, articles)
    names: Mapping[str, Mapping[str, Row]] = {}
    # Where there are stories, all that names decide is who may be meant by a credit.
    if stories is None or _may_credit(pinned, seeds, citations, days):
        names = _read_names(pinned, seeds, days)
        firsts = {v: next(iter(named.values())) for v, named in names.items() if v not in articles}
        more = {
            row["version_id"]: row
            for row in rows_of(pinned, "articles", ARTICLE_COLUMNS, firsts).to_pylist()
            if not is_notice(row)
        }
        articles |= more
        citations |= _read_citations(pinned, more)
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


def _read_citations(pinned: Snapshot, versions: Mapping[str, Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of(pinned, "citations", _CITATION_COLUMNS, versions).to_pylist():
        found[row["version_id"]].append(row)
    return found


def _days_near(seeds: Mapping[str, Row]) -> Days | None:
    """The first and last day near the seeds; None, every day, if one of them claims none."""
    if any(row["published"] is None for row in seeds.values()):
        return None
    days = [row["date"] for row in seeds.values()]
    return min(days) - dt.timedelta(WINDOW), max(days) + dt.timedelta(WINDOW)


def _is_near(row: Row, days: Days | None) -> bool:
    return days is None or row["published"] is None or days[0] <= row["date"] <= days[1]


def _files_near(pinned: Snapshot, table: str, days: Days | None) -> list[DataFile]:
    files = pinned.files(table)
    if days is None:
        return files
    first, last = (day.isoformat() for day in days)
    return [file for file in files if first <= file.partition["date"] <= last]


def _may_credit(
    pinned: Snapshot,
    seeds: Mapping[str, Row],
    citations: Mapping[str, Sequence[Row]],
    days: Days | None,
) -> bool:
    """Whether a name in common may lead to a credit: one of these articles', or one of a seed."""
    if any(crediting(citations, version) for version in citations):
        return True
    near = {file.path: file for file in _files_near(pinned, "citations", days)}
    if days is not None and pinned.files("citations"):
        others = {row["date"] for row in undated(pinned).values()}
        near |= {file.path: file for file in pinned.files_on("citations", others)}
    is_credit = is_any("kind", CREDITING)
    found = pinned.read("citations", ["agency"], is_credit, list(near.values()))
    agencies = found["agency"].unique().to_pylist()
    return any(is_source(agency, row) for agency in agencies for row in seeds.values())


def _read_names(
    pinned: Snapshot, seeds: Mapping[str, Row], days: Days | None
) -> Mapping[str, Mapping[str, Row]]:
    """By version, the rare names that a seed has too, each with where it stands first."""
    named = rows_of(pinned, "entities", ["entity_id"], seeds)["entity_id"].unique().to_pylist()
    asked = sorted(one for one in named if one and not one.startswith(_COMMON))
    most = max(
        RARE_COUNT, int(sum(f.rows for f in _files_near(pinned, "articles", days)) * RARE_SHARE)
    )
    own = pinned.files_on("entities", {row["date"] for row in seeds.values()})
    # What is common on one of the days already need not be looked for on all of them.
    rare = _rare(pinned.read("entities", ["version_id", "entity_id"], _is_one_of(asked), own), most)
    found = _read_named(pinned, rare, days)
    names: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in found.filter(_is_one_of(_rare(found, most))).to_pylist():
        names[row["version_id"]].setdefault(row["entity_id"], row)
    return names


def _read_named(pinned: Snapshot, ids: Sequence[str], days: Days | None) -> pa.Table:
    """Where these ids are named on the days, and by what claims no day."""
    where = _is_one_of(ids)
    files = _files_near(pinned, "entities", days) if ids else []
    found = pinned.read("entities", _NAME_COLUMNS, where, files)
    if days is None or not ids:
        return found
    far = {v: row for v, row in undated(pinned).items() if not days[0] <= row["date"] <= days[1]}
    return pa.concat_tables([found, rows_of(pinned, "entities", _NAME_COLUMNS, far).filter(where)])


def _is_one_of(ids: Sequence[str]) -> pc.Expression:
    return is_any("entity_id", ids)


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
