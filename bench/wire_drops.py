"""Writes wire-100k: drops of RSS, Atom, NewsML-G2, NITF and JSONL, then a tenth as many more.

    python bench/wire_drops.py --size 100000 --out drops

`drops/first` holds `size` deliveries, 200 a file; `drops/more` a tenth as many, of which 60 % are
known. The same arguments give the same bytes. Each of the 40 outlets has one of the formats and one
of 8 languages. NITF holds one document a file, so a drop of it is a ZIP archive.

Of the first, 25 % are repeats (the same version by the same outlet), 10 % near-copies (another
outlet of the language has the text with each twentieth word changed), 1 % broken. Texts are
log-normal with a median of 3 kB, cut at 50 kB. Their words are drawn by their frequency in the
language (wordfreq), a fifth are those of a story that five originals share.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import random
import shutil
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from functools import cache, lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from generate import FIRST_DAY, OUTLETS, load_lexicons
from wordfreq import top_n_list, word_frequency

PER_FILE = 200
DAYS = 30
MEDIAN_BYTES, SIGMA, MOST_BYTES = 2_600, 0.9, 50_000  # the last paragraph goes beyond: 3 kB
# Shares of what is delivered; the rest is original.
FIRST = {"repeat": 0.25, "copy": 0.10, "broken": 0.01}
MORE = {"repeat": 0.60, "copy": 0.10, "broken": 0.01}
STORY_SIZE, STORY_WORDS, STORY_SHARE = 5, 40, 0.2
VOCABULARY, COMMON = 20_000, 300
NAME_SHARE = 0.05
CHANGED_SHARE = 0.05
SENTENCES = 4
GIVEN = ("Anna", "Ivan", "Maria", "Paul")
FAMILY = ("Keller", "Moreau", "Petrov", "Silva", "Novak", "Rossi", "Haddad")


@dataclass(frozen=True, slots=True)
class Language:
    """What texts of a language are drawn from; `steps` are cumulated frequencies of `words`."""

    code: str
    join: str
    stop: str
    words: np.ndarray
    steps: np.ndarray
    names: tuple[str, ...]
    quote: str
    credit: str
    word_bytes: float


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says."""

    headline: str
    description: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A delivery as a format writes it."""

    number: int
    outlet: str
    language: str
    published: dt.datetime
    text: Text
    is_broken: bool

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://{self.outlet}/{self.published:%Y/%m/%d}/{self.number}"


@cache
def languages() -> list[Language]:
    """The eight, in the order of words.toml."""
    phrases = tomllib.loads(Path(__file__).with_name("wire_phrases.toml").read_text("utf-8"))
    found = []
    for lexicon in load_lexicons():
        code = lexicon.language
        words = [word for word in top_n_list(code, VOCABULARY) if word.isalpha()]
        weights = np.array([word_frequency(word, code) if code != "zh" else 0 for word in words])
        if code == "zh":  # its frequencies want a segmenter; ranks do as well
            weights = 1 / (np.arange(len(words)) + 3)
        size = sum(len(word.encode()) for word in words[:2_000]) / 2_000 + len(lexicon.join)
        found.append(
            Language(
                code,
                lexicon.join,
                lexicon.stop,
                np.array(words, dtype=object),
                np.cumsum(weights) / weights.sum(),
                lexicon.names,
                phrases[code]["quote"],
                phrases[code]["credit"],
                size,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Wire:
    """All that is delivered, by number: the first `size`, then a tenth as many more."""

    size: int
    seed: int = 0

    @property
    def files(self) -> int:
        """Of the first."""
        return max(OUTLETS, self.size // PER_FILE)

    @property
    def more(self) -> int:
        """Deliveries after the first."""
        return self.size // 10

    def place(self, number: int) -> tuple[int, int]:
        """The file and the row of a delivery, within its part."""
        if number < self.size:
            return number % self.files, number // self.files
        files = max(OUTLETS, self.more // PER_FILE)
        return (number - self.size) % files, (number - self.size) // files

    def outlet(self, number: int) -> int:
        """Its outlet; `outlet % 8` is the language, `outlet % 5` the format."""
        return self.place(number)[0] % OUTLETS

    def kind(self, number: int) -> str:
        """original, repeat, copy or broken."""
        shares = FIRST if number < self.size else MORE
        draw = random.Random(f"{self.seed}/kind/{number}").random()
        for kind, share in shares.items():
            if draw < share:
                return kind
            draw -= share
        return "original"

    def earlier(self, number: int, step: int) -> int | None:
        """One that came earlier, of a file that is equal modulo `step`; None in the first rows."""
        chance = random.Random(f"{self.seed}/of/{number}")
        file, row = self.place(number)
        rows = row if number < self.size else self.size // self.files
        files = range(file % step, self.files, step)
        if not rows:
            return None
        for _ in range(20):
            found = chance.randrange(rows) * self.files + chance.choice(files)
            if self.kind(found) != "broken":
                return found
        return None

    def article(self, number: int) -> int:
        """Whose article is delivered: its own number, but in a repeat."""
        while self.kind(number) == "repeat":
            earlier = self.earlier(number, OUTLETS)
            if earlier is None:
                return number
            number = earlier
        return number

    def published(self, number: int) -> dt.datetime:
        """When the article appeared; those of a story within three days."""
        chance = random.Random(f"{self.seed}/when/{number}")
        if number >= self.size:
            return FIRST_DAY + dt.timedelta(days=DAYS, seconds=chance.randrange(86_400))
        story = random.Random(f"{self.seed}/story/{number // STORY_SIZE}").randrange(DAYS - 2)
        return FIRST_DAY + dt.timedelta(days=story, seconds=chance.randrange(3 * 86_400))

    def item(self, number: int) -> Item:
        """What a delivery holds."""
        article = self.article(number)
        outlet = self.outlet(article)
        return Item(
            article,
            f"outlet-{outlet:02d}.example",
            languages()[outlet % 8].code,
            self.published(article),
            text_of(self, article),
            self.kind(number) == "broken",
        )


@lru_cache(maxsize=4_096)
def text_of(wire: Wire, number: int) -> Text:
    """The text of an article: its own, or that which it copies."""
    if wire.kind(number) == "copy":
        earlier = wire.earlier(number, 8)
        if earlier is not None:
            return copied(wire, number, text_of(wire, wire.article(earlier)))
    return written(wire, number)


def written(wire: Wire, number: int) -> Text:
    """A text of its own; its story's words and names are those of others about it."""
    language = languages()[wire.outlet(number) % 8]
    chance = np.random.default_rng([wire.seed, number])
    story = np.random.default_rng([wire.seed, 7, number // STORY_SIZE])
    own = story.integers(COMMON, len(language.words), STORY_WORDS)
    names = [language.names[int(at) % len(language.names)] for at in story.integers(0, 1000, 3)]
    person = f"{GIVEN[int(story.integers(4))]} {FAMILY[int(story.integers(7))]}"
    size = min(MOST_BYTES, MEDIAN_BYTES * float(np.exp(SIGMA * chance.standard_normal())))

    def sentence(count: int) -> str:
        places = np.searchsorted(language.steps, chance.random(count))
        words = language.words[np.minimum(places, len(language.words) - 1)]
        is_own = chance.random(count) < STORY_SHARE
        words = np.where(is_own, language.words[own[chance.integers(0, STORY_WORDS, count)]], words)
        for at in np.flatnonzero(chance.random(count) < NAME_SHARE):
            words[at] = names[int(chance.integers(len(names)))]
        text: str = language.join.join(words)
        return text[0].upper() + text[1:]

    def filled(phrase: str) -> str:
        agency = language.names[7]
        return phrase.format(words=sentence(10), person=person, agency=agency)

    headline, description = sentence(9), sentence(18) + language.stop.strip()
    paragraphs = []
    written_bytes = 0
    while written_bytes < size:
        sentences = [
            sentence(int(chance.integers(8, 21))) + language.stop for _ in range(SENTENCES)
        ]
        draw = chance.random()
        if draw < 0.4:
            sentences[-1] = filled(language.quote if draw < 0.25 else language.credit)
        paragraphs.append("".join(sentences).strip())
        written_bytes += len(paragraphs[-1].encode()) + 2
    return Text(headline, description, tuple(paragraphs))


def copied(wire: Wire, number: int, text: Text) -> Text:
    """The text with some words changed and a credit before it."""
    language = languages()[wire.outlet(number) % 8]
    chance = np.random.default_rng([wire.seed, number])

    def changed(paragraph: str) -> str:
        words = paragraph.split(" ")
        for at in np.flatnonzero(chance.random(len(words)) < CHANGED_SHARE):
            words[at] = str(language.words[int(chance.integers(COMMON))])
        return " ".join(words)

    paragraphs = [changed(one) for one in text.paragraphs]
    credit = language.credit.format(agency=language.names[7], words=text.headline).strip()
    return Text(changed(text.headline), text.description, (credit, *paragraphs))


def html_of(item: Item) -> str:
    """The paragraphs, marked up."""
    return "".join(f"<p>{escape(one)}</p>" for one in item.text.paragraphs)


def rss(items: list[Item]) -> bytes:
    """RSS 2.0 with whole texts; a broken item says nothing."""
    entries = []
    for item in items:
        said = "" if item.is_broken else (
            f"<title>{escape(item.text.headline)}</title>"
            f"<description>{escape(item.text.description)}</description>"
            f"<content:encoded>{escape(html_of(item))}</content:encoded>"
        )  # fmt: skip
        entries.append(
            f'<item><link>{item.url}</link><guid isPermaLink="false">{item.number}</guid>'
            f"<pubDate>{format_datetime(item.published)}</pubDate>{said}</item>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{items[0].outlet}</title><link>https://{items[0].outlet}/</link>"
        f"<language>{items[0].language}</language>{''.join(entries)}</channel></rss>"
    ).encode()


def atom(items: list[Item]) -> bytes:
    """Atom with whole texts; a broken entry says nothing."""
    entries = []
    for item in items:
        said = "" if item.is_broken else (
            f"<title>{escape(item.text.headline)}</title>"
            f"<summary>{escape(item.text.description)}</summary>"
            f'<content type="html">{escape(html_of(item))}</content>'
        )  # fmt: skip
        at = item.published.isoformat()
        entries.append(
            f'<entry><id>tag:{item.outlet},2024:{item.number}</id><link href="{item.url}"/>'
            f"<published>{at}</published><updated>{at}</updated>{said}</entry>"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{items[0].language}"><title>{items[0].outlet}</title>'
        f"<id>https://{items[0].outlet}/</id>{''.join(entries)}</feed>"
    ).encode()


def newsml_g2(items: list[Item]) -> bytes:
    """A NewsML-G2 message of news items; a broken one says nothing."""
    entries = []
    for item in items:
        headline = "" if item.is_broken else f"<headline>{escape(item.text.headline)}</headline>"
        description = f"<description>{escape(item.text.description)}</description>"
        body = (
            '<contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>'
            f"{html_of(item)}</body></html></inlineXML></contentSet>"
        )
        said = "" if item.is_broken else description
        entries.append(
            f'<newsItem guid="urn:newsml:{item.outlet}:2024:{item.number}" version="1">'
            f'<itemMeta><itemClass qcode="ninat:text"/><provider literal="{item.outlet}"/>'
            f"<versionCreated>{item.published.isoformat()}</versionCreated></itemMeta>"
            f'<contentMeta><language tag="{item.language}"/>{headline}{said}</contentMeta>'
            f"{'' if item.is_broken else body}</newsItem>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><newsMessage '
        f'xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{"".join(entries)}'
        "</itemSet></newsMessage>"
    ).encode()


def nitf(items: list[Item]) -> bytes:
    """A ZIP of NITF documents; a broken one ends where its text would begin."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for row, item in enumerate(items):
            head = (
                '<?xml version="1.0" encoding="UTF-8"?><nitf><head><docdata>'
                f'<doc-id id-string="urn:newsml:{item.outlet}:2024:{item.number}"/>'
                f'<date.issue norm="{item.published:%Y%m%dT%H%M%S}+0000"/></docdata></head>'
            )
            said = "" if item.is_broken else (
                f'<body xml:lang="{item.language}"><body.head><hedline>'
                f"<hl1>{escape(item.text.headline)}</hl1></hedline>"
                f"<abstract><p>{escape(item.text.description)}</p></abstract></body.head>"
                f"<body.content>{html_of(item)}</body.content></body></nitf>"
            )  # fmt: skip
            member = zipfile.ZipInfo(f"{row:04d}.xml", date_time=(2024, 3, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, head + said)
    return out.getvalue()


def jsonl(items: list[Item]) -> bytes:
    """A record a line; a broken one is cut in its middle."""
    lines = []
    for item in items:
        record = {
            "guid": f"{item.outlet}:{item.number}",
            "url": item.url,
            "outlet": item.outlet,
            "headline": item.text.headline,
            "description_text": item.text.description,
            "body_text": "\n\n".join(item.text.paragraphs),
            "published": item.published.isoformat(),
            "language": item.language,
        }
        line = json.dumps(record, ensure_ascii=False)
        lines.append(line[: len(line) // 2] if item.is_broken else line)
    return "\n".join([*lines, ""]).encode()


FORMATS: tuple[tuple[str, Callable[[list[Item]], bytes]], ...] = (
    ("rss.xml", rss),
    ("atom.xml", atom),
    ("g2.xml", newsml_g2),
    ("nitf.zip", nitf),
    ("jsonl", jsonl),
)


def drops(wire: Wire, first: int, end: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files that hold the deliveries of a part."""
    files: dict[int, list[int]] = {}
    for number in range(first, end):
        files.setdefault(wire.place(number)[0], []).append(number)
    for file, numbers in sorted(files.items()):
        suffix, write = FORMATS[file % OUTLETS % len(FORMATS)]
        yield f"{file:05d}.{suffix}", write([wire.item(number) for number in numbers])


def write_drops(folder: Path, size: int, seed: int = 0) -> None:
    """Write both parts anew.

    Raises:
        OSError: the folder cannot be written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    wire = Wire(size, seed)
    for part, first, end in (("first", 0, size), ("more", size, size + wire.more)):
        (folder / part).mkdir(parents=True)
        for name, data in drops(wire, first, end):
            (folder / part / name).write_bytes(data)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=100_000, help="deliveries of the first part")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--seed", type=int, default=0, help="other seed, other articles")
    given = parser.parse_args()
    write_drops(given.out, given.size, given.seed)
    for part in ("first", "more"):
        sizes = [file.stat().st_size for file in (given.out / part).iterdir()]
        print(f"{part}: {len(sizes)} files, {sum(sizes) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
