"""What of a text says nothing of who copied: the frame that each desk puts around a story.

Datelines, bylines, agencies' signs, “read also”, copyright and subscription lines. A copy often has
another frame, and texts that are none share one. The phrases are data (`strip.toml`); all languages
are tried, as that of a text may be unknown. A sentence of the story is never stripped: what is in
doubt stays. Credits are read before (`transforms/citations`), of the whole text.
"""

from __future__ import annotations

import functools
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

from transforms.copies.words import Words, find_words
from transforms.entities.agencies import agency_by_name

Span = tuple[int, int]
_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_LANGUAGES: Final = [value for value in _DATA.values() if isinstance(value, dict)]
_TAGS: Final = frozenset(_DATA["tags"])
_JOINING: Final = frozenset(_DATA["joining"])
_LEAST: Final[int] = _DATA["least_words"]
_LONGEST: Final[int] = _DATA["longest_line"]
# Lines that look like one of these; a text has some ten, hostile ones have a million.
_MOST_LINES: Final = 1000
# Bylines and credits stand so near to the text's start or end, in code points.
_HEAD, _FOOT = 300, 600
_MOST_AT_END: Final = 6
_LONGEST_FIRST_NAME: Final = 3
_LAST_SENTENCE: Final = 160
_LONGEST_SIGN: Final = 80
_LONGEST_BYLINE: Final = 100
_MOST_NAMES: Final = 12
_LABEL_ENDS: Final = ":：/／"
_WORD_ENDS: Final = re.compile(r"[\s,;/|]+")
_MOST_PLACE_WORDS, _MOST_DATE_WORDS, _LONGEST_DATE = 6, 6, 40
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_LONGEST_UNSPACED: Final = 10
_LEAST_MIXED: Final = 2
# A place without a date or an agency: shorter ones in capitals are other words (US, UN, TV).
_LEAST_PLACE, _MOST_ALONE = 4, 3


def _phrases(kind: str) -> list[str]:
    """Of all languages, the longer of those that begin alike first."""
    return sorted({phrase for language in _LANGUAGES for phrase in language[kind]}, reverse=True)


def _pattern(phrase: str) -> str:
    forms = {" ": r"[ \u00a0\u202f]", "’": "['’]", "*": r".{0,60}?", "$": r"\W{0,6}\Z"}
    return "".join(forms.get(sign) or re.escape(sign) for sign in phrase)


def _whole(phrase: str) -> str:
    """The pattern of a phrase that goes not on as another word."""
    is_spaced = phrase[-1].isalpha() and phrase[-1] < "\u2e80"
    return _pattern(phrase) + (r"(?!\w)" if is_spaced else "")


def _any_of(*kinds: str) -> str:
    return "|".join(f"(?P<{kind}>{'|'.join(map(_whole, _phrases(kind)))})" for kind in kinds)


_KINDS: Final = ("rights", "calls", "read_also", "credit", "byline")
_MOST_HEAD_LETTERS: Final = 8


def _heads() -> str:
    """How lines with a phrase begin: the first letter as written turns nearly all others away."""
    phrases = [re.split(r"[*$]", phrase)[0] for kind in _KINDS for phrase in _phrases(kind)]
    heads = sorted({phrase[:_MOST_HEAD_LETTERS] for phrase in phrases})
    return "|".join(
        f"{re.escape(first)}(?i:{'|'.join(_pattern(head[1:]) for head in group)})"
        for first, group in groupby(heads, key=lambda head: head[0])
    )


_OPENING, _CLOSING = "(（[【", ")）]】"
_PHRASE: Final = re.compile(rf"[(（\[【]?(?:{_any_of(*_KINDS)})", re.IGNORECASE)
_BEGUN: Final = re.compile(rf"[(（\[【]?(?:{_heads()})")
_RIGHTS: Final = re.compile(rf"(?!©)(?:{_any_of('rights')})", re.IGNORECASE)
_WITH: Final = re.compile(_any_of("with") + r"\s*", re.IGNORECASE)
# A place and a date: what stands before the first bracket, stroke or dash.
_PLACED: Final = (
    r"(?=[^\W\d_a-z])[^\n()（）/\[\]—–-]{1,60}+"
    r"(?:(?:-(?![ -])|(?<=\w)/(?=\w))[^\n()（）/\[\]—–-]{0,40}+){0,3}+"
)
_DASH: Final = r"[ \u00a0]?(?:--|[—–-])[ \u00a0]"
_AT: Final = r"[^\w\n\"“”«»„‘’'©()（）\[\]【】/]{0,8}+(?P<at>)"
_FIRST: Final = re.compile(rf"\s{{0,8}}{_AT}(?P<phrase>[(（\[【]?(?:{_heads()}))?")
_NEXT: Final = re.compile(
    rf"\n{_AT}(?:(?P<phrase>[(（\[【]?(?:{_heads()}))|(?=[(（\[【\u3400-\u9fff])"
    rf"|(?={_PLACED}(?:[(（/\[]|[—–-]{{1,2}}[ \u00a0])))"
)
_PARAGRAPH_END: Final = re.compile(r"\n(?<=[)）/]\n)")

_CHINESE: Final = [re.compile(form) for form in _DATA["datelines"]]
_SIGN_FIRST: Final = re.compile(
    rf"[(（\[](?P<sign>[^()（）\[\]\n]{{2,40}})[)）\]](?P<dash>{_DASH})?"
)
_DATELINE: Final = re.compile(
    rf"(?P<where>{_PLACED})"
    r"(?:(?:[(（\[](?P<sign>[^()（）\[\]\n]{2,40})[)）\]]|/(?P<tag>[^/\n]{2,30})/)"
    r"(?P<end>[ \u00a0]?[.:：]?[ \u00a0]?(?:--|[—–-]{1,2}|_(?=[ \u00a0]))?)"
    r"|(?P<dash>(?:--|[—–-])[ \u00a0]))"
)
# « МОСКВА, 3 мар — РИА Новости, Иван Иванов. »
_DESK: Final = re.compile(r"(?P<sign>[^\n.,—–-]{2,30})(?:, [^\n.]{3,40})?\.(?=\s)")
_WHERE: Final = re.compile(r"(?P<place>[^\W\d_][^,，.:;\d]*+)(?P<date>.*)")
_WORD_BEGIN: Final = re.compile(r"\s[A-Za-zÀ-ÖØ-öø-ʯА-яЁё]")
_MONTH: Final = rf"(?:{'|'.join(map(re.escape, _DATA['months']))})\w*\.?"
_ON_DAY: Final = (
    rf"(?:\d{{1,2}}\.?(?: de)? {_MONTH}(?: {_MONTH})?|{_MONTH} \d{{1,2}}"
    r"|\d{1,2} ?月 ?\d{1,2} ?日)"
    r"(?:,? (?:de )?\d{4})?"
)
_DAY: Final = re.compile(
    rf"(?P<land>[^\d]*?)[\s,，.]*(?:le |am |den )?{_ON_DAY}[\s,.]*", re.IGNORECASE
)
# « ТАСС, 17 мая. », « VALPARAÍSO, Chile, 8 de marzo. »
_AND_DAY: Final = re.compile(
    rf"(?P<sign>[^\W\d_][^\n.,()\d]{{1,30}})(?:, [^\n.,()\d]{{2,20}})?, {_ON_DAY}\.?(?<=\.)(?=\s)",
    re.IGNORECASE,
)
_INITIALS: Final = re.compile(r"[a-z]{2,4}(?:[/-][a-z]{2,4}){0,5}/?")
_BETWEEN_SIGNS: Final = re.compile(r"\s*[/,;&+|–—-]\s*| (?:and|et|und|y|e|и|و) ")
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
        is_first = at - done < _LONGEST_SIGN and not text[done:at].strip(" \n\u00a0")
        end = _line_end(text, at) if found["phrase"] else None
        if end is None or not _is_frame(text, at, end):
            end = _dateline_end(text, at, is_first)
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
    if text[end : end + _LONGEST_SIGN].lstrip()[:1].islower():  # a wrapped sentence
        return False
    line = text[at:end]
    found = _PHRASE.match(line)
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
    return phrase[-1] != "©" or len(rest) <= _LONGEST_SIGN or _RIGHTS.search(rest) is not None


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
    return (len(words) > 1 or _names_agency(rest)) and all(map(_is_name, words))


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
    return bare in _JOINING or bare in _CREDITING or _names_agency(bare)


_CREDITING: Final = frozenset(
    word.casefold()
    for kind in ("credit", "with")
    for phrase in _phrases(kind)
    for word in phrase.split()
)


def _dateline_end(text: str, at: int, is_first: bool) -> int | None:
    """Where the story goes on after a dateline; it must be certain beyond the text's start."""
    for form in () if text[at : at + 1].isalpha() and text[at] < "\u2e80" else _CHINESE:
        found = form.match(text, at, at + _LONGEST_SIGN)
        if found:
            return found.end()
    end = at
    found = _SIGN_FIRST.match(text, at)
    if found and (_names_agency(found["sign"]) or (is_first and found["dash"])):
        end = found.end()
    found = _DATELINE.match(text, end)
    where = _WHERE.fullmatch(found["where"].strip()) if found else None
    if found and where and _is_place(where["place"]) and _is_date(where["date"]):
        if found["dash"]:
            end = _end_of_dashed(text, found.end(), where, is_first) or end
        elif _is_signed(found, where, is_first):
            end = found.end()
    found = _AND_DAY.match(text, at) if is_first and end == at else None
    if found and (found["sign"].isupper() or _names_agency(found["sign"])):
        end = found.end()
    return end if end > at else None


def _is_signed(found: re.Match[str], where: re.Match[str], is_first: bool) -> bool:
    """Whether a place and what stands in brackets are a dateline, not a name and its party."""
    sign, ends = found["sign"] or found["tag"], bool(found["end"].strip())
    is_upper, is_dated = where["place"].isupper(), _DAY.fullmatch(where["date"]) is not None
    if _names_agency(sign):
        return ends or is_upper or is_dated
    is_name = not sign[0].islower() and not _has_digit(sign)
    return ends and is_name and (is_dated or (is_upper and is_first))


def _end_of_dashed(text: str, end: int, where: re.Match[str], is_first: bool) -> int | None:
    """The end of a place before a dash, and of the desk's name after it."""
    date, _, desk = where["date"].strip().rpartition(". ")
    if date and _names_agency(desk):  # « Москва. 3 марта. ИНТЕРФАКС - »
        return end if _DAY.fullmatch(date) else None
    is_dated = where["date"][:1] in (",", ".") and _DAY.fullmatch(where["date"]) is not None
    found = _DESK.match(text, end) if is_dated else None
    if found and _names_agency(found["sign"]):
        return found.end()
    follows = text[end : end + 1]
    if not where["place"].isupper() or follows.islower() or not follows.strip():
        return None
    is_alone = is_first and not _has_digit(where["date"]) and _is_alone(where["place"].strip())
    return end if is_dated or is_alone else None


def _is_alone(place: str) -> bool:
    """Whether words in capitals may be a place without date or agency."""
    return len(place) >= _LEAST_PLACE and len(place.split()) <= _MOST_ALONE


def _is_place(place: str) -> bool:
    words = place.replace("-", " ").replace("/", " ").split()
    if not 0 < len(words) <= _MOST_PLACE_WORDS or "  " in place:
        return False
    words = [word for word in words if word not in _JOINING]
    if any(word[0].islower() for word in words):
        return False
    if _UNSPACED.search(place):
        return len(place) <= _LONGEST_UNSPACED
    # « Industry report NEW YORK »: a headline that has run into it.
    return len({word.isupper() for word in words if len(word) > _LEAST_MIXED}) == 1


def _is_date(date: str) -> bool:
    """What stands after the place: a day, an agency after it, or the land that the place is in."""
    if len(date) > _LONGEST_DATE or ":" in date or ";" in date or "  " in date:
        return False
    before, _, desk = date.strip().rpartition(". ")
    day = _DAY.fullmatch(before if before and _names_agency(desk) else date)
    words = re.split(r"[\s,，.]+", day["land"] if day else date)
    return len(words) <= _MOST_DATE_WORDS and not any(
        word[:1].islower() and word not in _JOINING for word in words if not day or word
    )


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


@functools.lru_cache(maxsize=4096)
def _names_agency(sign: str) -> bool:
    """Whether agencies sign so: `AFP`, `dpa/lni`, `avec Reuters`, `Reuters, Jane Doe`."""
    return any(map(_is_agency, [sign, *_signers(sign)]))


def _is_signature(sign: str) -> bool:
    """Whether it is nothing but agencies' signs and initials: `dpa abc`, `AFP, Reuters`."""
    signers = _signers(sign)
    return any(map(_is_signer, signers)) and all(
        _is_signer(one) or one.casefold() in _CREDITING or all(map(_is_initials, one.split()))
        for one in signers
    )


def _is_signer(sign: str) -> bool:
    if len(sign) <= _LONGEST_FIRST_NAME and sign.istitle():  # « Sid » is a man, SID an agency
        return False
    first, *others = sign.split() or [""]
    return _is_agency(sign) or (_is_agency(first) and all(map(_is_initials, others)))


def _is_initials(word: str) -> bool:
    return _INITIALS.fullmatch(word) is not None


def _signers(sign: str) -> list[str]:
    found = _WITH.match(sign)
    return _BETWEEN_SIGNS.split(sign[found.end() if found else 0 :].strip(" .…*_"))


@functools.lru_cache(maxsize=4096)
def _is_agency(sign: str) -> bool:
    return sign.casefold() in _TAGS or agency_by_name(sign) is not None


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
        start = text.rfind("/", max(0, closed - _LONGEST_SIGN), closed - 1)
        inside = text[start + 1 : closed - 1]
        is_sign = start >= 0 and (_names_agency(inside) or (inside.isupper() and len(inside) < 9))
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
    is_short = len(inside) <= _LONGEST_SIGN and inside[-1:] not in (".", "!", "?")
    is_initials = is_last and _INITIALS.fullmatch(inside) is not None
    return is_short and (is_initials or _names_agency(inside) or (is_last and _is_with(inside)))


def _is_with(sign: str) -> bool:
    """« avec Cormoran », whoever that is."""
    found = _WITH.match(sign)
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
    is_sign = len(last) <= _LONGEST_SIGN and (
        ("/" in last and _INITIALS.fullmatch(last) is not None) or _is_signature(last)
    )
    if not is_sign and not _stands_last(last):
        return None
    # « he told\nReuters. » is a sentence that is wrapped.
    is_wrapped = last[-1] in ".。" and not _follows_sentence(text, _trimmed(text, start))
    return None if is_wrapped else start


def _stands_last(sentence: str) -> bool:
    """Whether the last sentence, or what stands in brackets there, is a foot."""
    found = _PHRASE.match(sentence) if _BEGUN.match(sentence) else None
    return found is not None and _is_foot(found, sentence[found.end() :].lstrip())
