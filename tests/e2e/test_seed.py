"""The article the project started from, and variations of it, through the whole command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import ledger_of, rows, wiretrace

pytestmark = pytest.mark.e2e

# Written by us: other agency, other language, no standfirst. Name of the file, what it says, then
# headline, description_text, language, and some of the (id, kind) that it names.
VARIATIONS = {
    "no standfirst, AFP": (
        "Le Niger dément tout accord avec l’entreprise russe\n\n"
        "Le gouvernement du Niger a démenti mercredi avoir signé un accord. À Niamey, le ministre "
        "a reçu l’ambassadeur de Russie, puis s’est envolé pour Berlin. C’est ce qu’a appris notre "
        "rédaction de l’agence de presse française, AFP, qui cite un communiqué.\n\n"
        "L’Union africaine avait demandé des explications la semaine dernière, sans réponse.\n",
        ("Le Niger dément tout accord avec l’entreprise russe", None, "fr"),
        {"iso3166:NE", "iso3166:RU", "agency:afp", "org:au", "geonames:2440485"},
    ),
    "Russian, Interfax": (
        "Чад попросил Россию о помощи\n\n"
        "Власти Чада обратились к Москве, сообщил министр иностранных дел страны\n\n"
        "Власти Чада обратились к России с просьбой о поставках оборудования. Об этом министр "
        "рассказал журналистам в Нджамене, передаёт агентство «Интерфакс». По его словам, "
        "переговоры начались две недели назад и продолжатся в Париже.\n",
        (
            "Чад попросил Россию о помощи",
            "Власти Чада обратились к Москве, сообщил министр иностранных дел страны",
            "ru",
        ),
        {"iso3166:TD", "iso3166:RU", "agency:interfax", "geonames:2988507", "geonames:524901"},
    ),
    "English, Reuters": (
        "Ghana says port talks with Turkey have begun\n\n"
        "Minister denies that a contract was signed in secret\n\n"
        "Ghana has opened talks with Turkey about its second port, the minister said in Accra on "
        "Monday. He told Reuters that the African Union had been informed of the plan, and that "
        "nothing had been signed in Ankara. The talks will go on for several weeks.\n",
        (
            "Ghana says port talks with Turkey have begun",
            "Minister denies that a contract was signed in secret",
            "en",
        ),
        {"iso3166:GH", "iso3166:TR", "agency:reuters", "org:au", "geonames:2306104"},
    ),
}


def run_one(tmp_path: Path, drop: Path, outlet: str) -> tuple[dict[str, Any], set[str]]:
    """The only article of a run, and the ids of the entities that it names."""
    lake = tmp_path / "lake"
    ledger = ledger_of(
        wiretrace("run", "--lake", lake, "--drop", drop, "--outlet", outlet, "--json")
    )
    assert (ledger["seen"], ledger["new"]) == (1, 1)
    (article,) = rows(lake, "SELECT * FROM articles_now")
    mentions = rows(lake, 'SELECT entity_id, surface, field, start, "end" FROM entities')
    for mention in mentions:
        text = article[mention["field"]]
        assert text[mention["start"] : mention["end"]] == mention["surface"]
    return article, {mention["entity_id"] for mention in mentions}


def test_the_seed_becomes_one_tagged_article(shared: Path, tmp_path: Path) -> None:
    """Fields by their form; language, places, agency; no date is invented."""
    article, ids = run_one(tmp_path, shared / "seed", "lecourrier-du-soir.com")
    text = (shared / "seed" / "lecourrier-du-soir.txt").read_text("utf-8")
    headline, description, body = text.strip().split("\n\n", 2)
    assert article["outlet"] == "lecourrier-du-soir.com"
    assert (article["headline"], article["description_text"]) == (headline, description)
    assert article["body_text"] == body
    assert article["language"] == "fr"
    assert article["published"] is None
    assert "published_missing" in article["parse_warnings"]
    places = {
        "iso3166:ML", "iso3166:RU", "iso3166:FR",
        "geonames:2460596", "geonames:524901", "geonames:2988507",
    }  # fmt: skip
    assert places | {"agency:tass", "org:eu"} <= ids


@pytest.mark.parametrize("name", VARIATIONS)
def test_variations_hold(name: str, tmp_path: Path) -> None:
    """Nothing fits the one text only."""
    text, (headline, description, language), named = VARIATIONS[name]
    drop = tmp_path / "in"
    drop.mkdir()
    (drop / "article.txt").write_text(text, "utf-8")
    article, ids = run_one(tmp_path, drop, "lequai.example")
    assert (article["headline"], article["description_text"]) == (headline, description)
    assert article["language"] == language
    assert article["published"] is None
    assert named <= ids
