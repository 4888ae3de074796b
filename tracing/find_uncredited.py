"""Which articles of an outlet have text of another's earlier one, and name nobody for it.

Everything in doubt is left out, since each line is a claim about an outlet. That words stood there
before is all that is said: both may have them from a source that the lake does not have.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lake.tables import Snapshot
from tracing.uncredited_line import UncreditedLine
from transforms.citations.same_source import is_named
from transforms.copies.direction import Times, least_hours
from transforms.copies.thresholds import LIMITS
from transforms.entities.agencies import agency_by_domain, agency_by_name
from transforms.entities.fold import fold, fold_name
from transforms.urls import registrable_domain

if TYPE_CHECKING:
    import duckdb

_LIMITS: Final = LIMITS["uncredited"]
_WORDS: Final = tomllib.loads(Path(__file__).with_name("wire_words.toml").read_text("utf-8"))
_FROM_ELSEWHERE: Final = re.compile(
    "|".join(f" {re.escape(fold_name(words))} " for words in _WORDS["words"])
    # Scripts without spaces have no words to be whole.
    + "|"
    + "|".join(re.escape(words) for words in _WORDS["words"] if words[0] > "\u2fff")
)
# All that an article's versions say: words, and fields that name who else had a part in it.
_QUERY: Final = """
    WITH mine AS (
        SELECT current_article_id AS article_id, min(first_seen) AS first_seen,
               string_agg(concat_ws(
                   chr(10), headline, description_text, body_text, byline, creditline, dateline,
                   ednote, slugline, provider, copyrightholder, usageterms, canonical_url,
                   array_to_string(authors, ' '), array_to_string(keywords, ' '),
                   subjects::VARCHAR
               ), chr(10)) AS said,
               list_distinct(flatten(list([creditline, provider, copyrightholder, byline])))
                   AS stated
        FROM articles_now WHERE outlet = $outlet GROUP BY ALL
    ), citing AS (
        SELECT DISTINCT current_article_id AS article_id
        FROM citations JOIN articles_now USING (version_id) WHERE outlet = $outlet
    ), seen AS (
        SELECT current_article_id AS article_id, min(first_seen) AS first_seen
        FROM articles_now GROUP BY ALL
    )
    SELECT links_now.*, mine.said, mine.stated, later.outlet_name, later.headline,
           later.published, later.is_current AND later.effective_pubstatus = 'usable'
               AND earlier.effective_pubstatus = 'usable' AS is_standing,
           mine.first_seen < seen.first_seen AS was_seen_first,
           CASE from_field WHEN 'body_text' THEN later.body_text
                           ELSE later.description_text END AS text,
           earlier.outlet AS source, earlier.outlet_name AS source_name,
           earlier.headline AS source_headline, earlier.published AS source_published,
           later.versioncreated, later.published_tz_known,
           earlier.versioncreated AS source_versioncreated,
           earlier.published_tz_known AS source_published_tz_known
    FROM links_now
    JOIN articles_now AS later ON later.version_id = from_version_id
    JOIN articles_now AS earlier ON earlier.version_id = to_version_id
    JOIN mine ON mine.article_id = from_article_id
    JOIN seen ON seen.article_id = to_article_id
    WHERE later.outlet = $outlet AND earlier.outlet <> $outlet
      AND from_article_id NOT IN (SELECT article_id FROM citing)
    ORDER BY from_article_id, source_published, to_article_id
"""
Row = Mapping[str, Any]


class NoSuchOutlet(Exception):
    """An outlet of which the lake has no article."""

    exit_code = 2


def find_uncredited(
    pinned: Snapshot, outlet: str, unseen: Collection[str] = ()
) -> tuple[list[UncreditedLine], int]:
    """By time, articles of an outlet, by its id or name; how many were left out as `unseen`.

    Raises:
        NoSuchOutlet: the lake has no article of it.
    """
    from lake.views import connect  # DuckDB takes 60 ms to load

    with connect(pinned) as connection:
        known = connection.execute("SELECT DISTINCT outlet, outlet_name FROM articles").fetchall()
        lines = uncredited_of(connection, _outlet(outlet, known))
    shown = [line for line in lines if {line.article_id, line.source_article_id}.isdisjoint(unseen)]
    ordered = sorted(shown, key=lambda line: (line.published, line.article_id))
    return ordered, len(lines) - len(shown)


def uncredited_of(connection: duckdb.DuckDBPyConnection, outlet: str) -> list[UncreditedLine]:
    """The same of an outlet's id, by the tables and views of a connection; none of an agency."""
    if agency_by_domain(outlet):
        return []
    result = connection.execute(_QUERY, {"outlet": outlet})
    names = [column[0] for column in result.description]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return list(_lines(outlet, rows))


def _outlet(asked: str, known: Sequence[tuple[str, str | None]]) -> str:
    folded = asked.strip().casefold().removeprefix("www.")
    for id_, name in sorted(known, key=lambda one: one[0] != folded):
        if folded in (id_, (name or "").casefold()):
            return id_
    raise NoSuchOutlet(f"no article of the outlet {asked[:200]!r}; `wiretrace sql` lists outlets")


def _lines(outlet: str, rows: Sequence[Row]) -> Iterator[UncreditedLine]:
    for _, group in groupby(rows, key=lambda row: row["from_article_id"]):
        links = list(group)
        if not _names_anybody(links):
            listed = [row for row in links if _is_claim(outlet, row)]
            if listed:
                yield _line(listed[0])


def _names_anybody(links: Sequence[Row]) -> bool:
    """Whether the article credits or names any of those whose text it has, or somebody unnamed."""
    said, stated = links[0]["said"], links[0]["stated"]
    return (
        any(row["credited"] for row in links)
        or _FROM_ELSEWHERE.search(fold(said).text) is not None
        or any(agency_by_name(name) for name in stated if name)
        or any(is_named(said, row["source"], row["source_name"]) for row in links)
    )


def _is_claim(outlet: str, row: Row) -> bool:
    return bool(
        row["kind"] in ("reprint", "embedded", "excerpt")
        and (row["direction"], row["direction_reason"]) == ("likely", "time")
        and row["longest"] >= _LIMITS["run"]
        and row["score"] >= _LIMITS["score"]
        and min(row["hours_apart"], _least_hours(row)) >= _LIMITS["hours"]
        and row["is_standing"]
        and not row["was_seen_first"]
        and not _is_one_house(outlet, row)
    )


def _least_hours(row: Row) -> float:
    """How much later it is at the least: a zone may not be known, or a claim be just a day."""
    stated = ("published", "versioncreated", "published_tz_known")
    source, mine = (Times(*(row[f"{of}{name}"] for name in stated)) for of in ("source_", ""))
    least = least_hours(source, mine)
    return -math.inf if least is None else least


def _is_one_house(outlet: str, row: Row) -> bool:
    """Two desks of one publisher, as far as names tell."""
    name, source_name = (fold_name(row[key] or "") for key in ("outlet_name", "source_name"))
    return name == source_name != "" or _is_one_domain(outlet, row["source"])


def _is_one_domain(*hosts: str) -> bool:
    labels, other_labels = (set(host.split(".")[:-1] or [host]) for host in hosts)
    if labels.isdisjoint(other_labels):
        return False  # and the list of public suffixes, which takes 160 ms to load, is not asked
    ours, theirs = (registrable_domain(host) or host for host in hosts)
    return ours == theirs or ours.split(".")[0] == theirs.split(".")[0]


def _line(row: Row) -> UncreditedLine:
    longest = max(row["evidence"], key=lambda span: span["from_end"] - span["from_start"])
    return UncreditedLine(
        row["from_article_id"],
        row["published"],
        row["headline"],
        row["to_article_id"],
        row["source"],
        row["source_headline"],
        row["hours_apart"],
        row["kind"],
        row["containment_from"],
        row["longest"],
        row["text"][longest["from_start"] : longest["from_end"]],
    )
