"""An outlet: its articles by day, whom it credits, whose text it has, when it was silent."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow.compute as pc

from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from tracing.count_credits import count_credits, most_first
from tracing.country import country_of
from tracing.coverage import cover
from tracing.coverage_model import FeedCoverage
from tracing.day_tallies import DayTally, files_by_day, tally_days
from tracing.find_uncredited import NoSuchOutlet
from tracing.listed import list_articles
from tracing.listed_model import Count, DayCount
from tracing.missing import missing_tables
from tracing.newest_articles import newest_articles
from tracing.outlet_model import Copied, OutletLine, OutletPage, Outlets
from tracing.story_links import OutletLinks, read_outlet_links
from transforms.entities.agencies import agency_by_domain, country_of_agency
from transforms.urls import registrable_domain

# Credits and copies are counted on so many days at most, and of so many articles.
_MOST_DAYS, _MOST_COUNTED = 28, 1_000
_MOST_LISTED = 100
_DAY = dt.timedelta(days=1)
_TABLES = ("citations", "links", "story_members", "sightings")
_SURE = ("asserted", "likely", "unknown")


def read_outlet(pinned: Snapshot, outlet: str, *, embargo_at: dt.datetime | None) -> OutletPage:
    """An outlet by its id.

    Articles whose embargo ends after `embargo_at` are left out as if they were not there; None
    shows all.

    Raises:
        NoSuchOutlet: the lake has no article of it that may be seen.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    files = files_by_day(pinned, "articles")
    tallies = tally_days(pinned, files, unseen)
    counts = {day: tally.outlets[outlet] for day, tally in tallies.items()}
    days = [DayCount(day, articles) for day, articles in sorted(counts.items()) if articles]
    if not days:
        raise NoSuchOutlet(
            f"no article of the outlet {outlet[:200]!r}; `wiretrace sql` lists outlets"
        )
    mine = {day.day: files[day.day] for day in days}
    newest = newest_articles(pinned, mine, _MOST_LISTED, unseen, pc.field("outlet") == outlet)
    since = _since(days)
    until = days[-1].day + _MOST_DAYS * _DAY
    some = {day: found for day, found in files.items() if since <= day <= until}
    name = _name(tallies, outlet)
    credits = count_credits(pinned, some, outlet, name, unseen)
    links = read_outlet_links(pinned, outlet, credits.own, unseen)
    coverage = cover(pinned, unseen, outlet)
    return OutletPage(
        sequence=pinned.sequence,
        outlet=outlet,
        outlet_name=name,
        agency=agency_by_domain(outlet) or (outlet if country_of_agency(outlet) else None),
        country=country_of(outlet),
        articles=sum(day.articles for day in days),
        days=tuple(days),
        languages=_languages(tallies, outlet),
        newest=tuple(list_articles(pinned, {row["article_id"] for row in newest}).values()),
        since=since if days[0].day < since else None,
        until=until if max(files) > until else None,
        credits=credits.credits,
        credited_by=credits.credited_by,
        copies_from=tuple(_copied(links, outlet, is_from=True)),
        copies_to=tuple(_copied(links, outlet, is_from=False)),
        uncredited=links.missing_credit,
        coverage=next(iter(coverage.outlets), None),
        coverage_days=coverage.days,
        feeds=tuple(_feeds(coverage.feeds, outlet)),
        missing=missing_tables(pinned, *_TABLES),
        left_out=len(unseen),
    )


def read_outlets(pinned: Snapshot, *, embargo_at: dt.datetime | None) -> Outlets:
    """Every outlet that has an article which may be seen."""
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    tallies = tally_days(pinned, files_by_day(pinned, "articles"), unseen)
    articles, languages = Counter[str](), defaultdict[str, Counter[str]](Counter)
    last: dict[str, dt.date] = {}
    for day, tally in sorted(tallies.items()):
        for (outlet, language), count in tally.articles.items():
            articles[outlet] += count
            languages[outlet][language] += count
            last[outlet] = day
    lines = [
        OutletLine(
            outlet=outlet,
            outlet_name=_name(tallies, outlet),
            country=country_of(outlet),
            articles=count,
            languages=tuple(one.name for one in most_first(languages[outlet])),
            last_day=last[outlet],
        )
        for outlet, count in articles.items()
    ]
    ordered = tuple(sorted(lines, key=lambda one: (-one.articles, one.outlet)))
    return Outlets(
        sequence=pinned.sequence, outlets=ordered, missing=missing_tables(pinned, "articles")
    )


def _since(days: Sequence[DayCount]) -> dt.date:
    """From the day on of which credits and copies are counted."""
    last = days[-1].day
    first = last - (_MOST_DAYS - 1) * _DAY
    since, articles = last, 0
    for day in reversed([day for day in days if day.day >= first]):
        articles += day.articles
        if articles > _MOST_COUNTED:
            return since
        since = day.day
    return first


def _name(tallies: Mapping[dt.date, DayTally], outlet: str) -> str | None:
    """What it was called last."""
    names = (tallies[day].names.get(outlet) for day in sorted(tallies, reverse=True))
    return next((name for name in names if name), None)


def _languages(tallies: Mapping[dt.date, DayTally], outlet: str) -> tuple[Count, ...]:
    found = Counter[str]()
    for tally in tallies.values():
        for (other, language), articles in tally.articles.items():
            if other == outlet:
                found[language] += articles
    return most_first(found)


def _copied(links: OutletLinks, outlet: str, *, is_from: bool) -> Iterator[Copied]:
    """By other outlet, the most first: articles of this one that have its text, or the reverse."""
    shared: dict[str, dict[str, tuple[bool, str]]] = defaultdict(dict)
    for edge in links.edges:
        ends = [links.outlets[edge.from_article_id], links.outlets[edge.to_article_id]]
        mine, other = ends if is_from else reversed(ends)
        if mine == outlet != other:
            copy = edge.from_article_id
            credited, direction = shared[other].get(copy, (False, _SURE[-1]))
            surest = min(direction, edge.direction, key=_SURE.index)
            shared[other][copy] = credited or edge.credited, surest
    for other, articles in sorted(shared.items(), key=lambda one: (-len(one[1]), one[0])):
        named = sum(is_credited for is_credited, _ in articles.values())
        directions = Counter(direction for _, direction in articles.values())
        yield Copied(other, named, len(articles) - named, *(directions[one] for one in _SURE))


def _feeds(feeds: Iterable[FeedCoverage], outlet: str) -> Iterator[FeedCoverage]:
    """Those whose items are the outlet's by the list, or by the feed's address."""
    for feed in feeds:
        if outlet in (feed.outlet, registrable_domain(feed.url) if feed.outlet is None else None):
            yield feed
