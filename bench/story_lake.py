"""A lake of made-up stories for measuring, written as runs of one day each would leave it.

    PYTHONPATH=. .venv/bin/python bench/story_lake.py --lake LAKE --days 100 --per-day 10000

The rows go straight into data files and are committed as a run's are, so that a million articles
need no tagger. What the stories are: bench/made_stories.py. The day after the last one is written
beside the lake, as `LAKE.jsonl`: what it holds follows the stories of the days before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.made_stories import FIRST_DAY, Bound, Made, begun_on, told_on
from lake.begin import name_run
from lake.commit import Plan, commit, newest_sequence
from lake.compact import compact
from lake.data_file import DataFile, write_rows
from lake.keys import (
    KeyEntry,
    VersionEntry,
    committed_state,
    pack_keys,
    pack_versions,
    publish_state,
    write_state,
)
from lake.tables import Lake, create_lake, snapshot
from schemas.article import ARTICLES
from schemas.definition import Table
from schemas.entity import ENTITIES
from schemas.fact import FACTS
from schemas.ids import hash_id
from schemas.link import LINKS
from schemas.run import Run
from schemas.sighting import SIGHTINGS
from schemas.story_alias import STORY_ALIASES
from schemas.story_member import STORY_MEMBERS
from transforms.stories.fold import mint

# An article in so many has another's text.
COPY_IN = 12
Row = dict[str, Any]


def write_lake(root: Path, days: int, per_day: int) -> None:
    """Write the days that the lake does not have yet, and the day after the last."""
    lake = create_lake(root)
    done = {file.partition["date"] for file in snapshot(lake).files(ARTICLES.name)}
    for at in range(days):
        day = FIRST_DAY + dt.timedelta(at)
        if day.isoformat() not in done:
            latest = {one.part: one for one in told_on(day - dt.timedelta(1), per_day)}
            articles = told_on(day, per_day)
            bounds = begun_on(day, per_day)[1]
            _commit_day(lake, newest_sequence(lake) + 1, day, articles, bounds, latest)
    compact(root)
    with Path(f"{root}.jsonl").open("w", encoding="utf-8") as out:
        for one in told_on(FIRST_DAY + dt.timedelta(days), per_day):
            out.write(json.dumps(_delivery(one), ensure_ascii=False) + "\n")


def _delivery(one: Made) -> Row:
    row = {
        "guid": one.article_id,
        "url": one.url,
        "outlet": one.outlet,
        "headline": one.headline,
        "body_text": one.body,
        "language": one.language,
    }
    return row | ({"published": one.published.isoformat()} if one.published else {})


def _commit_day(
    lake: Lake,
    sequence: int,
    day: dt.date,
    articles: Sequence[Made],
    bounds: Sequence[Bound],
    before: Mapping[str, Made],
) -> None:
    at = dt.datetime.combine(day + dt.timedelta(1), dt.time(tzinfo=dt.UTC))
    run_id = name_run(at, sequence)
    staging = lake.staging(run_id)
    files: list[DataFile] = []
    for table, columns in _rows(articles, bounds, before, at, sequence, run_id):
        files += write_rows(table, _table(table, columns), staging)
    state = write_state(
        lake,
        [pack_keys((hash_id("bench", one.url), _key(one, sequence)) for one in articles)],
        [pack_versions(((one.article_id, _version(one)) for one in articles), sequence)],
    )
    publish_state(lake, sequence, committed_state(lake, sequence - 1), state)
    run = Run(
        sequence=sequence,
        run_id=run_id,
        command="run",
        seen=len(articles),
        new=len(articles),
        config_hash="0" * 32,
        code_version="bench",
        started=at,
        ended=at,
        status="complete",
    )
    commit(lake, Plan(sequence, run, files))


def _key(one: Made, sequence: int) -> KeyEntry:
    return KeyEntry(one.article_id, sequence, one.day.toordinal())


def _version(one: Made) -> VersionEntry:
    content = hash_id("bench", "content", one.article_id)
    return VersionEntry(one.version_id, content, "0" * 32, 0, 0, 0, 100, False, (), ())


def _rows(
    articles: Sequence[Made],
    bounds: Sequence[Bound],
    before: Mapping[str, Made],
    at: dt.datetime,
    sequence: int,
    run_id: str,
) -> Iterator[tuple[Table, list[Row]]]:
    """Of each table the rows, with the columns that are not the same in all."""
    ids = [
        {"article_id": one.article_id, "version_id": one.version_id, "date": one.day}
        for one in articles
    ]
    yield (
        ARTICLES,
        [
            own
            | {
                "language": one.language,
                "outlet": one.outlet,
                "published": one.published,
                "headline": one.headline,
                "body_text": one.body,
                "url": one.url,
                "content_hash": hash_id("bench", "content", one.article_id),
                "pubstatus": "usable",
                "word_count": 100,
                "first_seen": at,
                "published_tz_known": one.published is not None,
                "run_id": run_id,
            }
            for own, one in zip(ids, articles, strict=True)
        ],
    )
    yield (
        SIGHTINGS,
        [
            own
            | {
                "outlet": one.outlet,
                "source_uri": "bench.jsonl",
                "first_seen_at": at,
                "last_seen_at": at,
                "deliveries": 1,
                "claimed_published": one.published,
                "run_id": run_id,
            }
            for own, one in zip(ids, articles, strict=True)
        ],
    )
    yield (
        ENTITIES,
        [
            own
            | {
                "field": "body_text",
                "start": (start := one.body.find(person)),
                "end": start + len(person),
                "surface": person,
                "kind": "person",
                "entity_id": f"name:{person.casefold().replace(' ', '-')}",
                "method": "rule:shape",
                "score": 0.5,
            }
            for own, one in zip(ids, articles, strict=True)
            for person in one.persons
        ],
    )
    yield (
        FACTS,
        [
            own
            | {
                "field": "body_text",
                "start": (start := one.body.find(one.number)),
                "end": start + len(one.number),
                "surface": one.number,
                "kind": "number",
                "value": one.number,
            }
            for own, one in zip(ids, articles, strict=True)
        ],
    )
    told = {"joined_at": at, "sequence": sequence, "run_id": run_id}
    yield (
        STORY_MEMBERS,
        [
            told
            | {
                "story_id": mint(one.founder),
                "article_id": one.article_id,
                "op": "join",
                "score": 1.0 if one.at == 0 else 0.9,
                "reason": "founds" if one.at == 0 else "joins",
                "language": one.language,
                "day": one.day if one.published else None,
                "date": one.day,
            }
            for one in articles
        ],
    )
    evidence = [{"kind": "name", "what": "Some Body", "weight": 3.0}] * 5
    yield (
        STORY_ALIASES,
        [
            {
                "story_id": mint(bound.younger.founder),
                "alias_of": mint(bound.older.founder),
                "language": bound.younger.language,
                "alias_language": bound.older.language,
                "reason": "translated",
                "score": 0.95,
                "evidence": evidence,
                "day": bound.younger.day,
                "as_of": at,
                "sequence": sequence,
                "run_id": run_id,
                "month": f"{at:%Y-%m}",
            }
            for bound in bounds
        ],
    )
    yield LINKS, list(_links(articles, before, at, run_id))


def _links(
    articles: Sequence[Made], before: Mapping[str, Made], at: dt.datetime, run_id: str
) -> Iterator[Row]:
    known = dict(before)
    for number, one in enumerate(articles):
        other = known.get(one.part)
        if other is not None and number % COPY_IN == 0:
            yield {
                "from_article_id": one.article_id,
                "to_article_id": other.article_id,
                "from_version_id": one.version_id,
                "to_version_id": other.version_id,
                "kind": "reprint",
                "score": 0.9,
                "jaccard": 0.9,
                "containment_from": 0.9,
                "containment_to": 0.9,
                "longest": 80,
                "hours_apart": 24.0,
                "evidence": [{"from_start": 0, "from_end": 400, "to_start": 0, "to_end": 400}],
                "direction": "likely",
                "direction_reason": "time",
                "from_field": "body_text",
                "to_field": "body_text",
                "from_date": one.day,
                "to_date": other.day,
                "as_of": at,
                "run_id": run_id,
                "month": f"{at:%Y-%m}",
            }
        known[one.part] = one


def _table(table: Table, rows: Sequence[Row]) -> pa.Table:
    """The rows with what the other columns must have at least."""
    columns = []
    for field in table.schema:
        if rows and field.name not in rows[0]:
            least: Any = None if field.nullable else _least(field.type)
            columns.append(pa.array([least] * len(rows), field.type))
        else:
            columns.append(pa.array([row[field.name] for row in rows], field.type))
    return pa.table(columns, schema=table.schema)


def _least(kind: pa.DataType) -> Any:
    if pa.types.is_list(kind):
        return []
    if pa.types.is_boolean(kind):
        return False
    return 0 if pa.types.is_integer(kind) or pa.types.is_floating(kind) else ""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lake", type=Path, required=True, help="folder to write")
    parser.add_argument("--days", type=int, default=33)
    parser.add_argument("--per-day", type=int, default=3_000)
    given = parser.parse_args()
    write_lake(given.lake, given.days, given.per_day)


if __name__ == "__main__":
    main()
