"""Both texts of an edge: what they share, who credits whom in which words, what both name."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from lake.current import versions_now
from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from tracing.evidence_model import CreditOfOther, Evidence, FieldText, Mark, SharedName, Side
from tracing.evidence_texts import TEXTS, Text, read_texts
from tracing.listed import list_rows
from tracing.listed_model import ListedArticle
from tracing.missing import missing_tables
from tracing.story_links import read_links_about
from tracing.story_model import Copying
from transforms.copies.compare import Span, compare
from transforms.copies.direction import find_order

_TABLES = ("citations", "entities", "links")
Row = dict[str, Any]
# The span of a passage on one side, and its parts there: the same, or rewritten.
_Passage = tuple[Span, Sequence[tuple[Span, bool]]]


def read_evidence(
    pinned: Snapshot, later: str, earlier: str, *, embargo_at: dt.datetime | None
) -> Evidence:
    """Of two versions, by their ids; of an article's id its current version is meant.

    Articles whose embargo ends after `embargo_at` are left out as if they were not there; None
    shows all.

    Raises:
        NoSuchArticle: one of them is not there, or may not be seen.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    one, other = read_texts(pinned, (later, earlier), unseen)
    now = versions_now(pinned, {text.row["article_id"] for text in (one, other)})
    listed = list_rows(pinned, now)
    articles = [listed[now[text.version_id]["current_article_id"]] for text in (one, other)]
    found = compare(one.text, other.text)
    mine = [(shared.one, [(p.one, p.same) for p in shared.parts]) for shared in found.shared]
    its = [(shared.other, [(p.other, p.same) for p in shared.parts]) for shared in found.shared]
    link = _link_between(pinned, *(article.article_id for article in articles))
    decided = _decide(one, other) if link is None else _said(link, articles[0].article_id)
    direction, reason, is_in_order = decided
    stories = {article.story_id for article in articles}
    measures = (found.words, found.contained), (found.other_words, found.other_contained)
    return Evidence(
        sequence=pinned.sequence,
        later=_side(one, other, articles[0], now, mine, measures[0]),
        earlier=_side(other, one, articles[1], now, its, measures[1]),
        link_kind=link.kind if link else None,
        link_versions=(link.from_version_id, link.to_version_id) if link else None,
        direction=direction,
        direction_reason=reason,
        is_in_order=is_in_order,
        hours=_hours(other.times.published, one.times.published),
        passages=len(found.shared),
        equal=found.equal,
        longest=found.longest,
        names=tuple(_shared_names(one, other)),
        story_id=stories.pop() if len(stories) == 1 else None,
        missing=missing_tables(pinned, *_TABLES),
    )


def _side(
    mine: Text,
    other: Text,
    article: ListedArticle,
    now: Mapping[str, Row],
    passages: Sequence[_Passage],
    measure: tuple[int, float],
) -> Side:
    words, contained = measure
    credits = tuple(_credits_of(mine, other))
    marks = [*_passage_marks(mine, passages), *_credit_marks(mine, credits)]
    marks += _name_marks(mine, {row["entity_id"] for row in other.names})
    row = mine.row
    return Side(
        article=article,
        version_id=mine.version_id,
        is_current=now[mine.version_id]["is_current"],
        published=row["published"],
        published_tz_known=row["published_tz_known"],
        versioncreated=row["versioncreated"],
        first_seen=row["first_seen"],
        compared_field=mine.field,
        texts=tuple(FieldText(field, row[field]) for field in TEXTS if row[field]),
        marks=tuple(sorted(marks, key=lambda one: (TEXTS.index(one.field), one.start, -one.end))),
        credits=credits,
        words=words,
        contained=round(contained, 4),
    )


def _passage_marks(mine: Text, passages: Sequence[_Passage]) -> Iterator[Mark]:
    for number, ((start, end), parts) in enumerate(passages, 1):
        yield Mark(mine.field, start, end, "shared", number, "")
        for (start_of_part, end_of_part), is_same in parts:
            if not is_same and start_of_part < end_of_part:
                yield Mark(mine.field, start_of_part, end_of_part, "rewritten", number, "")


def _credit_marks(mine: Text, credits: Sequence[CreditOfOther]) -> Iterator[Mark]:
    """The whole phrase where it stands around the name, else the name."""
    for one in credits:
        text = mine.row.get(one.field) if one.field in TEXTS else None
        if text:
            start, end = _around(text, one)
            yield Mark(one.field, start, end, "credit", 0, one.agency)


def _around(text: str, one: CreditOfOther) -> Span:
    at = text.find(one.phrase, max(0, one.end - len(one.phrase)))
    if -1 < at <= one.start and one.end <= at + len(one.phrase):
        return at, at + len(one.phrase)
    return one.start, one.end


def _name_marks(mine: Text, ids: Collection[str]) -> Iterator[Mark]:
    for row in mine.names:
        if row["entity_id"] in ids and row["field"] in TEXTS:
            yield Mark(row["field"], row["start"], row["end"], "name", 0, row["entity_id"])


def _credits_of(mine: Text, other: Text) -> Iterator[CreditOfOther]:
    """What of this text may mean the other's outlet, as `transforms/copies/direction.py` has it."""
    for row in mine.credits:
        credit = other.credit_by([row])
        if credit is not None:
            yield CreditOfOther(
                row["agency"],
                row["kind"],
                row["phrase"],
                row["field"],
                row["start"],
                row["end"],
                credit.is_exact,
            )


def _shared_names(one: Text, other: Text) -> Iterator[SharedName]:
    """In the order of the one."""
    times, its_times = (Counter(row["entity_id"] for row in text.names) for text in (one, other))
    kinds = {row["entity_id"]: row["kind"] for row in one.names}
    for entity_id, kind in kinds.items():
        if entity_id in its_times:
            yield SharedName(entity_id, kind, times[entity_id], its_times[entity_id])


def _link_between(pinned: Snapshot, one: str, other: str) -> Copying | None:
    """The row of `links_now` about the two articles, whichever versions it compares."""
    links = read_links_about(pinned, [one])
    ends = {one, other}
    return next(
        (each for each in links if {each.from_article_id, each.to_article_id} == ends), None
    )


def _said(link: Copying, article_id: str) -> tuple[str, str, bool | None]:
    """Direction, reason, and whether the article is the later one."""
    is_in_order = None if link.direction == "unknown" else link.from_article_id == article_id
    return link.direction, link.direction_reason, is_in_order


def _decide(one: Text, other: Text) -> tuple[str, str, bool | None]:
    """The same of two texts that no row links: by credits and times."""
    order = find_order(
        other.times, one.times, one.credit_by(other.credits), other.credit_by(one.credits)
    )
    return order.direction, order.why, order.is_other_later


def _hours(since: dt.datetime | None, until: dt.datetime | None) -> float | None:
    if since is None or until is None:
        return None
    return round((until - since) / dt.timedelta(hours=1), 4)
