"""Writes made-up articles as JSONL, for measuring: about 3 kB each, 8 languages, 40 outlets.

    python bench/generate.py --articles 100000 --out articles.jsonl
    python bench/generate.py --articles 1000 --start-id 100000 --out more.jsonl

The same arguments give the same bytes. An article follows from the seed and its id alone, so a file
with a higher `--start-id` continues one with a lower.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OUTLETS = 40
DAYS = 30
FIRST_DAY = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
BODY_BYTES = 2_500  # with headline, standfirst, address and JSON around it: about 3 kB a line
PARAGRAPH_SENTENCES = 4
NAME_SHARE = 0.06  # of the words of a sentence: about one place or agency in each


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, and what stands between them."""

    language: str
    join: str
    stop: str
    words: tuple[str, ...]
    names: tuple[str, ...]


def load_lexicons() -> list[Lexicon]:
    """The word lists, in the order of the file."""
    words = Path(__file__).with_name("words.toml").read_text("utf-8")
    return [
        Lexicon(
            language,
            entry["join"],
            entry["stop"],
            tuple(entry["words"].split()),
            tuple(entry["names"]),
        )
        for language, entry in tomllib.loads(words).items()
    ]


def make_article(
    number: int, lexicons: list[Lexicon], *, seed: int = 0, days: int = DAYS
) -> dict[str, str]:
    """The article of that id: a record as a drop folder takes it (`wiretrace formats`)."""
    chance = random.Random(f"{seed}/{number}")
    outlet = number % OUTLETS
    lexicon = lexicons[outlet % len(lexicons)]
    host = f"outlet-{outlet:02d}.example"
    published = FIRST_DAY + dt.timedelta(seconds=chance.randrange(days * 86_400))
    return {
        "guid": f"{host}:{number}",
        "url": f"https://{host}/{published:%Y/%m/%d}/{number}",
        "outlet": host,
        "headline": make_sentence(chance, lexicon, 9),
        "description_text": make_sentence(chance, lexicon, 18) + lexicon.stop.strip(),
        "body_text": make_body(chance, lexicon),
        "published": published.isoformat(),
        "language": lexicon.language,
    }


def make_sentence(chance: random.Random, lexicon: Lexicon, words: int) -> str:
    """Words at random, now and then a name, a capital at the start."""
    chosen = [
        chance.choice(lexicon.names) if chance.random() < NAME_SHARE else word
        for word in chance.choices(lexicon.words, k=words)
    ]
    text = lexicon.join.join(chosen)
    return text[0].upper() + text[1:]


def make_body(chance: random.Random, lexicon: Lexicon) -> str:
    """Paragraphs of some sentences, until there are `BODY_BYTES`."""
    paragraphs, size = [], 0
    while size < BODY_BYTES:
        sentences = [
            make_sentence(chance, lexicon, chance.randint(8, 20)) + lexicon.stop
            for _ in range(PARAGRAPH_SENTENCES)
        ]
        paragraphs.append("".join(sentences).strip())
        size += len(paragraphs[-1].encode()) + 2
    return "\n\n".join(paragraphs)


def make_lines(articles: int, *, start_id: int, seed: int, days: int) -> Iterator[bytes]:
    """One JSON line per article, ids from `start_id`."""
    lexicons = load_lexicons()
    for number in range(start_id, start_id + articles):
        record = make_article(number, lexicons, seed=seed, days=days)
        yield json.dumps(record, ensure_ascii=False).encode() + b"\n"


def write_articles(
    path: Path, articles: int, *, start_id: int = 0, seed: int = 0, days: int = DAYS
) -> int:
    """Write them to a file, one at a time; its size in bytes."""
    with path.open("wb") as out:
        out.writelines(make_lines(articles, start_id=start_id, seed=seed, days=days))
        return out.tell()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, required=True, help="how many to write")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--start-id", type=int, default=0, help="id of the first one")
    parser.add_argument("--days", type=int, default=DAYS, help="dates are spread over so many")
    parser.add_argument("--seed", type=int, default=0, help="other seed, other articles")
    given = parser.parse_args()
    size = write_articles(
        given.out, given.articles, start_id=given.start_id, seed=given.seed, days=given.days
    )
    print(f"{given.out}: {given.articles} articles, {size} bytes, {size / given.articles:.0f} each")


if __name__ == "__main__":
    main()
