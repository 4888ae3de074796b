"""A yardstick of bench/wire.py: readers of Python, everything after them in DuckDB.

    python bench/wire_duckdb.py --drop DROPS --out FOLDER [--workers 1]

Feeds are read with feedparser, NewsML-G2 and NITF with lxml, JSONL with orjson, in a Pool; DuckDB
normalizes, hashes, finds what is there already (also from a run before) and writes Hive folders of
Parquet; py3langid hears the language of what is new. It knows these five formats as
bench/wire_drops.py writes them, not the wild, and has no taggers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import sys
import zipfile
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from multiprocessing import Pool
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import feedparser
import orjson
import pyarrow as pa
from lxml import etree, html
from py3langid.langid import classify

COLUMNS = (
    "source",
    "outlet",
    "guid",
    "url",
    "published",
    "headline",
    "description_text",
    "body_text",
)
Row = tuple[str | None, ...]
_G2 = {"n": "http://iptc.org/std/nar/2006-10-01/", "x": "http://www.w3.org/1999/xhtml"}
_ARTICLES = """
    CREATE TABLE articles AS
    WITH clean AS (
        SELECT * REPLACE (
            nfc_normalize(trim(headline)) AS headline,
            nfc_normalize(trim(description_text)) AS description_text,
            nfc_normalize(trim(body_text)) AS body_text
        ) FROM taken
    ), hashed AS (
        SELECT *, published::timestamptz::date AS date, md5(outlet || guid) AS article_id,
            md5(lower(regexp_replace(
                concat_ws(' ', headline, description_text, body_text), '\\s+', ' ', 'g'))) AS state
        FROM clean
    )
    SELECT * FROM hashed ANTI JOIN known USING (article_id, state)
    QUALIFY row_number() OVER (PARTITION BY article_id, state ORDER BY source) = 1
"""


def read(path: Path) -> tuple[list[Row], int]:
    """The items of a file, and how many were none."""
    readers = {"rss": feed, "atom": feed, "g2": newsml_g2, "nitf": nitf, "jsonl": jsonl}
    found = list(readers[path.name.split(".")[1]](path.read_bytes()))
    rows = [(str(path), *row) for row in found if row is not None]
    return rows, len(found) - len(rows)


def feed(data: bytes) -> Iterator[Row | None]:
    """RSS and Atom."""
    parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False)
    for entry in parsed.entries:
        if "title" not in entry:
            yield None
            continue
        body = text_of(html.fragments_fromstring(entry.content[-1].value))
        at = entry.published
        published = at if at[:2] == "20" else parsedate_to_datetime(at).isoformat()
        host = urlsplit(entry.link).hostname
        yield host, entry.id, entry.link, published, entry.title, entry.summary, body


def newsml_g2(data: bytes) -> Iterator[Row | None]:
    """A message of news items."""
    for item in etree.fromstring(data).iterfind(".//n:newsItem", _G2):
        headline = item.findtext(".//n:headline", None, _G2)
        if headline is None:
            yield None
            continue
        yield (
            item.find(".//n:provider", _G2).get("literal"),
            item.get("guid"),
            None,
            item.findtext(".//n:versionCreated", None, _G2),
            headline,
            item.findtext(".//n:description", None, _G2),
            text_of(item.iterfind(".//x:p", _G2)),
        )


def nitf(data: bytes) -> Iterator[Row | None]:
    """A ZIP of documents."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        try:
            document = etree.fromstring(archive.read(name))
        except etree.XMLSyntaxError:
            yield None
            continue
        guid = document.find(".//doc-id").get("id-string")
        stated = dt.datetime.strptime(document.find(".//date.issue").get("norm"), "%Y%m%dT%H%M%S%z")
        yield (
            guid.split(":")[2],
            guid,
            None,
            stated.isoformat(),
            document.findtext(".//hl1"),
            document.findtext(".//abstract/p"),
            text_of(document.iterfind(".//body.content/p")),
        )


def jsonl(data: bytes) -> Iterator[Row | None]:
    """A record a line."""
    for line in data.splitlines():
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            yield None
            continue
        yield tuple(record[name] for name in COLUMNS[1:])


def text_of(paragraphs: Iterator[etree._Element]) -> str:
    """Paragraphs as text."""
    return "\n\n".join("".join(one.itertext()) for one in paragraphs)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drop", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    keys = given.out / "known.parquet"
    db = duckdb.connect()
    db.execute(f"SET threads={given.workers}; SET TimeZone='UTC'")
    names = ", ".join(f"{name} VARCHAR" for name in COLUMNS)
    db.execute(f"CREATE TABLE taken ({names})")
    db.execute("CREATE TABLE known (article_id VARCHAR, state VARCHAR)")
    if keys.exists():
        db.execute("INSERT INTO known FROM read_parquet(?)", [str(keys)])
    rejected = 0
    with Pool(given.workers) as pool:
        for rows, bad in pool.imap(read, sorted(given.drop.iterdir())):
            rejected += bad
            columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
            batch = pa.table(columns, schema=pa.schema([(name, pa.string()) for name in COLUMNS]))
            db.register("batch", batch)
            db.execute("INSERT INTO taken FROM batch")
        db.execute(_ARTICLES)
        texts = [
            f"{headline}\n{(body or '')[:1000]}"
            for headline, body in db.execute("SELECT headline, body_text FROM articles").fetchall()
        ]
        heard = [code for code, _ in pool.imap(classify, texts, chunksize=100)]
    db.register("heard", pa.table({"language": heard}))
    db.execute(
        "COPY (SELECT * FROM articles POSITIONAL JOIN heard ORDER BY article_id) "
        f"TO '{given.out / 'articles'}' (FORMAT parquet, COMPRESSION zstd, APPEND, "
        "PARTITION_BY (date, language))"
    )
    db.execute("INSERT INTO known SELECT article_id, state FROM articles")
    db.execute(f"COPY known TO '{keys}' (FORMAT parquet)")
    (seen,), (new,) = (
        db.execute(f"SELECT count(*) FROM {name}").fetchone() or (0,)
        for name in ("taken", "articles")
    )
    print({"new": new, "duplicate": seen - new, "rejected": rejected}, file=sys.stderr)


if __name__ == "__main__":
    main()
