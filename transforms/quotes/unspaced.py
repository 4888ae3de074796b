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
_REACH_BEFORE, _REACH_AFTER, _SUBJECT, _NAMED = 80, 60, 30, 12
# Time and circumstance between a subject and its verb.
_CIRCUMSTANCE = re.compile(
    r"(?:(?:\d{1,2}月)?\d{1,2}[日号]|[今昨当次]?[日天晚早]|周[一二三四五六日]|[上下]午|[早晚]间"
    r"|[^，。的]{2}地|[在对向就][^，。]{1,24}|接受[^，。]{1,24}|通过[^，。]{1,14})\Z"
)
_DETERMINERS = (
    "的",
    "有关",
    "有關",
    "相关",
    "相關",
    "上述",
    "这些",
    "這些",
    "这种",
    "该项",
    "此类",
    "一切",
)
_STOPS = "。！？!?；; \n"
_PARTING = "，,：:"


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
    verbs = _verbs_in(text, begin, opening, speech)
    if verbs:
        first = _clause_start(text, begin, verbs[-1])
        verb = next(at for at in verbs if at >= first)
        # The first verb of the clause, unless nothing but a prefix stands before it.
        return _told(first, verb if verb - first > 1 else verbs[-1], text, speech)
    if text[opening - 1 : opening] in (":", "："):
        first = _clause_start(text, begin, opening - 1)
        if first and text[first - 1] != "\n":
            return None
        return Told(first, opening - 1) if 1 < opening - 1 - first <= _NAMED else None
    return None


def told_after(text: str, begin: int, limit: int, speech: Speech, clauses: int = 1) -> Told | None:
    """The verb in the first of the `clauses` that follow the closing mark."""
    if text[begin : begin + 1] in ("，", ","):
        begin += 1
    end = min(limit, begin + _REACH_AFTER)
    for _ in range(clauses):
        match = _ENDS.search(text, begin, end)
        verbs = _verbs_in(text, begin, match.start() if match else end, speech)
        last = match is None or match[0] not in "，,"
        if verbs and (verbs[0] > begin or last):
            return _told(begin, verbs[0], text, speech)
        if match is None or match[0] not in "，,":
            return None
        begin, end = match.end(), min(limit, match.end() + _REACH_AFTER)
    return None


def _verbs_in(text: str, begin: int, end: int, speech: Speech) -> list[int]:
    """Where verbs of saying begin; those of one character only where a clause ends with them."""
    return [
        match.start()
        for match in _verbs(speech).finditer(text, begin, end)
        if not _is_noun(text, match, speech)
        and (
            len(match[0]) > 1
            or match[0] in "说說称稱"
            or match.end() == end
            or text[match.end()] in _PARTING
        )
    ]


def _is_noun(text: str, match: re.Match[str], speech: Speech) -> bool:
    """Whether a verb is a noun here: `有关指责`, `他的回应`."""
    before = text[max(0, match.start() - 2) : match.start()]
    return match[0] in speech.nominal and before.endswith(_DETERMINERS)


def _clause_start(text: str, begin: int, at: int) -> int:
    return max(begin, *(text.rfind(sign, begin, at) + 1 for sign in _PARTING))


def _told(begin: int, verb: int, text: str, speech: Speech) -> Told | None:
    """The subject, without what describes it at length (`正在上海参加会议的局长陈立新`)."""
    subject = _bare(text[begin:verb], speech)
    if len(subject) > _SUBJECT:
        begin += subject.rfind("的") + 1
        subject = subject[subject.rfind("的") + 1 :]
    return Told(begin, begin + len(subject)) if len(subject) <= _SUBJECT else None


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
