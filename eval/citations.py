"""Precision and recall of citations on labelled sentences and, by article, on a silver corpus.

    python -m eval.citations                eval/citations, and ../shared (or $WIRETRACE_SHARED)
    python eval/citations.py --errors         also what is wrong in the files that may be looked at

Sentences: a row found is right if agency and kind are those of a label and their spans meet; an
article before a title (`the-`, `le-`) is no part of an id here. `claims` leaves out rows that only
say that a source is named (`mention`). `credited` asks less: credited or not, whatever the kind.
Words that only stand for a name (`REFERRED`) are not labelled and not scored. Articles: the set of
agencies credited, against `cites` of `eval/crosslingual`; its half is the parity of the first byte
of SHA-256 of the guid.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.halves import half_of
from eval.shared import SHARED
from lake.tables import open_lake, snapshot
from lake.views import connect
from pipeline.batch import run_batch
from pipeline.options import RunOptions
from schemas.article import Article
from schemas.citation import Citation
from transforms.citations.anaphora import REFERRED
from transforms.citations.cite import cite
from transforms.entities.tag import tag_article
from transforms.read.sources import Source

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = ROOT / "eval" / "citations"
NOW = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
ROUNDS = 5
ARTICLES, LENGTH = 20, 3000
Counts = Counter[str]


def article_of(text: str, language: str, headline: str | None = None, **more: Any) -> Article:
    """An article with nothing but a text."""
    return Article(
        article_id="a",
        version_id="v",
        outlet=more.get("outlet", "example.org"),
        outlet_rule="option",
        headline=headline,
        body_text=text,
        language=language,
        first_seen=NOW,
        content_hash="",
        source_uri="",
        source_format="text",
        raw_sha256="",
        run_id="",
        date=NOW.date(),
    )


def citations_of(article: Article) -> list[Citation]:
    """What the product finds, but for words that stand for a name."""
    rows = cite(article, tag_article(article).entities)
    return [row for row in rows if row.score != REFERRED]


def same_agency(label: str, found: str) -> bool:
    """Whether two ids mean one outlet, a title's article left out."""
    return _without_article(label) == _without_article(found)


def _without_article(agency: str) -> str:
    return re.sub(r"^(?:the|le|la|les|il|el|o|a|der|die|das)-", "", agency)


def compare(labels: list[Mapping[str, Any]], found: list[Citation]) -> tuple[Counts, list[str]]:
    """Right, spurious and missed of one sentence, by kind; and what is wrong, in words."""
    counts: Counts = Counter()
    wrong = []
    left = list(labels)
    for row in found:
        hit = next((label for label in left if _agree(label, row)), None)
        if hit is None:
            counts["spurious"] += 1
            wrong.append(f"+ {row.kind} {row.agency}: {row.phrase}")
        else:
            left.remove(hit)
            counts["right"] += 1
            exact = (hit["start"], hit["end"]) == (row.start, row.end)
            counts["exact"] += exact
            if not exact:
                wrong.append(f"~ {row.surface} for {hit['surface']}")
        if row.kind != "mention":
            counts["claims right" if hit else "claims spurious"] += 1
    counts["missed"] += len(left)
    counts["claims missed"] += sum(label["kind"] != "mention" for label in left)
    wrong += [f"- {label['kind']} {label['agency']}: {label['surface']}" for label in left]
    credited = {_without_article(row.agency) for row in found if row.kind != "mention"}
    asked = {_without_article(one["agency"]) for one in labels if one["kind"] != "mention"}
    counts["credited right"] += len(credited & asked)
    counts["credited spurious"] += len(credited - asked)
    counts["credited missed"] += len(asked - credited)
    return counts, wrong


def _agree(label: Mapping[str, Any], row: Citation) -> bool:
    meet = label["start"] < row.end and row.start < label["end"]
    return meet and label["kind"] == row.kind and same_agency(label["agency"], row.agency)


def figures(counts: Counts, which: str = "") -> str:
    """`P .97 R .91 F .94 (right, spurious, missed)`."""
    right, spurious, missed = (counts[which + one] for one in ("right", "spurious", "missed"))
    precision = right / max(right + spurious, 1)
    recall = right / max(right + missed, 1)
    both = 2 * precision * recall / max(precision + recall, 1e-9)
    return (
        f"P {precision:.3f}  R {recall:.3f}  F {both:.3f}"
        f"  ({right} right, {spurious} spurious, {missed} missed)"
    )


def score_sentences(half: str, errors: bool) -> None:
    """Print the figures of `eval/citations/<half>.jsonl`."""
    total: Counts = Counter()
    by_language: dict[str, Counts] = defaultdict(Counter)
    lines = (SENTENCES / f"{half}.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        row = json.loads(line)
        found = citations_of(article_of(row["text"], row["lang"]))
        counts, wrong = compare(row["citations"], found)
        total += counts
        by_language[row["lang"]] += counts
        if errors and wrong:
            print(f"{row['id']} {row['text']}", *wrong, sep="\n    ")
    print(f"{half}: {len(lines)} sentences")
    print(f"  agency and kind  {figures(total)}")
    print(f"  claims           {figures(total, 'claims ')}")
    print(f"  credited or not  {figures(total, 'credited ')}")
    print(f"  spans exact      {total['exact']} of {total['right']}")
    for language, counts in sorted(by_language.items()):
        print(f"  {language}               {figures(counts)}")


def score_articles(folder: Path, errors: bool) -> None:
    """Print the figures of the silver corpus, both halves."""
    gold = {row["guid"]: row for row in _rows(folder / "gold.jsonl")}
    totals: dict[str, Counts] = {"dev": Counter(), "test": Counter()}
    for row in _rows(folder / "articles.jsonl"):
        half = half_of(row["guid"])
        article = article_of(
            row["body_text"],
            row.get("language") or row["lang"],
            row.get("headline"),
            outlet=row["outlet"],
        )
        found = {one.agency for one in citations_of(article) if one.kind != "mention"}
        asked = set(gold[row["guid"]]["cites"])
        totals[half].update(
            right=len(found & asked), spurious=len(found - asked), missed=len(asked - found)
        )
        if errors and half == "dev" and found != asked:
            print(f"{row['guid']} {article.language}: + {found - asked} - {asked - found}")
    for half, counts in totals.items():
        print(f"crosslingual {half}: agencies by article  {figures(counts)}")


def score_wires(folder: Path, errors: bool) -> None:
    """Print the figures of the credited wires, read as `wiretrace run` reads them.

    Every one is given to an outlet that is none of them: an agency's own wires cite themselves.
    """
    lines = (SENTENCES / "wires.tsv").read_text("utf-8").splitlines()
    asked = {
        name: set(agencies.split())
        for name, agencies in (line.split("\t") for line in lines if not line.startswith("#"))
    }
    columns = ("headline", "description_text", "byline", "dateline", "creditline", "body_text")
    counts: Counts = Counter()
    with tempfile.TemporaryDirectory() as lake:
        sources = sorted({name.partition("/")[0] for name in asked})
        run_batch(
            RunOptions(
                lake=Path(lake),
                sources=tuple(Source(str(folder / one), outlet="example") for one in sources),
            )
        )
        with connect(snapshot(open_lake(Path(lake)))) as connection:
            rows = connection.execute(
                f"SELECT source_uri, language, {', '.join(columns)} FROM articles"
            ).fetchall()
    for uri, language, *texts in rows:
        name = uri.partition(f"/{folder.name}/")[2]
        if name in asked:
            fields = {key: text for key, text in zip(columns, texts, strict=True) if text}
            article = replace(article_of("", language or "und"), **fields)
            found = {one.agency for one in citations_of(article) if one.kind != "mention"}
            wanted = asked.pop(name)
            counts.update(
                right=len(found & wanted),
                spurious=len(found - wanted),
                missed=len(wanted - found),
            )
            if errors and found != wanted:
                print(f"{name}: + {found - wanted} - {wanted - found}")
    print(
        f"wires: agencies by article  {figures(counts)}"
        + (f" unread {sorted(asked)}" * bool(asked))
    )


def cost(texts: Iterable[str]) -> None:
    """Print the median of rounds: µs an article of some 3,000 characters, entities not counted."""
    joined = "\n\n".join(texts)
    while len(joined) < ARTICLES * LENGTH:
        joined += "\n\n" + joined
    pieces = [joined[at * LENGTH : (at + 1) * LENGTH] for at in range(ARTICLES)]
    articles = [article_of(piece, "fr") for piece in pieces]
    entities = [tag_article(article).entities for article in articles]
    rounds = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        for article, rows in zip(articles, entities, strict=True):
            cite(article, rows)
        rounds.append((time.process_time() - begin) / len(articles) * 1e6)
    print(
        f"cost: {statistics.median(rounds):.0f} µs CPU an article of 3,000 characters, a credit"
        f" in every 150 (median of {ROUNDS}, {min(rounds):.0f} to {max(rounds):.0f};"
        f" Python {platform.python_version()})"
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def main() -> None:
    """Run both evaluations."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--errors", action="store_true", help="Show what is wrong where it may be looked at."
    )
    asked = parser.parse_args()
    for half in ("dev", "more", "hard", "natural_dev", "ten_dev", "more_ten"):
        score_sentences(half, asked.errors)
    for half in ("test", "natural_test", "ten_test"):
        score_sentences(half, errors=False)
    if (SHARED / "eval" / "crosslingual").is_dir():
        score_articles(SHARED / "eval" / "crosslingual", asked.errors)
    else:
        print(f"skipped: 91 articles of eval/crosslingual; no {SHARED}")
    if (SHARED / "wires").is_dir():
        score_wires(SHARED / "wires", asked.errors)
    else:
        print(f"skipped: 41 credited wires; no {SHARED}")
    cost(row["text"] for row in _rows(SENTENCES / "dev.jsonl") if row["lang"] == "fr")


if __name__ == "__main__":
    main()
