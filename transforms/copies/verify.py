"""Whether what two texts share was copied, and how: decided by the texts, and by how near they are.

Forms that are filled in each day (rates, tables, dividends) share long runs of words too. They
differ in what was filled in, so a copy must agree in names and numbers, the more so the shorter
the run is and the further apart the two are. Where the same form is seen on other days, with other
data, two that agree are a copy only if they are very near (docs/decisions/0011).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from transforms.copies.compare import Comparison, Shared, Span, compare_words
from transforms.copies.strip import stripped_words
from transforms.copies.thresholds import LIMITS
from transforms.copies.words import Words
from transforms.quotes.marks import Span as Quoted
from transforms.quotes.marks import find_spans

Kind = Literal["same", "embedded", "excerpt", "form"]
_PLAIN, _NEAR, _CASELESS = LIMITS["plain"], LIMITS["near"], LIMITS["caseless"]
_WHOLE, _FORM, _EXCERPT = LIMITS["whole"], LIMITS["form"], LIMITS["excerpt"]
# Every match has a run of 15 words, or 24 letters: of its stretches of five words, or eight
# letters, one begins at a multiple of ten.
STRIDE: Final = 10


@dataclass(frozen=True, slots=True)
class Match:
    """`kind`: the `same` text, one `embedded` in the other, or an `excerpt` of one in the other.

    Or a `form`: much of the shorter text, in as long a run as a copy has, with other data.
    `names` and `numbers`: of those in the shorter text, or in what an excerpt shares, the part that
    the other text has, 0 to 1; numbers count as names, too.
    """

    kind: Kind
    comparison: Comparison
    names: float
    numbers: float


def stretches(words: Words, size: int, stride: int = 1) -> Iterator[tuple[str, ...]]:
    """Stretches of `size` words that begin at every `stride`-th word.

    Of two texts that match, one has among its stretches at `STRIDE` one of all that the other has.
    """
    for start in range(0, len(words) - size + 1, stride):
        yield words.folded[start : start + size]


def is_copy(match: Match, form_days: int, hours_apart: float | None) -> bool:
    """Whether a match is a copy; `form_days`: on how many days the text's words are a form."""
    if match.kind == "form":
        return False
    is_near = hours_apart is not None and hours_apart <= _FORM["hours"]
    return bool(is_near or form_days < _FORM["days"])


def verify(one: str, other: str, hours_apart: float | None) -> Match | None:
    """What two texts are to each other, or None if they share less than a run of words.

    `hours_apart`: between their times of publication; None where one is not known.
    """
    return verify_words(stripped_words(one), stripped_words(other), hours_apart)


def verify_words(here: Words, there: Words, hours_apart: float | None) -> Match | None:
    """The same of texts whose words are known."""
    found = compare_words(here, there)
    is_shorter = len(here) <= len(there)
    short, longer = (here, there) if is_shorter else (there, here)
    letters = LIMITS["letters"] if short.is_unspaced else 1
    run = found.longest / letters
    if run < _NEAR["run"]:  # less than any rule asks
        return None
    less, more = sorted((found.contained, found.other_contained))
    is_whole = more >= _WHOLE["contained"]
    filled = range(len(short)) if is_whole else _shared_words(found, short, is_one=is_shorter)
    numbers = [short.folded[at] for at in filled if short.folded[at][0].isdigit()]
    names = [short.folded[at] for at in filled if short.text[short.spans[at][0]].isupper()]
    kept = Counter(longer.folded)
    agreement = _Agreement(
        names=_share([*names, *numbers], kept),
        numbers=_share(numbers, kept),
        other_numbers=(Counter(numbers) - kept).total(),
        contained=more,
        equal=less,
        is_cased=_is_cased(short),
    )
    kind: Kind
    if not _agrees(run, agreement, hours_apart):
        if more < _FORM["contained"]:
            return None
        kind = "form"
    elif less >= _WHOLE["same"]:
        kind = "same"
    elif is_whole and sum(_unquoted(found.shared, here, there)) >= _EXCERPT["unquoted"] * letters:
        kind = "embedded"
    elif _has_excerpt(found, here, there, letters):
        kind = "excerpt"
    else:
        return None
    return Match(kind, found, agreement.names, agreement.numbers)


@dataclass(frozen=True, slots=True)
class _Agreement:
    """Shares of names (numbers with them) and numbers that the longer text has too, and of words.

    `other_numbers`: how many it has not. `contained` of the one and `equal` of the other text are
    shared. `is_cased`: the script has capitals, so that names are seen.
    """

    names: float
    numbers: float
    other_numbers: int
    contained: float
    equal: float
    is_cased: bool


def _agrees(run: float, shared: _Agreement, hours_apart: float | None) -> bool:
    agrees = shared.names >= _PLAIN["names"] and shared.numbers >= _PLAIN["numbers"]
    if not shared.is_cased:
        is_all = agrees and run >= _PLAIN["run"] and shared.equal >= _CASELESS["equal"]
        is_long = run >= _CASELESS["run"] and shared.numbers >= _PLAIN["numbers"]
        return bool(is_all or is_long or _is_long_enough(run, shared))
    if run >= _PLAIN["run"] and agrees:
        return True
    if _is_long_enough(run, shared):
        return True
    if hours_apart is None or hours_apart > _NEAR["hours"]:
        return False
    if run >= _NEAR["longest_run"]:
        return True
    is_most = shared.contained >= _NEAR["contained"] and shared.names >= _NEAR["names"]
    if run >= _PLAIN["run"] and is_most and shared.other_numbers <= _NEAR["put_right"]:
        return True
    return bool(
        shared.numbers >= _NEAR["numbers"]
        and (run >= _NEAR["longer_run"] or (run >= _NEAR["run"] and is_most))
    )


def _is_long_enough(run: float, shared: _Agreement) -> bool:
    """Whatever the time between: by length, if names agree, where they are seen."""
    return any(
        run >= rule["run"]
        and shared.contained >= rule["contained"]
        and (shared.names >= rule["names"] or not shared.is_cased)
        and shared.other_numbers <= rule["put_right"]
        for rule in LIMITS["long"]
    )


def _shared_words(found: Comparison, words: Words, *, is_one: bool) -> list[int]:
    """The words of a text in what is shared: the rest of an excerpt says nothing of it."""
    starts = [start for start, _ in words.spans]
    inside: set[int] = set()
    for shared in found.shared:
        begin, end = shared.one if is_one else shared.other
        inside.update(range(bisect_left(starts, begin), bisect_left(starts, end)))
    return sorted(inside)


def _has_excerpt(found: Comparison, one: Words, other: Words, letters: float) -> bool:
    """Whether a passage is long enough, and more than a quotation."""
    long = [shared for shared in found.shared if shared.equal >= _EXCERPT["equal"] * letters]
    least = _EXCERPT["unquoted"] * letters
    return any(words >= least for words in _unquoted(long, one, other))


def _unquoted(passages: Sequence[Shared], one: Words, other: Words) -> Iterator[int]:
    """Of each passage, the words that stand outside of quotation marks in both texts.

    Two desks that quote one speech have their words from the speaker.
    """
    quoted, other_quoted = (find_spans(words.text) if passages else [] for words in (one, other))
    for shared in passages:
        yield min(
            _words_outside(one, shared.one, quoted),
            _words_outside(other, shared.other, other_quoted),
        )


def _words_outside(words: Words, span: Span, quoted: Iterable[Quoted]) -> int:
    """Words of a text within a span, less those between its quotation marks."""
    starts = [start for start, _ in words.spans]

    def count(start: int, end: int) -> int:
        return max(bisect_left(starts, end) - bisect_left(starts, start), 0)

    begin, end = span
    inside = (count(max(one.start, begin), min(one.end, end)) for one in quoted)
    return count(begin, end) - sum(inside)


def _is_cased(words: Words) -> bool:
    letters = [words.text[start] for start, _ in words.spans]
    return 2 * sum(one.islower() or one.isupper() for one in letters) > len(letters)


def _share(these: Iterable[str], those: Counter[str]) -> float:
    """How much of these is in those; all of nothing."""
    counted = Counter(these)
    return (counted & those).total() / counted.total() if counted else 1.0
