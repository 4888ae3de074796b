"""Language of a text: script check, then two fast voices, then a third where it may turn the scale.

The cascade of DESIGN.md §7; how it decides and how well is in docs/language.md. `pycld2` hears the
whole text, `py3langid` its opening: where both name a language that the script allows and that no
other has more function words than, that is it. Else the first 1,000 letters are weighed: what
py3langid gives each language the script allows, cld2's vote, function words, strange letters, and
the vote of `langdetect` if that may change the outcome. What a delivery declares decides nothing
but a narrow case, and a guess on a few letters is `und`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schemas.article import Article
from transforms.language_paragraphs import find_stretches
from transforms.language_voices import (
    Heard,
    LanguageVerdict,
    Letters,
    ask_langdetect,
    candidates_of,
    clean_text,
    count_words,
    cut_sample,
    fast_voices_agree,
    hear,
    letters_of,
    only_main_script,
    primary,
    rank_langid,
    strange_letters,
    tag_of,
    words_object,
)

MAX_LETTERS = 1_000
OPENING_LETTERS = 80
FEW_LETTERS = 20

METHODS = ("none", "script", "agreement", "weighed", "declared")

# Weights in function words: what one more of them says, so much says a strange letter against a
# language. py3langid's scores are logarithms of what it takes for independent; a dozen make one.
LANGID_SCALE = 12.0
VOTE = 0.5
# Fewer words ahead of the next than this: a declaration decides; and on few letters, nobody.
NARROW, GUESS = 0.5, 0.25

NO_LANGUAGE = LanguageVerdict("und", None, "none", 0.0)


def detect_language(text: str, declared: str | None = None) -> LanguageVerdict:
    """The language of a text; `und` instead of a guess. Pure: the same answer on any thread."""
    text = clean_text(text)
    return _decide(text, hear(text), declared)


def with_language(article: Article) -> Article:
    """The article with its language columns, found in headline, standfirst and body together."""
    parts = (article.headline, article.description_text, article.body_text)
    text = clean_text("\n\n".join(part for part in parts if part))
    heard = hear(text)
    verdict = _decide(text, heard, article.language_declared)
    return replace(
        article,
        language=verdict.language,
        language_tag=verdict.tag,
        language_method=verdict.method,
        language_agreement=verdict.agreement,
        language_paragraphs=find_stretches(article, verdict, heard),
    )


def without_language(article: Article) -> Article:
    """The article as it stands when detection failed on it: `und` and a warning."""
    warnings = tuple(sorted({*article.parse_warnings, "language_failed"}))
    return replace(article, language="und", parse_warnings=warnings)


def _decide(text: str, heard: Heard, declared: str | None) -> LanguageVerdict:
    found = fast_voices_agree(cut_sample(text, OPENING_LETTERS), heard)
    if found:
        return found
    sample = cut_sample(text, MAX_LETTERS)
    letters = letters_of(sample)
    candidates = candidates_of(letters)
    if not candidates:
        return NO_LANGUAGE
    if len(candidates) == 1:
        (language,) = candidates
        return LanguageVerdict(language, tag_of(language, letters, heard), "script", 1.0)
    return _weigh(sample, letters, candidates, heard, declared)


@dataclass(slots=True)
class _Scales:
    """What speaks for each language, in function words, and which voices were asked."""

    weights: dict[str, float]
    voices: list[str] = field(default_factory=list)

    def vote(self, voice: str, weight: float) -> None:
        voice = "no" if voice == "nn" and "nn" not in self.weights else voice
        self.voices.append(voice)
        if voice in self.weights:
            self.weights[voice] += weight

    def lead(self) -> tuple[str, float]:
        """The heaviest and how far the next one is behind; by name between equals."""
        first, *others = sorted(self.weights, key=lambda name: (-self.weights[name], name))
        behind = min((self.weights[first] - self.weights[name] for name in others), default=VOTE)
        return first, behind


def _weigh(
    sample: str,
    letters: Letters,
    candidates: frozenset[str],
    heard: Heard,
    declared: str | None,
) -> LanguageVerdict:
    # Bytes of another script would drown those of the one that most letters are in.
    sample = only_main_script(sample)
    ranked = rank_langid(sample)
    words = count_words(sample, candidates)
    first, second = next(iter(ranked)), heard.among(candidates)

    def verdict(language: str, method: str, voices: list[str]) -> LanguageVerdict:
        agreement = voices.count(language) / len(voices)
        return LanguageVerdict(language, tag_of(language, letters, heard), method, agreement)

    if first == second and not words_object(first, words):
        return verdict(first, "agreement", [first])
    scales = _Scales(_without_votes(ranked, letters, candidates, words))
    scales.vote(first, 0)  # its scores are on the scales
    scales.vote(second, VOTE)
    # Where it could not change the outcome, the slow voice is not asked.
    if scales.lead()[1] <= VOTE:
        scales.vote(ask_langdetect(sample), VOTE)
    language, behind = scales.lead()
    stated = primary(declared or "")
    if behind < NARROW and scales.weights[language] - scales.weights.get(stated, -99.0) < NARROW:
        return verdict(stated, "declared", scales.voices)
    if behind < GUESS and sum(letters.values()) < FEW_LETTERS:
        return NO_LANGUAGE
    return verdict(language, "weighed", scales.voices)


def _without_votes(
    ranked: dict[str, float], letters: Letters, candidates: frozenset[str], words: dict[str, int]
) -> dict[str, float]:
    best = max((ranked[name] for name in candidates if name in ranked), default=0.0)
    weights = {
        # Of a language that py3langid does not know it says nothing, so nothing against it.
        name: (ranked.get(name, best) - best) / LANGID_SCALE
        + words.get(name, 0)
        - strange_letters(name, letters)
        for name in candidates
    }
    # A few words without one that only Nynorsk has are Bokmål, which is ten times as frequent.
    if "nn" in weights and words.get("nn", 0) <= words.get("no", 0):
        weights["no"] = max(weights["no"], weights.pop("nn"))
    return weights
