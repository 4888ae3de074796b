"""Texts of which some are copies of others, for measuring how copies are found.

Made-up ones, the same in every run, and news items of Reuters (../shared or $WIRETRACE_SHARED).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.copies import read_items
from eval.shared import SHARED

FIRST_DAY = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
COPIED = 0.2  # of the documents hold another's text
WIRES = 2_000  # that are copied from at a time
DAY = dt.timedelta(days=1)
Wire = tuple[dt.datetime, str, str]
LANGUAGES = ("en", "fr", "ru", "de")
_TIME = re.compile(r"(\d+)-(\w+)-(\d+)\s+(\d+):(\d+)")
_SYLLABLES = {
    "en": "ba lor ti men sa ru kel vo pin da fer gu sto ly an er",
    "fr": "bé lor ti men ça ru kel vô pin da fère gu stè ly an er",
    "ru": "ба лор ти мен са ру кел во пин да фер гу сто лы ан ер",
    "de": "bä lor ti men sa rü kel vo pin da fer gu stö ly an er",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A text and when its outlet published it."""

    name: str
    outlet: str
    published: dt.datetime
    text: str

    @property
    def row(self) -> dict[str, Any]:
        """Columns of `articles` that a link looks at."""
        return {
            "article_id": self.name,
            "version_id": self.name,
            "outlet": self.outlet,
            "outlet_name": None,
            "published": self.published,
            "published_tz_known": True,
            "versioncreated": None,
            "signals": (),
            "body_text": self.text,
            "description_text": None,
        }


class Writer:
    """Makes up texts: 30,000 words a language, as frequent as words are, in sentences."""

    _TYPES, _SENTENCE, _SIGMA = 30_000, 17, 0.7

    def __init__(self, seed: int, size: int) -> None:
        """Texts have `size` words on average."""
        self._chance = np.random.default_rng(seed)
        self._mean = float(np.log(size) - self._SIGMA**2 / 2)
        weights = 1 / (np.arange(self._TYPES) + 2.7)
        self._at = np.cumsum(weights / weights.sum())
        self._words = {name: self._make_words(name) for name in LANGUAGES}

    def _make_words(self, language: str) -> Any:
        chance = np.random.default_rng(0)
        syllables = np.array(_SYLLABLES[language].split(), object)
        words = np.array(
            ["".join(syllables[chance.integers(0, 16, 2 + n % 3)]) for n in range(self._TYPES)],
            object,
        )
        for n in range(20, self._TYPES - 1, 16):  # one in sixteen is a name, one a number
            words[n] = words[n].title()
            words[n + 1] = f"{n / 7:,.1f}%"  # no number follows another as if it were its thousands
        return words

    def write(self, language: str, words: int | None = None) -> str:
        """A text of so many words, or of as many as it happens."""
        count = words or max(int(self._chance.lognormal(self._mean, self._SIGMA)), 20)
        ranks = np.searchsorted(self._at, self._chance.random(count)).clip(0, self._TYPES - 1)
        chosen = self._words[language][ranks].tolist()
        sentences = (
            " ".join(chosen[n : n + self._SENTENCE]) for n in range(0, count, self._SENTENCE)
        )
        return " ".join(f"{one[0].upper()}{one[1:]}." for one in sentences)


def make_documents(
    count: int,
    days: float,
    *,
    size: int,
    first: int = 0,
    start: float = 0.0,
    one_text: float = 0.0,
    wires: list[Wire] | None = None,
) -> Iterator[Document]:
    """In no order of time; a fifth are copies of some text before, `one_text` of them all of one.

    A copy has a few words of its own before it, is published within five days of the other, and is
    in its language. `wires` are what may be copied; what is made is added.
    """
    wires = [] if wires is None else wires
    writer, chance = Writer(first, size), np.random.default_rng(first + 1)
    begin, end = (FIRST_DAY + dt.timedelta(days=at) for at in (start, start + days))
    for number in range(first, first + count):
        language = LANGUAGES[number % len(LANGUAGES)]
        published = begin + days * chance.random() * DAY
        text = writer.write(language)
        if wires and chance.random() < one_text:
            text = wires[0][2]
        elif wires and chance.random() < COPIED:
            before, language, text = wires[chance.integers(len(wires))]
            published = before + min(5.0, days) * (chance.random() - 0.5) * DAY
            published = min(max(published, begin), end - dt.timedelta(seconds=1))
            text = f"{writer.write(language, 20)} {text}"
        elif len(wires) < WIRES:
            wires.append((published, language, text))
        else:
            wires[chance.integers(1, WIRES)] = published, language, text
        yield Document(f"{number:032x}", f"outlet-{number % 97}.example", published, text)


def read_reuters() -> list[Document]:
    """The news items, empty where they are not at hand."""
    if not (SHARED / "eval" / "reuters21578").is_dir():
        print(f"skipped: Reuters; no {SHARED}/eval/reuters21578")
        return []
    documents = []
    for name, item in read_items(SHARED).items():
        found = _TIME.search(item["date"])
        assert found, item["date"]
        day, month, year, hour, minute = found.groups()
        # Some hours were mistyped.
        when = f"{day}-{month}-{year} {int(hour) % 24}:{int(minute) % 60}"
        published = dt.datetime.strptime(when, "%d-%b-%Y %H:%M").replace(tzinfo=dt.UTC)
        documents.append(Document(name, "reuters", published, item["text"]))
    return documents
