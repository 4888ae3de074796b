"""Whether a source's name means an outlet."""

from __future__ import annotations

import pytest

from transforms.citations.same_source import is_named, same_source


@pytest.mark.parametrize(
    ("agency", "outlet", "outlet_name"),
    [
        ("tass", "tass", None),
        ("tass", "tass.ru", None),
        ("le-monde", "lemonde.fr", None),
        ("cormoran", "agence-cormoran.example", None),
        ("la-vigie-du-soir", "vigie.example", "La Vigie du soir"),
        ("ростелеграф", "rostelegraf.example", None),
        ("корморан", "agence-cormoran.example", None),
        ("روستيليغراف", "rostelegraf.example", None),
        ("كورموران", "agence-cormoran.example", None),
        ("صدى-الضفاف", "sada.example", "صدى الضفاف"),
    ],
)
def test_the_same(agency: str, outlet: str, outlet_name: str | None):
    """By id, host, name, and across scripts by sound."""
    assert same_source(agency, outlet, outlet_name)


@pytest.mark.parametrize(
    ("agency", "outlet"),
    [
        ("ap", "apa.at"),
        ("ap", "paper.example"),
        ("tass", "tassilo.example"),
        ("tass", "interfax.ru"),
        ("le-monde", "mondial.example"),
        ("интерфакс", "tass.ru"),
        ("罗斯电讯社", "rostelegraf.example"),
        ("", "tass.ru"),
    ],
)
def test_not_the_same(agency: str, outlet: str):
    """A short name is no part of a longer one; a translated name is not recognized."""
    assert not same_source(agency, outlet, None)


@pytest.mark.parametrize(
    ("text", "outlet", "is_it"),
    [
        ("First published in Harbour Gazette.", "harbourgazette.example", True),
        ("Article du Témoin, reproduit ici.", "letemoin.example", True),
        ("сообщает газета «Восточка»", "vostochka.example", True),
        ("The harbour was closed; a gazette said so.", "harbourgazette.example", False),
        ("", "paper.example", False),
    ],
)
def test_an_outlet_is_named_as_people_write_it(text: str, outlet: str, is_it: bool):
    assert is_named(text, outlet, None) is is_it
