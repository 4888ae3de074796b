"""Finds persons, organizations and places by rule: what the words around a name say that it is.

Only capitalized words are names, and a capital alone proves nothing: it takes a title, a first
name, an apposition, a verb of saying, a word such as « groupe » or “city of”. A part of a name that
stands in full elsewhere in the text is that name. Languages with a file in `data/names` only; cost
is linear in the text.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.entities.fold import fold_name
from transforms.entities.gazetteer import Mention
from transforms.entities.name_words import (
    NameWords,
    first_names,
    name_words,
    organization_suffixes,
    particles,
    people_alone,
)

# Method (after `rule:`) and score of a person, the surest first.
_TITLE, _FIRST, _LED, _SAY, _APPOSITION, _PART = (
    ("title", 0.9),
    ("first_name", 0.85),
    ("led_by", 0.8),
    ("saying", 0.75),
    ("apposition", 0.75),
    ("part", 0.8),
)
_SURNAME = ("surname", 0.7)
_ALONE = ("public_figure", 0.85)
_ORGANIZATION = ("organization", 0.8)
_PLACE = ("place", 0.7)
_NEAR, _FAR = 36, 80
_MOST_WORDS = 5
_MOST_BY_SURNAME = 3
_CAPITALS = "".join(c for c in map(chr, range(0x41, 0x530)) if c.isupper())
# A capitalized word; `l'`, `d'` and the like before it are no part of it.
_WORD = re.compile(
    r"(?<![^\W\d_])(?:(?:[CDJLMNST]|Qu|Dell|All|Dall|Nell|Sull)['’])?"
    rf"(?P<word>[{_CAPITALS}](?:[^\W\d_]|[-'’.](?=[^\W\d_]))*)"
)
_OPENS = re.compile(r"(?:^|[\n.!?…:;«“„\"»”(\[–—-])[\s«“„\"'(]*$")
_ENDINGS = re.compile(r"(?:ого|ому|ыми|ими|ами|ями|ой|ый|ий|ая|ым|им|ом|ем|ей|ую|ою|[ауеыияюойь])$")
_LEAST_STEM = 3


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Found:
    words: tuple[_Word, ...]
    kind: str
    rule: tuple[str, float]
    full: bool


def find_names(text: str, language: str, known: Sequence[Mention]) -> list[Mention]:
    """The names in `text` that `known` (the gazetteer's mentions, in order) does not hold.

    A person's `entity_id` is `person:<id>` for a public figure of `data/people.tsv`, else
    `name:<written name>`: the id of a written name, which two people may share.
    """
    words = name_words(language)
    if words is None:
        return []
    runs = list(_runs(text, known))
    found = [one for run in runs for one in [_classify(text, run, words)] if one is not None]
    taken = {one.words[-1].start for one in found}
    full = _full_names(text, found, known)
    for run in runs:
        if run[-1].start not in taken:
            part = _part_of(run, full, words, text)
            if part is not None:
                found.append(part)
    again = {
        one.words[0].text: one for one in found if one.kind != "person" and len(one.words) == 1
    }
    found += [
        replace(again[run[0].text], words=run)
        for run in runs
        if len(run) == 1 and run[0].text in again and run[0].start not in taken
    ]
    mentions = [_mention(text, one, full) for one in found]
    return sorted(_apart(mentions), key=lambda mention: mention.start)


def _runs(text: str, known: Sequence[Mention]) -> Iterator[tuple[_Word, ...]]:
    """Capitalized words that follow each other, particles between them; no word of `known`."""
    ends = [mention.end for mention in known]
    run: list[_Word] = []
    for found in _WORD.finditer(text):
        word = _Word(found.start("word"), found.end("word"), found["word"])
        at = bisect.bisect_right(ends, word.start)
        if at < len(known) and known[at].start < word.end:
            continue
        between = text[run[-1].end : word.start].split(" ") if run else []
        initial = run and len(run[-1].text) == 1 and between[0] == "."
        joined = 2 <= len(between) <= 4 and (between[0] == "" or initial) and between[-1] == ""
        if run and not (joined and all(part in particles() for part in between[1:-1])):
            yield tuple(run)
            run = []
        run.append(word)
    if run:
        yield tuple(run)


def _classify(text: str, run: tuple[_Word, ...], words: NameWords) -> _Found | None:
    """What a run of capitalized words is by what stands in and around it, if anything says so."""
    run = _without_opener(text, run, words)
    if len(run) > 1 and run[-1].text in organization_suffixes():
        return _Found(run, "organization", _ORGANIZATION, True)
    if len(run) > 1 and words.org_head.fullmatch(run[0].text):
        name = run[1:] if words.nouns_are_capital else run
        return _Found(name, "organization", _ORGANIZATION, True)
    run, titled = _without_title(run, words)
    if not run or len(run) > _MOST_WORDS:
        return None
    before = text[max(0, run[0].start - _NEAR) : run[0].start]
    first = next((n for n, word in enumerate(run) if word.text.lower() in first_names()), None)
    person = first is not None or (len(run) > 1 and words.is_surname(run[-1].text))
    if not titled and not person and words.before_org.search(before):
        return _Found(run, "organization", _ORGANIZATION, True)
    if not titled and words.before_place.search(before):
        return _Found(run, "place", _PLACE, True)
    titled = titled or words.before_title.search(before) is not None
    if len(run) == 1:
        likely = titled and not run[0].text.isupper() and words.may_be_surname(run[0].text)
        return _Found(run, "person", _TITLE, False) if likely else None
    if first is not None and first < len(run) - 1:
        return _Found(run[first:], "person", _FIRST if not titled else _TITLE, True)
    if any(word.text.isupper() for word in run) or (words.nouns_are_capital and not titled):
        return None
    rule = _TITLE if titled else _person_rule(text, run, words, before)
    return _Found(run, "person", rule, True) if rule else None


def _person_rule(
    text: str, run: tuple[_Word, ...], words: NameWords, before: str
) -> tuple[str, float] | None:
    """Which rule makes two words or more a person, without title or known first name."""
    after = text[run[-1].end : run[-1].end + _FAR]
    if words.before_led.search(before):
        return _LED
    if words.after_say.match(after) or words.before_say.search(before):
        return _SAY
    if words.after_apposition.match(after) or words.before_role.search(before):
        return _APPOSITION
    if words.before_apposition.search(text, max(0, run[0].start - _FAR), run[0].start):
        return _APPOSITION
    if (
        len(run) <= _MOST_BY_SURNAME
        and words.is_surname(run[-1].text)
        and not _opens(text, run[0].start)
    ):
        return _SURNAME
    return None


def _without_title(run: tuple[_Word, ...], words: NameWords) -> tuple[tuple[_Word, ...], bool]:
    """`Foreign Minister Sergei Lavrov` without what stands up to the last title."""
    for number in range(len(run) - 1, -1, -1):
        if words.title.fullmatch(run[number].text):
            name = run[number + 1 :]
            direct = bool(name) and name[0].start - run[number].end <= len(". ")
            return (name, True) if direct else ((), False)
    return run, False


def _without_opener(text: str, run: tuple[_Word, ...], words: NameWords) -> tuple[_Word, ...]:
    while run and run[0].text in words.openers and _opens(text, run[0].start):
        run = run[1:]
    return run


def _opens(text: str, start: int) -> bool:
    return _OPENS.search(text, max(0, start - 4), start) is not None or start == 0


def _full_names(
    text: str, found: Sequence[_Found], known: Sequence[Mention]
) -> dict[str, set[str]]:
    """Last word (`_key`) of every full name of a person in the text: the ids."""
    full: dict[str, set[str]] = defaultdict(set)
    for one in found:
        if one.kind == "person" and one.full:
            full[name_key(one.words[-1].text)].add(
                name_id(text[one.words[0].start : one.words[-1].end])
            )
    for mention in known:
        if mention.kind == "person" and mention.entity_id:
            full[name_key(mention.surface.split()[-1])].add(mention.entity_id)
    return full


def _part_of(
    run: tuple[_Word, ...], full: dict[str, set[str]], words: NameWords, text: str
) -> _Found | None:
    """A run whose last word is the last word of one full name, or that of a public figure."""
    run = _without_opener(text, run, words)
    if not run or len(run) > 2:
        return None
    last = run[-1]
    if len(run) == 2 and not _opens(text, run[0].start):
        return None  # another first name: somebody else
    if len(full.get(name_key(last.text), ())) == 1:
        return _Found((last,), "person", _PART, False)
    if public_figure(last.text) is not None:
        return _Found((last,), "person", _ALONE, False)
    return None


def _mention(text: str, one: _Found, full: dict[str, set[str]]) -> Mention:
    start, end = one.words[0].start, one.words[-1].end
    method, score = one.rule
    surface = text[start:end]
    return Mention(
        start, end, surface, one.kind, _entity_id(one, surface, full), f"rule:{method}", score
    )


def _entity_id(one: _Found, surface: str, full: dict[str, set[str]]) -> str | None:
    if one.kind == "place":
        return None
    if one.kind == "organization" or one.full:
        return name_id(surface)
    last = one.words[-1].text
    ids = full.get(name_key(last), set())
    if len(ids) == 1:
        return next(iter(ids))
    return public_figure(last) or name_id(surface)


def name_id(surface: str) -> str:
    """`name:` and the written name, folded, words joined by `-`."""
    return "name:" + fold_name(surface).replace(" ", "-")


def public_figure(name: str) -> str | None:
    """The id of the public figure whom a name means even alone."""
    return people_alone().get(fold_name(name))


def name_key(name: str) -> str:
    """The last word of a name without the endings that Russian cases give it."""
    folded = fold_name(name)
    if not "а" <= folded[:1] <= "я":
        return folded
    stem = _ENDINGS.sub("", folded)
    return stem if len(stem) >= _LEAST_STEM else folded


def _apart(mentions: list[Mention]) -> list[Mention]:
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if not chosen or mention.start >= chosen[-1].end:
            chosen.append(mention)
    return chosen
