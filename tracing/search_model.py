"""What a search finds: plain values, ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass

from tracing.listed_model import ListedArticle

# What was asked for turned out to be; the page of its kind is where it leads.
KINDS = ("nothing", "words", "article", "story", "entity", "quote", "outlet", "agency")


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, and the words of the question that it has."""

    article: ListedArticle
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The answer. `kind` is one of `KINDS`; `id` is where it leads, None for words and nothing.

    `hits`: of words the best first, of outlets and agencies what has their names for words; of an
    address that several articles have, these, and `kind` is words. How many more there would be
    but for an embargo is not told: by it words of a text could be guessed.
    """

    sequence: int
    asked: str
    kind: str
    id: str | None
    hits: tuple[Hit, ...]
    missing: tuple[str, ...]
