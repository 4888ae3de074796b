"""The citations of an article: its headline, standfirst, body and its credit fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.article import Article
from schemas.citation import Citation
from schemas.entity import FIELDS, Entity
from transforms.citations.anaphora import find_anaphora
from transforms.citations.find import Crediting, find_crediting
from transforms.citations.lexicon import lexicon
from transforms.citations.names import outlet_by_domain
from transforms.citations.sources import AGENCY, Source, find_sources, source_slug
from transforms.entities.agencies import agency_by_domain, agency_by_name
from transforms.entities.gazetteer import find_mentions

# What these hold is a credit by its place; whoever writes there names no topic.
CREDIT_FIELDS = ("byline", "dateline", "creditline")
_IN_CREDIT_FIELD = 0.95
_LEAST_OF_HOST = 5
_BETWEEN_FIELDS = "\n\n"


def cite(article: Article, entities: Sequence[Entity]) -> tuple[Citation, ...]:
    """The citations of `article`, by field and offset; `entities` are those of the article.

    An article does not cite its own outlet, nor the agency that it comes from.
    """
    own = own_names(article)
    found = (*_in_texts(article, entities), *_in_credit_fields(article))
    return tuple(citation for citation in found if not _is_own(citation.agency, own))


def own_names(article: Article) -> frozenset[str]:
    """Ids under which `article` would cite itself: outlet, its name, its host, its provider."""
    names = [article.outlet_name, article.provider]
    host = article.outlet
    ids = {host, agency_by_domain(host), outlet_by_domain(host), host.split(".")[0]}
    ids.update(agency_by_name(name) for name in names if name)
    ids.update(source_slug(name) for name in names if name)
    return frozenset(filter(None, ids))


def _is_own(agency: str, own: frozenset[str]) -> bool:
    """Whether one of `own` is the agency or holds its name: `agence-cormoran`, `lefigaro`."""
    name = agency.replace("-", "")
    return agency in own or (
        len(name) >= _LEAST_OF_HOST and any(name in one.replace("-", "") for one in own)
    )


def _in_texts(article: Article, entities: Sequence[Entity]) -> Iterator[Citation]:
    """The fields are read as one text: a name introduced in the body is known in the headline."""
    texts = [(field, getattr(article, field) or "") for field in FIELDS]
    joined = _BETWEEN_FIELDS.join(text for _, text in texts)
    begins, begin = {}, 0
    for field, text in texts:
        begins[field] = begin
        begin += len(text) + len(_BETWEEN_FIELDS)
    known, others, places = [], [], []
    for entity in entities:
        start, end = begins[entity.field] + entity.start, begins[entity.field] + entity.end
        entity_id = entity.entity_id or ""
        if entity_id.startswith(AGENCY):
            known.append(Source(start, end, entity_id[len(AGENCY) :], entity.score))
        elif entity.kind == "place":
            others.append((start, end))
            places.append((start, entity_id))
    words = lexicon(article.language)
    named = find_crediting(joined, find_sources(joined, known, others, words), words)
    referred = find_anaphora(joined, named, places, words)
    for one in sorted((*named, *referred), key=lambda one: one.source.start):
        field = next(field for field in reversed(FIELDS) if begins[field] <= one.source.start)
        yield _citation(article, field, joined, begins[field], one)


def _in_credit_fields(article: Article) -> Iterator[Citation]:
    for field in CREDIT_FIELDS:
        text = getattr(article, field) or ""
        for mention in find_mentions(text, article.language) if text else ():
            if mention.entity_id and mention.entity_id.startswith(AGENCY):
                agency = mention.entity_id[len(AGENCY) :]
                source = Source(mention.start, mention.end, agency, mention.score)
                score = round(_IN_CREDIT_FIELD * source.score, 3)
                crediting = Crediting(source, "credit", 0, len(text), score)
                yield _citation(article, field, text, 0, crediting)


def _citation(
    article: Article, field: str, text: str, begin: int, crediting: Crediting
) -> Citation:
    """The row; the field starts at `begin` of `text`, where the offsets of `crediting` point."""
    source = crediting.source
    return Citation(
        article_id=article.article_id,
        version_id=article.version_id,
        agency=source.agency,
        surface=text[source.start : source.end],
        phrase=text[max(begin, crediting.begin) : crediting.end],
        field=field,
        start=source.start - begin,
        end=source.end - begin,
        kind=crediting.kind,
        score=crediting.score,
        date=article.date,
    )
