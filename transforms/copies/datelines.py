"""Where a dateline ends: a place, a day and an agency before a text, in any of their orders."""

from __future__ import annotations

import re
from typing import Final

from transforms.copies.phrases import DATA, JOINING
from transforms.copies.signs import LONGEST_SIGN, names_agency

_MOST_PLACE_WORDS, _MOST_DATE_WORDS, _LONGEST_DATE = 6, 6, 40
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_LONGEST_UNSPACED: Final = 10
_LEAST_MIXED: Final = 2
# A place without a date or an agency: shorter ones in capitals are other words (US, UN, TV).
_LEAST_PLACE, _MOST_ALONE = 4, 3
# A place and a date: what stands before the first bracket, stroke or dash.
PLACED: Final = (
    r"(?=[^\W\d_a-z])[^\n()（）/\[\]—–-]{1,60}+"
    r"(?:(?:-(?![ -])|(?<=\w)/(?=\w))[^\n()（）/\[\]—–-]{0,40}+){0,3}+"
)
_DASH: Final = r"[ \u00a0]?(?:--|[—–-])[ \u00a0]"
_CHINESE: Final = [re.compile(form) for form in DATA["datelines"]]
_SIGN_FIRST: Final = re.compile(
    rf"[(（\[](?P<sign>[^()（）\[\]\n]{{2,40}})[)）\]](?P<dash>{_DASH})?"
)
_DATELINE: Final = re.compile(
    rf"(?P<where>{PLACED})"
    r"(?:(?:[(（\[](?P<sign>[^()（）\[\]\n]{2,40})[)）\]]|/(?P<tag>[^/\n]{2,30})/)"
    r"(?P<end>[ \u00a0]?[.:：]?[ \u00a0]?(?:--|[—–-]{1,2}|_(?=[ \u00a0]))?)"
    r"|(?P<dash>(?:--|[—–-])[ \u00a0]))"
)
# « МОСКВА, 3 мар — РИА Новости, Иван Иванов. »
_DESK: Final = re.compile(r"(?P<sign>[^\n.,—–-]{2,30})(?:, [^\n.]{3,40})?\.(?=\s)")
_WHERE: Final = re.compile(r"(?P<place>[^\W\d_][^,，.:;\d]*+)(?P<date>.*)")
_MONTH: Final = rf"(?:{'|'.join(map(re.escape, DATA['months']))})\w*\.?"
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


def dateline_end(text: str, at: int, is_first: bool) -> int | None:
    """Where the story goes on after a dateline; it must be certain beyond the text's start."""
    for form in () if text[at : at + 1].isalpha() and text[at] < "\u2e80" else _CHINESE:
        found = form.match(text, at, at + LONGEST_SIGN)
        if found:
            return found.end()
    end = at
    found = _SIGN_FIRST.match(text, at)
    if found and (names_agency(found["sign"]) or (is_first and found["dash"])):
        end = found.end()
    found = _DATELINE.match(text, end)
    where = _WHERE.fullmatch(found["where"].strip()) if found else None
    if found and where and _is_place(where["place"]) and _is_date(where["date"]):
        if found["dash"]:
            end = _end_of_dashed(text, found.end(), where, is_first) or end
        elif _is_signed(found, where, is_first):
            end = found.end()
    found = _AND_DAY.match(text, at) if is_first and end == at else None
    if found and (found["sign"].isupper() or names_agency(found["sign"])):
        end = found.end()
    return end if end > at else None


def _is_signed(found: re.Match[str], where: re.Match[str], is_first: bool) -> bool:
    """Whether a place and what stands in brackets are a dateline, not a name and its party."""
    sign, ends = found["sign"] or found["tag"], bool(found["end"].strip())
    is_upper, is_dated = where["place"].isupper(), _DAY.fullmatch(where["date"]) is not None
    if names_agency(sign):
        return ends or is_upper or is_dated
    is_name = not sign[0].islower() and not _has_digit(sign)
    return ends and is_name and (is_dated or (is_upper and is_first))


def _end_of_dashed(text: str, end: int, where: re.Match[str], is_first: bool) -> int | None:
    """The end of a place before a dash, and of the desk's name after it."""
    date, _, desk = where["date"].strip().rpartition(". ")
    if date and names_agency(desk):  # « Москва. 3 марта. ИНТЕРФАКС - »
        return end if _DAY.fullmatch(date) else None
    is_dated = where["date"][:1] in (",", ".") and _DAY.fullmatch(where["date"]) is not None
    found = _DESK.match(text, end) if is_dated else None
    if found and names_agency(found["sign"]):
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
    words = [word for word in words if word not in JOINING]
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
    day = _DAY.fullmatch(before if before and names_agency(desk) else date)
    words = re.split(r"[\s,，.]+", day["land"] if day else date)
    return len(words) <= _MOST_DATE_WORDS and not any(
        word[:1].islower() and word not in JOINING for word in words if not day or word
    )


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)
