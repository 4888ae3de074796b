"""Copies as desks make them of wires, made by rule from a seed, with what is true of each.

Originals are the texts of `examples/corpus` that copy no other and those of `eval/syndicated`. A
copy is made of pieces: sentences of the original as they are, rewritten ones, and what the desk
puts in. So it is known where each block stands in both texts and how many words are the original's.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.desk import DESK, Desk, Piece, Span, count_words, split
from eval.halves import half_of
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
MOST_HOURS = 72.0
LEAST_WORDS = 80
COMBINED = 10
_FRAMES = tomllib.loads((ROOT / "eval" / "syndicated" / "frames.toml").read_text("utf-8"))
_OWN = ("original", "translation", "unrelated")


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
