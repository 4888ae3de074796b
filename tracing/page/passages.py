"""The words that show an edge, both sides, cut into pieces that are marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.link import Aligned
from tracing.page.edges import Edge
from tracing.trace_model import Words
from transforms.citations.same_source import is_named
from transforms.copies.compare import Comparison, compare

# By version id, its text fields by name.
Texts = Mapping[str, Mapping[str, str | None]]
_MOST_PASSAGES: Final = 3
# Of a passage, in code points, where whole texts are not asked for.
_LONGEST: Final = 320
# Of a citation, on both sides of its words.
_AROUND: Final = 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `mark` is `same`, `changed`, `credit` or empty."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """What the source has and what the taker has of it; of a citation only the taker's words."""

    source: tuple[Piece, ...]
    taker: tuple[Piece, ...]


def passages_of(edge: Edge, texts: Texts, *, around: bool) -> tuple[Passage, ...]:
    """The passages of an edge whose texts are known, the longest first.

    `around`: a citation with what stands beside it, and passages whole; else its own words and the
    beginning of each passage.
    """
    taker, source = (texts.get(version, {}) for version in edge.versions)
    if edge.words is not None:
        words = taker.get(edge.words.field)
        return (Passage((), tuple(_credit(edge.words, words, edge.credit, around=around))),)
    if edge.copying is None:
        return ()
    one, other = taker.get(edge.copying.from_field), source.get(edge.copying.to_field)
    if not one or not other:
        return ()
    spans = sorted(edge.copying.evidence, key=lambda span: span.from_start - span.from_end)
    return tuple(_shared(one, other, span, around=around) for span in _apart(spans))


def names_source(edge: Edge, texts: Texts, outlet: str, outlet_name: str | None) -> bool:
    """Whether the taker's text has the name of the source's outlet anywhere, as a credit or not."""
    said = (text for text in texts.get(edge.versions[0], {}).values() if isinstance(text, str))
    return is_named("\n".join(said), outlet, outlet_name)


def _apart(spans: list[Aligned]) -> list[Aligned]:
    """The longest that do not stand within each other."""
    kept: list[Aligned] = []
    for span in spans:
        if all(span.from_end <= one.from_start or one.from_end <= span.from_start for one in kept):
            kept.append(span)
    return kept[:_MOST_PASSAGES]


def _credit(words: Words, text: str | None, phrase: str | None, *, around: bool) -> Iterator[Piece]:
    start = -1 if text is None or phrase is None else text.find(phrase, max(words.start - 400, 0))
    if text is None or phrase is None or not (0 <= start <= words.start) or not around:
        yield Piece(phrase or words.text, "credit")
        return
    end = start + len(phrase)
    before, after = max(start - _AROUND, 0), min(end + _AROUND, len(text))
    yield Piece(("…" if before else "") + text[before:start])
    yield Piece(text[start:end], "credit")
    yield Piece(text[end:after] + ("…" if after < len(text) else ""))


def _shared(one: str, other: str, span: Aligned, *, around: bool) -> Passage:
    mine, its = one[span.from_start : span.from_end], other[span.to_start : span.to_end]
    if not around:
        mine, its = _beginning(mine), _beginning(its)
    found = compare(mine, its)
    return Passage(tuple(_marked(its, found, "other")), tuple(_marked(mine, found, "one")))


def _beginning(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    end = text.rfind(" ", 0, _LONGEST)
    return text[: end if end > _LONGEST // 2 else _LONGEST] + " …"


def _marked(text: str, found: Comparison, side: str) -> Iterator[Piece]:
    parts = [part for shared in found.shared for part in shared.parts]
    done = 0
    for start, end, same in sorted((*getattr(part, side), part.same) for part in parts):
        if start > done:
            yield Piece(text[done:start], "changed" if text[done:start].strip() else "")
        if end > max(start, done):
            yield Piece(text[max(start, done) : end], "same" if same else "changed")
        done = max(done, end)
    if text[done:]:
        yield Piece(text[done:], "changed" if text[done:].strip(" .…") else "")
