"""Who is joined: one name and a company that says something; nobody else."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from tests.transforms.cpu_time import least_cpu_seconds
from tracing.spellings import Bearer, Near, find_alike, find_joined, judge

TOTAL = 10_000
FIRM, BODY, TOWN, CAPITAL = "name:krechet", "org:un", "geonames:1", "geonames:2"
CITY, WITNESS, SVIDETEL = "geonames:3", "name:anna-tregub", "name:анна-трегуб"
NAMED_IN = {FIRM: 5, BODY: 2_000, TOWN: 20, CAPITAL: 900, CITY: 250, WITNESS: 3, SVIDETEL: 4}
KINDS = {FIRM: "organization", BODY: "organization", TOWN: "place", CAPITAL: "place"} | {
    CITY: "place", WITNESS: "person", SVIDETEL: "person",
}  # fmt: skip


def bearer(name: str, *around: str, articles: Sequence[str] = ()) -> Bearer:
    entity_id = "name:" + name.lower().replace(" ", "-")
    return Bearer(
        entity_id,
        (name,),
        frozenset(articles or [entity_id]),
        {one: Near(KINDS.get(one, "person"), 1) for one in around},
    )


def joined(one: Bearer, other: Bearer) -> bool:
    return judge(one, other, NAMED_IN, TOTAL) is not None


def test_the_spelling_alone_joins_nobody():
    """Two Ivanovs with nothing in common but the name stay two."""
    assert not joined(bearer("Sergei Ivanov"), bearer("Сергей Иванов"))
    assert not joined(bearer("Sergei Ivanov", FIRM), bearer("Сергей Иванов", TOWN))


@pytest.mark.parametrize(("around", "expected"), [(FIRM, True), (TOWN, True), (CAPITAL, False)])
def test_shared_company_counts_by_its_rarity(around: str, expected: bool):
    """A firm or a town that few name joins, a place where everything happens does not."""
    one, other = bearer("Sergei Rogov", around), bearer("Сергей Рогов", around)
    assert joined(one, other) is expected


def test_a_body_that_everybody_names_says_nothing():
    """In a fifth of all articles it is no evidence."""
    assert not joined(bearer("Sergei Rogov", BODY), bearer("Сергей Рогов", BODY))


@pytest.mark.parametrize(
    ("around", "expected"), [((), False), ((CITY,), True), ((CAPITAL,), False), ((BODY,), False)]
)
def test_a_rare_surname_needs_less_company(around: Sequence[str], expected: bool):
    """A name that no list knows is joined by a place that a fortieth of the articles names."""
    one, other = bearer("Timur Glasunetz", *around), bearer("Тимур Гласунец", *around)
    assert joined(one, other) is expected
    known = bearer("Sergei Rogov", *around), bearer("Сергей Рогов", *around)
    assert not joined(*known)


def test_a_short_surname_is_not_rare():
    """Millions are called Kim or Wang, whom no list of ours has."""
    assert not joined(bearer("Dmitri Kim", CITY), bearer("Дмитрий Ким", CITY))


def test_a_companion_in_another_spelling_is_company():
    """Who is named beside both, in two scripts, counts as one id would."""
    one, other = bearer("Sergei Rogov", WITNESS), bearer("Сергей Рогов", SVIDETEL)
    found = judge(one, other, NAMED_IN, TOTAL)
    assert found is not None
    assert [(each.entity_id, each.articles) for each in found.shared] == [(WITNESS, 7)]
    assert not joined(one, bearer("Сергей Рогов", "name:anna-tretyak"))


def test_shared_company_does_not_join_other_names():
    """Near misses stay apart whatever they share."""
    for other in ("Виктор Рогов", "С. Рогов", "Сергей Рогин"):
        assert not joined(bearer("Sergei Rogov", FIRM, TOWN), bearer(other, FIRM, TOWN))


def test_two_in_one_article_are_two():
    """Who stand beside each other are not one."""
    one = bearer("Sergei Rogov", FIRM, articles=["a"])
    assert not joined(one, bearer("Sergey Rogov", FIRM, articles=["a"]))


def test_who_is_named_often_needs_more_company():
    """Somebody of a thousand articles meets a town once by chance, a hundred times for a reason."""
    many = frozenset(f"a{number}" for number in range(1_000))
    other = bearer("Сергей Рогов", TOWN)
    for times, expected in ((1, False), (100, True)):
        one = Bearer("name:sergei-rogov", ("Sergei Rogov",), many, {TOWN: Near("place", times)})
        assert joined(one, other) is expected
        more = frozenset(f"b{number}" for number in range(1_000))
        as_often = Bearer("name:x", ("Сергей Рогов",), more, {TOWN: Near("place", times)})
        assert joined(one, as_often) is expected


def test_who_is_spelled_alike_among_many():
    """Each meets those of one first name only; a thousand of one surname take no million looks."""
    first = ["Sergei", "Viktor", "Alexander", "Iskander"]
    asked = {name: (f"{name} Rogov",) for name in first}
    others = {
        "s": ("Сергей Рогов",),
        "a": ("فيكتور روغوف",),
        "n": ("Никита Рогов",),
        "v": ("W. Rogow",),
    }
    assert find_alike(asked, others) == {"s": ["Sergei"], "a": ["Viktor"]}
    syllables = itertools.product("bdgklmnprst", "aeiou", "bdgklmnprst", "aeiou")
    many = {name: (f"{name}n Rogov",) for name in map("".join, syllables)}
    assert least_cpu_seconds(lambda: find_alike(many, many)) < 2


def test_the_evidence_is_told():
    """Names, score from one half on, shared ids with the articles that name them, rarest first."""
    one = bearer("Sergei Rogov", TOWN, FIRM, CAPITAL)
    [found] = find_joined(
        [bearer("Виктор Рогов", FIRM), one], [bearer("Сергей Рогов", FIRM, TOWN, CAPITAL)],
        NAMED_IN, TOTAL,
    )  # fmt: skip
    assert (found.entity_id, found.with_id) == ("name:сергей-рогов", "name:sergei-rogov")
    assert found.names == ("Sergei Rogov", "Сергей Рогов")
    assert [(each.entity_id, each.articles) for each in found.shared] == [(FIRM, 5), (TOWN, 20)]
    # ln(10001/6) = 7.42 and two thirds of ln(10001/21) = 6.17 make 11.53; 11.53 / 14.53
    assert found.score == 0.794
