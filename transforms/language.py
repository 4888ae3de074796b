"""Language of a text: script check, then two fast voices, then a third when they disagree.

The cascade of DESIGN.md §7. `py3langid` and `pycld2` are asked first, `langdetect` (seeded, warmed
once under a lock: cold threads return lasting wrong answers) only when they differ. At most the
first 1,000 letters are looked at. Voices count only for languages that news is written in and that
the script allows; between voices that differ, one whose alphabet lacks a letter of the text is
struck. What a delivery declares decides nothing but a tie of voices.

Languages are primary subtags of BCP 47. Norwegian is `no`, as all three voices and most feeds'
declarations have it; `nb` is folded into it and Nynorsk keeps `nn`, but its votes count for `no`
where they would be lost. The tag carries a script where one language has two (`zh-Hant`,
`sr-Latn`), else None.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.article import Article

MAX_LETTERS = 1_000
FEW_LETTERS = 20
# However few of them are letters, no more characters are looked at.
MAX_CHARACTERS = 8_000
# A script settles the candidates if it has half of the letters; an ideograph says more than one
# letter does, so the East Asian ones need less.
SCRIPT_SHARE, EAST_SHARE = 0.5, 0.3
KANA_SHARE = 0.05  # Japanese news is half Han; a few kana in Chinese are a quotation

METHODS = ("none", "script", "agreement", "majority", "declared", "first")

_NOT_WORDS = re.compile(r"(?:https?://|www\.)\S{1,2000}|[@#][\w.]{1,100}")


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
    sample = cut_sample(text)
    letters = Counter(filter(str.isalpha, sample.lower()))
    if not letters:
        return NO_LANGUAGE
    candidates = _candidates(letters)
    if len(candidates) > 1:
        return _by_voices(sample, letters, candidates, declared)
    (language,) = candidates
    return LanguageVerdict(language, _tag(language, sample, letters), "script", 1.0)


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


def without_language(article: Article) -> Article:
    """The article as it stands when detection failed on it: `und` and a warning."""
    warnings = tuple(sorted({*article.parse_warnings, "language_failed"}))
    return replace(article, language="und", parse_warnings=warnings)


def cut_sample(text: str) -> str:
    """The start of the text up to `MAX_LETTERS` letters, without addresses, handles, surrogates."""
    text = _NOT_WORDS.sub(" ", text[:MAX_CHARACTERS])
    # A lone surrogate fits in no UTF-8, and cld2 reads that.
    text = text.encode("utf-8", "replace").decode("utf-8")
    letters = 0
    for position, char in enumerate(text):
        letters += char.isalpha()
        if letters == MAX_LETTERS:
            return text[: position + 1]
    return text


def _candidates(letters: Counter[str]) -> frozenset[str]:
    """The languages that the script leaves; one of them if it decides alone."""
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[_script_of(letter)] += count
    east = scripts["kana"] + scripts["han"] + scripts["hangul"]
    if east >= EAST_SHARE * letters.total():
        if scripts["hangul"] >= EAST_SHARE * east:
            return frozenset({"ko"})
        return frozenset({"ja"} if scripts["kana"] >= KANA_SHARE * east else {"zh"})
    script, count = scripts.most_common(1)[0]
    return (
        _data().writers.get(script, _data().news)
        if count >= SCRIPT_SHARE * letters.total()
        else _data().news
    )


def _by_voices(
    sample: str, letters: Counter[str], candidates: frozenset[str], declared: str | None
) -> LanguageVerdict:
    def verdict(language: str, method: str, agreement: float) -> LanguageVerdict:
        return LanguageVerdict(language, _tag(language, sample, letters), method, agreement)

    pair = [_primary(_ask_langid(sample)), _primary(_ask_cld2(sample))]
    if pair[0] == pair[1] and pair[0] in candidates:
        return verdict(pair[0], "agreement", 1.0)
    named = [*pair, _primary(_ask_langdetect(sample))]
    voices = _fitting([voice for voice in named if voice in candidates], letters)
    language, votes = _most_named(voices)
    if votes > 1:
        return verdict(language, "majority", votes / 3)
    stated = _primary(declared or "")
    if stated in voices:
        return verdict(stated, "declared", 1 / 3)
    if letters.total() < FEW_LETTERS or not voices:
        return NO_LANGUAGE
    return verdict(voices[0], "first", 1 / 3)


def _most_named(voices: list[str]) -> tuple[str, int]:
    votes = Counter(voices)
    if votes["nn"] == votes["no"] == 1:
        return "no", 2
    return votes.most_common(1)[0] if voices else ("und", 0)


def _fitting(voices: list[str], letters: Counter[str]) -> list[str]:
    """The voices whose alphabet has most of the letters that not every alphabet has."""
    strange = {voice: _strange_letters(voice, letters) for voice in voices}
    least = min(strange.values(), default=0)
    return [voice for voice in voices if strange[voice] == least]


def _strange_letters(language: str, letters: Counter[str]) -> int:
    alphabet = _data().alphabets.get(language)
    if alphabet is None:
        return 0
    return sum(
        count for letter, count in letters.items() if letter > "z" and letter not in alphabet
    )


def _ask_langid(sample: str) -> str:
    return str(_langid()(sample)[0])


def _ask_cld2(sample: str) -> str:
    import pycld2

    try:
        _, _, found = pycld2.detect(sample, bestEffort=True)
    except pycld2.error:
        return "und"
    return str(found[0][1])


def _ask_langdetect(sample: str) -> str:
    from langdetect.lang_detect_exception import LangDetectException

    try:
        return _langdetect()(sample)
    except LangDetectException:
        return "und"


_loading = threading.Lock()


@cache
def _langid() -> Callable[[str], tuple[str, float]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    # An identifier of our own: restricting the module's would change it for everybody else.
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = set(identifier.labels)
    identifier.set_languages([name for name in known if _primary(name) in _data().news])
    found: Callable[[str], tuple[str, float]] = identifier.classify
    return found


@cache
def _langdetect() -> Callable[[str], str]:
    from langdetect import DetectorFactory, detect

    with _loading:
        DetectorFactory.seed = 0
        detect("The first call loads every profile.")
    found: Callable[[str], str] = detect
    return found


def _primary(code: str) -> str:
    primary = re.split("[-_]", code.strip().lower())[0]
    return _data().same.get(primary, primary)


def _tag(language: str, sample: str, letters: Counter[str]) -> str | None:
    if language == "zh":
        return "zh-Hant" if _ask_cld2(sample) == "zh-Hant" else "zh-Hans"
    if language == "sr":
        cyrillic = sum(
            count for letter, count in letters.items() if _script_of(letter) == "cyrillic"
        )
        return "sr-Cyrl" if cyrillic * 2 > letters.total() else "sr-Latn"
    return None


@cache
def _script_of(letter: str) -> str:
    if letter < "\u0370":
        return "latin"
    point = ord(letter)
    for script, ranges in _data().scripts.items():
        if any(low <= point <= high for low, high in ranges):
            return script
    return "other"


@dataclass(frozen=True, slots=True)
class _LanguageData:
    """`language.toml`, as sets."""

    news: frozenset[str]
    scripts: dict[str, tuple[tuple[int, int], ...]]
    writers: dict[str, frozenset[str]]
    alphabets: dict[str, frozenset[str]]
    same: dict[str, str]


@cache
def _data() -> _LanguageData:
    stored: dict[str, Any] = tomllib.loads(
        (files("transforms") / "language.toml").read_text("utf-8")
    )
    scripts = stored["scripts"]
    return _LanguageData(
        frozenset(stored["news"].split()),
        {name: _ranges(script["ranges"]) for name, script in scripts.items()},
        {name: frozenset(script["languages"].split()) for name, script in scripts.items()},
        {name: frozenset(letters) for name, letters in stored["alphabets"].items()},
        stored["same"],
    )


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (piece.partition("-") for piece in text.split())
    return tuple((int(low, 16), int(high, 16)) for low, _, high in pairs)
