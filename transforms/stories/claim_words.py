"""Words of an article that other languages may share: name words, beginnings, all words folded.

A name word stands in a tagged person or organization, or has a capital within a sentence and is
rare in its language; in Arabic, which has no capitals, it is rare; in Chinese it is a run of
characters that foreign names are spelled with. The beginnings of words, names among them, spelled
in Latin letters, are often alike in European languages: cognates, loanwords, products.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from transforms.entities.script import script_of
from transforms.stories.concepts import fold_word, is_concept
from transforms.stories.item import Item, Named
from transforms.stories.name_keys import NameKey, is_sounded, name_key, sounds
from transforms.stories.rarity import frequency, has_frequencies

# Words of a text that are read, and characters that hold them.
WORDS: Final = 1000
_CHARACTERS: Final = 20 * WORDS
# Longer runs of letters are cut: a clause of Chinese, or no word.
_WORD: Final = re.compile(r"[^\W\d_]{1,80}")
_APOSTROPHES: Final = re.compile("(?<=[а-яіїєґ])['’ʼ](?=[а-яіїєґ])", re.IGNORECASE)
_OPENS: Final = frozenset(".!?…:;»«“”„\"'‘’–—-(|/\n")
_ARABIC_BEFORE: Final = re.compile("^[وف]?(?:[بك]?ال|لل)?(?=.{4})")
# Rarity, 1 (every tenth word) to 8 (none in a hundred million), that makes a word telling.
RAREST: Final = 8
_RARE_NAME, _RARE_TAGGED, _RARE_WORD, _RARE_ARABIC = 5, 4, 4, 6
_LEAST_NAME, _LEAST_WORD = 3, 4
# Letters of a beginning: enough to tell words apart, few enough to leave out what is declined.
BEGINNING: Final = 5
_SPELLED: Final = frozenset({"latin", "cyrillic"})


@dataclass(slots=True)
class Seen:
    """How often a thing stands in an article, whether in headline or lead, how rare, if tagged."""

    times: int = 0
    head: bool = False
    rarity: int = RAREST
    tagged: bool = False


@dataclass(slots=True)
class ClaimWords:
    """What the words of an article give; `folded`: all, each to how often it stands."""

    names: dict[NameKey, Seen] = field(default_factory=dict)
    beginnings: dict[str, Seen] = field(default_factory=dict)
    folded: Counter[str] = field(default_factory=Counter)
    folded_head: Counter[str] = field(default_factory=Counter)


_script_of = functools.lru_cache(1 << 15)(script_of)


def texts_of(item: Item) -> list[tuple[str, bool]]:
    """The texts, cut, each with whether it is headline or lead; the body's first part is a lead."""
    body = item.body_text[:_CHARACTERS]
    lead = "" if item.description_text else _first_part(body)
    texts = [(item.headline, True), (item.description_text, True), (lead, True)]
    return [(text[:_CHARACTERS], head) for text, head in (*texts, (body[len(lead) :], False))]


@functools.lru_cache(1 << 15)
def rarity(word: str, language: str) -> int:
    """-log10 of a lower-case word's share of its language, 1 to 8, English for what has no list."""
    share = frequency(word, language if has_frequencies(language) else "en")
    return min(max(round(-math.log10(share)), 1), RAREST) if share else RAREST


def read_words(item: Item) -> ClaimWords:
    """The words of an article's first 1,000, by what they may claim."""
    found = ClaimWords()
    tagged = _words_of(item, lambda one: one.kind in ("person", "organization"))
    settled = _words_of(item, _is_settled)
    left = WORDS
    lower: set[str] = set()
    capitals: list[tuple[str, bool, bool]] = []
    for text, head in texts_of(item):
        for word, begins in islice(_words(text), left):
            left -= 1
            low = word.casefold()
            if low in settled:
                continue
            folded = fold_word(word)
            found.folded[folded] += 1
            if head:
                found.folded_head[folded] += 1
            if _script_of(word) in _SPELLED:
                _read_beginning(found, low, head, item.language)
            if is_concept(folded, item.language):
                continue
            if _script_of(word) in ("arabic", "han"):
                _read_uncased(found, low, head, item.language, tagged=low in tagged)
            elif word[:1].isupper():
                capitals.append((low, head, begins))
            else:
                lower.add(low)
    inner = {low for low, _, begins in capitals if not begins}
    for low, head, _ in capitals:
        if low in tagged or (low in inner and (item.language == "de" or low not in lower)):
            least = _RARE_TAGGED if low in tagged else _RARE_NAME
            _add_name(found, low, head, item.language, least, tagged=low in tagged)
    return found


def _first_part(body: str) -> str:
    """The first paragraph, at most 600 characters, to the end of a word."""
    first = body.split("\n", 1)[0][:601]
    return first if len(first) <= 600 else first[:600].rsplit(" ", 1)[0]


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Each word and whether a sentence, quotation or title begins with it."""
    text = _APOSTROPHES.sub("", text)
    for sign in _WORD.finditer(text):
        before = text[max(sign.start() - 3, 0) : sign.start()].rstrip(" \t\u00a0")
        begins = not before or before[-1] in _OPENS or sign.start() == 0
        yield sign[0], begins
        if _script_of(sign[0]) == "han":
            for run in _sounded().finditer(sign[0]):
                yield run[0], False


def _is_settled(one: Named) -> bool:
    """Whether every language has the same id for it: a place, or an agency."""
    name = one.entity_id or ""
    return name.startswith("agency:") or (one.kind == "place" and name != "")


def _words_of(item: Item, which: Callable[[Named], bool]) -> frozenset[str]:
    surfaces = (one.surface for one in item.entities if which(one))
    return frozenset(
        word.casefold() for surface in surfaces for word in _WORD.findall(surface[:200])
    )


def _read_uncased(found: ClaimWords, word: str, head: bool, language: str, *, tagged: bool) -> None:
    if _script_of(word) == "han":
        if is_sounded(word):
            _add_name(found, word, head, language, _RARE_TAGGED, tagged=tagged)
        return
    bare = _ARABIC_BEFORE.sub("", word)
    common = max(rarity(bare, language), _RARE_TAGGED) if tagged else rarity(bare, language)
    if len(bare) > _LEAST_NAME and min(common, rarity(word, language)) >= (
        _RARE_TAGGED if tagged else _RARE_ARABIC
    ):
        _add_name(found, bare, head, language, 0, tagged=tagged)


def _read_beginning(found: ClaimWords, word: str, head: bool, language: str) -> None:
    rare = rarity(word, language)
    if len(word) >= _LEAST_WORD and rare >= _RARE_WORD and (key := name_key(word, language)):
        _see(found.beginnings.setdefault(key.latin[:BEGINNING], Seen()), head, rare)


def _add_name(
    found: ClaimWords, word: str, head: bool, language: str, least: int, *, tagged: bool
) -> None:
    rare = rarity(word, language)
    key = name_key(word, language)
    if key is not None and key.row and len(word) >= _LEAST_NAME and rare >= least:
        seen = found.names.setdefault(key, Seen())
        seen.tagged = seen.tagged or tagged
        _see(seen, head, rare)


def _see(seen: Seen, head: bool, rare: int) -> None:
    seen.times += 1
    seen.head = seen.head or head
    seen.rarity = min(seen.rarity, rare)


@functools.cache
def _sounded() -> re.Pattern[str]:
    return re.compile(f"[{sounds()}]{{3,8}}")
