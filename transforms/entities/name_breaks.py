"""Where two names stand side by side in Russian, which its cases and the words before them tell.

«с министром Лавровым Хакан Фидан», «директора ФСКН Виктора Иванова», «на острове Уэссан Мирей …»:
capitals alone would make one name of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.entities.name_words import NameWords
from transforms.entities.person_names import is_first_name, may_agree
from transforms.entities.runs import Run, Word
from transforms.entities.traits import COMMON, GIVEN, ISLAND, NEVER, ORG_WORD, PLACE_WORD, TITLE

_LANGUAGE = "ru"
_LONGEST_ACRONYM = 7
_FULL_NAME = 2
_MOST_WORDS = 5
_NO_NAME = NEVER | ORG_WORD | PLACE_WORD | TITLE
# «остров Новая Земля», «остров Святого Лаврентия»: the second word belongs to the first.
_ADJECTIVE = ("ая", "ое", "ые", "ый", "ий", "ой", "ого", "его", "ую", "ом", "ых", "их")
_NEAR = 24


def break_names(text: str, runs: Iterable[Run], words: NameWords) -> Iterator[Run]:
    """Runs of a Russian text, cut where a person's full name begins behind another name."""
    for run in runs:
        at = _first_of_person(text, run, words)
        if at:
            yield run[:at]
        yield run[at:]


def _first_of_person(text: str, run: Run, words: NameWords) -> int:
    """The place of the word that a person's name begins with, 0 if there is no other before."""
    if not _FULL_NAME < len(run) <= _MOST_WORDS:
        return 0
    for at in range(1, len(run) - _FULL_NAME + 1):
        before, person = run[at - 1], run[at:]
        if (
            before.known is None
            and _is_person(person, words)
            and _parts(text, before, person[0], words)
        ):
            return at
    return 0


def _is_person(run: Run, words: NameWords) -> bool:
    return all(_may_be_name(word, words) for word in run) and may_agree(
        tuple(word.text for word in run), _LANGUAGE
    )


def _may_be_name(word: Word, words: NameWords) -> bool:
    if word.known is not None or word.bits & _NO_NAME or word.text.isupper():
        return False
    return (
        not word.bits & COMMON or words.is_surname(word.text) or is_first_name(word.text, _LANGUAGE)
    )


def _parts(text: str, before: Word, first: Word, words: NameWords) -> bool:
    """Whether the word before is no part of the name that opens with `first`."""
    known_first = is_first_name(first.text, _LANGUAGE)
    if first.text.endswith(_ADJECTIVE) and not known_first:
        return False
    if before.text.isupper():
        return known_first and 1 < len(before.text) <= _LONGEST_ACRONYM
    if before.bits & (GIVEN | TITLE):
        return False
    if not may_agree((before.text, first.text), _LANGUAGE):
        return True
    noun = text[max(0, before.start - _NEAR) : before.start].lower().split()[-1:]
    island = bool(noun) and bool(words.cues[noun[0]] & ISLAND)
    return island and not before.text.endswith(_ADJECTIVE)
