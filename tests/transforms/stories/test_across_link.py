"""Clusters of languages linked: an invented signing and, next day, another of the same men."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest

from eval.story_items import make_item
from transforms.stories.across_link import Cluster, hours_apart, link
from transforms.stories.claims import make_claims

TUESDAY = dt.datetime(2023, 5, 2, 12, tzinfo=dt.UTC)
WHEAT = {
    "ru": (
        "Василенков и Дакуре подписали в Ташкенте соглашение о пшенице",
        "Министр иностранных дел Игорь Василенков и его коллега Адама Дакуре подписали во вторник в"
        " Ташкенте соглашение о поставках 245 тысяч тонн пшеницы, сообщает ТАСС.",
    ),
    "fr": (
        "Blé : Vassilenkov et Dakouré signent un accord à Tachkent",
        "Le ministre Igor Vassilenkov et son homologue Adama Dakouré ont signé mardi à Tachkent un"
        " accord sur la livraison de 245 000 tonnes de blé, selon l'agence TASS.",
    ),
    "ar": (
        "فاسيلينكوف وداكوري يوقعان اتفاقا بشأن القمح في طشقند",
        "وقع الوزير إيغور فاسيلينكوف ونظيره أداما داكوري يوم الثلاثاء في طشقند اتفاقا لتوريد"
        " 245 ألف طن من القمح، حسب وكالة تاس.",
    ),
    "zh": (
        "瓦西连科夫与达库雷在塔什干签署小麦协议",
        "外交部长伊戈尔·瓦西连科夫与阿达马·达库雷周二在塔什干签署协议，供应24.5万吨小麦，塔斯社报道。",
    ),
}
AIRPORT = {
    "ru": (
        "Василенков и Дакуре открыли аэропорт в Самарканде",
        "Игорь Василенков и Адама Дакуре в среду открыли в Самарканде новый аэропорт, который"
        " обойдётся в 780 миллионов долларов и примет 3,2 миллиона пассажиров.",
    ),
    "fr": (
        "Vassilenkov et Dakouré inaugurent l'aéroport de Samarcande",
        "Igor Vassilenkov et Adama Dakouré ont inauguré mercredi à Samarcande un aéroport de"
        " 780 millions de dollars, prévu pour 3,2 millions de passagers.",
    ),
}


def _clusters(name: str, texts: dict[str, tuple[str, str]], at: dt.datetime) -> list[Cluster]:
    return [
        Cluster(
            f"{name}-{language}",
            language,
            at,
            at + dt.timedelta(hours=2),
            make_claims(
                make_item(
                    f"{name}-{language}",
                    headline=headline,
                    body_text=body,
                    language=language,
                    published=at,
                )
            ),
        )
        for language, (headline, body) in texts.items()
    ]


@pytest.fixture(scope="module")
def clusters() -> list[Cluster]:
    return [
        *_clusters("wheat", WHEAT, TUESDAY),
        *_clusters("airport", AIRPORT, TUESDAY + dt.timedelta(days=1)),
    ]


def test_four_languages_are_one_story_and_the_next_day_another(clusters: list[Cluster]) -> None:
    links = link(clusters)
    assert {(one.split("-")[0], other.split("-")[0]) for one, other, _ in links} == {
        ("airport", "airport"),
        ("wheat", "wheat"),
    }
    linked = {name for one, other, _ in links for name in (one, other)}
    assert linked == {one.id for one in clusters}


def test_the_order_of_clusters_says_nothing(clusters: list[Cluster]) -> None:
    expected = link(clusters)
    assert all(link(order) == expected for order in list(permutations(clusters))[::97])


def test_a_story_has_one_cluster_of_a_language(clusters: list[Cluster]) -> None:
    russian = clusters[0]
    twin = Cluster("wheat-ru-2", "ru", russian.first, russian.last, russian.claims)
    links = link([russian, twin, clusters[1]])
    # Alike in all, the lower id has it.
    assert [(one, other) for one, other, _ in links] == [("wheat-fr", "wheat-ru")]


def test_hours_between_the_nearest_articles(clusters: list[Cluster]) -> None:
    wheat, airport = clusters[0], clusters[-1]
    assert hours_apart(wheat, airport) == hours_apart(airport, wheat) == 22.0
    assert hours_apart(wheat, wheat) == 0.0
    assert hours_apart(wheat, Cluster("x", "fr", None, None, wheat.claims)) is None
