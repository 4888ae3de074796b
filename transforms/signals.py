"""Signals: what a wire message says of itself, read from its key fields and marked words.

Wires tell a kill, a correction, the second lead of a story or a test from a story by words that
stand in fixed places. `read_signals` knows those places and no other, since each of the words also
means something else ("Kill Bill returns", "Test match begins"):

- the take key, part by part (`1stLd-Writethru`, `REFILE 1ST LEAD`, `(Achtung)`); a part counts if
  nothing but known words and numbers stands in it,
- the version section of a slugline: a bracket at its end (`USA-WEATHER/ (UPDATE 1, CORRECTED)`) or,
  behind an ANPA 1312 cycle designator, what follows the comma (`BC-Heat-Hawks, 1st Ld-Writethru`),
- the marks before a headline, each ended by a dash or colon (`REFILE-UPDATE 1-`, `Berichtigung:`),
  or in brackets before or after it (`(Wdh.)`, `[정정]`), or a headline of nothing else,
- the first word of the note to editors (`(Adds quotes …)`), and in it words of an embargo.

`signals.toml` says how far each word is to be trusted. A kill is the costliest mistake: in a field
a word is enough if the whole field says nothing else; in a headline or note it has to be one of the
listed phrases, in capitals, where a mark stands.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from transforms.parse.item import Item

GENRES = ("test", "advisory")
# Formats of web pages and their feeds, where TEST is a product's and ADVISORY the weather's.
_WEB = ("rss", "atom", "rdf", "html", "jsonfeed", "sitemap_news", "wxr")
_GRAVE = frozenset({"kill", "withhold", "release"})
_CLASSES = ("signs", "counted", "common", "field")
_LONGEST_MARK = 60
_LONGEST_NOTE = 500
_MOST_MARKS = 8
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th)?")
_WORD = re.compile(_NUMBER.pattern + r"|[^\W\d_]+")
_BRACKET = re.compile(r"\s*[(\[<【（]([^()\[\]<>【】（）]{1,60})[)\]>】）]\s*[-–—:=/]*")
_LAST_BRACKET = re.compile(r"[(\[<【（]([^()\[\]<>【】（）]{1,60})[)\]>】）]\Z")
_SEPARATOR = re.compile(r"\s*(?:[-–—]+|[:：|/])\s*")
_DECORATION = " \t+*=-–—/«»\"'.!"
_SENTENCE = re.compile(r"[.;!\n]")
_PARTS = re.compile(r"[,;()\[\]/]+")
# ANPA 1312: AM, PM or both cycles, before the keywords; a comma ends them.
_CYCLE = re.compile(r"[ABP][CMP]-")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: signals of the closed vocabulary, and `advisory` or `test` if it is one."""

    signals: frozenset[str]
    genre: str | None


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of nothing but known words: their meanings by class, whether a number was there."""

    meanings: frozenset[tuple[str, str]]
    numbered: bool

    def said(self, *classes: str) -> frozenset[str]:
        """Meanings of these classes and of signs; beside one that counts, everyday words do too."""
        trusted = {"signs", *classes}
        if any(kind in trusted for kind, _ in self.meanings):
            trusted |= {"counted", "common"}
        return frozenset(meaning for kind, meaning in self.meanings if kind in trusted)


def read_signals(item: Item) -> Read:
    """Signals and genre that an item's take key, slugline, headline and note to editors state."""
    found = {
        *_in_field(item.takekey or ""),
        *_in_slugline(item.slugline or ""),
        *in_headline(item.headline or "", item.source_format),
        *_in_note(item.ednote or ""),
    }
    genre = next((name for name in GENRES if name in found), None)
    return Read(frozenset(found.difference(GENRES)), genre)


def in_headline(headline: str, source_format: str) -> frozenset[str]:
    """Meanings of the marks before and after a headline of that format, genres among them."""
    return _in_headline(headline, is_wire=source_format not in _WEB)


def _in_headline(headline: str, *, is_wire: bool) -> frozenset[str]:
    marks, rest = _marks(headline.strip())
    found: set[str] = set()
    for words, mark, is_bracket in marks:
        is_loud = _is_loud(words)
        classes = {
            # Some wires have only capitals: TEST: ENGLAND 300-4 AT STUMPS.
            "common": is_loud and is_wire and not rest.isupper(),
            "counted": is_loud and (is_bracket or mark.numbered),
        }
        said = mark.said(*(name for name, holds in classes.items() if holds))
        found |= said if is_loud else said - _GRAVE
        if mark.numbered and ("common", "test") in mark.meanings:  # 1ST TEST: England 300-4
            found.discard("test")
    return frozenset(found)


def _marks(text: str) -> tuple[list[tuple[str, _Mark, bool]], str]:
    """The marks around a headline: as written, as understood, whether in brackets; and the rest."""
    rest = text.strip(_DECORATION)
    whole = _understand(rest) if len(rest) <= _LONGEST_MARK else None
    if whole is not None:
        return [(rest, whole, False)], ""
    marks: list[tuple[str, _Mark, bool]] = []
    while len(marks) < _MOST_MARKS and (taken := _first_mark(rest)):
        words, mark, is_bracket, length = taken
        marks.append((words, mark, is_bracket))
        rest = rest[length:].lstrip(_DECORATION)
    while len(marks) < _MOST_MARKS and (
        bracket := _LAST_BRACKET.search(rest[-_LONGEST_MARK - 2 :])
    ):
        last = _understand(bracket[1])
        if last is None:
            break
        marks.append((bracket[1], last, True))
        rest = rest[: -len(bracket[0])].rstrip()
    return marks, rest


def _first_mark(text: str) -> tuple[str, _Mark, bool, int] | None:
    """The mark that a text opens with, whether in brackets, and its length with what ends it."""
    bracket = _BRACKET.match(text)
    if bracket:
        words = bracket[1].partition(":")[0]
        mark = _understand(words)
        return (words, mark, True, bracket.end()) if mark else None
    separator = _SEPARATOR.search(text, 0, _LONGEST_MARK)
    if separator is None:
        return None
    words = text[: separator.start()]
    mark = _understand(words)
    # Without a space a dash also joins words: Korrektur-Antrag, test-drive.
    is_joined = separator[0][0] not in " :：|" and not separator[0][-1].isspace()
    if mark is None or words[:1].islower() or (is_joined and not _is_loud(words)):
        return None
    return words, mark, False, separator.end()


def _in_field(text: str) -> frozenset[str]:
    """Meanings of a field of its own, part by part; the grave ones only if all parts are known."""
    parts = [part for part in _PARTS.split(text[:_LONGEST_NOTE]) if _WORD.search(part)]
    marks = [_understand(part) for part in parts]
    said = {meaning for mark in marks if mark for meaning in mark.said(*_CLASSES)}
    return frozenset(said if all(marks) else said - _GRAVE)


def _in_slugline(text: str) -> frozenset[str]:
    """Meanings of a slugline's version section, and that a digest's keywords are an advisory's."""
    bracket = _LAST_BRACKET.search(text.strip()[-_LONGEST_MARK - 2 :])
    found = set(_in_field(bracket[1])) if bracket else set()
    if not _CYCLE.match(text):
        return frozenset(found)
    keywords, _, section = text.partition(",")
    found |= _in_field(section)
    last = _words(keywords)[-1:]
    # A story's keywords have a region and two dashes (BC-US--Readers Digest), a digest's none.
    if "--" not in keywords and last and _entry(tuple(last), "advisory"):
        found.add("advisory")
    return frozenset(found)


def _in_note(text: str) -> frozenset[str]:
    """Meanings of a note to editors: how it opens, and words of an embargo anywhere in it."""
    words = _words(text[:_LONGEST_NOTE])
    sentence = _SENTENCE.split(text.strip(_DECORATION + "(")[:_LONGEST_NOTE], maxsplit=1)[0]
    found = set(_in_headline(sentence, is_wire=False))
    opening = next((word for word in words if not _is_mute(word)), "")
    found |= {m for kind, m in _table().get((opening,), frozenset()) if kind == "notes"}
    for start in range(len(words)):
        for length in range(1, _longest() + 1):
            entries = _table().get(tuple(words[start : start + length]), frozenset())
            found |= {m for kind, m in entries if kind == "signs" and m in ("embargo", "release")}
    # A note on a story does not make the story an advisory; "embargo lifted" is no embargo.
    return frozenset(found.difference(GENRES, {"embargo"} if "release" in found else ()))


def _understand(text: str) -> _Mark | None:
    """What a stretch of text says if it consists of known words and numbers, and says anything."""
    words = _words(text)
    if not words or len(words) > _LONGEST_MARK:
        return None
    table, found, numbered, at = _table(), set(), False, 0
    while at < len(words):
        for length in range(min(_longest(), len(words) - at), 0, -1):
            entries = table.get(tuple(words[at : at + length]))
            if entries is not None and any(kind != "notes" for kind, _ in entries):
                found |= {(kind, m) for kind, m in entries if kind not in ("notes", "mute")}
                at += length
                break
        else:
            if not words[at][0].isdigit():
                return None
            numbered = True
            at += 1
    return _Mark(frozenset(found), numbered) if found or not numbered else None


def _is_loud(words: str) -> bool:
    """In capitals but for ordinals (2nd LD), or in a script that has none."""
    bare = _NUMBER.sub("", words)
    return bare == bare.upper()


def _is_mute(word: str) -> bool:
    entries = _table().get((word,), frozenset())
    return any(kind == "mute" or meaning == "advisory" for kind, meaning in entries)


def _entry(words: tuple[str, ...], meaning: str) -> bool:
    return any(m == meaning for _, m in _table().get(words, frozenset()))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text)
    return _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)).casefold())


@functools.cache
def _table() -> Mapping[tuple[str, ...], frozenset[tuple[str, str]]]:
    """Words to what they may mean: pairs of class and meaning."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    found: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for kind, meanings in data.items():
        tables = {"": meanings} if kind == "mute" else meanings
        for meaning, entries in tables.items():
            for phrase in entries:
                found.setdefault(tuple(_words(phrase)), set()).add((kind, meaning))
    return {words: frozenset(pairs) for words, pairs in found.items()}


@functools.cache
def _longest() -> int:
    return max(map(len, _table()))
