"""The words by which the press credits its sources, from `data/<language>.toml`.

A data file holds lists of words as regular expressions, each once and in the order in which they
are tried, and under `[[pattern]]` the frames that are that language's own. Frames that languages
share are in `data/frames.toml`; they name the lists as `{say}`, `{told}` and so on. A frame that
names a list which a language lacks does not exist in that language, so a language is added by its
file alone.

In a frame § is the source in question and ¤ another one; the loader lets each stand in quotation
marks. `{np}` are the few lower-case words that may stand between, such as « l'agence de presse ».

Most frames cannot match in most sentences: `beginnings.py` says by the words of a sentence which.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.citations.beginnings import beginnings

DATA = Path(__file__).parent / "data"
SOURCE, OTHER = "\ue000", "\ue001"
ANY_LANGUAGE = "any"
_OPEN, _CLOSE = "[«„“\"‘'‹《「『]? ?", " ?[»“”\"’'›》」』]?"
_SLOT = re.compile(r"\{([a-z]\w*)\}")
_SIGNS = frozenset("()/:|©@")
_OPENING_WORDS = re.compile(r"\\b\(\?i?:((?:[^()|\\]|\\w|\|)+)\)")


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to name a source: what kind of citation it is, and how sure that is (0 to 1).

    `certain`: of names only that are no plain word; `agency`: of known agencies only, and where no
    word says that the sentence may be about the agency itself. `needs`: of each of these sets some
    word of the text must have a beginning (`beginnings.py`), or the frame cannot match. `leads`:
    the source stands first in it; `other`: another one must stand beside it; `signs` are all in the
    text.
    """

    kind: str
    score: float
    pattern: re.Pattern[str]
    certain: bool
    agency: bool
    needs: tuple[frozenset[str], ...]
    leads: bool
    other: bool
    signs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Introduction:
    """Words that make an unknown name a source; `certain`: even where nothing is credited to it.

    `needed` matches wherever `pattern` does, and costs less to look for.
    """

    pattern: re.Pattern[str]
    certain: bool
    needed: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a language knows: frames in the order in which they are asked, the first one holds.

    `coordination` finds names that share what is said of them (« l'AFP, Reuters et Belga »).
    `homonyms` are agencies, by id or by name as written, whose name has other meanings; what is
    written as one of `no_sources` is none.
    `introductions` find a name by the noun before or after it (« l'agence X »), in the group
    `name`, which is none of `no_names` alone or with one of `no_names_ends`. `source_nouns` before
    a name say that it is a source's; `anaphora` are words that stand for an agency named before,
    and `anaphora_needs` parts of them of which one must be in the text. `topic` are words of
    sentences that are about an agency, as a firm or a place; `persons` names that persons have.
    """

    frames: tuple[Frame, ...]
    coordination: re.Pattern[str]
    homonyms: frozenset[str]
    no_sources: frozenset[str]
    language: str
    introductions: tuple[Introduction, ...]
    no_names: frozenset[str]
    no_names_ends: re.Pattern[str]
    source_nouns: re.Pattern[str]
    anaphora: tuple[re.Pattern[str], ...]
    anaphora_needs: tuple[str, ...]
    topic: re.Pattern[str] | None
    persons: frozenset[str]


@functools.cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language; of one without a file, what holds in all."""
    known = language if language in languages() else ANY_LANGUAGE
    words = _read(known)
    lists = {name: value for name, value in words.items() if _is_words(value)}
    slots = {name: _slot(name, value) for name, value in lists.items()}
    shared = _read("frames")
    slots |= {slot: words.get(slot, shared[slot]) for slot in ("np", "name", "title")}
    own: list[Mapping[str, Any]] = words.get("pattern", [])
    frames = [*own, *shared["pattern"]]
    return Lexicon(
        tuple(sorted(_frames(frames, slots, lists), key=_rank)),
        _coordination(words.get("and", ["&"]), shared["source_nouns"]),
        frozenset((*shared["homonyms"], *words.get("homonyms", ()))),
        frozenset(words.get("no_sources", ())),
        language,
        tuple(
            Introduction(
                re.compile(_slotted(row["pattern"], slots)),
                certain,
                re.compile("|".join(map(re.escape, row["needs"]))),
            )
            for key, certain in (("news_agency", True), ("introductions", False))
            for row in (*words.get(key, ()), *shared.get(key, ()))
        ),
        frozenset(shared["no_names"]),
        re.compile(rf"[\w’'-]+-(?:{'|'.join(shared['no_names_ends'])})"),
        re.compile("|".join(shared["source_nouns"]), re.IGNORECASE),
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in words.get("anaphora", [])),
        tuple(words.get("anaphora_needs", [])),
        re.compile(slots["topic"]) if "topic" in slots else None,
        frozenset(shared["persons"]),
    )


@functools.cache
def languages() -> frozenset[str]:
    """The languages that have a file."""
    return frozenset(path.stem for path in DATA.glob("??.toml"))


def _read(name: str) -> dict[str, Any]:
    path = DATA / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


# Lists of words that lead to a name, elided ones too: a space or an apostrophe follows.
_LEADING = frozenset(
    {
        "agent",
        "by",
        "cited_by",
        "dative",
        "inquiry",
        "nor",
        "of",
        "on",
        "prep",
        "relative",
        "to",
        "with",
    }
)


def _slot(name: str, words: list[str]) -> str:
    alternatives = rf"(?<!\w)(?i:{'|'.join(filter(None, words))})(?:(?!\w)|(?<='))"
    if name not in _LEADING:
        return alternatives
    leading = f"{alternatives}[ ']"
    return f"(?:{leading})?" if "" in words else leading


def _coordination(conjunctions: list[str], nouns: list[str]) -> re.Pattern[str]:
    """Two names with a conjunction between, or more with commas.

    Before each a short word may stand, and a noun that says what it is.
    """
    name = rf"[{SOURCE}{OTHER}]+(?:{_CLOSE}(?<! ))"
    noun = rf"(?i:[^\W\d_]{{0,12}}(?:{'|'.join(nouns)})[^\W\d_]{{0,12}} )?"
    joined = rf"(?:[^\W\d_]{{1,4}}[ '])?{noun}{_OPEN}{name}"
    conjunction = f"(?i:{'|'.join(conjunctions)})"
    return re.compile(rf"{name}(?:(?:, {joined})+,?)? {conjunction} {joined}")


def _frames(
    rows: list[Mapping[str, Any]], slots: Mapping[str, str], words: Mapping[str, list[str]]
) -> Iterator[Frame]:
    for row in rows:
        frame = row["frame"]
        if all(slot in slots for slot in _SLOT.findall(frame)):
            yield Frame(
                row["kind"],
                row["score"],
                re.compile(_filled(frame, slots)),
                row.get("certain", False),
                row.get("agency", False),
                tuple(_needs(frame, words)),
                frame.startswith("§"),
                "¤" in _without_groups(frame),
                frozenset(_signs(_without_groups(frame))),
            )


def _needs(frame: str, words: Mapping[str, list[str]]) -> Iterator[frozenset[str]]:
    """The beginnings of each list that the frame cannot do without."""
    own = _OPENING_WORDS.match(frame)
    needed = [own[1].split("|")] if own is not None else []
    needed += [words[slot] for slot in _SLOT.findall(_without_groups(frame)) if slot in words]
    yield from filter(None, map(beginnings, needed))


def _signs(outside: str) -> Iterator[str]:
    """The brackets, slashes and so on that the frame cannot do without."""
    for sign, quantifier in itertools.zip_longest(outside, outside[1:], fillvalue=" "):
        if sign in _SIGNS and quantifier not in "?*{":
            yield sign


def _without_groups(frame: str) -> str:
    """What must match: nothing in groups, which may be optional; nothing if there is a choice."""
    pieces, depth, in_class, at = [], 0, False, 0
    while at < len(frame):
        sign = frame[at]
        if sign == "\\":
            pieces.append(frame[at + 1] if depth == 0 and frame[at + 1] in _SIGNS else "\n")
            at += 2
            continue
        if in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            pieces.append("\n")
        elif depth == 0:
            if sign == "|":
                return ""
            pieces.append(sign)
        at += 1
    return "".join(pieces)


def _filled(frame: str, slots: Mapping[str, str]) -> str:
    """The signs of a name match as a whole: shorter ones cost time and dodge conditions."""
    text = _slotted(frame, slots)
    for sign, name in (("§", SOURCE), ("¤", OTHER)):
        text = text.replace(sign, f"{_OPEN}{name}++{_CLOSE}")
    return text


def _slotted(pattern: str, slots: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda found: slots[found[1]], pattern)


# What is certain is asked first: whose a picture is, which credits no text; a credit in brackets;
# who carries another's report; who is no source beside words that credit; being told something.
# Then what only names (a strike), before the looser ways of attributing; last, what a source in
# that place mostly means.
_ORDER = ("picture", "credit", "via", "silence", "told", "mention", "attribution", "default")


def _rank(frame: Frame) -> int:
    return _ORDER.index(frame.kind)
