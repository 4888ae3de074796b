"""The full text of a feed's entry: which entries lack it, and what their page adds.

The entry stays what it is: its identity, headline and dates are the feed's, so that the feed's
summary, shown for days, is known again as a truncation of the full text. The text is the page's,
and so is what the feed did not state. The row says which is which (`entry_uri`, `entry_columns`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from urllib.parse import urlsplit

from schemas.article import Article
from transforms.delivery import Delivery, find_keys, to_article
from transforms.fingerprint import content_hash, fingerprint, fold, words_of
from transforms.reject import source_of
from transforms.urls import REDACTED

# Of a staged delivery (`transforms.delivery.STAGED`), for `lacks_text`.
SUMMARY_COLUMNS: Final = (
    "url", "body_text", "description_text", "control", "pubstatus", "fp_marked",
)  # fmt: skip
# Longer than a synopsis (`transforms.parse.feed`): a whole text, unless it breaks off.
MAX_SUMMARY: Final = 600
# "The post … appeared first on …" and "Read more" come after where a summary was cut.
_LAST_PARAGRAPHS: Final = 2
_CUT = re.compile(r"(?:…|\.\.\.)[\])]?\s*$")
# Of the words of headline and summary, so many are on the page: docs/decisions/0009.
MIN_SHARED: Final = 0.4
_MIN_WORD: Final = 4
_STEM: Final = 4
# What the page may say where the feed says nothing; each of these columns stands for itself.
_FILLED: Final = (
    "canonical_url", "outlet_name", "provider", "headline", "dateline", "byline", "creditline",
    "authors", "language_declared", "versioncreated", "genre", "subjects", "keywords", "media",
    "copyrightholder", "usageterms", "places",
)  # fmt: skip
# These say together when it was published.
_PUBLISHED: Final = ("published", "published_raw", "published_source", "published_tz_known", "date")
# Where the bytes came from and what was odd in them is about the page.
_OF_PAGE: Final = ("source_uri", "source_format", "raw_sha256", "encoding")
# Nobody stated these: they were derived, or are ours.
_DERIVED: Final = frozenset(
    (*_OF_PAGE, "word_count", "article_id", "version_id", "outlet", "outlet_rule",
     "normalized_url", "pubstatus", "published_source", "published_tz_known", "content_hash",
     "parse_warnings", "run_id", "first_seen", "date", "language", "entry_uri", "entry_columns")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed stated of an article whose page is fetched."""

    article: Article
    control_hash: str
    feed: str | None


class OtherArticle(ValueError):
    """The page is about something else: a front page, a notice, the wrong article."""


def lacks_text(row: Mapping[str, Any]) -> bool:
    """Does a staged delivery hold a summary only? `row` needs `SUMMARY_COLUMNS`.

    That is: no body; or a short one and no summary beside it, or one that was cut.
    """
    body = row["body_text"]
    if row["control"] or row["pubstatus"] != "usable" or not _may_be_article(row["url"]):
        return False
    if body is None:
        return True
    last = body.split("\n\n")[-_LAST_PARAGRAPHS:]
    is_cut = row["fp_marked"] or any(map(_CUT.search, last))
    return row["description_text"] is None and (len(body) <= MAX_SUMMARY or is_cut)


def _may_be_article(url: str | None) -> bool:
    """The root of a site is none, unless a query names one; nor what lost a part as a secret."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    is_whole = REDACTED not in (url or "")
    is_page = bool(parts.path.strip("/") or parts.query)
    return parts.scheme in ("http", "https") and is_page and is_whole


def to_entry(row: Mapping[str, Any]) -> Entry:
    """The entry of a staged row; what stood in for the body is its summary."""
    article = to_article(dict(row), "", "")
    summary = article.description_text or article.body_text
    return Entry(
        replace(article, description_text=summary, body_text=None), row["control_hash"], row["feed"]
    )


def complete(entry: Entry, page: Delivery) -> Delivery:
    """The entry with the text of its page.

    Raises:
        OtherArticle: the page's headline is another, or too few words of the entry are there.
    """
    _refuse_other(entry.article, page.article)
    stated = entry.article
    values = {name: getattr(page.article, name) for name in _OF_PAGE}
    values |= {name: getattr(page.article, name) for name in _lacking(stated, page.article)}
    description = stated.description_text or page.article.description_text
    headline = stated.headline or page.article.headline
    body = _without_head(page.article.body_text or "", headline, description)
    warnings = {*stated.parse_warnings, *page.article.parse_warnings}
    if stated.published or page.article.published:
        warnings.discard("published_missing")
    article = replace(
        stated,
        **values,
        description_text=description,
        body_text=body,
        word_count=len(words_of(fold(body))),
        content_hash=content_hash(headline, description, body),
        parse_warnings=tuple(sorted(warnings)),
        entry_uri=stated.source_uri,
    )
    article = replace(article, entry_columns=tuple(_kept(stated, article)))
    return Delivery(
        article=article,
        keys=find_keys(article),
        control_hash=entry.control_hash,
        fingerprint=fingerprint(headline, description, body),
        # Whose keys are not trusted, what of a feed was new: all of that goes by the feed.
        source=source_of(stated.source_uri),
        feed=entry.feed,
    )


def _without_head(body: str, *heads: str | None) -> str:
    """The text without the entry's headline and standfirst at its top, which have columns."""
    repeated = {fold(head) for head in heads if head}
    paragraphs = body.split("\n\n")
    while len(paragraphs) > 1 and fold(paragraphs[0]) in repeated:
        repeated.discard(fold(paragraphs.pop(0)))
    return "\n\n".join(paragraphs)


def _lacking(stated: Article, page: Article) -> Iterator[str]:
    """Columns that the feed left empty and the page has."""
    for name in _FILLED:
        if not getattr(stated, name) and getattr(page, name):
            yield name
    if stated.published is None and page.published is not None:
        yield from _PUBLISHED


def _kept(stated: Article, article: Article) -> Iterator[str]:
    """Columns whose value is the entry's."""
    for field in fields(Article):
        value = getattr(stated, field.name)
        if field.name not in _DERIVED and value and value == getattr(article, field.name):
            yield field.name


def _refuse_other(entry: Article, page: Article) -> None:
    # By their beginnings, for words are inflected.
    named = {word[:_STEM] for word in _telling(entry.headline)}
    titled = {word[:_STEM] for word in _telling(page.headline)}
    if named and titled and named.isdisjoint(titled):
        # A front page has the words of all its teasers, but not their headline.
        raise OtherArticle(f"no word of the entry's headline is in the page's: {page.headline!r}")
    wanted = set(_telling(entry.headline, entry.description_text))
    there = set(_telling(page.headline, page.description_text, page.body_text))
    if wanted and len(wanted & there) < MIN_SHARED * len(wanted):
        raise OtherArticle(
            f"{len(wanted & there)} of {len(wanted)} words of the entry's headline and summary are "
            f"on the page {page.headline!r}"
        )


def _telling(*texts: str | None) -> Iterator[str]:
    """Words that tell one text from another: not the short ones, if they are written in letters."""
    for text in texts:
        for word in words_of(fold(text)):
            bare = word.strip(".,:;!?…«»“”„\"'’‘()[]-–—")
            if len(bare) >= _MIN_WORD or (bare and ord(bare[0]) >= 0x3040):
                yield bare
