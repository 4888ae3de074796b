"""A stretch of text as words and signs, and the capitalized names among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.quotes.lexicon import Speech

# Arabic vowel signs, which belong to their word, are no letters to `re`.
_VOWELS = "\u064b-\u0652"
_TOKEN = re.compile(rf"[^\W\d_]{{1,6}}['’](?=\w)|\w[\w{_VOWELS}]*(?:-\w+){{0,6}}|[^\w\s]")
_VOWEL_SIGNS = re.compile(f"[{_VOWELS}]")
_CAPITALS = "".join(filter(str.isupper, map(chr, range(0x0590))))
# Two capitalized words or more, with what may stand between them: where names of persons may be.
_CAPITALIZED = rf"[{_CAPITALS}][\w.'’-]{{0,40}}"
_RUN = re.compile(
    rf"(?<!\w){_CAPITALIZED}(?:[ \u00a0]{{1,2}}(?:[a-z]{{2,5}}[ \u00a0])?{_CAPITALIZED}){{1,8}}"
)
_CAPITAL_WORD = re.compile(rf"(?<!\w)[{_CAPITALS}][\w-]{{1,40}}")
# Small words inside a name: `Ursula von der Lecht`, `Ali bin Salem`, `Rosa de la Vega`.
_PARTICLES = frozenset(
    {"al", "ben", "bin", "da", "das", "de", "del", "della", "der", "di", "do", "dos", "du", "el"}
    | {"ibn", "la", "le", "van", "von"}
)


class Word(NamedTuple):
    """A word or a sign at `text[start:end]`; `key` is its lower case, apostrophes straight."""

    start: int
    end: int
    key: str
    capital: bool

    @property
    def is_sign(self) -> bool:
        """Whether it is a sign rather than a word."""
        return not self.key[0].isalnum()


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as it stands in the text; `entity_id` where a mention has one."""

    start: int
    end: int
    text: str
    entity_id: str | None = None
    is_person: bool = False


def split_words(text: str, start: int, end: int, speech: Speech) -> list[Word]:
    """The words of `text[start:end]`; a pronoun hung on its verb is a word (`dit-elle`)."""
    words = []
    for match in _TOKEN.finditer(text, start, end):
        surface = match[0]
        if "-" in surface:
            head, _, tail = surface.rpartition("-")
            if head and tail.lower() in speech.pronouns:
                words.append(_word(head.removesuffix("-t"), match.start()))
                words.append(_word(tail, match.end() - len(tail)))
                continue
        key = surface.lower()
        if not key.isascii():
            key = _folded(key)
        start, end = match.span()
        # Half the time of `Word(…)`, which every word of a sentence with a quotation pays.
        words.append(_new(Word, (start, end, key, surface[0].isupper())))
    return words


_new = tuple.__new__


def _word(surface: str, start: int) -> Word:
    return Word(start, start + len(surface), _folded(surface.lower()), surface[0].isupper())


def _folded(key: str) -> str:
    return _VOWEL_SIGNS.sub("", key) if key[0] > "\u0600" else key.replace("’", "'")


def find_names(text: str, words: Sequence[Word], speech: Speech) -> list[Name]:
    """Runs of capitalized words, without articles and honorifics in front.

    A run's words are parted by spaces alone, initials and particles included.
    """
    names: list[Name] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and run and _goes_on(text, run, word):
            run.append(word)
            continue
        if run:
            names.extend(_name(text, run, speech))
        run = [word] if word is not None and word.capital else []
    return names


def find_full_names(text: str, speech: Speech) -> list[Name]:
    """The names of two words or more in the whole text."""
    return [
        name
        for run in _RUN.finditer(text)
        for name in find_names(text, split_words(text, run.start(), run.end(), speech), speech)
        if " " in name.text
    ]


def capital_words(text: str, start: int, end: int) -> Iterator[Word]:
    """The capitalized words of `text[start:end]`."""
    return (_word(match[0], match.start()) for match in _CAPITAL_WORD.finditer(text, start, end))


def _goes_on(text: str, run: list[Word], word: Word) -> bool:
    last = run[-1]
    gap = text[last.end : word.start]
    if word.key == ".":
        return not gap and (len(last.key) == 1 or last.key in _ABBREVIATED)
    joined = not gap.strip() and "\n" not in gap
    if last.key.endswith("'"):
        return word.capital
    return joined and (word.capital or word.key in _PARTICLES)


_ABBREVIATED = frozenset(["dr", "m", "mr", "mrs", "ms", "prof", "sr", "sra", "st"])


def _name(text: str, run: list[Word], speech: Speech) -> list[Name]:
    kept = list(run)
    while kept and _is_before_names(kept[0], speech):
        kept.pop(0)
    while kept and (not kept[-1].capital or kept[-1].key in speech.articles):
        kept.pop()
    if speech.capital_nouns:
        kept = _last_two(kept)
    if len(kept) == 1 and kept[0].key in speech.indefinite:
        return []
    if not kept or kept[0].key in speech.pronouns or kept[0].key in speech.verbs:
        return []
    start, end = kept[0].start, kept[-1].end
    if text[end - 1] in "'’":
        end -= 1
    return [Name(start, end, text[start:end])]


def _is_before_names(word: Word, speech: Speech) -> bool:
    """Whether a word may be capitalized before a name without being part of it."""
    lists = (speech.articles, speech.honorifics, speech.stops, speech.genitives, speech.according)
    return word.key == "." or any(word.key in words for words in lists)


def _last_two(run: list[Word]) -> list[Word]:
    """First name and surname at the end of a run of nouns, particles between them kept."""
    capitals = [i for i, word in enumerate(run) if word.capital]
    return run[capitals[-2] :] if len(capitals) > 2 else run
