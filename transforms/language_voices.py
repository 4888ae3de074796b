"""The voices that `transforms/language.py` and `language_paragraphs.py` ask, and what a text shows.

`py3langid` (restricted to languages that news is written in), `pycld2` and `langdetect` (seeded,
warmed once under a lock: cold threads return lasting wrong answers); the scripts, alphabets and
function words of `language.toml`. Languages are primary subtags of BCP 47 everywhere but in
`Heard`. Norwegian is `no`, as all three voices and most feeds' declarations have it; `nb` is folded
into it and Nynorsk keeps `nn`.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

# cld2 hears so many characters of a text; it takes a millisecond for them.
MAX_CHARACTERS = 30_000
# However few of them are letters, a sample ends here.
MAX_SAMPLE = 8_000
# A script settles the candidates if it has half of the letters; an ideograph says more than one
# letter does, so the East Asian ones need less.
SCRIPT_SHARE, EAST_SHARE = 0.5, 0.3
KANA_SHARE = 0.05  # Japanese news is half Han; a few kana in Chinese are a quotation

Letters = Mapping[str, int]

_NOT_WORDS = re.compile(r"(?:https?://|www\.)\S{1,2000}|[@#][\w.]{1,100}")
_SIGNS_OF_THOSE = ("://", "www.", "@", "#")
_APOSTROPHES = str.maketrans("'’", "  ")
_AROUND_WORDS = '.,;:!?"“”„«»()[]-–—…।،؟۔'


@dataclass(frozen=True, slots=True)
class LanguageVerdict:
    """The language, how it was found (`METHODS`) and the share of voices that agreed."""

    language: str
    tag: str | None
    method: str
    agreement: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What cld2 hears in a text: at most three of its codes (`zh-Hant`), most text first."""

    codes: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """Primary subtag of what most of the text is in; `und` for nothing."""
        return primary(self.codes[0]) if self.codes else "und"

    def among(self, candidates: frozenset[str]) -> str:
        """The first that is one of them: cld2 counts bytes, not letters."""
        return next((primary(code) for code in self.codes if primary(code) in candidates), "und")


def clean_text(text: str) -> str:
    """The start of a text that voices are given: no addresses, handles, lone surrogates."""
    text = text[:MAX_CHARACTERS]
    if any(sign in text for sign in _SIGNS_OF_THOSE):
        text = _NOT_WORDS.sub(" ", text)
    # A lone surrogate fits in no UTF-8, and cld2 reads that.
    return text.encode("utf-8", "replace").decode("utf-8")


def cut_sample(text: str, letters: int) -> str:
    """The start of a text, up to so many letters or `MAX_SAMPLE` characters."""
    end = found = 0
    # What is still to be found may be added at once: it cannot have more letters than signs.
    while found < letters and end < min(len(text), MAX_SAMPLE):
        start, end = end, min(end + letters - found, MAX_SAMPLE)
        found += sum(map(str.isalpha, text[start:end]))
    return text[:end]


def letters_of(sample: str) -> Letters:
    """Each letter in small, and how often it stands in the sample."""
    return {sign: n for sign, n in Counter(sample.lower()).items() if sign.isalpha()}


def candidates_of(letters: Letters) -> frozenset[str]:
    """The languages that the script leaves: one if it decides alone, none for no letters."""
    if not letters:
        return frozenset()
    scripts = scripts_of(letters)
    total = scripts.total()
    east = scripts["kana"] + scripts["han"] + scripts["hangul"]
    if east >= EAST_SHARE * total:
        if scripts["hangul"] >= EAST_SHARE * east:
            return frozenset({"ko"})
        return frozenset({"ja"} if scripts["kana"] >= KANA_SHARE * east else {"zh"})
    script = _main_script(scripts)
    return language_data().writers.get(script, _news()) if script else _news()


def only_main_script(sample: str) -> str:
    """The sample with blanks for letters of other scripts than the one that settles it, if any."""
    script = _main_script(scripts_of(letters_of(sample)))
    if script is None:
        return sample
    return "".join(
        sign if not sign.isalpha() or _script_of(sign) == script else " " for sign in sample
    )


def _main_script(scripts: Counter[str]) -> str | None:
    script, count = scripts.most_common(1)[0]
    return script if count >= SCRIPT_SHARE * scripts.total() else None


def scripts_of(letters: Letters) -> Counter[str]:
    """How many letters are in each script of `language.toml`, or `other`."""
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[_script_of(letter)] += count
    return scripts


def fast_voices_agree(sample: str, heard: Heard) -> LanguageVerdict | None:
    """What script and cld2, or py3langid and cld2, both say, unless the words say otherwise."""
    letters = letters_of(sample)
    candidates = candidates_of(letters)
    language = heard.language
    if language not in candidates:
        return None
    if len(candidates) == 1:
        return LanguageVerdict(language, tag_of(language, letters, heard), "script", 1.0)
    if ask_langid(sample) not in may_be_called(language):
        return None
    if words_object(language, count_words(sample, candidates)):
        return None
    return LanguageVerdict(language, tag_of(language, letters, heard), "agreement", 1.0)


def may_be_called(language: str) -> frozenset[str]:
    """What py3langid may call the language: its name, and others where it does not know better."""
    return language_data().close.get(language, frozenset()) | {language}


def count_words(sample: str, candidates: frozenset[str]) -> Counter[str]:
    """How many of the sample's words are function words of each of the candidates."""
    writers = language_data().words
    words = sample.lower().translate(_APOSTROPHES).split()
    return Counter(
        language
        for word in words
        for language in writers.get(word.strip(_AROUND_WORDS), ())
        if language in candidates
    )


def words_object(language: str, words: Counter[str]) -> bool:
    """Whether another language has more function words in the sample."""
    return bool(words) and words[language] < max(words.values())


def strange_letters(language: str, letters: Letters) -> int:
    """Letters that neither the alphabet of the language nor a to z has; 0 if it is not known."""
    alphabet = language_data().alphabets.get(language)
    if alphabet is None:
        return 0
    return sum(
        count for letter, count in letters.items() if letter > "z" and letter not in alphabet
    )


def tag_of(language: str, letters: Letters, heard: Heard) -> str | None:
    """The tag with script, where news in one language is written in two; else None."""
    if language == "zh":
        traditional, simplified = language_data().chinese
        more = sum(
            count * ((sign in traditional) - (sign in simplified))
            for sign, count in letters.items()
        )
        if more:
            return "zh-Hant" if more > 0 else "zh-Hans"
        written = next((code for code in heard.codes if primary(code) == "zh"), "zh")
        return "zh-Hant" if written == "zh-Hant" else "zh-Hans"
    tags = language_data().tags.get(language)
    if tags is None:
        return None
    scripts = scripts_of(letters)
    return max(sorted(tags), key=lambda tag: scripts[tags[tag]])


def ask_langid(sample: str) -> str:
    """py3langid's language."""
    return primary(_langid().classify(sample)[0])


def rank_langid(sample: str) -> dict[str, float]:
    """py3langid's logarithmic score of each language, best first; of close ones the best."""
    scores: dict[str, float] = {}
    for name, score in _langid().rank(sample):
        scores.setdefault(primary(name), score)
    for name in language_data().close:
        scores[name] = max(scores[other] for other in may_be_called(name))
    return scores


def hear(text: str) -> Heard:
    """What cld2 hears in the whole of a cleaned text."""
    import pycld2

    try:
        _, _, found = pycld2.detect(text, isPlainText=True, bestEffort=True)
    except pycld2.error:
        # Control characters, which it takes for broken UTF-8.
        text = "".join(sign if sign.isprintable() else " " for sign in text)
        _, _, found = pycld2.detect(text, isPlainText=True, bestEffort=True)
    return Heard(tuple(code for _, code, share, _ in found if share and code != "un"))


def ask_langdetect(sample: str) -> str:
    """langdetect's language; `und` if it finds nothing to go by."""
    from langdetect.lang_detect_exception import LangDetectException

    try:
        return primary(_langdetect()(sample))
    except LangDetectException:
        return "und"


def primary(code: str) -> str:
    """The primary subtag of a tag, in our naming: `nb-NO` is `no`."""
    return _primary(code) if len(code) < 40 else "und"


# Deliveries declare what they like: what is remembered is bounded.
@lru_cache(maxsize=1_000)
def _primary(code: str) -> str:
    subtag = re.split("[-_]", code.strip().lower())[0]
    return language_data().same.get(subtag, subtag)


# `cache` lets every thread that comes before the first is done load a model of its own.
_loading = threading.Lock()


def _langid() -> Any:
    with _loading:
        return _load_langid()


@cache
def _load_langid() -> Any:
    import numpy
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    # An identifier of our own: restricting the module's would change it for everybody else.
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([name for name in identifier.labels if primary(name) in _news()])
    # Choosing columns leaves the table by columns, and it is read by rows: a third of the time.
    identifier.nb_ptc = numpy.ascontiguousarray(identifier.nb_ptc)
    return identifier


def _langdetect() -> Callable[[str], str]:
    with _loading:
        return _load_langdetect()


@cache
def _load_langdetect() -> Callable[[str], str]:
    from langdetect import DetectorFactory, detect

    DetectorFactory.seed = 0
    detect("The first call loads every profile.")
    found: Callable[[str], str] = detect
    return found


@cache
def _script_of(letter: str) -> str:
    if letter < "\u0370":
        return "latin"
    point = ord(letter)
    for script, ranges in language_data().scripts.items():
        if any(low <= point <= high for low, high in ranges):
            return script
    return "other"


@dataclass(frozen=True, slots=True)
class LanguageData:
    """`language.toml`, as sets; `words` says of a word which languages have it."""

    news: frozenset[str]
    scripts: dict[str, tuple[tuple[int, int], ...]]
    writers: dict[str, frozenset[str]]
    alphabets: dict[str, frozenset[str]]
    words: dict[str, tuple[str, ...]]
    chinese: tuple[frozenset[str], frozenset[str]]
    tags: dict[str, dict[str, str]]
    close: dict[str, frozenset[str]]
    same: dict[str, str]


@cache
def language_data() -> LanguageData:
    """What `language.toml` says."""
    stored: dict[str, Any] = tomllib.loads(
        (files("transforms") / "language.toml").read_text("utf-8")
    )
    scripts = stored["scripts"]
    return LanguageData(
        frozenset(stored["news"].split()),
        {name: _ranges(script["ranges"]) for name, script in scripts.items()},
        {name: frozenset(script["languages"].split()) for name, script in scripts.items()},
        {name: frozenset(letters) for name, letters in stored["alphabets"].items()},
        _by_word({name: words.split() for name, words in stored["words"].items()}),
        (
            frozenset(pair[0] for pair in stored["chinese"].split()),
            frozenset(pair[1] for pair in stored["chinese"].split()),
        ),
        stored["tags"],
        {name: frozenset(others.split()) for name, others in stored["close"].items()},
        stored["same"],
    )


def _news() -> frozenset[str]:
    return language_data().news


def _by_word(words: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    languages: dict[str, list[str]] = {}
    for name, listed in words.items():
        for word in listed:
            languages.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in languages.items()}


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (piece.partition("-") for piece in text.split())
    return tuple((int(low, 16), int(high, 16)) for low, _, high in pairs)
