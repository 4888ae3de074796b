"""The article the project started from, variations of it, and its story, through the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import ledger_of, rows, wiretrace

pytestmark = pytest.mark.e2e

SEED, AGENCY, GAZETTE = "lecourrier-du-soir.com", "tass.ru", "harbourgazette.example"
# Written by us, as if the agency had sent it, an hour before the English piece; then two that it
# could be taken for: its minister elsewhere on that day, and its country in another matter.
WIRE = [
    {
        "guid": "made-up-1",
        "outlet": AGENCY,
        "language": "ru",
        "published": "2021-09-25T19:30:00+03:00",
        "headline": "Власти Мали сами обратились к российской военной компании, заявил Лавров",
        "body_text": "НЬЮ-ЙОРК, 25 сентября. /ТАСС/. Малийские власти сами вышли на частную "
        "военную компанию из России, узнав о намерении Парижа уменьшить контингент. Об этом "
        "сообщил в субботу глава МИД РФ Сергей Лавров.\n\n"
        "«Французские военные собираются уходить, а террористы в районе Кидаля остались. "
        "Поэтому в Бамако и решили искать помощь в другом месте», — сказал министр.\n\n"
        "По словам Лаврова, правительство России в переговорах с группой «Вагнер» не участвует. "
        "Евросоюз ранее предостерегал военную хунту Мали от сделки с наемниками.",
    },
    {
        "guid": "made-up-2",
        "outlet": AGENCY,
        "language": "ru",
        "published": "2021-09-25T20:10:00+03:00",
        "headline": "Лавров обсудил с коллегой из Норвегии рыболовство в Баренцевом море",
        "body_text": "НЬЮ-ЙОРК, 25 сентября. /ТАСС/. Квоты на треску в Баренцевом море стали темой "
        "беседы министра иностранных дел РФ Сергея Лаврова с главой МИД Норвегии, сообщили в "
        "российском ведомстве. Стороны условились провести заседание комиссии в Тромсё.",
    },
    {
        "guid": "made-up-3",
        "outlet": AGENCY,
        "language": "ru",
        "published": "2021-09-25T12:00:00+03:00",
        "headline": "В Мали открыли музыкальный фестиваль на берегу Нигера",
        "body_text": "БАМАКО, 25 сентября. /ТАСС/. Фестиваль народной музыки начался в Мали, в нем "
        "участвуют сорок ансамблей из восьми стран. Концерты продлятся до среды.",
    },
]
ENGLISH = {
    "guid": "made-up-4",
    "outlet": GAZETTE,
    "language": "en",
    "published": "2021-09-25T17:30:00+00:00",
    "headline": "Mali went to Russian mercenaries as French troops leave, Lavrov says",
    "body_text": "Mali’s military rulers approached a private Russian army because France is "
    "pulling soldiers out, Russia’s foreign minister Sergei Lavrov said on Saturday, the Russian "
    "news agency TASS reported.\n\n“The French are going, and the terrorists around Kidal have "
    "stayed,” he told reporters in New York.\n\nMoscow has no part in the talks between "
    "Bamako and the Wagner group, he added. The European Union has warned the junta against any "
    "deal with mercenaries.",
}

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


def take_in(lake: Path, drop: Path, *more: str) -> None:
    """One run of a file or folder, in which everything is new."""
    ledger = ledger_of(wiretrace("run", "--lake", lake, "--drop", drop, *more, "--json"))
    assert ledger["new"] == ledger["seen"] > 0


def written(path: Path, articles: list[dict[str, Any]]) -> Path:
    """A file of JSON lines."""
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")
    return path


def ids_of(lake: Path) -> dict[str, str]:
    """Article ids by outlet; of the agency that of the item that the others are about."""
    query = (
        "SELECT outlet, article_id FROM articles"
        " WHERE coalesce(guid, '') NOT IN ('made-up-2', 'made-up-3')"
    )
    return {row["outlet"]: row["article_id"] for row in rows(lake, query)}


def answer(command: str, lake: Path, asked: str) -> dict[str, Any]:
    """What a command that reads prints with `--json`."""
    done = wiretrace(command, "--lake", lake, "--json", asked)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def assert_both_have_it_from_the_agency(lake: Path) -> None:
    """One story of three; both credits lead to the agency's item, with the words that say so.

    A trace may show more of a source that is credited, if it names one rare thing as well; what of
    it is in the story it says.
    """
    ids = ids_of(lake)
    for outlet in (SEED, AGENCY):
        story = answer("story", lake, ids[outlet])
        assert {line["article_id"] for line in story["lines"]} == set(ids.values())
        assert len(ids) == 3
        assert {part["language"] for part in story["parts"]} == {"en", "fr", "ru"}
        derives = {one["article_id"]: one for one in story["derives"]}
        assert derives.keys() == {ids[SEED], ids[GAZETTE]}
        for outlet, words, doubt in ((SEED, "Tass", "no time"), (GAZETTE, "TASS", None)):
            one = derives[ids[outlet]]
            assert (one["cited_id"], one["agency"]) == (ids[AGENCY], "tass")
            assert (one["kind"], one["words"]["text"]) == ("attribution", words)
            assert one["doubt"] == doubt  # the seed has no date: who was first its words tell alone
        assert (story["cites"], story["dangling"], story["copies"]) == ([], [], [])
        assert story["first_claimed"]["article_id"] == ids[AGENCY]
        assert story["first_claimed"]["hours"] == 1
    lines = {line["article_id"]: line for line in answer("trace", lake, ids[SEED])["lines"]}
    assert told_by("story", lines) == {ids[AGENCY], ids[GAZETTE]}
    [cited] = [why for why in lines[ids[AGENCY]]["reasons"] if why["by"] == "cited"]
    assert cited["evidence"][0]["text"] == "Tass"
    for outlet in (SEED, GAZETTE):
        credits = lines[ids[outlet]]["credits"]
        assert {credit["agency"] for credit in credits} == {"tass"}
        assert all(ids[AGENCY] in credit["cited"] for credit in credits)
    lines = {line["article_id"]: line for line in answer("trace", lake, ids[AGENCY])["lines"]}
    assert lines.keys() == set(ids.values())
    assert told_by("cites", lines) == {ids[SEED], ids[GAZETTE]}


def told_by(reason: str, lines: dict[str, dict[str, Any]]) -> set[str]:
    """The articles of a trace that are there for a reason."""
    return {id_ for id_, line in lines.items() if reason in {why["by"] for why in line["reasons"]}}


def test_a_credit_of_the_seed_dangles_until_the_item_arrives(shared: Path, tmp_path: Path) -> None:
    """Seed and an English piece first; then the agency's, with others that are not meant."""
    lake = tmp_path / "lake"
    take_in(lake, shared / "seed", "--outlet", SEED)
    take_in(lake, written(tmp_path / "english.jsonl", [ENGLISH]))
    ids = ids_of(lake)
    story = answer("story", lake, ids[SEED])
    assert {line["article_id"] for line in story["lines"]} == set(ids.values())
    dangling = {(one["article_id"], one["agency"]) for one in story["dangling"]}
    assert dangling == {(ids[SEED], "tass"), (ids[GAZETTE], "tass")}
    assert story["derives"] == []
    take_in(lake, written(tmp_path / "wire.jsonl", WIRE))
    assert_both_have_it_from_the_agency(lake)


def test_the_seed_finds_the_item_that_was_there_before(shared: Path, tmp_path: Path) -> None:
    """The agency's first, then the others, a run each."""
    lake = tmp_path / "lake"
    take_in(lake, written(tmp_path / "wire.jsonl", WIRE))
    take_in(lake, written(tmp_path / "english.jsonl", [ENGLISH]))
    take_in(lake, shared / "seed", "--outlet", SEED)
    assert_both_have_it_from_the_agency(lake)
