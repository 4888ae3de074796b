"""Rows of `quotes` from an article."""

from __future__ import annotations

import datetime as dt

from schemas.article import Article
from schemas.definition import to_arrow
from schemas.entity import Entity
from schemas.quote import QUOTES
from tests.transforms.articles import article
from transforms.quotes.quote import quote

NOON = dt.datetime(2024, 5, 6, 12, tzinfo=dt.UTC)


def person(one: Article, field: str, name: str) -> Entity:
    start = getattr(one, field).index(name)
    return Entity(
        article_id="a",
        version_id="a-1",
        field=field,
        start=start,
        end=start + len(name),
        surface=name,
        kind="person",
        entity_id="person:x",
        method="rule",
        score=0.9,
        date=NOON.date(),
    )


def test_offsets_count_within_each_field():
    """The words of every row stand at its offsets in the field that it names."""
    one = article(
        headline="« Le port fermera mardi à midi », dit la maire",
        description_text="Rien.",
        body_text="Bien. « Les bateaux resteront au large », a dit Maëlle Kervadec.",
    )
    rows = quote(one, ())
    assert [(row.field, row.text) for row in rows] == [
        ("headline", "Le port fermera mardi à midi"),
        ("body_text", "Les bateaux resteront au large"),
    ]
    assert all(getattr(one, row.field)[row.start : row.end] == row.text for row in rows)


def test_no_quotation_goes_on_in_the_next_field():
    """A mark forgotten in the headline costs the body nothing."""
    one = article(
        language="en",
        headline="“Harbour to close",
        body_text="“The harbour will be closed for good,” said Imogen Tarrant.",
    )
    assert [(row.field, row.text) for row in quote(one, ())] == [
        ("body_text", "The harbour will be closed for good")
    ]


def test_a_person_of_the_standfirst_speaks_in_the_body():
    """The surname in the body is the person whom the standfirst names in full."""
    one = article(
        description_text="Maëlle Kervadec ferme le port.",
        body_text="« Les bateaux resteront au large », a déclaré Mme Kervadec.",
    )
    (row,) = quote(one, [person(one, "description_text", "Maëlle Kervadec")])
    assert (row.speaker, row.speaker_entity_id) == ("Maëlle Kervadec", "person:x")


def test_an_article_without_text_has_no_quotes():
    """No field, no row."""
    assert quote(article(headline=None), ()) == ()


def test_rows_fit_their_table():
    """What is found can be written as it is, a null speaker too."""
    one = article(body_text="Une affiche. « Personne ne viendra vous chercher ce soir. »")
    assert to_arrow(QUOTES, list(quote(one, ()))).num_rows == 1
