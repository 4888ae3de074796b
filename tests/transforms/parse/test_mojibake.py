"""Mojibake is repaired where it is certain, flagged where likely, and otherwise left alone."""

from __future__ import annotations

import pytest

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext
from transforms.parse.mojibake import mend, repair

# Sentences as newspapers print them, with what looks most like mojibake in each language.
REAL = [
    "Décès de l'opératrice : « c'est déjà l'été », dit-elle à l'hôpital.",
    "São Paulo, amanhã: ação da Câmara sobre a eleição; MANHÃ e AMANHÃ.",
    "Cộng hòa xã hội chủ nghĩa Việt Nam – Độc lập – Tự do – Hạnh phúc.",
    "Die Straße über die Brücke ist für Fußgänger gesperrt, sagte „Müller“.",
    "El año pasado, ¿cuántos niños? ¡Ninguno!, según «El País».",
    "Øresund, Ærø og Århus: ”Det går”, siger på dansk.",
    "Żółć gęślą jaźń w Łodzi – powiedział „Gazecie”.",
    "Çeşme'de güneş: İzmir'in ilçesinde düğün.",
    "Москва — «Известия»: переговоры прошли успешно.",
    "Il perché è lì: «più città», disse Niccolò — già.",
    "中国人民银行周一表示，“稳健”的货币政策。",
    "Â£5 is what a bad page prints once; naïve café.",
]


@pytest.mark.parametrize("text", REAL)
def test_real_text_is_never_changed(text: str) -> None:
    item = Item(source_format="x", record=None, headline=text, body_text=text)
    assert mend(item) == item


@pytest.mark.parametrize("text", REAL[:9])
def test_certain_mojibake_is_repaired(text: str) -> None:
    """Read as windows-1252, and taken back to what was written."""
    wrong = text.encode().decode("latin-1")
    bytes_as_1252 = "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()
    )
    assert repair(bytes_as_1252) == text
    assert repair(wrong) in (text, None)


def test_the_warning_says_where() -> None:
    wrong = "DÃ©cÃ¨s Ã\xa0 l'hÃ´pital"
    item = mend(Item(source_format="x", record=None, headline=wrong, byline="Ada"))
    assert (item.headline, item.byline) == ("Décès à l'hôpital", "Ada")
    assert item.warnings == ("mojibake_repaired:headline",)


def test_one_typographic_sign_is_enough() -> None:
    """Three bytes are no chance, whereas the two of `Â£` may be."""
    assert repair("Benâ€™s crane") == "Ben’s crane"
    assert repair("Â£5") is None


def test_half_of_it_is_flagged_and_kept() -> None:
    """A field that mixes right and wrong cannot be taken back as a whole."""
    mixed = "DÃ©cÃ¨s Ã\xa0 l'hôpital — 中国"
    item = mend(Item(source_format="x", record=None, headline=mixed))
    assert item.headline == mixed
    assert item.warnings == ("mojibake:headline",)


def test_it_is_on_the_road_of_every_reader() -> None:
    (found,) = parse_document(
        '{"headline": "DÃ©cÃ¨s"}'.encode(), ParseContext(source_uri="x"), None
    )
    assert isinstance(found, Item)
    assert found.headline == "Décès"


@pytest.mark.parametrize("piece", ["Ã©", "Ã", "é ", "a"])
def test_time_is_linear(piece: str) -> None:
    def cost(times: int) -> float:
        item = Item(source_format="x", record=None, body_text=piece * times)
        return least_cpu_seconds(lambda: mend(item))

    assert cost(80_000) < max(20 * cost(10_000), 0.1)
