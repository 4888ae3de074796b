"""Spans between quotation marks, by the pairs of `data/marks.toml`.

A mark that may open or close is told by its neighbours: a space or bracket before it opens, a
letter or stop before it closes. Each paragraph is read by itself, so that a forgotten mark costs
no more than its paragraph; only a quotation whose every paragraph opens with a mark goes on.
Cost is linear: marks within marks are bounded.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "marks.toml"
_PARAGRAPH = re.compile(r"[^\n]+")
_BREAK = re.compile(r"\n{1,2}")
_OPENS_AFTER = frozenset(" ـ\t\u00a0\u202f\u2009([{—–-/:,;’'>،：，。（")
_SPACES = " \t\u00a0\u202f\u2009\u200b"
_APOSTROPHE = "’"


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` stands between the marks at `opening` and `closing`, without spaces.

    Without `is_closed` it is a paragraph that a mark opens and none closes.
    """

    opening: int
    start: int
    end: int
    closing: int
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class _Paragraph:
    start: int
    end: int
    spans: tuple[Span, ...]
    unclosed: int | None
    stray: int | None


def find_spans(text: str) -> list[Span]:
    """The outermost spans between marks, in order; nested ones belong to the one around them."""
    if _marks().search(text) is None:
        return []
    paragraphs = [_read(text, m.start(), m.end()) for m in _PARAGRAPH.finditer(text)]
    return list(_outermost(list(_joined(text, paragraphs))))


def _joined(text: str, paragraphs: list[_Paragraph]) -> Iterator[Span]:
    """Spans, those over several paragraphs made one."""
    opening: int | None = None
    since = 0
    is_plain = False
    for number, paragraph in enumerate(paragraphs):
        if opening is not None and number - since <= _limits()["paragraphs"]:
            if not is_plain and _reopens(text, opening, paragraphs, number):
                if paragraph.unclosed is not None:
                    yield from paragraph.spans
                    continue
                if paragraph.spans:
                    yield _span(text, opening, paragraph.spans[0].closing)
                yield from paragraph.spans[1:]
                opening = None
                continue
            if _goes_on(text, opening, paragraph):
                if paragraph.stray is not None:
                    yield _span(text, opening, paragraph.stray)
                    opening = None
                is_plain = True
                continue
        if opening is not None:
            yield from _unclosed(text, opening, paragraphs[since])
        yield from paragraph.spans
        opening, since, is_plain = paragraph.unclosed, number, False
    if opening is not None:
        yield from _unclosed(text, opening, paragraphs[since])


def _goes_on(text: str, opening: int, paragraph: _Paragraph) -> bool:
    """Whether a paragraph without a mark of its own goes on to the one that closes."""
    if paragraph.spans or paragraph.unclosed is not None or text[opening] == '"':
        return False
    if paragraph.stray is None:
        return True
    return text[paragraph.stray] in _pairs()[text[opening]].replace('"', "")


def _unclosed(text: str, opening: int, paragraph: _Paragraph) -> Iterator[Span]:
    """A paragraph that a mark opens, as one span, unless it has others or is too long."""
    if opening == _first_letter(text, paragraph) and not _closed_after(paragraph.spans, opening):
        span = _span(text, opening, paragraph.end)
        if span.start < span.end <= span.start + _limits()["length"]:
            yield Span(opening, span.start, span.end, paragraph.end, is_closed=False)


def _reopens(text: str, opening: int, paragraphs: list[_Paragraph], number: int) -> bool:
    """Whether this paragraph is the next one and opens with the mark that is still open."""
    here, before = paragraphs[number], paragraphs[number - 1]
    start = here.unclosed if here.unclosed is not None else _first_opening(here)
    return (
        _BREAK.fullmatch(text, before.end, here.start) is not None
        and start == _first_letter(text, here)
        and text[start] == text[opening]
    )


def _first_opening(paragraph: _Paragraph) -> int:
    return paragraph.spans[0].opening if paragraph.spans else -1


def _first_letter(text: str, paragraph: _Paragraph) -> int:
    start = paragraph.start
    while start < paragraph.end and text[start] in _SPACES:
        start += 1
    return start


def _read(text: str, start: int, end: int) -> _Paragraph:
    """The spans of one paragraph, and the mark it leaves open if nothing closes after it."""
    if _marks().search(text, start, end) is None:
        return _Paragraph(start, end, (), None, None)
    stack: list[int] = []
    closed: list[Span] = []
    stray: int | None = None
    for match in _marks().finditer(text, start, end):
        level = _closes(text, match, stack)
        if level is not None:
            span = _span(text, stack[level], match.start())
            if span.start < span.end <= span.start + _limits()["length"]:
                closed.append(span)
            del stack[level:]
        elif _opens(text, match):
            at = match.end() - 1
            # A straight mark that opens while one is open: the earlier one was never closed.
            if text[at] == '"':
                stack = [other for other in stack if text[other] != '"']
            if len(stack) < _limits()["depth"]:
                stack.append(at)
        elif stray is None and not closed and not stack and match[0] != _APOSTROPHE:
            stray = match.start()
    outermost = tuple(_outermost(closed))
    goes_on = stack and (not text[start : stack[0]].strip() or not _closed_after(closed, stack[0]))
    return _Paragraph(start, end, outermost, stack[0] if goes_on else None, stray)


def _closed_after(closed: Sequence[Span], opening: int) -> bool:
    return any(span.closing > opening for span in closed)


def _outermost(closed: list[Span]) -> Iterator[Span]:
    end = -1
    for span in sorted(closed, key=lambda span: span.opening):
        if span.opening > end:
            yield span
            end = span.closing


def _closes(text: str, match: re.Match[str], stack: list[int]) -> int | None:
    """Which of the open marks a mark closes, innermost first."""
    before, mark, after = _around(text, match)
    if mark == _APOSTROPHE and (after.isalnum() or before in _SPACES):
        return None
    if mark in '"“«' and (before in _SPACES and after.isalnum()):
        return None
    for level in range(len(stack) - 1, -1, -1):
        if mark in _pairs()[text[stack[level]]] and match.start() > stack[level] + 1:
            return level
    return None


def _opens(text: str, match: re.Match[str]) -> bool:
    before, mark, after = _around(text, match)
    if mark not in _pairs():
        return False
    if mark in "「『„‹":
        return True
    if mark == "“" and not before.isascii():
        return True
    if before not in _OPENS_AFTER and before not in _pairs():
        return False
    return mark == "«" or after not in _SPACES


def _around(text: str, match: re.Match[str]) -> tuple[str, str, str]:
    """What stands before a mark, the mark, what stands after it; a line end is a space."""
    start, end = match.span()
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return before.replace("\n", " "), text[start], after.replace("\n", " ")


def _span(text: str, opening: int, closing: int) -> Span:
    start, end = opening + 1, closing
    while start < end and text[start] in _SPACES:
        start += 1
    while end > start and text[end - 1] in _SPACES:
        end -= 1
    return Span(opening, start, end, closing)


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))


@functools.cache
def _pairs() -> dict[str, str]:
    return dict(_table()["pairs"])


@functools.cache
def _limits() -> dict[str, int]:
    return dict(_table()["limits"])


@functools.cache
def _marks() -> re.Pattern[str]:
    signs = {sign for opening, closing in _pairs().items() for sign in opening + closing}
    # Straight marks stand doubled where a text went through CSV: `""` is one mark.
    return re.compile(f'""|[{"".join(sorted(signs))}]')
