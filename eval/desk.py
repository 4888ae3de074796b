"""What a desk does to a wire, as changes of its pieces: each knows where the original has it."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import regex

from transforms.copies.verify import stretches
from transforms.copies.words import find_words

# As in transforms/copies/thresholds.toml: so many letters are a word where no spaces are written.
LETTERS = {"zh": 1.6}
_SENTENCE_END = regex.compile(r"[.!?…؟](?:[\"”»’)]|\s?»)*\s+(?!\p{Ll})|[。！？][”」]?\s*|\n+")
_DATELINE = regex.compile(
    r"\A[^\n]{2,60}?(?:\([^()\n]{2,25}\)[\s.–—-]+|/\w+/\.\s+|讯(?:（[^）\n]*）|\s)|报道\s)"
    r"|\A[^\n]{2,30}?\s[–—]\s"
    r"|\A\p{Lu}[^\n.]{2,30}\d[^\n.]{0,10}\.\s"
)
# A reworded sentence that still has so many words in a row is thrown out for another.
_STILL_THE_SAME = {"zh": 8}
_STYLES = (
    {"“": '"', "”": '"', "‘": "'", "’": "'", "« ": '"', " »": '"', "«": '"', "»": '"', "„": '"',
     "—": "-", "–": "-"},
    {"“": "«", "”": "»", "« ": "“", " »": "”", "«": "„", "»": "“", "„": "»", "–": "—",
     " - ": " — "},
)  # fmt: skip
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of a copy, and the span of the original that it stands for, if any."""

    text: str
    source: Span | None = None
    kind: Literal["copied", "reworded", "swapped", "new"] = "new"


def count_words(text: str, language: str) -> float:
    """Of a text; a letter is a part of one where no spaces are written."""
    return len(find_words(text)) / LETTERS.get(language, 1)


class Desk:
    """Changes a wire as an editor does; what it draws depends on the seed alone."""

    def __init__(
        self, draw: random.Random, language: str, frame: Mapping[str, Any], others: Sequence[str]
    ) -> None:
        """`frame` is what eval/syndicated/frames.toml has; `others` are the day's other texts."""
        self._draw = draw
        self._language = language
        self._frame = frame
        self._others = others
        self._size = _STILL_THE_SAME.get(language, 5)

    def cut(self, pieces: list[Piece]) -> list[Piece]:
        """From the tail, to 20 to 90 % of the words or less, at the end of a sentence."""
        return self._keep(pieces, self._draw.uniform(0.2, 0.9) * self._words(pieces))

    def rewrite(self, pieces: list[Piece]) -> list[Piece]:
        """Up to 30 % of the sentences: reworded, or swapped for others."""
        long = [at for at, piece in enumerate(pieces) if self._words([piece]) >= self._size]
        share = self._draw.uniform(0, 0.3)
        chosen = self._draw.sample(long, min(max(1, round(share * len(long))), len(long)))
        spare = self._draw.sample(self._frame["sentences"], len(self._frame["sentences"]))
        return [
            self._rewritten(piece, spare[at % len(spare)]) if at in chosen else piece
            for at, piece in enumerate(pieces)
        ]

    def dateline(self, pieces: list[Piece]) -> list[Piece]:
        """Another one, or one where there was none."""
        found = _DATELINE.match("".join(piece.text for piece in pieces))
        kept, left = [], found.end() if found else 0
        for piece in pieces:
            assert piece.source, "the dateline is changed first"
            gone = min(left, len(piece.text))
            left -= gone
            if gone < len(piece.text):
                source = piece.source[0] + gone, piece.source[1]
                kept.append(replace(piece, text=piece.text[gone:], source=source))
        return [Piece(self._draw.choice(self._frame["datelines"])), *kept]

    def byline(self, pieces: list[Piece]) -> list[Piece]:
        """Put before the text or after it."""
        line = self._draw.choice(self._frame["bylines"])
        if self._draw.random() < 0.5:
            return [Piece(f"{line}\n\n"), *pieces]
        return [*pieces, Piece(f"\n\n{line}")]

    def correct(self, pieces: list[Piece]) -> list[Piece]:
        """One number put right, and a line before the wire that says so."""
        first = next(at for at, piece in enumerate(pieces) if piece.source)
        note = Piece(self._draw.choice(self._frame["corrected"]))
        pieces = [*pieces[:first], note, *pieces[first:]]
        numbered = [
            (at, word)
            for at, piece in enumerate(pieces)
            if piece.kind == "copied"
            for word in self._inner_numbers(piece.text)
        ]
        if not numbered:
            return pieces
        at, (start, end) = self._draw.choice(numbered)
        text, source = pieces[at].text, pieces[at].source
        assert source, "copied pieces have one"
        right = text[start : end - 1] + str((int(text[end - 1]) + 3) % 10)
        parts = [
            Piece(text[:start], (source[0], source[0] + start), "copied"),
            Piece(right, (source[0] + start, source[0] + end), "reworded"),
            Piece(text[end:], (source[0] + end, source[1]), "copied"),
        ]
        return [*pieces[:at], *parts, *pieces[at + 1 :]]

    def local_first(self, pieces: list[Piece]) -> list[Piece]:
        """A paragraph of the desk's own before the wire."""
        return [Piece(f"{self._local()}\n\n"), *pieces]

    def local_between(self, pieces: list[Piece]) -> list[Piece]:
        """The same between two paragraphs, or sentences where there is only one paragraph."""
        inner = range(1, len(pieces))
        ends = [at for at in inner if pieces[at - 1].source and pieces[at - 1].text[-1] == "\n"]
        at = self._draw.choice(ends or inner or [1])
        return [*pieces[:at], Piece(f"\n\n{self._local()}\n\n"), *pieces[at:]]

    def local_last(self, pieces: list[Piece]) -> list[Piece]:
        """The same after the wire."""
        return [*pieces, Piece(f"\n\n{self._local()}")]

    def embed(self, pieces: list[Piece]) -> list[Piece]:
        """In a piece that is longer."""
        texts = self._draw.sample(self._others, min(3, len(self._others)))
        before = self._draw.randint(0, len(texts))
        return [
            *(Piece(f"{text}\n\n") for text in texts[:before]),
            *pieces,
            *(Piece(f"\n\n{text}") for text in texts[before:]),
        ]

    def round_up(self, pieces: list[Piece]) -> list[Piece]:
        """One of some briefs under a heading."""
        brief = self._keep(pieces, self._draw.uniform(60, 120))
        texts = self._draw.sample(self._others, min(4, len(self._others)))
        briefs = [[Piece(f"{text.splitlines()[0]}\n\n")] for text in texts]
        briefs.insert(self._draw.randint(0, len(briefs)), [*brief, Piece("\n\n")])
        opening, closing = Piece(f"{self._frame['opening']}\n\n"), Piece(self._frame["closing"])
        return [opening, *(piece for one in briefs for piece in one), closing]

    def restyle(self, pieces: list[Piece]) -> list[Piece]:
        """Other quotation marks and dashes."""
        style = self._draw.choice(_STYLES)
        marks = regex.compile("|".join(map(regex.escape, style)))
        return [
            replace(piece, text=marks.sub(lambda found: style[found[0]], piece.text))
            for piece in pieces
        ]

    def decompose(self, pieces: list[Piece]) -> list[Piece]:
        """NFD; what we read is NFC."""
        return [replace(piece, text=unicodedata.normalize("NFD", piece.text)) for piece in pieces]

    def _local(self) -> str:
        return str(self._draw.choice(self._frame["locals"]))

    def _words(self, pieces: Sequence[Piece]) -> float:
        return sum(count_words(piece.text, self._language) for piece in pieces)

    def _keep(self, pieces: list[Piece], words: float) -> list[Piece]:
        """Up to the first sentence of the wire, and on as long as it has no more words."""
        first = next(at for at, piece in enumerate(pieces) if piece.source)
        end = first + 1
        while end < len(pieces) and self._words(pieces[first : end + 1]) <= words:
            end += 1
        return pieces[:end]

    def _rewritten(self, piece: Piece, other: str) -> Piece:
        sentence = piece.text.rstrip()
        after = piece.text[len(sentence) :]
        table = self._frame["words"]

        def put(found: regex.Match[str]) -> str:
            word = table.get(found[0].lower(), found[0])
            return str(word[0].upper() + word[1:] if found[0][0].isupper() else word)

        text = regex.sub(r"[\p{L}\p{M}]+", put, sentence)
        old, new = (set(stretches(find_words(one), self._size)) for one in (sentence, text))
        if old & new or text == sentence:
            return Piece(other + after, piece.source, "swapped")
        return Piece(text + after, piece.source, "reworded")

    def _inner_numbers(self, text: str) -> list[Span]:
        """Numbers with words of the sentence on both sides."""
        words = find_words(text)
        inner = range(3, len(words) - 3)
        return [words.spans[at] for at in inner if words.folded[at][-1] in "0123456789"]


# In the order in which they are done.
DESK: dict[str, Callable[[Desk, list[Piece]], list[Piece]]] = {
    "cut": Desk.cut,
    "dateline": Desk.dateline,
    "rewrite": Desk.rewrite,
    "byline": Desk.byline,
    "local first": Desk.local_first,
    "local between": Desk.local_between,
    "local last": Desk.local_last,
    "embed": Desk.embed,
    "round-up": Desk.round_up,
    "correct": Desk.correct,
    "restyle": Desk.restyle,
    "decompose": Desk.decompose,
}


def split(text: str) -> list[Piece]:
    """Sentences with the white space after them, the first with its dateline."""
    dateline = _DATELINE.match(text)
    first = dateline.end() if dateline else 0
    ends = [found.end() for found in _SENTENCE_END.finditer(text) if found.end() > first]
    return [
        Piece(text[start:end], (start, end), "copied")
        for start, end in pairwise([0, *ends, len(text)])
        if start < end
    ]
