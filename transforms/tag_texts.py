"""`TagTexts`: all taggers, in their order; and tags that were made before it was known for what.

A stream tags in parallel, before its window is committed in one place. The tags are kept by what an
article was before it had ids, and are taken up when it is decided that it becomes a row.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apache_beam as beam

from schemas.article import Article
from schemas.ids import hash_id
from transforms.entities.tag import TagEntities
from transforms.tag_citations import TagCitations
from transforms.tag_facts import TagFacts
from transforms.tag_language import TagLanguage
from transforms.tag_quotes import TagQuotes
from transforms.tagged import TaggedArticle

TAGGED = "tagged"


@dataclass
class TagTexts(beam.PTransform):
    """`Article`s to `TaggedArticle`s: language, entities, citations, quotes, facts.

    Attributes:
        entities: fast or best.
    """

    entities: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection) -> beam.PCollection:
        """One tagger after the other; each needs what those before it found."""
        return (
            articles
            | "Language" >> TagLanguage()
            | "Entities" >> TagEntities(self.entities)
            | "Citations" >> TagCitations()
            | "Quotes" >> TagQuotes()
            | "Facts" >> TagFacts()
        )


def tags_id(article: Article) -> str:
    """What its tags are kept by: where it came from and what it says, the same before and after."""
    return hash_id("tags", article.source_uri, article.raw_sha256, article.content_hash)


def write_tags(tagged: Iterable[TaggedArticle], path: Path) -> None:
    """Keep tags in a file of the run's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps({tags_id(one.article): one for one in tagged}))


def take_up(article: Article, kept: TaggedArticle) -> TaggedArticle:
    """The tags of an article that has ids now."""
    ids: dict[str, Any] = {
        "article_id": article.article_id,
        "version_id": article.version_id,
        "date": article.date,
    }
    return TaggedArticle(
        replace(kept.article, **ids, run_id=article.run_id, first_seen=article.first_seen),
        tuple(replace(row, **ids) for row in kept.entities),
        tuple(replace(row, **ids) for row in kept.citations),
        tuple(replace(row, **ids) for row in kept.quotes),
        tuple(replace(row, **ids) for row in kept.facts),
    )


class _TakeUp(beam.DoFn):
    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.kept: Mapping[str, TaggedArticle] = {}

    def setup(self) -> None:
        if self.path.exists():
            self.kept = pickle.loads(self.path.read_bytes())

    def process(self, article: Article) -> Iterator[Any]:
        kept = self.kept.get(tags_id(article))
        if kept is None:
            yield article
        else:
            yield beam.pvalue.TaggedOutput(TAGGED, take_up(article, kept))


@dataclass
class TakeUpTags(beam.PTransform):
    """`Article`s to a tuple with `main`, those that are to be tagged yet, and `tagged`.

    Attributes:
        path: file of `write_tags`; absent where nothing was tagged before.
    """

    path: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection) -> Any:
        """Look each article up."""
        take = beam.ParDo(_TakeUp(self.path)).with_outputs(TAGGED, main="main")
        return articles | "TakeUp" >> take
