"""Finds persons, organizations and places by rule: what the words around a name say that it is.

Only capitalized words are names, and a capital alone proves nothing: it takes a title, a first
name, an apposition, a verb of saying, a word such as « groupe » or “city of”. A part of a name that
stands in full elsewhere in the text is that name. What is left is judged by `shapes.py`. Languages
with a file in `data/names` only; cost is linear in the text.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from transforms.entities.figures import has_womans_title, is_man, is_son
from transforms.entities.fold import fold_name
from transforms.entities.gazetteer import Mention
from transforms.entities.han import find_han_names
from transforms.entities.name_breaks import break_names
from transforms.entities.name_words import (
    NameWords,
    name_words,
    organization_suffixes,
    people_alone,
)
from transforms.entities.openings import opens
from transforms.entities.person_names import plain_id
from transforms.entities.runs import Found, Run, find_runs, unknown_parts, without_opener
from transforms.entities.shapes import find_by_shape, find_phrases
from transforms.entities.traits import (
    COMMON,
    GIVEN,
    LED_CUE,
    LISTED,
    NEVER,
    OCCUPATION,
    ORG_CUE,
    ORG_HEAD,
    ORG_WORD,
    PLACE_CUE,
    PLACE_WORD,
    PUBLIC,
    SAY_CUE,
    TEAM,
    TITLE,
    TITLE_CUE,
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
_FULL_NAME, _MOST_WORDS = 2, 5
_NO_PERSON = COMMON | NEVER | ORG_WORD | PLACE_WORD | TEAM
_FIRST_NAME = GIVEN | COMMON
_MOST_BY_SURNAME = 3
_CUES = 5
_ENDINGS = re.compile(r"(?:ого|ому|ыми|ими|ами|ями|ой|ый|ий|ая|ым|им|ом|ем|ей|ую|ою|[ауеыияюойь])$")
_LEAST_STEM = 3


def find_names(text: str, language: str, known: Sequence[Mention]) -> list[Mention]:
    """The names in `text` that `known` (the gazetteer's mentions, in order) does not hold.

    A place of `known` may be part of a longer one (`University of California`): who puts the two
    together leaves it out. A person's `entity_id` is `person:<id>` for a public figure of
    `data/people.tsv`, else `name:<written name>`: the id of a written name, which two may share.
    """
    if language == "zh":
        return find_han_names(text, known)
    words = name_words(language)
    if words is None:
        return []
    whole = list(find_runs(text, known, words.traits))
    if language == "ru":
        whole = list(break_names(text, whole, words))
    found = find_phrases(text, whole, words)
    inside = {word.start for one in found for word in one.words}
    runs = [part for run in whole for part in unknown_parts(run, inside)]
    found += [one for run in runs for one in [_classify(text, run, words)] if one is not None]
    taken = {one.words[-1].start for one in found}
    full = _full_names(text, found, known)
    left = []
    for run in runs:
        if run[-1].start in taken:
            continue
        part = _part_of(run, full, text)
        if part is not None:
            found.append(part)
        else:
            left.append(run)
    again = {
        one.words[0].text: one for one in found if one.kind != "person" and len(one.words) == 1
    }
    repeated = [run for run in left if len(run) == 1 and run[0].text in again]
    found += [replace(again[run[0].text], words=run) for run in repeated]
    rest = [run for run in left if len(run) > 1 or run[0].text not in again]
    shaped = find_by_shape(text, rest, words)
    for key, ids in _full_names(text, shaped, ()).items():
        full[key] |= ids
    found += shaped
    mentions = [_mention(text, one, full, language) for one in found]
    return sorted(_apart(mentions), key=lambda mention: mention.start)


def _classify(text: str, run: Run, words: NameWords) -> Found | None:
    """What a run of capitalized words is by what stands in and around it, if anything says so."""
    run = without_opener(text, run)
    if not run:
        return None
    if _opens_with_occupation(text, run):
        return Found(run[1:], "person", _APPOSITION, True)
    if len(run) > 1 and run[-1].text in organization_suffixes():
        return Found(run, "organization", _ORGANIZATION, True)
    if len(run) > 1 and run[0].bits & ORG_HEAD:
        name = run[1:] if words.nouns_are_capital else run
        return Found(name, "organization", _ORGANIZATION, True)
    if words.after_org is not None and words.after_org.match(text, run[-1].end):
        return Found(run, "organization", _ORGANIZATION, True)
    run, titled = _without_title(run, words)
    if not run or len(run) > _MOST_WORDS:
        return None
    before = text[max(0, run[0].start - _NEAR) : run[0].start]
    cues, known = 0, words.cues
    for cue in before.lower().split()[-_CUES:]:
        cues |= known[cue]
    if len(run) == 1 and not titled and not cues & (ORG_CUE | PLACE_CUE | TITLE_CUE):
        return None
    first = next((n for n, word in enumerate(run) if word.bits & LISTED), None)
    person = first is not None or (len(run) > 1 and words.is_surname(run[-1].text))
    if not titled and not person and cues & ORG_CUE and words.before_org.search(before):
        return Found(run, "organization", _ORGANIZATION, True)
    if not titled and cues & PLACE_CUE and words.before_place.search(before):
        return Found(run, "place", _PLACE, True)
    titled = titled or (bool(cues & TITLE_CUE) and words.before_title.search(before) is not None)
    if len(run) == 1:
        likely = titled and not run[0].text.isupper() and words.may_be_surname(run[0].text)
        return Found(run, "person", _TITLE, False) if likely else None
    if first is not None and first < len(run) - 1:
        return Found(run[first:], "person", _FIRST if not titled else _TITLE, True)
    if any(word.text.isupper() for word in run) or (words.nouns_are_capital and not titled):
        return None
    rule = _TITLE if titled else _person_rule(text, run, words, before, cues)
    return Found(run, "person", rule, True) if rule else None


def _opens_with_occupation(text: str, run: Run) -> bool:
    """`Boxer Anvar Tulegenov won`: with a small letter inside the sentence, and no surname."""
    return (
        _FULL_NAME < len(run) <= _MOST_WORDS
        and bool(run[0].bits & OCCUPATION)
        and not any(word.bits & _NO_PERSON or word.text.isupper() for word in run[1:])
        and opens(text, run[0].start)
    )


def _person_rule(
    text: str, run: Run, words: NameWords, before: str, cues: int
) -> tuple[str, float] | None:
    """Which rule makes two words or more a person, without title or known first name."""
    after = text[run[-1].end : run[-1].end + _FAR]
    if cues & LED_CUE and words.before_led.search(before):
        return _LED
    if words.after_say.match(after) or (cues & SAY_CUE and words.before_say.search(before)):
        return _SAY
    if words.after_apposition.match(after) or (
        cues & TITLE_CUE and words.before_role.search(before)
    ):
        return _APPOSITION
    if before.endswith(", ") and words.before_apposition.search(
        text, max(0, run[0].start - _FAR), run[0].start
    ):
        return _APPOSITION
    if (
        len(run) <= _MOST_BY_SURNAME
        and words.is_surname(run[-1].text)
        and not opens(text, run[0].start)
    ):
        return _SURNAME
    return None


def _without_title(run: Run, words: NameWords) -> tuple[Run, bool]:
    """`Foreign Minister Sergei Lavrov` without what stands up to the last title."""
    for number in range(len(run) - 1, -1, -1):
        if run[number].bits & TITLE and words.title.fullmatch(run[number].text):
            name = run[number + 1 :]
            direct = bool(name) and name[0].start - run[number].end <= len(". ")
            return (name, True) if direct else ((), False)
    return run, False


def _full_names(text: str, found: Sequence[Found], known: Sequence[Mention]) -> dict[str, set[str]]:
    """Last word (`_key`) of every full name of a person in the text: the ids."""
    full: dict[str, set[str]] = defaultdict(set)
    for one in found:
        if one.kind == "person" and one.full:
            full[name_key(_surname(text, one.words))].add(
                plain_id(text[one.words[0].start : one.words[-1].end])
            )
    for mention in known:
        if mention.kind == "person" and mention.entity_id:
            full[name_key(mention.surface.split()[-1])].add(mention.entity_id)
    return full


def _surname(text: str, words: Run) -> str:
    """The last word of a full name, `Jr` left out."""
    son = len(words) > _FULL_NAME and is_son(text, words[-2].end)
    return words[-2 if son else -1].text


def _part_of(run: Run, full: dict[str, set[str]], text: str) -> Found | None:
    """A run whose last word is the last word of one full name, or that of a public figure."""
    run = without_opener(text, run)
    if not run or len(run) > 2:
        return None
    last = run[-1]
    if len(run) == 2 and (run[0].bits & _FIRST_NAME == GIVEN or not opens(text, run[0].start)):
        return None  # another first name: somebody else
    if full and len(full.get(name_key(last.text), ())) == 1:
        return Found((last,), "person", _PART, False)
    if last.bits & PUBLIC:
        return Found((last,), "person", _ALONE, False)
    return None


def _mention(text: str, one: Found, full: dict[str, set[str]], language: str) -> Mention:
    start, end = one.words[0].start, one.words[-1].end
    method, score = one.rule
    surface = text[start:end]
    woman = one.kind == "person" and not one.full and has_womans_title(text, start, language)
    entity_id = _entity_id(one, surface, full, woman)
    return Mention(start, end, surface, one.kind, entity_id, f"rule:{method}", score)


def _entity_id(one: Found, surface: str, full: dict[str, set[str]], woman: bool) -> str | None:
    if one.kind == "place":
        return None
    if one.kind == "organization" or one.full:
        return plain_id(surface)
    last = one.words[-1].text
    figure = public_figure(last)
    ids = full.get(name_key(last), set()) or {figure or plain_id(surface)}
    if woman:
        ids = {one for one in ids if not is_man(one)}
    return next(iter(ids)) if len(ids) == 1 else plain_id(surface)


def public_figure(name: str) -> str | None:
    """The id of the public figure whom a name means even alone."""
    return people_alone().get(fold_name(name))


@functools.lru_cache(maxsize=10_000)
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
