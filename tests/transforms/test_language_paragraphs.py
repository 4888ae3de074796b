"""Paragraphs in another language than their article: found as wholes, and mostly there are none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article
from tests.transforms.articles import article
from transforms.language import detect_language, with_language

FRENCH = [
    "Le port a été fermé mardi après la découverte de fissures dans la jetée nord, a annoncé la "
    "préfecture. Les bateaux de pêche ont été déplacés vers le bassin voisin.",
    "Les ingénieurs examinent depuis ce matin l'ouvrage, construit dans les années soixante, et la "
    "réouverture n'est pas attendue avant la fin de la semaine prochaine.",
]
RUSSIAN = [
    "Порт закрыли после того, как инспекторы обнаружили трещины на северном пирсе, сообщили в "
    "администрации города. Работы продлятся не менее двух недель.",
    "Рыболовные суда перевели в соседний бассейн. Никто не пострадал, движение автомобилей по "
    "набережной пока не ограничено, уточнили в пресс-службе.",
]
GERMAN = [
    "Der Hafen wurde am Dienstag geschlossen, nachdem Prüfer Risse in der nördlichen Mole gefunden "
    "hatten, wie die Behörde mitteilte. Die Fischerboote liegen nun im Nachbarbecken.",
    "Die Ingenieure untersuchen das Bauwerk seit dem Morgen. Mit einer Öffnung vor dem Ende der "
    "kommenden Woche ist nicht zu rechnen, hieß es aus dem Rathaus.",
]
ENGLISH = (
    "“We closed the northern pier because our inspectors found cracks in it. Nobody was hurt, and "
    "the boats have been moved to the next basin. We will open it again when it is safe.”"
)
SERBIAN = (
    "Лука је затворена у уторак, након што су инспектори нашли пукотине на северном молу, "
    "саопштила је градска управа. Рибарски бродови премештени су у суседни базен."
)
SERBIAN_LATIN = (
    "Luka je zatvorena u utorak, nakon što su inspektori našli pukotine na severnom molu, "
    "saopštila je gradska uprava. Ribarski brodovi premešteni su u susedni bazen."
)
TRADITIONAL = (
    "港口在北碼頭發現裂縫後於週二關閉,當局表示將進行檢查,漁船已被轉移到鄰近的港池。"
    "工程師從今天早上開始檢查這座建於六十年代的建築,預計下週末之前不會重新開放。"
)
SIMPLIFIED = (
    "港口在北码头发现裂缝后于周二关闭,当局表示将进行检查,渔船已被转移到邻近的港池。"
    "工程师从今天早上开始检查这座建于六十年代的建筑,预计下周末之前不会重新开放。"
)


def tagged(*paragraphs: str, **columns: str) -> Article:
    return with_language(article(body_text="\n\n".join(paragraphs), **columns))


def stretches(found: Article) -> list[tuple[str, str | None, str]]:
    """Language, tag and text of each stretch."""
    assert found.language_paragraphs is not None
    return [
        (one.language, one.language_tag, (getattr(found, one.field) or "")[one.start : one.end])
        for one in found.language_paragraphs
    ]


@pytest.mark.parametrize(
    ("paragraphs", "own", "expected"),
    [
        ((FRENCH[0], RUSSIAN[0], FRENCH[1]), "fr", [("ru", None, RUSSIAN[0])]),
        ((*GERMAN, ENGLISH), "de", [("en", None, ENGLISH)]),
        ((ENGLISH, *GERMAN), "de", [("en", None, ENGLISH)]),
        ((SERBIAN, SERBIAN, SERBIAN_LATIN), "sr", [("sr", "sr-Latn", SERBIAN_LATIN)]),
        ((SERBIAN, SERBIAN, ENGLISH), "sr", [("en", None, ENGLISH)]),
        ((SIMPLIFIED, SIMPLIFIED, TRADITIONAL), "zh", [("zh", "zh-Hant", TRADITIONAL)]),
    ],
    ids=["fr+ru", "de+en", "en+de", "sr in two scripts", "sr+en", "zh in two scripts"],
)
def test_a_paragraph_in_another_language(
    paragraphs: tuple[str, ...], own: str, expected: list[tuple[str, str | None, str]]
) -> None:
    """The paragraph is told exactly; the article keeps its language."""
    found = tagged(*paragraphs)
    assert found.language == own
    assert stretches(found) == expected


@pytest.mark.parametrize("between", ["", "«Никто.»", "- - -"])
def test_neighbours_are_one_stretch(between: str) -> None:
    """Two Russian paragraphs are one, also with something between that is too short to tell."""
    inner = "\n\n".join(part for part in (RUSSIAN[0], between, RUSSIAN[1]) if part)
    assert stretches(tagged(FRENCH[0], inner, *FRENCH)) == [("ru", None, inner)]


def test_two_stretches_with_a_paragraph_of_the_article_between() -> None:
    """What is the article's own ends a stretch."""
    found = tagged(FRENCH[0], RUSSIAN[0], FRENCH[1], RUSSIAN[1], *FRENCH)
    assert [text for _, _, text in stretches(found)] == RUSSIAN


def test_headline_and_standfirst_are_paragraphs() -> None:
    """Offsets are those of their field."""
    found = tagged(*FRENCH, *FRENCH, description_text=ENGLISH)
    assert found.language_paragraphs is not None
    (one,) = found.language_paragraphs
    assert (one.field, one.start, one.end) == ("description_text", 0, len(ENGLISH))


@pytest.mark.parametrize(
    "paragraphs",
    [
        FRENCH,
        GERMAN,
        [SERBIAN],
        [GERMAN[0], "Der Sprecher sagte am Abend „no comment at all, thank you“ und ging."],
        [FRENCH[0], "«Порт закрыт до пятницы», сказал он.", FRENCH[1]],
        ["12:30 - - -"],
        [],
    ],
    ids=["fr", "de", "sr", "three words of English", "a short line", "nothing", "empty"],
)
def test_mostly_there_are_none(paragraphs: list[str]) -> None:
    """An article in one language has no stretches, nor has one with a few words of another."""
    assert tagged(*paragraphs).language_paragraphs == ()


def test_neighbouring_languages_need_words_of_their_own() -> None:
    """A Norwegian paragraph that Danish might have written makes no stretch in a Danish article."""
    danish = (
        "Havnen blev lukket tirsdag, efter at inspektører fandt revner i den nordlige mole, siger "
        "kommunen. Fiskerbådene er blevet flyttet til det næste bassin af hensyn til sikkerheden."
    )
    shared = (
        "Etter arbejdet på molen er det en stor sag for byen, og det var en god dag for mange her. "
        "Det er en sag som alle kender, og vi har det hele med, og det er for alle de andre."
    )
    assert tagged(danish, danish, shared).language_paragraphs == ()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*FRENCH, *RUSSIAN, ENGLISH, "\x00", "x", "漢字", "\ud800"])))
def test_stretches_are_in_order_and_differ(paragraphs: list[str]) -> None:
    """Any mixture passes; stretches do not overlap, and no stretch is in the article's language."""
    found = tagged(*paragraphs)
    assert found.language_paragraphs is not None
    end = -1
    for one in found.language_paragraphs:
        assert end < one.start < one.end <= len(found.body_text or "")
        assert (one.language, one.language_tag) != (found.language, found.language_tag)
        assert detect_language((found.body_text or "")[one.start : one.end])
        end = one.end


def test_time_is_linear() -> None:
    """What is hostile to paragraphs costs no more than its length."""
    tagged(FRENCH[0], RUSSIAN[0])
    start = time.process_time()
    for piece in ("x\n\n", "\n", "\n \n", f"{RUSSIAN[0]}\n\n{FRENCH[0]}\n\n", "я\n\n", SERBIAN):
        tagged((piece * (300_000 // len(piece)))[:300_000])
    assert time.process_time() - start < 3
