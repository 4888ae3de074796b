"""Copies as desks make them of wires, made by rule from a seed, with what is true of each.

Originals are the texts of `examples/corpus` that copy no other and those of `eval/syndicated`. A
copy is made of pieces: sentences of the original as they are, rewritten ones, and what the desk
puts in. So it is known where each block stands in both texts and how many words are the original's.
"""

from __future__ import annotations

import json
import random
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import regex

from eval.halves import half_of
from transforms.copies.verify import stretches
from transforms.copies.words import find_words
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
MOST_HOURS = 72.0
LEAST_WORDS = 80
# As in transforms/copies/thresholds.toml: so many letters are a word where no spaces are written.
LETTERS = {"zh": 1.6}
COMBINED = 10
_FRAMES = tomllib.loads((ROOT / "eval" / "syndicated" / "frames.toml").read_text("utf-8"))
_OWN = ("original", "translation", "unrelated")
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
class Original:
    """A text that copies are made of; originals of one `topic` are in the same half."""

    id: str
    language: str
    topic: str
    text: str

    @property
    def half(self) -> str:
        """`dev`, which may be looked at, or `test`."""
        return half_of(self.topic)


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of a copy, and the span of the original that it stands for, if any."""

    text: str
    source: Span | None = None
    kind: Literal["copied", "reworded", "swapped", "new"] = "new"


@dataclass(frozen=True, slots=True)
class Block:
    """Copied in one: spans in the original and in the copy, code points, from and to copied words.

    `widest`: the same two with reworded sentences before and after, of which some words may be the
    original's. `words` are copied; `is_whole`: all are.
    """

    spans: tuple[Span, Span]
    widest: tuple[Span, Span]
    words: float
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """`made`: by which of `DESK`, in order. `words` in common; `hours` between the two."""

    original: Original
    made: tuple[str, ...]
    text: str
    blocks: tuple[Block, ...]
    words: float
    hours: float


@dataclass(frozen=True, slots=True)
class WrappedPair:
    """No copies: two originals in one frame, which share at most `words` of it in a row."""

    ids: tuple[str, str]
    frame: str
    texts: tuple[str, str]
    words: float
    hours: float
    is_same_topic: bool


def read_originals() -> list[Original]:
    """All that are long enough, by id."""
    lines = (ROOT / "eval" / "syndicated" / "originals.jsonl").read_text("utf-8").splitlines()
    found = [*(Original(**json.loads(line)) for line in lines), *_read_corpus()]
    long = (one for one in found if count_words(one.text, one.language) >= LEAST_WORDS)
    return sorted(long, key=lambda one: one.id)


def _read_corpus() -> Iterator[Original]:
    labels = json.loads((ROOT / "examples" / "expected.json").read_text("utf-8"))["articles"]
    by_source = {label["source"]: label for label in labels if label["role"] in _OWN}
    corpus = ROOT / "examples" / "corpus"
    for path in sorted(path for path in corpus.rglob("*") if path.is_file()):
        name = path.relative_to(corpus).as_posix()
        for item in parse_document(path.read_bytes(), ParseContext(source_uri=name), None):
            assert isinstance(item, Item), item
            source = name if item.record is None else f"{name}#{item.record}"
            label = by_source.get(source)
            if label:
                topic = label["story"] or source
                yield Original(source, label["language"], topic, item.body_text or "")


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
# How often each is done alone to an original: often where much is drawn.
_ALONE = {"cut": 4, "rewrite": 4, "correct": 2, "embed": 2, "round-up": 2}
# Of a combination at most one of these.
_ONE_OF = ({"embed", "round-up"}, {"local first", "local between", "local last"})
_WRAPS = (
    ("local first",),
    ("local between",),
    ("local last",),
    ("round-up",),
    ("round-up", "local last"),
)


def make_copies(original: Original, others: Sequence[Original]) -> Iterator[Copy]:
    """All copies of an original; `others` are the ones of its half."""
    draw = random.Random(f"{SEED} {original.id}")
    frame = _FRAMES[original.language]
    texts = _texts_besides(others, original)
    desk = Desk(draw, original.language, frame, texts or frame["locals"])
    combined = (_combination(draw) for _ in range(COMBINED))
    alone = ((name,) for name in DESK for _ in range(_ALONE.get(name, 1)))
    for made in (*alone, *combined):
        pieces = _make(original.text, made, desk)
        blocks = tuple(_blocks(pieces, original.language))
        words = sum(block.words for block in blocks)
        yield Copy(original, made, _join(pieces), blocks, words, draw.uniform(0, MOST_HOURS))


def _texts_besides(originals: Iterable[Original], *these: Original) -> list[str]:
    """Those of the same language on other topics."""
    topics = {one.topic for one in these}
    return [
        one.text
        for one in originals
        if one.language == these[0].language and one.topic not in topics
    ]


def _combination(draw: random.Random) -> tuple[str, ...]:
    while True:
        chosen = set(draw.sample(list(DESK), draw.randint(2, 5)))
        if all(len(chosen & names) <= 1 for names in _ONE_OF):
            return tuple(name for name in DESK if name in chosen)


def _make(text: str, made: Iterable[str], desk: Desk) -> list[Piece]:
    pieces = split(text)
    for name in made:
        pieces = DESK[name](desk, pieces)
    return pieces


def _join(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


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


def _blocks(pieces: Sequence[Piece], language: str) -> Iterator[Block]:
    """Pieces that follow each other in both texts, from the first copied one to the last."""
    run: list[tuple[Piece, Span]] = []
    at = 0
    for piece in [*pieces, Piece("")]:
        if run and (piece.source is None or piece.source[0] != _source(run[-1])[1]):
            yield from _block(run, language)
            run = []
        if piece.source is not None:
            run.append((piece, (at, at + len(piece.text))))
        at += len(piece.text)


def _source(placed: tuple[Piece, Span]) -> Span:
    assert placed[0].source
    return placed[0].source


def _block(run: list[tuple[Piece, Span]], language: str) -> Iterator[Block]:
    kinds = [piece.kind for piece, _ in run]
    if "copied" not in kinds:
        return
    first, last = kinds.index("copied"), len(kinds) - 1 - kinds[::-1].index("copied")
    wide_first, wide_last = first, last
    while wide_first and kinds[wide_first - 1] == "reworded":
        wide_first -= 1
    while wide_last < len(kinds) - 1 and kinds[wide_last + 1] == "reworded":
        wide_last += 1

    def spans(start: int, end: int) -> tuple[Span, Span]:
        source = _source(run[start])[0], _source(run[end])[1]
        return source, (run[start][1][0], run[end][1][1])

    copied = [piece.text for piece, _ in run if piece.kind == "copied"]
    words = sum(count_words(text, language) for text in copied)
    is_whole = set(kinds[first : last + 1]) == {"copied"}
    yield Block(spans(first, last), spans(wide_first, wide_last), words, is_whole)


def make_wrapped(originals: Sequence[Original]) -> Iterator[WrappedPair]:
    """Pairs of different originals of one half, each pair in the same frames."""
    for at, one in enumerate(originals):
        later = [other for other in originals[at + 1 :] if other.language == one.language]
        # All of the topic, and one on another.
        same = [other for other in later if other.topic == one.topic]
        for other in [*same, *[other for other in later if other.topic != one.topic][:1]]:
            yield from _wrap(one, other, _texts_besides(originals, one, other))


def _wrap(one: Original, other: Original, texts: list[str]) -> Iterator[WrappedPair]:
    draw = random.Random(f"{SEED} {one.id} {other.id}")
    draw.shuffle(texts)
    for local in _FRAMES[one.language]["locals"]:
        frame = _FRAMES[one.language] | {"locals": [local]}
        for made in _WRAPS:
            # The briefs of one round-up are not those of the other: else they would share a text.
            ours = _make(one.text, made, Desk(draw, one.language, frame, texts[::2]))
            theirs = _make(other.text, made, Desk(draw, one.language, frame, texts[1::2]))
            stock = (local, frame["opening"], frame["closing"])
            yield WrappedPair(
                ids=(one.id, other.id),
                frame="+".join(made),
                texts=(_join(ours), _join(theirs)),
                words=_longest_frame(ours, stock, one.language),
                hours=draw.uniform(0, MOST_HOURS),
                is_same_topic=one.topic == other.topic,
            )


def _longest_frame(pieces: Iterable[Piece], stock: Collection[str], language: str) -> float:
    longest = run = 0.0
    for piece in pieces:
        is_frame = piece.text.strip() in stock
        run = run + count_words(piece.text, language) if is_frame else 0.0
        longest = max(longest, run)
    return longest
