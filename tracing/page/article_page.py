"""The page of an article: its text with what was found in it, versions, copies, sightings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tracing.article_model import ArticlePage, ArticleVersion
from tracing.page.absent import absent
from tracing.page.directions import CERTAIN, KINDS, WHY
from tracing.page.fields import FIELDS
from tracing.page.links import Links
from tracing.page.marked import Segment, Span, cut
from tracing.page.render import render
from tracing.trace_model import Words

# Fields that are shown as the article's text, in reading order.
_TEXTS: Final = ("headline", "description_text", "body_text")
# A phrase begins before the name that it holds, and not further away than this.
_REACH: Final = 400
REASONS: Final = {"founds": "it founded the story", "joins": "it joined the story"}


@dataclass(frozen=True, slots=True)
class Text:
    """A field of the shown version and its segments."""

    field: str
    label: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, and the one before it; None of the oldest."""

    version: ArticleVersion
    before: ArticleVersion | None


def article_page(article: ArticlePage, links: Links, now: dt.datetime) -> str:
    """An article as HTML."""
    shown = _shown(article)
    return render(
        "article.html.j2",
        sequence=article.sequence,
        page=article,
        article=article.article,
        shown=shown,
        texts=tuple(_texts(article, shown)) if shown else (),
        versions=_versions(article.versions),
        fields=FIELDS,
        link_kinds=KINDS,
        directions=WHY,
        certain=CERTAIN,
        reasons=REASONS,
        absent=absent(article.missing),
        links=links,
        now=now,
        is_exported=False,
    )


def _shown(article: ArticlePage) -> ArticleVersion | None:
    mine = (one for one in article.versions if one.version_id == article.article.version_id)
    return next(mine, None)


def _versions(newest_first: Sequence[ArticleVersion]) -> list[VersionRow]:
    before = (*newest_first[1:], None)
    return [VersionRow(*both) for both in zip(newest_first, before, strict=True)]


def _texts(article: ArticlePage, shown: ArticleVersion) -> Iterator[Text]:
    for field in _TEXTS:
        text = getattr(shown, field)
        # The headline stands over the page already; here it is shown for what was found in it.
        spans = list(_spans(article, field, text)) if text else []
        if text and (field != "headline" or spans):
            yield Text(field, FIELDS[field], tuple(cut(text, spans)))


def _spans(article: ArticlePage, field: str, text: str) -> Iterator[Span]:
    for credit in article.credits:
        if credit.words.field == field:
            yield Span(*_phrase(text, credit.phrase, credit.words), "credit")
    for quoted in article.quotes:
        if quoted.words.field == field:
            yield Span(quoted.words.start, quoted.words.end, "quote")
    for named in article.names:
        for words in named.places:
            if words.field == field:
                yield Span(words.start, words.end, "name", named.entity_id or "")


def _phrase(text: str, phrase: str, words: Words) -> tuple[int, int]:
    """Where the phrase stands that holds the words; the words alone where it does not."""
    start = text.find(phrase, max(words.start - _REACH, 0)) if phrase else -1
    is_around = 0 <= start <= words.start and words.end <= start + len(phrase)
    return (start, start + len(phrase)) if is_around else (words.start, words.end)
