"""All taggers on one article: the seed, and ten variations of it with invented people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.transforms.articles import article
from transforms.citations.anaphora import REFERRED
from transforms.entities.tag import tag_article
from transforms.tag_citations import tag_citations
from transforms.tag_quotes import tag_quotes
from transforms.tagged import TaggedArticle


@dataclass(frozen=True)
class Variation:
    """A text (headline, standfirst or none, body) and what must be found in it.

    `named` are (kind, surface) among others; `cited` (agency, kind) exactly, words that stand for a
    name left out; `quoted` the speakers of the quotations, in order.
    """

    language: str
    text: tuple[str, str | None, str]
    named: frozenset[tuple[str, str]]
    cited: frozenset[tuple[str, str]]
    quoted: tuple[str | None, ...]


VARIATIONS = {
    "other agency, other marks": Variation(
        "fr",
        (
            "Revers pour Tounfara : le Togo confirme des contacts avec une société privée",
            "Lomé admet que l’armée parle au groupe Kretchet",
            "Le ministre togolais des Affaires étrangères, Basile Adjovi, confirme une information "
            "obtenue mardi par notre rédaction de l’agence de presse britannique, Reuters.\n\n"
            "Le chef de l’État, Bakary Tounfara, n’a rien dit. Basile Adjovi a déclaré : “nous "
            "avons besoin d’aide et nous la prendrons où elle se trouve”.",
        ),
        frozenset(
            {
                ("person", "Basile Adjovi"),
                ("person", "Tounfara"),
                ("organization", "Kretchet"),
                ("place", "Lomé"),
            }
        ),
        frozenset({("reuters", "attribution")}),
        ("Basile Adjovi",),
    ),
    "no standfirst, dateline": Variation(
        "fr",
        (
            "Des contacts à Niamey",
            None,
            "NIAMEY, 12 mars (AFP) - Le général Moussa Garba a reçu le groupe Kretchet.\n\n"
            "« Nous parlons à tout le monde », a affirmé le général Garba.",
        ),
        frozenset({("person", "Moussa Garba"), ("organization", "Kretchet"), ("place", "Niamey")}),
        frozenset({("afp", "credit")}),
        ("Moussa Garba",),
    ),
    "agency only as topic": Variation(
        "fr",
        (
            "Un correspondant expulsé",
            "La rédaction proteste",
            "Le correspondant de l’agence Tass à Niamey, Lev Kadomski, a été expulsé lundi.\n\n"
            "« Il n’a rien fait », assure sa sœur Olga Kadomskaïa.",
        ),
        frozenset({("organization", "Tass"), ("place", "Niamey")}),
        frozenset({("tass", "mention")}),
        ("Olga Kadomskaïa",),
    ),
    "English": Variation(
        "en",
        (
            "Chad confirms talks with private military firm",
            "Minister says the group Krechet offered help",
            "Foreign Minister Arkady Vereshnikov confirmed the talks on Tuesday, Russia's state "
            "news agency TASS reported.\n\n“They turned to a private company because they were "
            "left alone,” Vereshnikov said in N'Djamena.",
        ),
        frozenset({("person", "Arkady Vereshnikov"), ("person", "Vereshnikov")}),
        frozenset({("tass", "attribution")}),
        ("Arkady Vereshnikov",),
    ),
    "English, told": Variation(
        "en",
        (
            "Ghana denies port deal",
            None,
            "Nothing was signed, Kwesi Ampofo, a spokesman, told Reuters on Monday.\n\n"
            '"We have signed nothing and we will sign nothing this year," Ampofo said.',
        ),
        frozenset({("place", "Ghana")}),
        frozenset({("reuters", "attribution")}),
        ("Kwesi Ampofo",),
    ),
    "Russian": Variation(
        "ru",
        (
            "Чад попросил о помощи",
            "Власти обратились к частной компании",
            "Министр иностранных дел Аркадий Верешников подтвердил контакты, сообщает агентство "
            "«Интерфакс».\n\n«Они обратились к частной компании, потому что остались одни», — "
            "сказал Верешников в Нджамене.",
        ),
        frozenset({("person", "Аркадий Верешников"), ("person", "Верешников")}),
        frozenset({("interfax", "attribution")}),
        ("Аркадий Верешников",),
    ),
    "German": Variation(
        "de",
        (
            "Tschad bestätigt Gespräche",
            None,
            "Außenminister Basil Okonjo bestätigte die Gespräche am Dienstag gegenüber der "
            "Nachrichtenagentur dpa.\n\n„Wir reden mit allen, die uns helfen wollen“, sagte "
            "Okonjo in Paris.",
        ),
        frozenset({("person", "Basil Okonjo"), ("place", "Paris")}),
        frozenset({("dpa", "attribution")}),
        ("Basil Okonjo",),
    ),
    "Spanish, chain": Variation(
        "es",
        (
            "Chad confirma contactos",
            None,
            "Interfax, citando a TASS, informó de los contactos con el grupo Krechet.\n\n"
            "«Nadie nos ha ayudado en estos años», dijo el ministro Fermín Robledillo.",
        ),
        frozenset({("person", "Fermín Robledillo"), ("organization", "Krechet")}),
        frozenset({("interfax", "via"), ("tass", "attribution")}),
        ("Fermín Robledillo",),
    ),
    "Italian": Variation(
        "it",
        (
            "Il Ciad conferma i contatti",
            None,
            "Lo riferisce l’agenzia russa Tass. Il ministro Sandro Bellavista è a Roma.\n\n"
            "«Nessuno ci ha aiutato in questi anni», ha detto Bellavista.",
        ),
        frozenset({("person", "Sandro Bellavista"), ("place", "Roma")}),
        frozenset({("tass", "attribution")}),
        ("Sandro Bellavista",),
    ),
    "Portuguese": Variation(
        "pt",
        (
            "Chade confirma contactos",
            None,
            "Segundo a agência Lusa, o exército fala com o grupo Krechet.\n\n"
            "“Ninguém nos ajudou nestes anos todos”, disse o ministro Aurélio Combarro.",
        ),
        frozenset({("person", "Aurélio Combarro"), ("organization", "Krechet")}),
        frozenset({("lusa", "attribution")}),
        ("Aurélio Combarro",),
    ),
}


def tagged(language: str, headline: str, standfirst: str | None, body: str) -> TaggedArticle:
    texts = {"headline": headline, "description_text": standfirst, "body_text": body}
    one = article(outlet="local", language=language, **texts)
    return tag_quotes(tag_citations(tag_article(one)))


def test_the_seed(shared: Path):
    """Who is named, who is credited, who speaks."""
    [path] = (shared / "seed").glob("*.txt")
    headline, standfirst, body = path.read_text("utf-8").strip().split("\n\n", 2)
    found = tagged("fr", headline, standfirst, body)
    named = {(row.kind, row.surface) for row in found.entities}
    assert {
        ("person", "Macron"),
        ("person", "Sergei Lavrov"),
        ("person", "Assimi Goïta"),
        ("place", "Kidal"),
        ("organization", "Wagner"),
    } <= named
    assert ("person", "Wagner") not in named
    [credit] = [row for row in found.citations if row.score != REFERRED]
    assert (credit.agency, credit.kind) == ("tass", "attribution")
    assert body[credit.start : credit.end] == "Tass"
    assert "obtenue" in credit.phrase
    assert 2 <= len(found.quotes) <= 4
    long = [row for row in found.quotes if len(row.text) > 60]
    assert [row.speaker for row in long] == ["Sergei Lavrov", "Sergei Lavrov"]
    assert {row.speaker_entity_id for row in long} == {"person:sergei-lavrov"}


@pytest.mark.parametrize("name", VARIATIONS)
def test_variations(name: str):
    """Nothing fits the one text only: other agencies, languages, marks, and no credit at all."""
    asked = VARIATIONS[name]
    found = tagged(asked.language, *asked.text)
    assert asked.named <= {(row.kind, row.surface) for row in found.entities}
    cited = {(row.agency, row.kind) for row in found.citations if row.score != REFERRED}
    assert cited == asked.cited
    assert tuple(row.speaker for row in found.quotes) == asked.quoted
