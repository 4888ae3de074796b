"""CPU of every stage of the road, per article, on generated articles and without Beam around it.

    python bench/stages.py                    3,000 articles of 3 kB, medians of 5 rounds
    python bench/stages.py --articles 500 --rounds 3

What a whole run takes beyond the sum (`bench/run.py`: its CPU over its articles) is Beam, the
commit and the start of the process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from generate import DAYS, write_articles

from lake.data_file import write_rows
from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from transforms.delivery import Delivery
from transforms.entities.tag import tag_article
from transforms.identify import Known, identify
from transforms.language import with_language
from transforms.normalize import normalize_parsed
from transforms.parse.child import SourceBytes
from transforms.parse.containers import to_parsed
from transforms.parse.document import parse_document
from transforms.parse.item import ParseContext
from transforms.read.containers import Container
from transforms.stage import write_deliveries
from transforms.staged import articles_at, blocks_in, sighted_of
from transforms.table_rows import tagged_rows
from transforms.tag_citations import tag_citations
from transforms.tag_facts import tag_facts
from transforms.tag_quotes import tag_quotes

SEEN_AT = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
Clock = Callable[[str], Any]


def walk(data: bytes, folder: Path, clock: Clock) -> None:
    """The whole road of the articles in `data`, a stage after the other, each under the clock."""
    context = ParseContext(source_uri="bench.jsonl")
    with clock("parse"):
        results = list(parse_document(data, context, None))
    parsed = list(
        to_parsed(Container(SourceBytes(data, context), None, False), results, SEEN_AT, "run")
    )
    with clock("normalize"):
        deliveries = [normalize_parsed(item, SEEN_AT, "run") for item in parsed]
    with clock("stage deliveries"):
        staged = write_deliveries([d for d in deliveries if isinstance(d, Delivery)], folder)
    with clock("identify"):
        decided = []
        for _, block in blocks_in(staged.path):
            found = identify(sighted_of(block), Known(), 1, "run", "2024-05")
            decided += [(d.row, d.article_id, d.version_id) for d in found.decisions if d.write]
    with clock("read back"):
        articles = list(articles_at(staged.path, decided))
    with clock("language"):
        articles = [with_language(article) for article in articles]
    with clock("entities"):
        tagged = [tag_article(article) for article in articles]
    with clock("citations"):
        tagged = [tag_citations(one) for one in tagged]
    with clock("quotes"):
        tagged = [tag_quotes(one) for one in tagged]
    with clock("facts"):
        tagged = [tag_facts(one) for one in tagged]
    rows: dict[str, list[Any]] = defaultdict(list)
    for one in tagged:
        for table, row in tagged_rows(one):
            rows[table].append(row)
    with clock("rows to Arrow"):
        tables = {name: to_arrow(BY_NAME[name], values) for name, values in rows.items()}
    with clock("write Parquet"):
        for name, table in tables.items():
            write_rows(BY_NAME[name], table, folder)


def measure(articles: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of CPU by stage, one for each round; a first round that warms up is left out."""
    taken: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def clock(stage: str) -> Iterator[None]:
        begin = time.process_time()
        yield
        taken[stage].append(time.process_time() - begin)

    with tempfile.TemporaryDirectory(prefix="wiretrace-bench-") as folder:
        drop = Path(folder, "drop.jsonl")
        write_articles(drop, articles, days=DAYS)
        data = drop.read_bytes()
        for turn in range(rounds + 1):
            walk(data, Path(folder, str(turn)), clock)
    return {stage: seconds[1:] for stage, seconds in taken.items()}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=5, help="medians of so many")
    given = parser.parse_args()
    stages = measure(given.articles, given.rounds)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, pyarrow {version('pyarrow')};"
        f" {given.articles} articles, median of {given.rounds} rounds (least to most)"
    )
    total = 0.0
    for stage, seconds in stages.items():
        each = [1e6 * one / given.articles for one in seconds]
        total += statistics.median(each)
        print(f"{stage:18}{statistics.median(each):8.0f} µs  ({min(each):.0f} to {max(each):.0f})")
    print(f"{'in all':18}{total:8.0f} µs an article")


if __name__ == "__main__":
    main()
