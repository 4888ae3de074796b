"""A lake of made-up stories for measuring, written as runs of one day each would leave it.

    PYTHONPATH=. .venv/bin/python bench/story_lake.py --lake LAKE --days 100 --per-day 10000

The rows go straight into data files and are committed as a run's are, so that a million articles
need no tagger. Stories have log-normal sizes, five articles on average, over up to three days and
three of five languages; a story's words are drawn from its language's, its names and numbers are in
all its languages. The day after the last one is written beside the lake, as `LAKE.jsonl`: what it
holds follows the stories of the days before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from wordfreq import top_n_list

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

FIRST_DAY = dt.date(2024, 3, 1)
LANGUAGES = ("en", "fr", "de", "es", "ru")
OUTLETS = 40
# Of the articles of a story; of the days after its first on which they come; of its languages.
MEAN_SIZE, SIGMA = 5.0, 1.0
LATER = (0.72, 0.2, 0.08)
SPREAD = (0.75, 0.18, 0.07)
# A story's own words, in ranks of its language's; an article in so many claims no day, one in so
# many has another's text.
WORDS, RANKS = 18, (400, 12_000)
UNDATED_IN, COPY_IN = 5_000, 12
SENTENCES = 7
SYLLABLES = (
    "ba", "lor", "ti", "men", "sa", "ru", "kel", "vo", "pin", "da", "fer", "gu", "sto", "mir", "an",
    "er", "tal", "wo",
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """An article; `part` names its story and language, `at` its place in this."""

    article_id: str
    part: str
    at: int
    founder: str
    language: str
    outlet: str
    day: dt.date
    published: dt.datetime | None
    headline: str
    body: str
    persons: tuple[str, ...]
    number: str

    @property
    def version_id(self) -> str:
        """Its only version."""
        return hash_id("bench", "version", self.article_id)

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://{self.outlet}/{self.day:%Y/%m/%d}/{self.article_id}"


@dataclass(frozen=True, slots=True)
class Bound:
    """Two parts of a story, by their founders, and the day on which both were there."""

    younger: Made
    older: Made


@cache
def words_of(language: str) -> tuple[list[str], list[str]]:
    """The words that all texts have, and those that stories are made of."""
    words = [word for word in top_n_list(language, RANKS[1]) if word.isalpha()]
    return words[: RANKS[0]], words[RANKS[0] :]


def make_story(number: str, day: dt.date) -> tuple[list[Made], list[Bound]]:
    """The articles of a story that begins on a day."""
    chance = random.Random(f"story {number}")
    mean = math.log(MEAN_SIZE) - SIGMA**2 / 2
    size = max(1, round(chance.lognormvariate(mean, SIGMA)))
    count = chance.choices((1, 2, 3), SPREAD)[0]
    languages = chance.sample(LANGUAGES, min(count, size))
    persons = tuple(f"{_name(chance)} {_name(chance)}" for _ in range(3))
    figure = str(chance.randrange(211, 9_900))
    own = {one: chance.sample(words_of(one)[1], WORDS) for one in languages}
    begin = dt.datetime.combine(day, dt.time(tzinfo=dt.UTC)) + chance.random() * dt.timedelta(0.9)
    made: list[Made] = []
    founders: dict[str, Made] = {}
    counts: dict[str, int] = defaultdict(int)
    for at in range(size):
        language = languages[at % len(languages)] if at < len(languages) else languages[0]
        language = language if at < len(languages) else chance.choice(languages)
        later = chance.choices((0, 1, 2), LATER)[0] if at >= len(languages) else 0
        time = begin + at * dt.timedelta(seconds=1)
        if later:
            midnight = dt.datetime.combine(day + dt.timedelta(later), dt.time(tzinfo=dt.UTC))
            time = midnight + chance.random() * dt.timedelta(0.99)
        is_dated = at > 0 or chance.randrange(UNDATED_IN) > 0
        article_id = hash_id("bench", "article", number, str(at))
        headline, body = _text(chance, own[language], words_of(language)[0], persons, figure)
        one = Made(
            article_id,
            f"{number} {language}",
            counts[language],
            founders[language].article_id if language in founders else article_id,
            language,
            f"outlet-{chance.randrange(OUTLETS):02}.example",
            time.date(),
            time if is_dated else None,
            headline,
            body,
            persons,
            figure,
        )
        counts[language] += 1
        founders.setdefault(language, one)
        made.append(one)
    older, *younger = founders.values()
    return made, [Bound(one, older) for one in younger]


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=3)).title()


def _text(
    chance: random.Random,
    own: Sequence[str],
    common: Sequence[str],
    persons: Sequence[str],
    figure: str,
) -> tuple[str, str]:
    headline = f"{persons[0]} {' '.join(chance.sample(own, 6))}"
    lines = []
    for at in range(SENTENCES):
        mixed = chance.choices(common, k=7) + chance.sample(own, 5)
        chance.shuffle(mixed)
        lines.append(f"{mixed[0].title()} {' '.join(mixed[1:])} {persons[at % len(persons)]}.")
    lines[1] = f"{lines[1][:-1]}, {figure} {common[at]}."
    return headline, "\n\n".join(lines)


@lru_cache(maxsize=4)
def begun_on(day: dt.date, per_day: int) -> tuple[list[Made], list[Bound]]:
    """The articles of the stories that begin on a day, and which of these are one."""
    articles: list[Made] = []
    bounds: list[Bound] = []
    for number in range(round(per_day / MEAN_SIZE)):
        made, bound = make_story(f"{day} {number}", day)
        articles += made
        bounds += bound
    return articles, bounds


def told_on(day: dt.date, per_day: int) -> list[Made]:
    """The articles of a day."""
    begun = [begun_on(day - dt.timedelta(later), per_day)[0] for later in range(len(LATER))]
    return [one for articles in begun for one in articles if one.day == day]


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
