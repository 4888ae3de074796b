"""What of a text says nothing of who copied: the frame that each desk puts around a story.

Datelines, bylines, agencies' signs, “read also”, copyright and subscription lines. A copy often has
another frame, and texts that are none share one. The phrases are data (`phrases.toml`); those of
all languages are tried, as that of a text may be unknown. A sentence of the story is never
stripped: what is in doubt stays. Credits are read before (`transforms/citations`), of the whole
text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Final

from transforms.copies.datelines import PLACED, dateline_end
from transforms.copies.phrases import (
    BEGUN,
    CREDITING,
    DATA,
    JOINING,
    PHRASE,
    RIGHTS,
    WITH,
    line_heads,
)
from transforms.copies.signs import INITIALS, LONGEST_SIGN, is_signature, names_agency
from transforms.copies.words import Words, find_words

Span = tuple[int, int]
_LEAST: Final[int] = DATA["least_words"]
_LONGEST: Final[int] = DATA["longest_line"]
# Lines that look like one of these; a text has some ten, hostile ones have a million.
_MOST_LINES: Final = 1000
# Bylines and credits stand so near to the text's start or end, in code points.
_HEAD, _FOOT = 300, 600
_MOST_AT_END: Final = 6
_LAST_SENTENCE: Final = 160
_LONGEST_BYLINE: Final = 100
_MOST_NAMES: Final = 12
_LABEL_ENDS: Final = ":：/／"
_WORD_ENDS: Final = re.compile(r"[\s,;/|]+")
_OPENING, _CLOSING = "(（[【", ")）]】"
_AT: Final = r"[^\w\n\"“”«»„‘’'©()（）\[\]【】/]{0,8}+(?P<at>)"
_FIRST: Final = re.compile(rf"\s{{0,8}}{_AT}(?P<phrase>[(（\[【]?(?:{line_heads()}))?")
_NEXT: Final = re.compile(
    rf"\n{_AT}(?:(?P<phrase>[(（\[【]?(?:{line_heads()}))|(?=[(（\[【\u3400-\u9fff])"
    rf"|(?={PLACED}(?:[(（/\[]|[—–-]{{1,2}}[ \u00a0])))"
)
_PARAGRAPH_END: Final = re.compile(r"\n(?<=[)）/]\n)")
_WORD_BEGIN: Final = re.compile(r"\s[A-Za-zÀ-ÖØ-öø-ʯА-яЁё]")
_SENTENCE_END: Final = re.compile(r"[\s。！？](?:(?<=[\n。！？])|(?<=[.!?…»”\"]\s))\s*")
_ENDS: Final = ".!?…»”\"'’)。！？"


def find_stripped(text: str) -> list[Span]:
    """Spans of `text`, in code points and order, that say nothing of who copied.

    None if fewer than `least_words` words would be left: a text that is all frame is its own story.
    """
    spans = sorted({*_at_lines(text), *_at_paragraph_ends(text)})
    spans = _apart(sorted([*spans, *_at_end(text, spans)]))
    return spans if spans and _leaves_enough(text, spans) else []


def stripped_words(text: str) -> Words:
    """The words of `text` that are not stripped; their spans count in all of `text`."""
    words = find_words(text)
    spans = find_stripped(text)
    return _without(words, spans) if spans else words


def strip(text: str) -> str:
    """A text of the words of `stripped_words`, for who needs no spans."""
    spans = find_stripped(text)
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    pieces = zip([0, *ends], [*starts, len(text)], strict=True)
    return "\n".join(text[start:end] for start, end in pieces) if spans else text


def _without(words: Words, spans: list[Span]) -> Words:
    folded: list[str] = []
    kept: list[Span] = []
    unspaced, done = words.unspaced, 0
    ends = [end for _, end in words.spans]
    for start, end in spans:
        first, last = bisect_left(ends, start + 1), bisect_left(words.spans, (end,))
        folded += words.folded[done:first]
        kept += words.spans[done:first]
        unspaced -= find_words(words.text[start:end]).unspaced
        done = max(first, last)
    folded += words.folded[done:]
    kept += words.spans[done:]
    return Words(words.text, tuple(folded), tuple(kept), unspaced)


def _leaves_enough(text: str, spans: list[Span]) -> bool:
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    gaps = zip([0, *ends], [*starts, len(text)], strict=True)
    start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
    begun = text[start : min(end, start + 15 * _LEAST)]
    # A letter behind a space begins a word. Two more, since words may be cut off at either end.
    if len(_WORD_BEGIN.findall(begun)) >= _LEAST + 2:
        return True
    if len(find_words(begun)) >= _LEAST + 2:
        return True
    return len(_without(find_words(text), spans)) >= _LEAST


def _apart(spans: list[Span]) -> list[Span]:
    """Sorted spans without what overlaps an earlier one."""
    apart: list[Span] = []
    for start, end in spans:
        start = max(start, apart[-1][1] if apart else 0)
        if start < end:
            apart.append((start, end))
    return apart


def _candidates(text: str) -> Iterator[re.Match[str]]:
    first = _FIRST.match(text)
    if first:
        yield first
    yield from _NEXT.finditer(text)


def _at_lines(text: str) -> Iterator[Span]:
    """Lines that are stripped as a whole, and datelines."""
    done = 0
    for found in islice(_candidates(text), _MOST_LINES):
        at = found.start("at")
        is_first = at - done < LONGEST_SIGN and not text[done:at].strip(" \n\u00a0")
        end = _line_end(text, at) if found["phrase"] else None
        if end is None or not _is_frame(text, at, end):
            end = dateline_end(text, at, is_first)
        if end is not None:
            yield at, end
            done = end if is_first else done


def _line_end(text: str, at: int) -> int | None:
    """Where the line ends, without white space; None if it is a long one."""
    end = text.find("\n", at, at + _LONGEST + 1)
    if end < 0 and len(text) - at > _LONGEST:
        return None
    return at + len(text[at : end if end >= 0 else len(text)].rstrip())


def _is_frame(text: str, at: int, end: int) -> bool:
    """Whether a line that begins like a phrase is no part of the story."""
    if text[end : end + LONGEST_SIGN].lstrip()[:1].islower():  # a wrapped sentence
        return False
    line = text[at:end]
    found = PHRASE.match(line)
    if not found:
        return False
    kind, rest = found.lastgroup, line[found.end() :].lstrip()
    if kind == "calls":
        return True
    if kind == "read_also":
        return _is_title(found[0], rest)
    if at > _HEAD and len(text) - end > _FOOT:
        return False
    return _is_foot(found, rest) or (kind == "byline" and _is_byline(found[0], rest))


def _is_claim(phrase: str, rest: str) -> bool:
    """Whether a line of rights is one, not the caption of a picture: « © dpa A house burns … »."""
    return phrase[-1] != "©" or len(rest) <= LONGEST_SIGN or RIGHTS.search(rest) is not None


def _is_foot(found: re.Match[str], rest: str) -> bool:
    """Whether it is a line of rights or a credit."""
    if found.lastgroup == "rights":
        return _is_claim(found[0], rest)
    return found.lastgroup == "credit" and _is_credit(found[0], rest)


def _is_title(phrase: str, rest: str) -> bool:
    if not rest or not (rest[0].isalnum() or rest[0] in _OPENING or rest[0] in "\"“«„'‘"):
        return not rest or rest[0] not in ",;.?!。，"
    return " " in phrase.strip() and not rest[0].islower() and rest[-1] not in ".。,"


def _is_byline(phrase: str, rest: str) -> bool:
    if _is_label(phrase, rest):
        return True
    words = _WORD_ENDS.split(rest)
    is_short = len(rest) <= _LONGEST_BYLINE and len(words) <= _MOST_NAMES
    if not is_short or rest[-1:] in (".", "。") or words[0].islower():
        return False
    return (len(words) > 1 or names_agency(rest)) and all(map(_is_name, words))


def _is_credit(phrase: str, rest: str) -> bool:
    if phrase.rstrip()[-1] in _LABEL_ENDS:
        return _is_label(phrase, rest)
    return all(map(_is_name, _WORD_ENDS.split(rest)))


def _is_label(phrase: str, rest: str) -> bool:
    """« Source: AFP »"""
    is_label = phrase.rstrip()[-1] in _LABEL_ENDS
    return is_label and 0 < len(rest) <= _LONGEST_BYLINE and "。" not in rest


def _is_name(word: str) -> bool:
    bare = word.strip(".()（）[]")
    if any(sign in "，。！？!?:：" or sign.isdigit() for sign in bare):
        return False
    if not bare[:1].islower():
        return True
    return bare in JOINING or bare in CREDITING or names_agency(bare)


def _at_paragraph_ends(text: str) -> Iterator[Span]:
    for found in islice(_PARAGRAPH_END.finditer(text), _MOST_LINES):
        start = _bracket_start(text, found.start(), is_last=False)
        if start is not None:
            yield start, found.start()


def _at_end(text: str, spans: list[Span]) -> Iterator[Span]:
    """Signs and credits behind the last sentence, before lines that are stripped already."""
    starts = {end: start for start, end in spans}
    end = _trimmed(text, len(text))
    left = _MOST_AT_END
    while end and left:
        start = starts.get(end)
        if start is None:
            left -= 1
            start = _bracket_start(text, end, is_last=True)
            if start is None:
                start = _last_sentence_start(text, end)
            if start is None:
                return
            yield start, end
        end = _trimmed(text, start)


def _trimmed(text: str, end: int) -> int:
    while end and (text[end - 1].isspace() or text[end - 1] in "*_—–-|\x03"):
        end -= 1
    return end


def _bracket_start(text: str, end: int, *, is_last: bool) -> int | None:
    """Where a sign in brackets or strokes begins, if the text before `end` ends with one."""
    closed = end - 1 if text[end - 1] in ".。" else end
    least = max(0, closed - _LONGEST)
    if text[closed - 1 : closed] == "/":
        start = text.rfind("/", max(0, closed - LONGEST_SIGN), closed - 1)
        inside = text[start + 1 : closed - 1]
        is_sign = start >= 0 and (names_agency(inside) or (inside.isupper() and len(inside) < 9))
    elif text[closed - 1 : closed] in tuple(_CLOSING):
        start = max(text.rfind(sign, least, closed) for sign in _OPENING)
        inside = text[start + 1 : closed - 1]
        is_sign = start >= 0 and _is_bracketed(inside, is_last=is_last)
    else:
        return None
    return start if is_sign and _follows_sentence(text, start) else None


def _is_bracketed(inside: str, *, is_last: bool) -> bool:
    if _stands_last(inside):
        return True
    is_short = len(inside) <= LONGEST_SIGN and inside[-1:] not in (".", "!", "?")
    is_initials = is_last and INITIALS.fullmatch(inside) is not None
    return is_short and (is_initials or names_agency(inside) or (is_last and _is_with(inside)))


def _is_with(sign: str) -> bool:
    """« avec Cormoran », whoever that is."""
    found = WITH.match(sign)
    names = _WORD_ENDS.split(sign[found.end() :]) if found else [""]
    return names[0][:1].isupper() and all(map(_is_name, names))


def _follows_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 20) : start]
    bare = before.rstrip(" \u00a0*—–-|")
    return not bare or bare[-1] == "\n" or bare[-1] in _ENDS


def _last_sentence_start(text: str, end: int) -> int | None:
    """Where what stands behind the last full sentence begins, if it is only a sign or a credit."""
    least = max(0, end - _LAST_SENTENCE)
    starts = [least + found.end() for found in _SENTENCE_END.finditer(text[least : end - 1])]
    if not starts and least:
        return None
    start = starts[-1] if starts else 0
    start += len(text[start:end]) - len(text[start:end].lstrip(" \u00a0*—–-|"))
    last = text[start:end]
    is_sign = len(last) <= LONGEST_SIGN and (
        ("/" in last and INITIALS.fullmatch(last) is not None) or is_signature(last)
    )
    if not is_sign and not _stands_last(last):
        return None
    # « he told\nReuters. » is a sentence that is wrapped.
    is_wrapped = last[-1] in ".。" and not _follows_sentence(text, _trimmed(text, start))
    return None if is_wrapped else start


def _stands_last(sentence: str) -> bool:
    """Whether the last sentence, or what stands in brackets there, is a foot."""
    found = PHRASE.match(sentence) if BEGUN.match(sentence) else None
    return found is not None and _is_foot(found, sentence[found.end() :].lstrip())
