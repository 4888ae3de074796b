"""Time of a cold `wiretrace trace` by id and by words, on a lake of generated articles.

python bench/trace.py                     100,000 articles (takes ten minutes to build)
python bench/trace.py --lake LAKE         a lake that stands already
python bench/trace.py --articles 20000 --rounds 9
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import write_articles

# An installed package keeps its bytecode, also where the environment says not to write any.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
WIRETRACE = str(Path(sys.executable).with_name("wiretrace"))


def build(folder: Path, articles: int) -> Path:
    """A lake of so many articles."""
    drop, lake = folder / "drop.jsonl", folder / "lake"
    write_articles(drop, articles)
    command = [WIRETRACE, "run", "--lake", str(lake), "--drop", str(drop)]
    subprocess.run(command, check=True, capture_output=True)
    return lake


def some_article(lake: Path) -> tuple[str, str]:
    """Id and headline of one article, the same every time."""
    query = "SELECT article_id, headline FROM articles WHERE language = 'fr' ORDER BY 1 LIMIT 1"
    done = subprocess.run(
        [WIRETRACE, "sql", query, "--lake", str(lake), "--csv"],
        check=True,
        capture_output=True,
        text=True,
    )
    article_id, _, headline = done.stdout.splitlines()[1].partition(",")
    return article_id, headline.strip('"')


def measure(lake: Path, what: str, rounds: int) -> list[float]:
    """Seconds of the whole command, a new process each."""
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        command = [WIRETRACE, "trace", what, "--lake", str(lake), "--jsonl"]
        subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)
        seconds.append(time.perf_counter() - begin)
    return seconds


def report(lake: Path, rounds: int) -> None:
    """Print both."""
    article_id, headline = some_article(lake)
    for name, what in (("by id", article_id), ("by words", headline)):
        seconds = measure(lake, what, rounds)
        print(
            f"{name:9} {statistics.median(seconds):.2f} s, median of {rounds}"
            f" ({min(seconds):.2f} to {max(seconds):.2f})"
        )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lake", type=Path, help="measure this one, build none")
    given = parser.parse_args()
    if given.lake:
        report(given.lake, given.rounds)
        return
    with tempfile.TemporaryDirectory(prefix="wiretrace-bench-") as folder:
        report(build(Path(folder), given.articles), given.rounds)


if __name__ == "__main__":
    main()
