"""The quotes of an article: rows of `quotes` from its text fields and its named persons."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.article import Article
from schemas.entity import FIELDS, Entity
from schemas.quote import Quote
from transforms.entities.trust import sure
from transforms.quotes.find import Quotation, find_quotes
from transforms.quotes.words import Name

# Three line ends: no quotation goes on from one field into the next, as it may over a blank line.
_BETWEEN_FIELDS = "\n\n\n"


def quote(article: Article, entities: Sequence[Entity]) -> tuple[Quote, ...]:
    """The quotes in headline, standfirst and body, in order; offsets count within the field.

    The fields are read as one text, so that a person named in one speaks in another. `entities` are
    the article's own; persons found by shape alone speak only where a pronoun means them.
    """
    texts = [(field, getattr(article, field) or "") for field in FIELDS]
    begins = _begins([text for _, text in texts])
    begin_of = dict(zip(FIELDS, begins, strict=True))
    persons = [_name(one, begin_of[one.field]) for one in entities if one.kind == "person"]
    known = [one for one in sure(entities) if one.kind != "person"]
    agencies = [_span(one, begin_of) for one in known if is_agency(one.entity_id)]
    others = [_span(one, begin_of) for one in known if not is_agency(one.entity_id)]
    whole = _BETWEEN_FIELDS.join(text for _, text in texts)
    found = find_quotes(whole, article.language, persons, others, agencies)
    return tuple(_row(article, one, begin_of) for one in found)


def _begins(texts: Sequence[str]) -> list[int]:
    begins = [0]
    for text in texts[:-1]:
        begins.append(begins[-1] + len(text) + len(_BETWEEN_FIELDS))
    return begins


def is_agency(entity_id: str | None) -> bool:
    """Whether an entity is an agency, which carries what others say."""
    return entity_id is not None and entity_id.startswith("agency:")


def _name(entity: Entity, begin: int) -> Name:
    start, end = begin + entity.start, begin + entity.end
    return Name(start, end, entity.surface, entity.entity_id, is_person=bool(sure([entity])))


def _span(entity: Entity, begin_of: dict[str, int]) -> tuple[int, int]:
    begin = begin_of[entity.field]
    return begin + entity.start, begin + entity.end


def _row(article: Article, one: Quotation, begin_of: dict[str, int]) -> Quote:
    field = max(begin_of, key=lambda name: (begin_of[name] <= one.start, begin_of[name]))
    return Quote(
        article_id=article.article_id,
        version_id=article.version_id,
        field=field,
        start=one.start - begin_of[field],
        end=one.end - begin_of[field],
        text=one.text,
        speaker=one.speaker,
        speaker_entity_id=one.speaker_entity_id,
        quote_key=one.quote_key,
        date=article.date,
    )
