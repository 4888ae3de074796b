"""The facts of an article: rows of `facts` from its text fields and its date of publication."""

from __future__ import annotations

from schemas.article import Article
from schemas.entity import FIELDS
from schemas.fact import Fact
from transforms.facts.find import Fact as Found
from transforms.facts.find import find_facts
from transforms.facts.lexicon import limits


def state_facts(article: Article) -> tuple[Fact, ...]:
    """The facts in headline, standfirst and body, each where it stands first, at most some of them.

    Offsets count within the field.
    """
    published = article.published.date() if article.published else None
    rows: dict[tuple[object, ...], Fact] = {}
    for field in FIELDS:
        text = getattr(article, field) or ""
        for found in find_facts(text, article.language, published):
            key = (found.kind, found.value, found.unit, found.date)
            if key not in rows and len(rows) < limits()["facts"]:
                rows[key] = _row(article, field, text, found)
    return tuple(rows.values())


def _row(article: Article, field: str, text: str, found: Found) -> Fact:
    return Fact(
        article_id=article.article_id,
        version_id=article.version_id,
        field=field,
        start=found.start,
        end=found.end,
        surface=text[found.start : found.end],
        kind=found.kind,
        value=found.value,
        unit=found.unit,
        date_value=found.date,
        date=article.date,
    )
