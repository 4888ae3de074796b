"""What an article as a whole cites: fields, names introduced once, anaphora, its own outlet."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest

from schemas.article import Station
from schemas.citation import CITATIONS, Citation
from schemas.definition import to_arrow
from tests.transforms.articles import article
from transforms.citations.anaphora import REFERRED
from transforms.citations.cite import cite, provenance_text
from transforms.citations.lexicon import DATA, languages
from transforms.entities.tag import tag_article


def cited(body: str, language: str = "fr", **columns: object) -> list[Citation]:
    one = article(body_text=body, language=language, **columns)
    return list(cite(one, tag_article(one).entities))


def summary(rows: list[Citation]) -> list[tuple[str, str, str]]:
    return [(row.field, row.kind, row.agency) for row in rows]


def test_the_seed_credits_tass(shared: Path):
    """The sentence that the project started from, with its name, its phrase and its echo."""
    [path] = (shared / "seed").glob("*.txt")
    headline, standfirst, body = path.read_text("utf-8").strip().split("\n\n", 2)
    rows = cited(body, headline=headline, description_text=standfirst)
    assert {row.agency for row in rows} == {"tass"}
    [named] = [row for row in rows if row.score != REFERRED]
    assert named.kind == "attribution"
    assert body[named.start : named.end] == "Tass"
    assert "obtenue" in named.phrase
    assert named.phrase.endswith("agence de presse russe, Tass")
    assert {row.surface for row in rows} - {"Tass"} == {"la même source", "La source"}


def test_a_name_introduced_once_is_known_everywhere():
    """An agency that no table holds is found by its form, then wherever its name stands."""
    rows = cited(
        "Le pont est rouvert, selon l'agence de presse polonaise Wislapress.\n\n"
        "« Tout va bien », a dit le maire à Wislapress.",
        headline="Le pont est rouvert (Wislapress)",
    )
    assert summary(rows) == [
        ("headline", "credit", "wislapress"),
        ("body_text", "attribution", "wislapress"),
        ("body_text", "attribution", "wislapress"),
    ]


def test_an_unknown_name_alone_is_no_source():
    """« Selon Wislapress » without a word that says what it is: it could be anybody."""
    assert cited("Selon Wislapress, le pont est rouvert.") == []


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("byline", "Par Odile Varempont, avec AFP"),
        ("dateline", "DUNKERQUE, 7 mars (AFP)"),
        ("creditline", "AFP"),
    ],
)
def test_credit_fields_are_credits(field: str, text: str):
    """Whoever stands in a byline, dateline or credit line is credited."""
    [row] = cited("Rien de nouveau.", **{field: text})
    assert (row.field, row.kind, row.agency) == (field, "credit", "afp")
    assert text[row.start : row.end] == row.surface == "AFP"
    assert row.phrase == text


@pytest.mark.parametrize(
    "own",
    [
        {"outlet": "tass"},
        {"outlet": "tass.ru"},
        {"outlet": "local", "outlet_name": "ТАСС"},
        {"outlet": "local", "provider": "TASS"},
    ],
)
def test_an_agency_does_not_cite_itself(own: dict[str, str]):
    """An article by TASS, however it says so, names others only."""
    body = "МОСКВА, 3 июня. /ТАСС/. Мост открыт, сообщает «Интерфакс»."
    assert [row.agency for row in cited(body, "ru", **own)] == ["interfax"]


def test_an_outlet_does_not_cite_itself():
    """A newspaper that names itself as the one who was told is no source of itself."""
    body = "« Le pont est rouvert », a dit le maire au Figaro."
    assert cited(body, outlet="lefigaro.fr") == []
    assert [row.agency for row in cited(body)] == ["le-figaro"]


def test_words_that_stand_for_the_agency():
    """« La même source » is the one agency credited before it, with a low score."""
    rows = cited("Selon l'AFP, le pont est rouvert.\n\nLa même source indique que tout va bien.")
    assert [(row.surface, row.agency, row.score) for row in rows][1:] == [
        ("La même source", "afp", REFERRED)
    ]


def test_two_candidates_are_none():
    """With two agencies before it nothing is claimed."""
    rows = cited(
        "Selon l'AFP, le pont est rouvert ; Reuters rapporte le contraire.\n\n"
        "La même source indique que tout va bien."
    )
    assert [row.surface for row in rows] == ["AFP", "Reuters"]


def test_the_country_chooses_among_two():
    """« L'agence russe » after TASS and AFP is TASS."""
    rows = cited(
        "Selon l'AFP, le pont est rouvert ; Tass rapporte le contraire.\n\n"
        "L'agence russe cite un témoin."
    )
    assert (rows[-1].surface, rows[-1].agency) == ("L'agence russe", "tass")


def test_a_far_antecedent_is_none():
    """Two paragraphs on, the words may stand for anybody."""
    rows = cited(
        "Selon l'AFP, le pont est rouvert.\n\nTout va bien.\n\nIl pleut.\n\n"
        "La même source indique que tout va bien."
    )
    assert [row.surface for row in rows] == ["AFP"]


def test_rows_fit_their_table():
    """What is cited can be written as it is."""
    assert to_arrow(CITATIONS, cited("Selon l'AFP et Reuters, tout va bien.")).num_rows == 2


def test_a_language_without_lexicon_still_has_its_brackets():
    """What holds in all languages is found in one that has no file."""
    assert summary(cited("HELSINKI, 3.6. (STT) – Silta on auki.", "fi")) == [
        ("body_text", "credit", "stt")
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "AFP ",
        "AFP, ",
        "(AFP/ ",
        "selon l'agence ",
        "(Avec AFP) ",
        "« AFP » ",
        "selon l'agence de presse Aa, ",
        "\n(",
        "a",
    ],
)
def test_hostile_text_costs_no_more_than_its_length(piece: str):
    """Thirty times the text takes at most some hundred times as long; a square would take 900."""
    short, long = (piece * (size // len(piece)) for size in (10_000, 300_000))
    cited(short)
    quick, slow = (_seconds(text) for text in (short, long))
    assert slow < 100 * max(quick, 0.02)


def test_a_thousand_unknown_agencies_cost_no_square():
    """Each introduced name is looked for everywhere, so only some are."""
    short, long = (
        " ".join(f"selon l'agence de presse A{number:05}b." for number in range(size))
        for size in (300, 9_000)
    )
    cited(short)
    assert _seconds(long) < 100 * max(_seconds(short), 0.02)


def _seconds(text: str) -> float:
    one = article(body_text=text)
    entities = tag_article(one).entities
    begin = time.process_time()
    cite(one, entities)
    return time.process_time() - begin


@pytest.mark.parametrize("language", sorted(languages()))
def test_no_word_list_has_doubles(language: str):
    """The lists can be reviewed: a word stands in each of them once, in the order that counts.

    None hides in another's string: outside of brackets no `|` joins two.
    """
    lists = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))
    words = {name: value for name, value in lists.items() if isinstance(value, list)}
    assert words
    assert [
        (name, word) for name, value in words.items() for word in value if value.count(word) > 1
    ] == []
    assert [
        (name, word)
        for name, value in words.items()
        for word in value
        if isinstance(word, str) and "|" in _outside_brackets(word)
    ] == []


def _outside_brackets(pattern: str) -> str:
    while (shorter := re.sub(r"\([^()]*\)", "", pattern)) != pattern:
        pattern = shorter
    return pattern


def test_a_look_ahead_behind_a_name_allows_for_the_space():
    """Else it would never hold: a name may end before or after the space that follows it."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*.toml"))]
    frames = [row["frame"] for lists in files for row in lists.get("pattern", [])]
    assert frames
    assert [frame for frame in frames if re.search(r"[§¤]\(\?[!=](?! \?)", frame)] == []


def test_the_outlets_are_sorted_and_have_no_doubles():
    """The table can be reviewed: in order, nothing twice; one more row for names that are words."""
    rows = [
        line.split("\t")
        for line in (DATA / "outlets.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    ids = [row[0] for row in rows]
    order = [(row[0], row[2]) for row in rows]
    assert order == sorted(set(order))
    assert all(re.fullmatch(r"[a-z0-9-]+", one) for one in ids)
    assert all(
        len(row) == 4 and re.fullmatch(r"(?:word|credit)?(?: ?[a-z]{2})*", row[2]) and row[3]
        for row in rows
    )
    names = [name for row in rows for name in row[3].split("|")]
    assert len(names) == len(set(names))


def test_what_the_wire_states_is_cited_with_its_own_kind():
    """Hops and sources: known by name, code or host, else under their own name; not oneself."""
    stations = (
        Station("hop", "Thomson Reuters", "comp:TR", "2018-10-19T16:15:00Z"),
        Station("hop", None, "comp:bwire", None),
        Station("hop", None, "org:AFP", None),
        Station("infosource", None, "https://www.tass.ru/", None),
        Station("source", "Le Phare", "https://example.org/feed", None),
        Station("infosource", "", None, None),
    )
    one = article(body_text="Rien.", provenance=stations, outlet_name="Le Phare")
    rows = list(cite(one, ()))
    assert [(row.kind, row.agency, row.surface) for row in rows] == [
        ("hop", "reuters", "Thomson Reuters"),
        ("hop", "bwire", "comp:bwire"),
        ("hop", "afp", "org:AFP"),
        ("infosource", "tass", "https://www.tass.ru/"),
    ]
    text = provenance_text(one)
    assert all(text[row.start : row.end] == row.surface == row.phrase for row in rows)
    assert [row.score for row in rows] == [0.95, 0.8, 0.95, 0.95]


def test_agencies_that_share_a_field_are_cited_one_by_one():
    """Only where every part is an agency: a name may hold any of these signs."""
    stations = (
        Station("infosource", "AFP / Reuters", None, None),
        Station("infosource", "Halyard/AFP", None, None),
    )
    one = article(body_text="Rien.", provenance=stations)
    rows = list(cite(one, ()))
    assert [(row.agency, row.surface) for row in rows] == [
        ("afp", "AFP"),
        ("reuters", "Reuters"),
        ("halyard-afp", "Halyard/AFP"),
    ]
    assert all(provenance_text(one)[row.start : row.end] == row.surface for row in rows)


def test_a_prime_minister_is_no_agency():
    """PRIME is one; its name in small letters is half of an office."""
    one = article(body_text="He said it could help Conservative Prime Minister Ada Quill.")
    assert cite(one, ()) == ()
    other = article(body_text="Цены выросли, сообщает агентство Прайм.", language="ru")
    assert [row.agency for row in cite(other, ())] == ["prime"]


def test_an_island_is_no_broadcaster():
    """الجزيرة is Al Jazeera, and the island; only words that credit tell."""
    text = "استفادت الجزيرة من تأثير الحرب التجارية."
    assert cite(article(body_text=text, language="ar"), ()) == ()
    told = article(body_text="وقال المتحدث لقناة الجزيرة إن الميناء مغلق.", language="ar")
    assert [row.agency for row in cite(told, ())] == ["al-jazeera"]


def test_an_address_of_a_page_credits_nobody():
    """Press releases print their senders' addresses, bare and whole."""
    text = (
        "Halyard (www.halyard.com) builds cranes. More: https://www.halyard.com/news, halyard.com "
        "and https://halyard.com/."
    )
    rows = cite(article(body_text=text), ())
    assert [row.kind for row in rows if row.kind != "mention"] == []


def test_a_contract_with_an_agency_is_no_report_of_it():
    """Nor is the channel of a show, in parentheses before a comma."""
    text = (
        "Pursuant to your Information Supply Agreement with Australian Associated Press (AAP), "
        "remove it. Second was Got Talent (ITV), with eight million."
    )
    assert {row.kind for row in cite(article(body_text=text), ())} <= {"mention"}


NO_CREDITS = {
    "a noun and its article": "Some newspaper reports said so. The English-language daily did.",
    "an agency of another kind": "Bids go to the mortgage agency Caisse, said Caisse.",
    "initials of a phrase": "He wants relief from Petroleum Revenue Tax (PRT).",
    "a company in brackets": "All our business (with Volkswagen) had been closed, said Volkswagen.",
    "half of a name": "Under the contract, United-Guardian said it will supply the yard.",
    "a word in capitals": "COMPUTER POWER REPORTS RECORD",
    "an index": "Killian said the Nikkei contract has potential.",
    "a holder of shares": "He said he has been a CBS stockholder since 1969.",
    "a company": "Laurence Tisch said CBS Inc is a stronger company now.",
    "a verb between": "Tisch said his efforts have made CBS a better company.",
    "a rating": "The issue is rated A-1 by Moody's and AA-minus by others.",
    "a word of another language": "DNA said Mize will replace its chairman.",
    "a longer title": "According to the Times of Zambia, the team left.",
}


@pytest.mark.parametrize("what", NO_CREDITS)
def test_seen_in_real_wires_and_no_credit(what: str):
    """Each was one: found by reading what is credited in articles of Reuters of 1987."""
    rows = cite(article(body_text=NO_CREDITS[what], language="en"), ())
    credited = {row.agency for row in rows if row.kind != "mention"}
    assert not credited - {"the-times-of-zambia"}


ELSEWHERE = {
    "ru": [
        "Они выступили в кредитном рейтинговом агентстве НКР, пишет НКР.",
        "Вчера начали ремонт трансадриатического газопровода (TAP).",
    ],
    "es": ["Mientras el infante fue enviado al Centro de Estancia."],
    "de": ["Eine Frau liest die Namen der Opfer. Bild: AFP", "© picture alliance/dpa"],
    "en": [
        "He was named to the Associated Press All-Pro team.",
        "Opinions do not necessarily reflect those of Sputnik.",
        "A form is available at familyfun.com.",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in ELSEWHERE.items() for text in texts]
)
def test_seen_in_real_articles_and_no_credit(language: str, text: str):
    """Found by reading what is credited in articles of the evaluation's pairs."""
    one = article(body_text=text, language=language)
    rows = cite(one, tag_article(one).entities)
    assert [row for row in rows if row.kind != "mention"] == []


def test_a_name_that_the_text_explains_otherwise_is_no_agency():
    """The letters of other words in front of it say what it is, in the whole article."""
    rows = cited(
        "The Halden Fire Patrol (HFP) and the Australian Flood Panel (AFP) met.\n\n"
        "The AFP said the dam would hold.",
        "en",
    )
    assert rows == []


def test_the_full_name_before_its_letters_is_the_agency():
    """« Agence France-Presse (AFP) » spells the same letters, and is it."""
    rows = cited("The dam will hold, Agence France-Presse (AFP) said.", "en")
    assert {(row.kind, row.agency) for row in rows} == {("attribution", "afp")}


def test_lines_of_a_column_are_one_sentence():
    """Text that was set in a column breaks its lines anywhere."""
    body = (
        "The committee of the port of Halden wants to\n"
        "keep the old dam, its spokesman told\n"
        "Reuters, and it will ask for money before\n"
        "the summer, when the water is low.\n"
    )
    assert summary(cited(body, "en")) == [("body_text", "attribution", "reuters")]


def test_lines_of_a_list_are_none():
    """Headlines one under the other say nothing of each other."""
    body = "Dam will hold, spokesman told\nReuters\nRain expected\nNo trains on Monday\n"
    assert [row.kind for row in cited(body, "en")] != ["attribution"]


@pytest.mark.parametrize(
    ("body", "language", "surface"),
    [
        ("“It holds”, the Tasnim news agency said.", "en", "Tasnim"),
        ("Об этом сообщило агентство САНА.", "ru", "САНА"),
        ("وقالت وكالة رويترز إن السد صامد.", "ar", "رويترز"),
        ("قال المدير للأناضول إن السد صامد.", "ar", "أناضول"),
        ("Sel suları çekildi, Anadolu Ajansı'nın haberine göre.", "tr", "Anadolu Ajansı"),
    ],
)
def test_the_surface_is_the_name_alone(body: str, language: str, surface: str):
    """Without the noun that says what it is, and without an Arabic preposition."""
    assert [row.surface for row in cited(body, language)] == [surface]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Odile Varempont, The San Diego Union-Tribune", ["san-diego-union-tribune"]),
        ("Le Figaro avec AFP", ["le-figaro", "afp"]),
        ("Par Eva Spiegel", []),
        ("/ritzau/", ["ritzau"]),
    ],
)
def test_outlets_in_a_byline(byline: str, expected: list[str]):
    """An outlet that stands apart, no person of that name; an agency in any spelling."""
    assert [row.agency for row in cited("Rien de nouveau.", "fr", byline=byline)] == expected


@pytest.mark.parametrize(
    ("body", "language", "surface"),
    [
        (
            "Selin taştığını Reuters bildirdi.\n\nAynı ajans yolun kapandığını yazdı.",
            "tr",
            "Aynı ajans",
        ),
        ("وقالت رويترز إن السد صامد.\n\nوأضافت الوكالة أن الطريق مغلق.", "ar", "الوكالة"),
        ("据路透社报道，大坝稳固。\n\n该社称道路已经关闭。", "zh", "该社"),
        (
            "Zapora wytrzyma, podała PAP.\n\nAgencja dodała, że droga jest zamknięta.",
            "pl",
            "Agencja",
        ),
    ],
)
def test_words_that_stand_for_the_agency_elsewhere(body: str, language: str, surface: str):
    """In the newer languages too, with the one candidate before it."""
    [row] = [row for row in cited(body, language) if row.score == REFERRED]
    assert row.surface == surface
