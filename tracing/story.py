"""`story`: one story over outlets and languages: who was first, who credits, copies and derives."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from schemas.citation import CREDITING
from tracing.find_citing import Credits, find_citing
from tracing.find_first import find_arrivals, find_first_claimed, find_first_seen, find_lags
from tracing.find_unreached import find_unreached
from tracing.make_line import make_line
from tracing.story_articles import StoryArticle, read_articles
from tracing.story_links import read_shared_text
from tracing.story_model import Citing, Copying, First, Part, Story
from tracing.story_rows import NoSuchStory, Told, stories_of, story_of
from tracing.trace_model import Credit, Line, Reason, Unreached, Words


def read_story(pinned: Snapshot, asked: str, *, embargo_at: dt.datetime | None = None) -> Story:
    """The story of an id: its own, that of a part of it, or that of an article in it.

    Articles whose embargo ends after `embargo_at` are left out as if they were not there; None
    shows all.

    Raises:
        NoSuchStory: there is none.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    if asked in unseen:
        return Story(asked, asked, pinned.sequence, left_out=1)
    told = _find(pinned, asked)
    seen = [member for member in told.members if member.article_id not in unseen]
    left_out = {member.article_id for member in told.members} & unseen
    articles = read_articles(pinned, seen)
    claims = [one.claim for one in articles]
    credits = find_citing(
        [one.teller for one in articles], {one.article_id: one.citations for one in articles}
    )
    shared = read_shared_text(pinned, [one.article_id for one in articles], unseen)
    versions = {row["version_id"]: row for one in articles for row in one.versions}
    lines = _lines(told, articles, credits, find_unreached(pinned, versions))
    place = {line.article_id: number for number, line in enumerate(lines)}
    parts = tuple(_parts(told, articles))
    shown = {part.part_id for part in parts}
    return Story(
        asked,
        told.story_id,
        pinned.sequence,
        parts=parts,
        ties=tuple(tie for tie in told.ties if {tie.story_id, tie.alias_of} <= shown),
        lines=tuple(lines),
        first_claimed=_doubted(find_first_claimed(claims), left_out),
        first_seen=find_first_seen(claims),
        cites=_citing_by_time(credits.cites, place),
        derives=_citing_by_time(credits.derives, place),
        copies=_copying_by_time(shared.copies, place),
        updates=_copying_by_time(shared.updates, place),
        dangling=tuple(sorted(credits.dangling, key=lambda one: place[one.article_id])),
        missing_credit=shared.missing_credit,
        languages=tuple(find_arrivals(claims, credits.derives)),
        lags=tuple(find_lags(claims)),
        left_out=len(left_out),
    )


def _find(pinned: Snapshot, asked: str) -> Told:
    of_article = stories_of(pinned, [asked])
    told = of_article[0] if of_article else story_of(pinned, asked)
    if told is None or not told.members:
        raise NoSuchStory(
            f"no story has the id {asked[:200]!r} in {pinned.lake.root}, and no article in a story;"
            " `wiretrace trace` finds articles by words"
        )
    return told


def _doubted(first: First | None, left_out: Collection[str]) -> First | None:
    """One that is left out may have been first."""
    if first is None or not left_out:
        return first
    return replace(first, doubts=tuple(sorted((*first.doubts, "articles left out"))))


def _citing_by_time(edges: Iterable[Citing], place: Mapping[str, int]) -> tuple[Citing, ...]:
    return tuple(sorted(edges, key=lambda one: (place[one.article_id], place[one.cited_id])))


def _copying_by_time(edges: Iterable[Copying], place: Mapping[str, int]) -> tuple[Copying, ...]:
    return tuple(
        sorted(edges, key=lambda one: (place[one.from_article_id], place[one.to_article_id]))
    )


def _parts(told: Told, articles: Sequence[StoryArticle]) -> Iterable[Part]:
    for part_id, language in told.parts.items():
        mine = tuple(one.article_id for one in articles if one.member.part_id == part_id)
        if mine:
            yield Part(part_id, language, mine)


def _lines(
    told: Told,
    articles: Sequence[StoryArticle],
    credits: Credits,
    unreached: Mapping[str, Sequence[Unreached]],
) -> list[Line]:
    cited: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in (*credits.cites, *credits.derives):
        cited[one.article_id, one.agency].append(one.cited_id)
    lines = [
        replace(
            make_line(
                one.shown,
                _credits(one, cited),
                [Reason("story", None, (told.story_id,), score=one.member.score)],
                unreached.get(one.article_id, ()),
            ),
            claimed=one.claim.published,
            claimed_tz_known=one.claim.is_zone_known,
        )
        for one in articles
    ]
    return sorted(lines, key=lambda line: (line.time, line.outlet, line.article_id))


def _credits(
    article: StoryArticle, cited: Mapping[tuple[str, str], Sequence[str]]
) -> Iterable[Credit]:
    for row in article.citations:
        meant = cited.get((article.article_id, row["agency"]), ())
        yield Credit(
            row["agency"],
            row["kind"],
            row["phrase"],
            Words(row["field"], row["start"], row["end"], row["surface"]),
            row["score"],
            tuple(sorted(meant)) if row["kind"] in CREDITING else (),
        )
