"""Who is who in an article: full forms of names, titles that stand for a person, who came last."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from transforms.quotes.lexicon import Speech
from transforms.quotes.words import Name, Word, capital_words, find_full_names, split_words

_TITLE_REACH = 120
_TITLED_REACH = 20_000
_TITLE_WORDS = 9


@dataclass(frozen=True)
class People:
    """The persons of an article: those mentioned, else its names of two words or more.

    `possible` are names that may be persons', by their shape alone. `taken` are where other things
    are named (places, agencies), which are no persons. What is looked up is built when it is first
    asked for: most articles ask for little.
    """

    text: str
    mentions: tuple[Name, ...]
    possible: tuple[Name, ...]
    taken: frozenset[int]
    speech: Speech

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The persons in order."""
        if self.mentions:
            return self.mentions
        runs = find_full_names(self.text, self.speech)
        return tuple(name for name in runs if name.start not in self.taken)

    @cached_property
    def possible_names(self) -> tuple[Name, ...]:
        """Those that may be persons', by their shape or, where no capital tells, by a title."""
        if self.speech.cased or not self.speech.spaced or self.names:
            return self.possible
        return tuple(_titled_names(self.text, self.speech))

    @cached_property
    def _by_part(self) -> dict[str, Name | None]:
        return _by_part(self.possible_names) | _by_part(self.names)

    @cached_property
    def _by_title(self) -> dict[str, Name | None]:
        return _by_title(self.text, self.names, self.speech)

    @cached_property
    def only_one(self) -> Name | None:
        """The one person whom the whole article names; None if there are several or none."""
        distinct = {self.full_name(name).text for name in self.names}
        return self.full_name(self.names[0]) if len(distinct) == 1 else None

    def full_name(self, name: Name) -> Name:
        """The full form of a partial name if the article has exactly one."""
        full = self._by_part.get(name.text.lower())
        if full is None:
            return name
        return replace(name, text=full.text, entity_id=name.entity_id or full.entity_id)

    def by_part(self, part: str) -> Name | None:
        """The one full name with this first or last word."""
        return self._by_part.get(part)

    def titled(self, title: str) -> Name | None:
        """The one person whom the article gives this title; None if several have it."""
        return self._by_title.get(title)

    def all_in(self, start: int, end: int) -> list[Name]:
        """The persons named in the stretch, each once, in full, where they are named first."""
        inside = names_in(self.names, start, end)
        near: dict[str, Name] = {}
        for name in inside:
            near.setdefault(self.full_name(name).text, name)
        if not self.speech.cased and self.speech.spaced:
            inside = names_in(self.possible_names, start, end)
            near = {name.text: name for name in inside} | near
        for word in capital_words(self.text, start, end):
            part = self._by_part.get(word.key)
            if part is not None and not any(one.start <= word.start < one.end for one in inside):
                place = replace(part, start=word.start, end=word.end)
                near.setdefault(part.text, place)
        return [self.full_name(name) for name in sorted(near.values(), key=_start)]


def _titled_names(text: str, speech: Speech) -> Iterator[Name]:
    """Two words behind a title, where a script has no capitals: `العقيد راشد الفلاسي`.

    A first name has no article; adjectives behind the title have one.
    """
    words = split_words(text, 0, min(len(text), _TITLED_REACH), speech)
    no_name = speech.bound | speech.verbs | speech.honorifics
    for i, word in enumerate(words):
        if word.key not in speech.honorifics or word.key in speech.generic_roles:
            continue
        at = i + 1
        while at < min(len(words), i + 4) and words[at].key.startswith("ال"):
            at += 1
        name = words[at : at + 2]
        if len(name) == 2 and not any(one.is_sign or one.key in no_name for one in name):
            yield Name(name[0].start, name[1].end, text[name[0].start : name[1].end])


def names_in(names: Sequence[Name], start: int, end: int) -> Sequence[Name]:
    """The names, which are in order, that begin in `start` to `end`."""
    first = bisect_left(names, start, key=_start)
    return names[first : bisect_left(names, end, lo=first, key=_start)]


def _start(name: Name) -> int:
    return name.start


def _by_part(names: Sequence[Name]) -> dict[str, Name | None]:
    parts: dict[str, Name | None] = {}
    for name in names:
        words = name.text.split()
        if len(words) < 2:
            continue
        for part in {words[-1].lower(), words[0].lower(), " ".join(words[-2:]).lower()}:
            known = parts.setdefault(part, name)
            if known is not None and known.text != name.text:
                parts[part] = None
    return parts


def _by_title(text: str, names: Sequence[Name], speech: Speech) -> dict[str, Name | None]:
    """Titles before a name, with or without a comma, and after it between commas."""
    titles: dict[str, Name | None] = {}
    for name in names:
        if " " not in name.text:
            continue
        far = max(0, name.start - _TITLE_REACH)
        begin = max(far, text.rfind("\n", far, name.start) + 1)
        before = _title_before(split_words(text, begin, name.start, speech), speech)
        after = split_words(text, name.end, min(len(text), name.end + _TITLE_REACH), speech)
        for title in (before, _title_after(after, speech)):
            for form in {title, title.split(" ")[0]} - {""}:
                known = titles.setdefault(form, name)
                if known is not None and known.text != name.text:
                    titles[form] = None
    return titles


def _title_before(words: list[Word], speech: Speech) -> str:
    if words and words[-1].key == ",":
        words = words[:-1]
    kept: list[Word] = []
    for word in reversed(words[-_TITLE_WORDS - 1 :]):
        if word.is_sign or word.key in speech.verbs or word.key in speech.pronouns:
            break
        kept.insert(0, word)
    return title_key(kept, speech)


def _title_after(words: list[Word], speech: Speech) -> str:
    if not words or words[0].key != ",":
        return ""
    kept: list[Word] = []
    for word in words[1 : _TITLE_WORDS + 2]:
        if word.is_sign:
            return title_key(kept, speech)
        if word.key in speech.verbs or word.key in speech.pronouns:
            break
        kept.append(word)
    return ""


def title_key(words: Sequence[Word], speech: Speech) -> str:
    """A title to look up: from its article on, which is dropped, as any before its nouns."""
    starts = [
        i
        for i, word in enumerate(words)
        if word.key in speech.articles and word.key not in speech.genitives
    ]
    kept = [word.key for word in words[starts[0] :]] if starts else [word.key for word in words]
    while kept and kept[0] in speech.articles:
        kept.pop(0)
    return " ".join(kept)
