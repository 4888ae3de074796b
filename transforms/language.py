"""Language of a text: script check, then two fast voices, then a third when they disagree.

The cascade of DESIGN.md §7. `py3langid` and `pycld2` are asked first, `langdetect` (seeded, warmed
once under a lock: cold threads return lasting wrong answers) only when they differ. At most the
first 1,000 letters are looked at. What a delivery declares decides nothing but a tie of voices.

Languages are primary subtags of BCP 47; both written forms of Norwegian but Nynorsk are `no`. The
tag carries a script where it tells two written languages apart (`zh-Hant`, `sr-Latn`), else None.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from schemas.article import Article

MAX_LETTERS = 1_000
FEW_LETTERS = 20
# A script decides alone if it is at least this share of the letters.
SCRIPT_SHARE = 0.3

METHODS = ("none", "script", "agreement", "majority", "declared", "first")

# Ranges of letters; kana comes before Han, for a text with both is Japanese.
_SCRIPTS: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("hangul", ((0xAC00, 0xD7A3), (0x1100, 0x11FF))),
    ("kana", ((0x3041, 0x30FA),)),
    ("han", ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))),
    ("thai", ((0x0E01, 0x0E3A),)),
    ("greek", ((0x0370, 0x03FF), (0x1F00, 0x1FFF))),
    ("hebrew", ((0x05D0, 0x05EA),)),
    ("georgian", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF))),
    ("armenian", ((0x0531, 0x0587),)),
)
_DECIDING = {
    "hangul": "ko",
    "kana": "ja",
    "han": "zh",
    "thai": "th",
    "greek": "el",
    "hebrew": "he",
    "georgian": "ka",
    "armenian": "hy",
}
_KANA_SHARE = 0.05  # Japanese news is half Han; a few kana in Chinese are a quotation
_SAME = {
    "nb": "no",
    "iw": "he",
    "in": "id",
    "jw": "jv",
    "zh-cn": "zh",
    "zh-tw": "zh",
    "zh-hant": "zh",
}


@dataclass(frozen=True, slots=True)
class LanguageVerdict:
    """The language, how it was found (`METHODS`) and the share of voices that agreed."""

    language: str
    tag: str | None
    method: str
    agreement: float


NO_LANGUAGE = LanguageVerdict("und", None, "none", 0.0)


def detect_language(text: str, declared: str | None = None) -> LanguageVerdict:
    """The language of a text; `und` instead of a guess. Pure: the same answer on any thread."""
    sample, letters, scripts = sample_letters(text)
    if not letters:
        return NO_LANGUAGE
    decided = _by_script(scripts, letters)
    if decided == "zh":
        return LanguageVerdict("zh", _chinese_tag(sample), "script", 1.0)
    if decided:
        return LanguageVerdict(decided, None, "script", 1.0)
    return _by_voices(sample, letters, declared)


def with_language(article: Article) -> Article:
    """The article with its language columns, found in headline, standfirst and body together."""
    parts = (article.headline, article.description_text, article.body_text)
    verdict = detect_language("\n".join(part for part in parts if part), article.language_declared)
    return replace(
        article,
        language=verdict.language,
        language_tag=verdict.tag,
        language_method=verdict.method,
        language_agreement=verdict.agreement,
    )


def sample_letters(text: str) -> tuple[str, int, Counter[str]]:
    """The start of the text up to `MAX_LETTERS` letters, their number, and those of each script."""
    scripts: Counter[str] = Counter()
    letters = 0
    for position, char in enumerate(text):
        if char.isalpha():
            letters += 1
            if ord(char) > 0x036F:
                scripts[_script_of(char)] += 1
            if letters == MAX_LETTERS:
                return text[: position + 1], letters, scripts
    return text, letters, scripts


def _by_script(scripts: Counter[str], letters: int) -> str | None:
    east = scripts["kana"] + scripts["han"]
    if east >= SCRIPT_SHARE * letters:
        return "ja" if scripts["kana"] >= _KANA_SHARE * east else "zh"
    for script, language in _DECIDING.items():
        if scripts[script] >= SCRIPT_SHARE * letters:
            return language
    return None


def _by_voices(sample: str, letters: int, declared: str | None) -> LanguageVerdict:
    first, second = _ask_langid(sample), _ask_cld2(sample)
    if first == second:
        return LanguageVerdict(first, _tag(first, sample), "agreement", 1.0)
    third = _ask_langdetect(sample)
    language, votes = Counter((first, second, third)).most_common(1)[0]
    if votes > 1 and language != "und":
        return LanguageVerdict(language, _tag(language, sample), "majority", votes / 3)
    stated = (declared or "").split("-")[0].split("_")[0].lower()
    if stated and _SAME.get(stated, stated) in (first, second, third):
        stated = _SAME.get(stated, stated)
        return LanguageVerdict(stated, _tag(stated, sample), "declared", 1 / 3)
    if letters < FEW_LETTERS:
        return NO_LANGUAGE
    return LanguageVerdict(first, _tag(first, sample), "first", 1 / 3)


def _ask_langid(sample: str) -> str:
    import py3langid

    return _primary(py3langid.classify(sample)[0])


def _ask_cld2(sample: str) -> str:
    return _primary(_cld2(sample))


def _cld2(sample: str) -> str:
    import pycld2

    try:
        _, _, found = pycld2.detect(sample, bestEffort=True)
    except pycld2.error:
        return "und"
    code: str = found[0][1]
    return "und" if code == "un" else code


def _ask_langdetect(sample: str) -> str:
    try:
        return _primary(_langdetect()(sample))
    except _langdetect_error():
        return "und"


_warming = threading.Lock()


@cache
def _langdetect() -> Callable[[str], str]:
    from langdetect import DetectorFactory, detect

    with _warming:
        DetectorFactory.seed = 0
        detect("The first call loads every profile.")
    found: Callable[[str], str] = detect
    return found


@cache
def _langdetect_error() -> type[Exception]:
    from langdetect.lang_detect_exception import LangDetectException

    error: type[Exception] = LangDetectException
    return error


def _primary(code: str) -> str:
    code = code.lower()
    return _SAME.get(code, code.split("-")[0])


def _chinese_tag(sample: str) -> str | None:
    return "zh-Hant" if _cld2(sample) == "zh-Hant" else "zh-Hans"


def _tag(language: str, sample: str) -> str | None:
    if language != "sr":
        return None
    cyrillic = sum("\u0400" <= char <= "\u04ff" for char in sample)
    return "sr-Cyrl" if cyrillic * 2 > len(sample.replace(" ", "")) else "sr-Latn"


def _script_of(char: str) -> str:
    point = ord(char)
    for script, ranges in _SCRIPTS:
        if any(low <= point <= high for low, high in ranges):
            return script
    return "other"
