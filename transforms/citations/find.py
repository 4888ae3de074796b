"""Decides for every source that a text names whether, and how, the text credits it.

Sentence by sentence: the source in question and the others are replaced by signs of the same
length, and the frames of the language (`lexicon.py`) are asked in order. Cost is linear in the
text: a frame sees of a sentence `_NEAR` code points on either side of the name.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.citations.beginnings import text_beginnings
from transforms.citations.lexicon import OTHER, SOURCE, Lexicon
from transforms.citations.sources import Source

_MOST = 200
_NEAR = 160
# Lines of a text that is set in a column.
_LEAST_LINES, _WIDEST = 4, 90
_LAST_SIGNS = ".!?…。:»”\"'’)"
# How much of a sentence's end may lie outside.
_BEYOND = 8
# Signs that a frame may hold before a name: a quotation mark and a space.
_BEFORE_NAME = 2
_NAMED_ONLY = 0.7
_SENTENCE_END = re.compile(
    r"(?<=[.!?…。！？؟])[»”\"“’')\]]*(?:\s+(?=[«“„\"'(\[—–-]?\s?[A-ZÀ-ÖØ-ÞŒА-ЯЁІЇЄĆČĎĐĘĚĞİŁŃŇŌŘŚŞŠŤŮŹŻŽȘȚ\d\u0600-\u06ff])"
    r"|(?<=[。！？])|(?<=[。！？][”」]))|\n+"
)
# Kinds of frames that differ in their order only.
_KINDS = {
    "told": "attribution",
    "default": "attribution",
    "silence": "mention",
    "picture": "mention",
}
# What the frames write in one way.
_AS_ONE_SIGN = str.maketrans("’\n\u00a0\u202f（）：；，、،؛！？؟｜", "'   ():;,,,;!??|")
_GLOSS = re.compile(rf"{SOURCE}+[»”“\"]? ?(?:\(@?{SOURCE}+\)|(?<= ){SOURCE}+)")
# « the Syrian news agency (SANA) said »
_NOUN_GLOSS = re.compile(
    r"((?i:agenc[yei]\w*|agence|agenzia|agência|agentur|ajans\w*|агентств\w*|وكالة(?: \w+){1,4}))"
    rf" (\({SOURCE}+\))"
)
_BEFORE_GLOSS = (" (", "(", "（", " (@", "” (", "“ (", '" (', "» (", "» （")
_SPACE = " \t\n,;:—–-"


@dataclass(frozen=True, slots=True)
class Crediting:
    """What a text does with one source, and the words that do it (`text[begin:end]`)."""

    source: Source
    kind: str
    begin: int
    end: int
    score: float


def find_crediting(text: str, sources: Sequence[Source], lexicon: Lexicon) -> list[Crediting]:
    """One for each of `sources` (in order) that `text` credits or certainly names.

    The first `_MOST` sources are looked at: a list of a thousand agencies credits none of them.
    """
    sources = sources[:_MOST]
    starts = [source.start for source in sources]
    wrapped = bool(sources) and _is_wrapped(text)
    found = []
    for source in sources:
        begin, end = _around(text, source, wrapped)
        if source.end <= end:
            near = sources[bisect.bisect_left(starts, begin) : bisect.bisect_left(starts, end)]
            crediting = _credited(text, begin, end, source, near, lexicon)
            if crediting is not None:
                found.append(crediting)
    return found


def _is_wrapped(text: str) -> bool:
    """Whether lines end where a column did: short, most of them going on in the next."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < _LEAST_LINES or max(map(len, lines)) > _WIDEST:
        return False
    open_ended = sum(line[-1] not in _LAST_SIGNS for line in lines)
    return open_ended * 2 > len(lines) and sum(line[0].islower() for line in lines) * 4 > len(lines)


def _around(text: str, source: Source, wrapped: bool) -> tuple[int, int]:
    """What is near `source` in its sentence; where a sentence ends in the name, nothing after."""
    begin, end = max(0, source.start - _NEAR), min(len(text), source.end + _NEAR)
    for found in _SENTENCE_END.finditer(text, max(0, begin - _BEYOND), end + _BEYOND):
        if wrapped and found[0] == "\n" and not text[found.end() : found.end() + 1].isspace():
            continue
        if found.start() >= source.end:
            return begin, min(end, found.start())
        if found.end() > source.start:
            return begin, source.start
        begin = max(begin, found.end())
    return begin, end


def _credited(
    text: str, begin: int, end: int, source: Source, others: Sequence[Source], lexicon: Lexicon
) -> Crediting | None:
    masked = _masked(text, begin, end, source, others)
    if OTHER in masked:
        masked = lexicon.coordination.sub(_as_one, masked)
    begun = text_beginnings(masked)
    at = max(0, masked.index(SOURCE) - _BEFORE_NAME)
    alone = OTHER not in masked
    signs = set(masked)
    for frame in lexicon.frames:
        if (frame.other and alone) or (frame.certain and not source.certain):
            continue
        if not frame.signs <= signs:
            continue
        if frame.needs and any(map(begun.isdisjoint, frame.needs)):
            continue
        found = frame.pattern.search(masked, at if frame.leads else 0)
        if found is not None and not (frame.agency and _may_be_topic(masked, source, lexicon)):
            kind = _KINDS.get(frame.kind, frame.kind)
            if kind not in source.kinds:
                return None
            start, stop = _trimmed(masked, *found.span())
            score = round(frame.score * source.score, 3)
            return Crediting(source, kind, begin + start, begin + stop, score)
    if not source.certain or _is_first_name(text, source):
        return None
    score = round(_NAMED_ONLY * source.score, 3)
    return Crediting(source, "mention", source.start, source.end, score)


def _may_be_topic(masked: str, source: Source, lexicon: Lexicon) -> bool:
    """Whether the sentence may be about the source: always of one that is no known agency."""
    return not source.is_agency or bool(lexicon.topic and lexicon.topic.search(masked))


def _is_first_name(text: str, source: Source) -> bool:
    """Whether it reads like a person: `Efe Karaman`; an acronym in capitals does not."""
    name = text[source.start : source.end]
    after = text[source.end : source.end + 2]
    return name.istitle() and " " not in name and after[:1] == " " and after[1:].isupper()


def _masked(text: str, begin: int, end: int, source: Source, others: Sequence[Source]) -> str:
    pieces = []
    done = begin
    for other in others:
        if other.start < begin or other.end > end:
            continue
        sign = SOURCE if other is source or _is_gloss(text, other, source) else OTHER
        pieces += [text[done : other.start], sign * (other.end - other.start)]
        done = other.end
    pieces.append(text[done:end])
    masked = "".join(pieces).translate(_AS_ONE_SIGN)
    if f"({SOURCE}" in masked:
        masked = _NOUN_GLOSS.sub(lambda found: f"{found[1]} {SOURCE * len(found[2])}", masked)
    return _GLOSS.sub(lambda found: SOURCE * len(found[0]), masked)


def _is_gloss(text: str, one: Source, other: Source) -> bool:
    """Whether they are a name and its short form: « Agence France-Presse (AFP) », “agency MTI”."""
    first, second = sorted((one, other), key=lambda source: source.start)
    if one.agency != other.agency:
        return False
    if text[first.end : second.start] in (" ", "\n"):
        return True
    return text[first.end : second.start] in _BEFORE_GLOSS and text[
        second.end : second.end + 1
    ] in (")", "）")


def _as_one(names: re.Match[str]) -> str:
    """The source and those coordinated with it are one: what is said of one is said of all."""
    return SOURCE * len(names[0]) if SOURCE in names[0] else names[0]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _SPACE:
        start += 1
    while end > start and text[end - 1] in _SPACE:
        end -= 1
    if text[start : start + 1] == "(" and text[end : end + 1] == ")":
        end += 1
    return start, end
