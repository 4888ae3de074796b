"""Where a day's articles belong."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.transforms.stories.reports import BUDGET, FERRY, NOON, profile
from transforms.stories import cluster
from transforms.stories.cluster import Placement, Story, place
from transforms.stories.item import Named
from transforms.stories.profile import Profile

ROOT = Path(__file__).resolve().parents[3]
FERRIES = [profile(f"f{number}", *report) for number, report in enumerate(FERRY)]
BUDGETS = [profile(f"b{number}", *report) for number, report in enumerate(BUDGET)]


def groups(placement: Placement) -> list[set[str]]:
    return [{name for name, _ in group} for group in placement.founds]


def test_articles_found_stories_with_those_of_their_event() -> None:
    placement = place([], [*FERRIES, *BUDGETS], {})
    assert groups(placement) == [{"b0", "b1"}, {"f0", "f1", "f2"}]
    assert not placement.joins
    assert not placement.merges


def test_the_founder_is_the_earliest_and_stands_first() -> None:
    early = profile("f9", *FERRY[0], published=NOON - dt.timedelta(hours=3))
    untimed = profile("f0", *FERRY[2], published=None)
    (group,) = place([], [untimed, FERRIES[1], early], {}).founds
    assert [name for name, _ in group] == ["f9", "f1", "f0"]
    assert group[0][1] == 1.0
    assert all(0 < score < 1 for _, score in group[1:])


def test_an_article_joins_an_existing_story() -> None:
    stories = [Story("s1", tuple(FERRIES[:2])), Story("s2", (BUDGETS[0],))]
    placement = place(stories, [FERRIES[2], profile("x", "Cat wins prize at Lomsk show")], {})
    assert {name: story for name, (story, _) in placement.joins.items()} == {"f2": "s1"}
    assert groups(placement) == [{"x"}]


def test_stories_that_an_article_shows_to_be_one_are_merged_into_the_older() -> None:
    old = profile("f0", *FERRY[0], day=NOON.date() - dt.timedelta(days=1))
    stories = [Story("a-younger", (FERRIES[1],)), Story("z-older", (old,))]
    ((younger, older, score),) = place(stories, [FERRIES[2]], {}).merges
    assert (younger, older) == ("a-younger", "z-older")
    assert 0 < score < 1
    assert not place(stories, [BUDGETS[0]], {}).merges


@pytest.mark.parametrize("many", [100, 1_200])
def test_what_very_many_have_in_the_same_words_is_one_story(many: int) -> None:
    """Too short to be copies: more than there are candidates, and than a term is looked up by."""
    same = [profile(f"f{number:04}", FERRY[0][0]) for number in range(many)]
    (group,) = place([], same, {}).founds
    assert len(group) == many


def test_nothing_depends_on_order() -> None:
    others = [
        profile(f"x{number}", f"{word} show opens", f"The {word} show opened in Lomsk.")
        for number, word in enumerate(["Orchid", "Tractor", "Pigeon", "Accordion", "Glass"])
    ]
    new = [*FERRIES[1:], *BUDGETS, *others]
    stories = [Story("s1", (FERRIES[0],)), Story("s2", (profile("o", "Tractor show in Lomsk"),))]
    copies = {"x1": "k", "x4": "k"}
    expected = place(stories, new, copies)
    for seed in range(5):
        drawn = random.Random(seed)
        shuffled, turned = drawn.sample(new, len(new)), drawn.sample(stories, len(stories))
        assert place(turned, shuffled, copies) == expected


def test_nothing_depends_on_the_hash_seed() -> None:
    program = (
        "import json; from tests.transforms.stories.test_cluster import *;"
        "found = place([], [*FERRIES, *BUDGETS], {}); print(json.dumps(found.founds))"
    )
    found = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True,
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            ).stdout
        )
        for seed in ("1", "2")
    ]  # fmt: skip
    assert found[0] == found[1]


def test_headlines_alone_come_together() -> None:
    headlines = [profile(f"h{number}", headline) for number, (headline, _) in enumerate(FERRY)]
    headlines.append(profile("x", BUDGET[0][0]))
    assert groups(place([], headlines, {})) == [{"h0", "h1", "h2"}, {"x"}]


def test_copies_are_placed_together_and_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    agglomerate = cluster.agglomerate
    monkeypatch.setattr(
        cluster,
        "agglomerate",
        lambda units, fixed: seen.append(len(units)) or agglomerate(units, fixed),
    )
    copies = {f"c{number}": "family" for number in range(4)}
    new = [profile(name, *FERRY[0]) for name in copies]
    placement = place([], [*new, FERRIES[1], BUDGETS[0]], copies)
    assert groups(placement) == [{"b0"}, {*copies, "f1"}]
    assert seen == [3]
    # The same scores as with one of them.
    alone = place([], [new[0], FERRIES[1], BUDGETS[0]], copies)
    assert dict(placement.founds[1])["f1"] == dict(alone.founds[1])["f1"]


def test_a_copy_goes_where_its_family_is() -> None:
    copies = {"f0": "family", "copy": "family"}
    placement = place([Story("s1", (FERRIES[0],))], [profile("copy", "Brief")], copies)
    assert placement.joins == {"copy": ("s1", 1.0)}


def test_a_language_is_placed_by_itself() -> None:
    french = profile("fr", *FERRY[1], language="fr")
    assert groups(place([], [FERRIES[0], french], {})) == [{"f0"}, {"fr"}]


CYRILLIC = (
    ("Паром «Марельда» сел на мель у Тольвика", "Паром «Марельда» с 214 пассажирами сел на мель у"
     " острова Тольвик, сообщила береговая охрана. Пассажиров сняли спасатели."),
    ("Пассажиров парома «Марельда» эвакуировали у Тольвика", "Спасатели эвакуировали 214"
     " пассажиров парома «Марельда», севшего на мель близ Тольвика, сообщили в береговой охране."),
    ("В Остравии принят бюджет", "Парламент Остравии после ночных дебатов принял бюджет"
     " с повышением налога на топливо, сообщило министерство финансов."),
)  # fmt: skip
CHINESE = (
    (
        "渡轮“玛雷达号”在托维克岛附近搁浅",
        "海岸警卫队说，载有214名乘客的渡轮“玛雷达号”周一在托维克岛附近触礁搁浅。",
    ),
    (
        "“玛雷达号”渡轮搁浅 乘客全部获救",
        "渡轮“玛雷达号”在托维克岛附近触礁，214名乘客全部获救，海岸警卫队表示。",
    ),
    ("奥斯特拉维亚议会通过预算", "奥斯特拉维亚议会经过一夜辩论通过预算，财政部说燃油税将上调。"),
)


@pytest.mark.parametrize(("language", "reports"), [("ru", CYRILLIC), ("zh", CHINESE)])
def test_other_scripts(language: str, reports: Sequence[tuple[str, str]]) -> None:
    new: list[Profile] = [
        profile(f"a{number}", *report, language=language) for number, report in enumerate(reports)
    ]
    assert groups(place([], new, {})) == [{"a0", "a1"}, {"a2"}]


def test_a_form_with_other_names_is_no_copy() -> None:
    """Taken for one, as nearly all words are the same; existing or new."""
    body = "A fire destroyed the warehouse at night. Sixty men fought the blaze there for hours."
    leeds, bristol = (
        profile(
            town,
            f"Fire destroys warehouse in {town}",
            body,
            entities=(Named(town, "place", town, "headline", "gazetteer"),),
        )
        for town in ("Leeds", "Bristol")
    )
    copies = {"Leeds": "family", "Bristol": "family"}
    assert groups(place([], [leeds, bristol], copies)) == [{"Bristol"}, {"Leeds"}]
    later = place([Story("s1", (leeds,))], [bristol], copies)
    assert later.joins == {}
    assert groups(later) == [{"Bristol"}]
