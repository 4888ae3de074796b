"""The article the project started from, and variations of it written by us."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.quotes.find import Quotation, find_quotes
from transforms.quotes.words import Name


def mentions(text: str, *names: str) -> list[Name]:
    """Every place where a person is named in full or by surname."""
    found = []
    for name in names:
        at = text.find(name)
        while at >= 0:
            found.append(Name(at, at + len(name), name, f"person:{name}", is_person=True))
            at = text.find(name, at + 1)
    return sorted(found, key=lambda one: one.start)


@pytest.mark.parametrize("known", [(), ("Sergei Lavrov", "Assimi Goïta", "Macron")])
def test_the_seed(shared: Path, known: tuple[str, ...]) -> None:
    """Two to four quotes; the two long ones are spoken by Lavrov, whom the second has by title."""
    text = (shared / "seed" / "lecourrier-du-soir.txt").read_text("utf-8")
    found = find_quotes(text, "fr", mentions(text, *known))
    long = [one for one in found if len(one.text.split()) > 10]
    assert 2 <= len(found) <= 4
    assert [one.speaker for one in long] == ["Sergei Lavrov"] * 2
    assert long[0].text.startswith("ils (les soldats maliens) se sont tournés vers")
    assert long[1].text.endswith("tournés à une société privée russe")
    if known:
        assert {one.speaker_entity_id for one in long} == {"person:Sergei Lavrov"}


# Name: language, persons mentioned, text, then (first words, speaker) of each quotation.
VARIATIONS = {
    "fr, English marks, another minister": (
        "fr",
        ("Joris Vanlaer",),
        "Le ministre belge de l’Énergie, Joris Vanlaer, confirme un contrat que Lille qualifie de "
        "“caduc”. Interrogé jeudi, Joris Vanlaer dira sans détour : “ils se sont tournés vers une "
        "société privée parce que la nôtre réduit ses livraisons”.\n\n"
        "Le ministre belge de l’Énergie poursuit : “jusqu’ici rien ne s’est passé dans ce port”.",
        [("caduc", "Lille"), ("ils se sont", "Joris Vanlaer"), ("jusqu’ici rien", "Joris Vanlaer")],
    ),
    "fr, the speaker is not stated": (
        "fr",
        (),
        "Le contrat divise la ville. « Jusqu’ici rien ne s’est passé dans ce port. »\n\n"
        "La suite est attendue lundi.",
        [("Jusqu’ici rien", None)],
    ),
    "en, straight marks, pronoun": (
        "en",
        ("Rhona Maddern",),
        "Energy minister Rhona Maddern confirmed the deal on Thursday.\n\n"
        '"They turned to a private company because ours is leaving," she told reporters. '
        '"Nothing has happened in that port so far," she added.',
        [("They turned", "Rhona Maddern"), ("Nothing has", "Rhona Maddern")],
    ),
    "en, over two paragraphs": (
        "en",
        (),
        "Rhona Maddern said: “They turned to a private company.\n\n“Ours is leaving the port.”\n\n"
        "The union was silent.",
        [("They turned", "Rhona Maddern")],
    ),
    "ru, company names beside speech": (
        "ru",
        (),
        "Завод «Нептун» подписал договор с ООО «Южный причал», сообщает «Интерфакс».\n\n"
        "«Они обратились к частной компании, потому что наша уходит», — заявил министр энергетики "
        "Тимур Ясенев. «До сих пор в этом порту ничего не произошло», — добавил он.",
        [("Они обратились", "Тимур Ясенев"), ("До сих", "Тимур Ясенев")],
    ),
    "de, low and high marks, title only": (
        "de",
        ("Jutta Quandel",),
        "Die Energieministerin, Jutta Quandel, bestätigte am Donnerstag den Vertrag.\n\n"
        "„Sie haben sich an eine private Firma gewandt“, sagte die Energieministerin. „In diesem "
        "Hafen ist bisher nichts passiert“, fügte sie hinzu.",
        [("Sie haben", "Jutta Quandel"), ("In diesem", "Jutta Quandel")],
    ),
    "es, before a colon": (
        "es",
        (),
        "La ministra de Energía, Nuria Albacete, dijo el jueves: «Se dirigieron a una empresa "
        "privada porque la nuestra se marcha».\n\nSegún Nuria Albacete, «hasta ahora no ha pasado "
        "nada en ese puerto».",
        [("Se dirigieron", "Nuria Albacete"), ("hasta ahora", "Nuria Albacete")],
    ),
    "it, with an agency as carrier": (
        "it",
        (),
        "«Si sono rivolti a una società privata perché la nostra se ne va», ha detto all’Ansa la "
        "ministra Fiorenza Baldacci. «Finora in quel porto non è successo nulla», ha aggiunto.",
        [("Si sono", "Fiorenza Baldacci"), ("Finora in", "Fiorenza Baldacci")],
    ),
    "pt, a body speaks": (
        "pt",
        (),
        "“Eles procuraram uma empresa privada porque a nossa vai embora”, disse o ministério em "
        "nota. O cartaz dizia “Fora do nosso porto todos os navios”.",
        [("Eles procuraram", "o ministério")],
    ),
    "ar, inside a sentence": (
        "ar",
        (),
        "وقال وزير الطاقة سليم الحداد إن «بلاده توجهت إلى شركة خاصة».",
        [("بلاده توجهت", "وزير الطاقة سليم الحداد")],
    ),
    "zh, corner brackets": (
        "zh",
        (),
        "能源部長林佳蓉說：「他們找了一家私人公司，因為我們的公司要離開。」",
        [("他們找了一家私人公司", "能源部長林佳蓉")],
    ),
}


@pytest.mark.parametrize("case", VARIATIONS)
def test_variations(case: str) -> None:
    """Other languages, marks and ways to name the speaker: the same quotations are found."""
    language, persons, text, expected = VARIATIONS[case]
    found = find_quotes(text, language, mentions(text, *persons))
    assert [one.speaker for one in found] == [speaker for _, speaker in expected]
    assert all(starts_with(one, words) for one, (words, _) in zip(found, expected, strict=True))


def starts_with(one: Quotation, words: str) -> bool:
    return one.text.startswith(words)
