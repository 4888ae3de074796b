"""Who says the words between two marks in a language that parts no words (Chinese).

`局长陈立新表示：“…”`, `“…”周慕白说`, `林若川12日说，有关言论“毫无根据”`: the speaker is what stands
before the verb in its clause, without adverbs and dates.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from transforms.quotes.lexicon import Speech

_ENDS = re.compile('[，,：:；;、 。！？!?\n“”「」『』"‘’]')
_REACH_BEFORE, _REACH_AFTER, _SUBJECT, _NAMED = 80, 40, 30, 12
# Time and circumstance between a subject and its verb.
_CIRCUMSTANCE = re.compile(
    r"(?:(?:\d{1,2}月)?\d{1,2}[日号]|[今昨当次]?[日天晚早]|周[一二三四五六日]"
    r"|[在对向就][^，。]{1,14}|接受[^，。]{1,14}|通过[^，。]{1,10})\Z"
)
_STOPS = "。！？!?；; \n"
_PARTING = re.compile("[，,：:]")


@dataclass(frozen=True, slots=True)
class Told:
    """The verb of saying beside a quotation: `start` to `end` is its subject, empty if left out."""

    start: int
    end: int


def told_before(text: str, begin: int, opening: int, speech: Speech) -> Told | None:
    """The verb nearest before the opening mark, within its sentence."""
    begin = max(begin, opening - _REACH_BEFORE)
    while begin < opening and text[begin] in _STOPS:
        begin += 1
    ends = [match.start() for match in _PARTING.finditer(text, begin, opening)]
    bounds = [begin, *(end + 1 for end in ends)]
    for first, last in reversed(list(zip(bounds, [*ends, opening], strict=True))):
        told = _told(text, first, last, speech, True)
        if told is not None:
            return told
    if bounds and len(ends) and ends[-1] == opening - 1 and text[opening - 1] in ":：":
        first = bounds[-2]
        return Told(first, ends[-1]) if 1 < ends[-1] - first <= _NAMED else None
    return None


def told_after(text: str, begin: int, limit: int, speech: Speech) -> Told | None:
    """The verb in the clause that follows the closing mark."""
    if text[begin : begin + 1] in ("，", ","):
        begin += 1
    end = min(limit, begin + _REACH_AFTER)
    match = _ENDS.search(text, begin, end)
    return _told(text, begin, match.start() if match else end, speech, False)


def _told(text: str, begin: int, end: int, speech: Speech, is_last: bool) -> Told | None:
    found = [
        match
        for match in _verbs(speech).finditer(text, begin, end)
        if len(match[0]) > 1 or match.end() == end or match[0] in "说說称稱"
    ]
    if not found:
        return None
    verb = found[-1] if is_last else found[0]
    verb = found[0] if len(found) > 1 and found[0].start() - begin >= 2 else verb
    subject = text[begin : verb.start()]
    if len(subject) > _SUBJECT:
        return None
    return Told(begin, begin + len(_bare(subject, speech)))


def _bare(subject: str, speech: Speech) -> str:
    """A subject without what stands between it and its verb."""
    for _ in range(4):
        before = subject
        for adverb in speech.auxiliaries:
            subject = subject.removesuffix(adverb)
        subject = _CIRCUMSTANCE.sub("", subject)
        if subject == before:
            break
    return subject


@functools.cache
def _verbs(speech: Speech) -> re.Pattern[str]:
    """All verbs, the longest first; those of one character not as a part of common words."""
    long = sorted((verb for verb in speech.verbs if len(verb) > 1), key=len, reverse=True)
    return re.compile(
        "|".join(long)
        + "|(?<![小传据学听胡])[说說](?![明服法谎])"
        + "|(?<![名职号简堪人俗])[称稱](?![号呼谓霸])|[道问問喊答叹嚷]"
    )
