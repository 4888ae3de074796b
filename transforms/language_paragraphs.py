"""Stretches of an article in another language than the article: a quotation, a second version.

cld2, which has heard the whole text anyway, says whether there may be any; only then paragraphs are
looked at. A stretch needs enough letters, and both fast voices or the script, and more function
words of its language than of the article's: three words of English make none, nor does a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.article import Article, LanguageStretch
from transforms.language_voices import (
    MAX_CHARACTERS,
    Heard,
    LanguageVerdict,
    ask_langid,
    candidates_of,
    clean_text,
    count_words,
    cut_sample,
    fast_voices_agree,
    hear,
    language_data,
    letters_of,
    may_be_called,
    primary,
    scripts_of,
    tag_of,
)

# An ideograph, kana or syllable says as much as two letters, and counts as two.
MIN_LETTERS = 80
MAX_LETTERS = 300

_FIELDS = ("headline", "description_text", "body_text")
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    start: int
    end: int
    # Language and tag; None for the article's own, or for what does not say enough of itself.
    other: tuple[str, str | None] | None
    is_short: bool


def find_stretches(
    article: Article, verdict: LanguageVerdict, heard: Heard
) -> tuple[LanguageStretch, ...]:
    """The stretches of headline, standfirst and body, in this order; mostly none."""
    texts = {name: (getattr(article, name) or "")[:MAX_CHARACTERS] for name in _FIELDS}
    suspects = _suspects(texts, verdict, heard)
    if not suspects:
        return ()
    return tuple(
        LanguageStretch(name, start, end, *other)
        for name, text in texts.items()
        for start, end, other in _joined(_paragraphs(text, verdict, suspects))
    )


def _suspects(texts: dict[str, str], verdict: LanguageVerdict, heard: Heard) -> frozenset[str]:
    """Languages that a stretch may be in."""
    if verdict.language == "und":
        return frozenset()
    news = language_data().news
    others = {
        primary(code)
        for code in heard.codes
        if primary(code) in news and primary(code) != verdict.language
    }
    if verdict.language == "zh" and {"zh", "zh-Hant"} <= set(heard.codes):
        others.add("zh")
    # Of one language in two scripts cld2 says nothing.
    tags = language_data().tags.get(verdict.language)
    if tags:
        scripts = scripts_of(letters_of("".join(texts.values())))
        if sum(scripts[script] >= MIN_LETTERS for script in tags.values()) > 1:
            others |= may_be_called(verdict.language)
    return frozenset(others)


def _paragraphs(
    text: str, verdict: LanguageVerdict, suspects: frozenset[str]
) -> Iterator[_Paragraph]:
    start = 0
    for end, following in [*(gap.span() for gap in _BLANK_LINE.finditer(text)), (len(text),) * 2]:
        paragraph = text[start:end]
        inner = start + len(paragraph) - len(paragraph.lstrip())
        if paragraph.strip():
            sample = cut_sample(clean_text(paragraph), MAX_LETTERS)
            is_short = _letters_in(sample) < MIN_LETTERS
            other = None if is_short else _other(sample, verdict, suspects)
            yield _Paragraph(inner, start + len(paragraph.rstrip()), other, is_short)
        start = following


def _letters_in(sample: str) -> int:
    return sum(sign.isalpha() + (sign >= "\u2e80" and sign.isalpha()) for sign in sample)


def _other(
    sample: str, verdict: LanguageVerdict, suspects: frozenset[str]
) -> tuple[str, str | None] | None:
    heard = hear(sample)
    if heard.language not in suspects:
        return None
    letters = letters_of(sample)
    tag = tag_of(verdict.language, letters, heard)
    is_other_script = verdict.language in language_data().tags and tag != verdict.tag
    if is_other_script and {heard.language, ask_langid(sample)} <= may_be_called(verdict.language):
        return verdict.language, tag
    found = fast_voices_agree(sample, heard)
    if found is None or (found.language, found.tag) == (verdict.language, verdict.tag):
        return None
    if found.language != verdict.language and verdict.language in candidates_of(letters):
        words = count_words(sample, frozenset({found.language, verdict.language}))
        if words[found.language] <= words[verdict.language]:
            return None
    return found.language, found.tag


def _joined(
    paragraphs: Iterator[_Paragraph],
) -> Iterator[tuple[int, int, tuple[str, str | None]]]:
    """Neighbours in one language as one, with what is too short to tell between them."""
    open_one: tuple[int, int, tuple[str, str | None]] | None = None
    for paragraph in paragraphs:
        if paragraph.other is None:
            if open_one and not paragraph.is_short:
                yield open_one
                open_one = None
        elif open_one and open_one[2] == paragraph.other:
            open_one = (open_one[0], paragraph.end, paragraph.other)
        else:
            if open_one:
                yield open_one
            open_one = (paragraph.start, paragraph.end, paragraph.other)
    if open_one:
        yield open_one
