"""An agency, or an outlet as a source: what it is called, who credits it, its own articles."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow.compute as pc

from lake.current import family_of
from lake.data_file import DataFile
from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from lake.where import is_any
from schemas.citation import CREDITING
from tracing.agency_model import AgencyPage, CitingArticle, CitingCell
from tracing.as_text import as_text
from tracing.count_credits import Teller, most_first, tellers_of
from tracing.country import country_of
from tracing.day_tallies import files_by_day, tally_days
from tracing.find_credits import words_of
from tracing.listed import list_articles
from tracing.missing import missing_tables
from tracing.newest_articles import newest_articles
from transforms.copies.direction import Cited, find_credit
from transforms.entities.agencies import names_of_agency

# Credits are counted on so many days, up to the newest that has one; so many articles are listed.
_MOST_DAYS, _MOST_LISTED = 28, 50
# Days that are looked through at once for the newest credit.
_DAYS_AT_ONCE = 16
_COLUMNS = [
    "article_id", "version_id", "date", "kind", "phrase", "field", "start", "end", "surface",
]  # fmt: skip
Row = dict[str, Any]


class NoSuchAgency(Exception):
    """A source that nothing credits, of no outlet, and in no list of ours."""

    exit_code = 2


def read_agency(pinned: Snapshot, agency: str, *, embargo_at: dt.datetime | None) -> AgencyPage:
    """A source by its id, as `citations.agency` has it.

    Articles whose embargo ends after `embargo_at` are left out as if they were not there; None
    shows all.

    Raises:
        NoSuchAgency: nothing is known of it.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    agency = as_text(agency)
    names = names_of_agency(agency)
    own = _own(pinned, agency, unseen)
    rows = _credits(pinned, agency, unseen)
    if not (names or own or rows):
        raise NoSuchAgency(
            f"nothing credits {agency[:200]!r} in {pinned.lake.root};"
            " `wiretrace agencies` lists who is credited"
        )
    days = {row["date"] for row in rows}
    files = {day: some for day, some in files_by_day(pinned, "articles").items() if day in days}
    tellers = tellers_of(pinned, files, {row["article_id"] for row in rows})
    kinds = {(row["kind"], row["article_id"]) for row in rows}
    return AgencyPage(
        sequence=pinned.sequence,
        agency=agency,
        names=names,
        country=country_of(agency),
        outlets=most_first(own),
        articles=own.total(),
        cited_by=most_first(Counter(one.outlet for one in tellers.values())),
        countries=most_first(Counter(country_of(one.outlet) for one in tellers.values())),
        languages=most_first(Counter(one.language for one in tellers.values())),
        cells=tuple(_cells(tellers.values())),
        kinds=most_first(Counter(kind for kind, _ in kinds)),
        newest=tuple(_newest(pinned, files, rows)),
        since=_since(pinned, days),
        missing=missing_tables(pinned, "articles", "citations"),
        left_out=len(unseen),
    )


def _own(pinned: Snapshot, agency: str, unseen: Collection[str]) -> Counter[str]:
    """Articles of the outlets that are the source, by outlet."""
    found, names = Counter[str](), dict[str, str]()
    for tally in tally_days(pinned, files_by_day(pinned, "articles"), unseen).values():
        found.update(tally.outlets)
        names |= tally.names
    cited = [Cited(agency, agency)]
    mine = {one for one in found if find_credit(cited, one, names.get(one))}
    return Counter({one: found[one] for one in mine})


def _cells(tellers: Iterable[Teller]) -> Iterator[CitingCell]:
    """By country and language, in order of these."""
    counts = Counter((country_of(one.outlet), one.language) for one in tellers)
    for (country, language), articles in sorted(counts.items()):
        yield CitingCell(country, language, articles)


def _credits(pinned: Snapshot, agency: str, unseen: Collection[str]) -> list[Row]:
    """What credits it, of the newest day that has any and the days before it."""
    files = files_by_day(pinned, "citations")
    days = iter(sorted(files, reverse=True))
    where = (pc.field("agency") == agency) & is_any("kind", CREDITING)
    found: list[Row] = []
    newest: dt.date | None = None
    while some := list(islice(days, _DAYS_AT_ONCE)):
        if newest is not None and (newest - some[0]).days >= _MOST_DAYS:
            break
        mine = [file for day in some for file in files[day]]
        rows = pinned.read("citations", _COLUMNS, where, mine).to_pylist()
        found += [row for row in rows if row["article_id"] not in unseen]
        newest = max((row["date"] for row in found), default=None)
    return [row for row in found if newest and (newest - row["date"]).days < _MOST_DAYS]


def _newest(
    pinned: Snapshot, files: Mapping[dt.date, Sequence[DataFile]], rows: Sequence[Row]
) -> Iterator[CitingArticle]:
    """The newest citing articles, each with its first credit."""
    first: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (row["field"], row["start"], row["end"])):
        first.setdefault(row["article_id"], row)
    newest = newest_articles(pinned, files, _MOST_LISTED, where=is_any("article_id", first))
    for article in list_articles(pinned, {row["article_id"] for row in newest}).values():
        ids = [article.article_id, *sorted(family_of(pinned, [article.article_id]))]
        row = next(first[one] for one in ids if one in first)
        yield CitingArticle(article, row["kind"], row["phrase"], words_of(row))


def _since(pinned: Snapshot, days: Collection[dt.date]) -> dt.date | None:
    """The first day of those that credits are counted on; None if the lake has none before."""
    if not days:
        return None
    since = max(days) - dt.timedelta(_MOST_DAYS - 1)
    return since if min(files_by_day(pinned, "citations")) < since else None
