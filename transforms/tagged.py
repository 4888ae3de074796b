"""`TaggedArticle`: an article on its way through the taggers, with the rows they add."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schemas.article import Article
from schemas.citation import Citation
from schemas.entity import Entity
from schemas.fact import Fact
from schemas.quote import Quote


@dataclass(frozen=True, slots=True)
class TaggedArticle:
    """An article with the rows of other tables that belong to it.

    Each in order of field (as in `schemas.entity.FIELDS`) and offset.
    """

    article: Article
    entities: tuple[Entity, ...] = ()
    citations: tuple[Citation, ...] = ()
    quotes: tuple[Quote, ...] = ()
    facts: tuple[Fact, ...] = ()

    def warned(self, warning: str) -> TaggedArticle:
        """The same with one more entry of `parse_warnings`: a tagger failed on it."""
        warnings = (*self.article.parse_warnings, warning)
        return replace(self, article=replace(self.article, parse_warnings=warnings))
