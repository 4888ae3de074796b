"""Adds to every article the entities that its headline, standfirst and body name."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.article import Article
from schemas.entity import FIELDS, Entity
from transforms.entities.backends import find_by_model
from transforms.entities.gazetteer import Mention, find_mentions
from transforms.entities.han import join_words
from transforms.entities.model_spans import add_model_spans, without_guesses
from transforms.entities.names import find_names
from transforms.entities.person_names import settle_people
from transforms.entities.trust import WITHIN
from transforms.spans import Spans
from transforms.tagged import TaggedArticle

WARNING = "entities_failed"
MODEL_WARNING = "entity_model_failed"
Find = Callable[[str, str], list[Mention]]
# Two line ends: no name reaches over them from one field into the next.
_BETWEEN_FIELDS = "\n\n"
_log = logging.getLogger(__name__)


def tag_article(article: Article, level: str = "fast", find: Find = find_by_model) -> TaggedArticle:
    """The article with its entities; offsets count code points within the named field.

    The fields are read as one text, so that what the body says settles a name in the headline.
    `level`: `fast` is gazetteer and rules, `best` adds the language's model if one is installed; a
    model that fails leaves the rest as it is, with a warning. `find` is the model's call.
    """
    texts = [(field, getattr(article, field) or "") for field in FIELDS]
    joined = _BETWEEN_FIELDS.join(text for _, text in texts)
    known, named = _find(joined, article.language)
    mentions = _with_places_within(_outer(known, named), known)
    failed = False
    if level == "best":
        try:
            if spans := find(joined, article.language):
                outer = _outer(known, without_guesses(named, spans))
                mentions = _with_places_within(add_model_spans(joined, outer, spans), known)
        except Exception:
            _log.exception("model of %s failed on %s", article.language, article.article_id)
            failed = True
    mentions = settle_people(mentions, article.language)
    entities: list[Entity] = []
    begin = 0
    for field, text in texts:
        end = begin + len(text)
        entities.extend(
            _entity(article, field, begin, mention)
            for mention in mentions
            if begin <= mention.start and mention.end <= end
        )
        begin = end + len(_BETWEEN_FIELDS)
    tagged = TaggedArticle(article, tuple(entities))
    return tagged.warned(MODEL_WARNING) if failed else tagged


def find_entities(text: str, language: str) -> list[Mention]:
    """What gazetteer and rules find in a text, in order; none overlap but places within a name."""
    known, named = _find(text, language)
    return _with_places_within(_outer(known, named), known)


def _find(text: str, language: str) -> tuple[list[Mention], list[Mention]]:
    """What the gazetteer finds, and what the rules do, which may hold places of it."""
    cut = join_words(text) if language == "zh" else None
    searched = cut[0] if cut else text
    known = find_mentions(searched, language)
    named = find_names(searched, language, known)
    if cut:
        known, named = ([_back(text, cut[1], one) for one in found] for found in (known, named))
    return known, named


def _back(text: str, origin: Sequence[int], mention: Mention) -> Mention:
    start, end = origin[mention.start], origin[mention.end - 1] + 1
    return replace(mention, start=start, end=end, surface=text[start:end])


def _outer(known: Sequence[Mention], named: Sequence[Mention]) -> list[Mention]:
    """`named` and those of `known` that touch none of them, in order."""
    taken = Spans.of(named)
    apart = [mention for mention in known if not taken.meet(mention.start, mention.end)]
    return sorted((*apart, *named), key=lambda mention: mention.start)


def _with_places_within(outer: Sequence[Mention], known: Sequence[Mention]) -> list[Mention]:
    """`outer` and the places with an id of `known` that stand inside a longer name of it.

    « Ministère de la Défense du Mali » is one organization, and says that it is of Mali. What is
    within a person's name is a part of it only.
    """
    names = Spans.of(outer)
    within = []
    for mention in known:
        if mention.kind != "place" or mention.entity_id is None:
            continue
        at = names.first(mention.start, mention.end)
        if at is not None and outer[at].kind != "person" and mention.is_within(outer[at]):
            within.append(replace(mention, method=WITHIN))
    return sorted((*outer, *within), key=lambda one: (one.start, -one.end))


def _entity(article: Article, field: str, begin: int, mention: Mention) -> Entity:
    return Entity(
        article_id=article.article_id,
        version_id=article.version_id,
        field=field,
        start=mention.start - begin,
        end=mention.end - begin,
        surface=mention.surface,
        kind=mention.kind,
        entity_id=mention.entity_id,
        method=mention.method,
        score=mention.score,
        date=article.date,
    )


@beam.typehints.with_input_types(Article)
@beam.typehints.with_output_types(TaggedArticle)
class TagEntities(beam.PTransform):
    """Articles to tagged articles; one that fails goes on without entities, warned and counted."""

    def __init__(
        self, level: str = "fast", tag: Callable[[Article], TaggedArticle] | None = None
    ) -> None:
        super().__init__()
        self._tag = tag or functools.partial(tag_article, level=level)

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[TaggedArticle]:
        """One output for each input."""
        return articles | "TagEntities" >> beam.ParDo(_TagEntities(self._tag))


@beam.typehints.with_input_types(Article)
@beam.typehints.with_output_types(TaggedArticle)
class _TagEntities(beam.DoFn):
    def __init__(self, tag: Callable[[Article], TaggedArticle]) -> None:
        self._tag = tag
        self._failed = Metrics.counter("wiretrace.tag", WARNING)
        self._without_model = Metrics.counter("wiretrace.tag", MODEL_WARNING)

    def process(self, article: Article) -> Iterator[TaggedArticle]:
        try:
            tagged = self._tag(article)
            if MODEL_WARNING in tagged.article.parse_warnings:
                self._without_model.inc()
            yield tagged
        except Exception:
            self._failed.inc()
            _log.exception("entities of article %s failed", article.article_id)
            yield TaggedArticle(article).warned(WARNING)
