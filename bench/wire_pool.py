"""The yardstick of bench/wire.py: a plain `multiprocessing.Pool` over the same library calls.

    PYTHONPATH=. python bench/wire_pool.py --drop DROPS --out FOLDER [--tags] [--workers 1]

What an engineer would write in an afternoon. Workers read, parse and normalize a file and spool
what they found; the parent keeps a set of what is known, also from a run before; workers detect the
language of what is new, with `--tags` also entities, citations, quotes and facts; at last each
table is written as Hive folders of Parquet. There is no ledger, no rejected bytes, no revision,
alias, copy or story, no commit: a crash leaves half of it, a file that kills the parser ends it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import pickle
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from schemas.ids import hash_id
from transforms.delivery import Delivery
from transforms.entities.tag import tag_article
from transforms.language import with_language
from transforms.normalize import normalize_parsed
from transforms.parse.child import SourceBytes
from transforms.parse.containers import to_parsed
from transforms.parse.document import parse_document
from transforms.parse.item import ParseContext
from transforms.read.containers import Container
from transforms.table_rows import tagged_rows
from transforms.tag_citations import tag_citations
from transforms.tag_facts import tag_facts
from transforms.tag_quotes import tag_quotes
from transforms.tagged import TaggedArticle

SEEN_AT = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
Known = tuple[str, str]
"""An article and one state of it: what has been seen once is a repeat when it comes again."""


def take_in(path: Path, spool: Path) -> tuple[str, list[Known], int]:
    """Read a file and spool its deliveries; where, what identifies them, how many were no item."""
    data = path.read_bytes()
    source = SourceBytes(data, ParseContext(source_uri=str(path)))
    results = list(parse_document(data, source.context, None))
    parsed = to_parsed(Container(source, None, False), results, SEEN_AT, "pool")
    items = [one for one in parsed if hasattr(one, "item")]
    made = [normalize_parsed(item, SEEN_AT, "pool") for item in items]
    deliveries = [one for one in made if isinstance(one, Delivery)]
    spooled = spool / f"{path.name}.pickle"
    with spooled.open("wb") as out:
        pickle.dump(deliveries, out, pickle.HIGHEST_PROTOCOL)
    return str(spooled), [identity(one) for one in deliveries], len(results) - len(deliveries)


def identity(delivery: Delivery) -> Known:
    """The article by its first key, and its text."""
    return delivery.keys[0].hash, hash_id(delivery.article.content_hash, delivery.control_hash)


def tag(work: tuple[str, list[int]], spool: Path, *, tags: bool) -> None:
    """Tag what is new in a spooled file; its rows lie in `spool`, a file for each table."""
    path, new = work
    deliveries = pickle.loads(Path(path).read_bytes())
    rows: dict[str, list[Any]] = defaultdict(list)
    for at in new:
        article, version = identity(deliveries[at])
        named = replace(deliveries[at].article, article_id=article, version_id=version)
        tagged = TaggedArticle(with_language(named))
        if tags:
            tagged = tag_facts(tag_quotes(tag_citations(tag_article(tagged.article))))
        for table, row in tagged_rows(tagged):
            rows[table].append(row)
    for table, values in rows.items():
        (spool / table).mkdir(exist_ok=True)
        name = f"{Path(path).name}.parquet"
        pq.write_table(to_arrow(BY_NAME[table], values), spool / table / name, compression="lz4")


def find_new(
    taken: Iterator[tuple[str, list[Known], int]], known: set[Known], count: Counter[str]
) -> Iterator[tuple[str, list[int]]]:
    """Which deliveries of each file are the first of their kind."""
    for path, identities, rejected in taken:
        count["rejected"] += rejected
        new = []
        for at, one in enumerate(identities):
            if one in known:
                count["duplicate"] += 1
            else:
                known.add(one)
                new.append(at)
        count["new"] += len(new)
        yield path, new


def write_table(table: str, spool: Path, out: Path) -> None:
    """One table as Hive folders, as the lake has it; a name of its own for each run."""
    definition = BY_NAME[table]
    rows = ds.dataset(spool / table, format="parquet").to_table()
    fields = pa.schema([definition.schema.field(name) for name in definition.partition_by])
    ds.write_dataset(
        rows.sort_by([(name, "ascending") for name in definition.sort_by]),
        out / table,
        format="parquet",
        partitioning=ds.partitioning(fields, flavor="hive"),
        basename_template=f"{time.time_ns()}-{{i}}.parquet",
        existing_data_behavior="overwrite_or_ignore",
        file_options=ds.ParquetFileFormat().make_write_options(compression="zstd"),
        max_partitions=10_000,
    )


def read_known(path: Path) -> set[Known]:
    """What runs before have seen."""
    return (
        set(zip(*pq.read_table(path).to_pydict().values(), strict=True)) if path.exists() else set()
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drop", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--tags", action="store_true", help="not only the language")
    given = parser.parse_args()
    spool = given.out / "spool"
    spool.mkdir(parents=True)
    keys = given.out / "known.parquet"
    known = read_known(keys)
    count: Counter[str] = Counter()
    with Pool(given.workers) as pool:
        files = sorted(given.drop.iterdir())
        taken = pool.imap(partial(take_in, spool=spool), files)
        work = list(find_new(taken, known, count))
        for _ in pool.imap_unordered(partial(tag, spool=spool, tags=given.tags), work):
            pass
        tables = [folder.name for folder in spool.iterdir() if folder.is_dir()]
        pool.map(partial(write_table, spool=spool, out=given.out), tables)
    pq.write_table(pa.table(list(map(list, zip(*known, strict=True))), ["article", "state"]), keys)
    shutil.rmtree(spool)
    print(dict(count), file=sys.stderr)


if __name__ == "__main__":
    main()
