"""Capitalized words that follow each other: what may be a name, with what the gazetteer knows."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.entities.gazetteer import Mention
from transforms.entities.name_words import particles
from transforms.entities.openings import opens
from transforms.entities.traits import OPENER

_MOST_BETWEEN = 20
_CAPITALS = "".join(c for c in map(chr, range(0x41, 0x530)) if c.isupper())
# A capitalized word, `'s` after it left out. It opens with a plain class: `re` looks for that fast.
_WORD = re.compile(
    rf"[{_CAPITALS}](?<![^\W\d_].)"
    r"(?:[^\W\d_]+|['’](?=[^\W\d_])(?!s(?![^\W\d_]))|[-.](?=[^\W\d_]))*"
)
# `L'` and the like before a word are no part of it.
_ELISION = re.compile(r"(?:[CDJLMNST]|Qu|Dell|All|Dall|Nell|Sull)['’]")
_LONGER = re.compile(r"^Sainte?-|-(?:[aà]|aux?|d[aeo]s?|du|des|en|la|les?|lès|so[nu]s|sur)-")
_ELIDED = ("d'", "d’")


class Word(NamedTuple):
    """A capitalized word, or the name of the gazetteer that it stands in (`known`)."""

    start: int
    end: int
    text: str
    bits: int
    known: Mention | None = None


Run = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A run of words that is a name: what, by which rule; `full`: of a person, more than a part."""

    words: Run
    kind: str
    rule: tuple[str, float]
    full: bool


def find_runs(text: str, known: Sequence[Mention], traits: Mapping[str, int]) -> Iterator[Run]:
    """Capitalized words and names of `known` that follow each other, particles between them."""
    run: list[Word] = []
    at, last = 0, 0
    for found in _WORD.finditer(text):
        start, end = found.span()
        surface = found[0]
        if ("'" in surface or "’" in surface) and (elided := _ELISION.match(surface)):
            start += elided.end()
            surface = surface[elided.end() :]
            if surface[0].islower():
                continue  # L'avocate
        while at < len(known) and known[at].end <= start:
            at += 1
        mention = None
        if at < len(known) and known[at].start < end and not _is_longer(surface, known[at]):
            mention = known[at]
            if run and run[-1].known is mention:
                continue
            start, end, surface = mention.start, mention.end, mention.surface
        if run and not (start == last + 1 and text[last] == " ") and not _follows(text, run, start):
            yield tuple(run)
            run = []
        run.append(Word(start, end, surface, traits[surface.lower()], mention))
        last = end
    if run:
        yield tuple(run)


def _is_longer(word: str, known: Mention) -> bool:
    """Whether a hyphenated name holds a known place: Saint-Rémy-de-Provence."""
    return known.kind == "place" and _LONGER.search(word) is not None and word != known.surface


def _follows(text: str, run: Sequence[Word], start: int) -> bool:
    """Whether an initial's point, an elision or particles between spaces part two words."""
    last = run[-1]
    if not 1 < start - last.end <= _MOST_BETWEEN:
        return False
    between = text[last.end : start].split(" ")
    if between[-1] in _ELIDED and len(between) == 2 and not between[0]:
        return True
    initial = len(last.text) == 1 and between[0] == "."
    joined = 2 <= len(between) <= 4 and (between[0] == "" or initial) and between[-1] == ""
    return joined and all(part in particles() for part in between[1:-1])


def unknown_parts(run: Run, inside: Container[int]) -> Iterator[Run]:
    """The stretches of a run that neither the gazetteer holds nor `inside` (starts of words)."""
    part: list[Word] = []
    for word in run:
        if word.known is None and word.start not in inside:
            part.append(word)
        elif part:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


def without_opener(text: str, run: Run) -> Run:
    """The run without the words that only open a sentence."""
    first = 0
    while first < len(run) and run[first].bits & OPENER and opens(text, run[first].start):
        first += 1
    return run[first:]
