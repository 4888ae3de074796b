"""The claims of a cluster."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

from transforms.stories.claims import Claims, Concept, Name, Number, Word
from transforms.stories.gather import gather_claims
from transforms.stories.item import Item
from transforms.stories.profile import Profile
from transforms.stories.terms import make_terms

DAY = dt.date(2023, 5, 3)
TERMS = make_terms(Item("x", "x", "fr", "example.org", DAY))


def _profile(name: str, claims: Claims) -> Profile:
    return Profile(name, name, "fr", "example.org", DAY, None, TERMS, claims)


def _claims(*rows: str, toll: str = "37") -> Claims:
    return Claims(
        language="fr",
        names=tuple(Name(row, row, 1, 0, 7) for row in rows),
        numbers=(Number(toll, "killed", 0),),
        concepts=(Concept("attack", 1, 1),),
        words=tuple(Word(row[:5], 10) for row in rows),
    )


def test_one_article_is_its_own_claims() -> None:
    claims = _claims("vasilenkov")
    assert gather_claims([_profile("a", claims)]) == claims


def test_the_order_of_articles_says_nothing() -> None:
    members = [
        _profile("a", _claims("vasilenkov", "dakure")),
        _profile("b", _claims("vasilenkov", toll="39")),
        _profile("c", _claims("sisoko", "vasilenkov", "konate")),
    ]
    assert len({gather_claims(order) for order in permutations(members)}) == 1


def test_copies_weigh_once() -> None:
    text = _claims("vasilenkov", "dakure")
    other = _claims("vasilenkov", toll="39")
    copied = [_profile(str(n), text) for n in range(8)]
    assert gather_claims([*copied, _profile("z", other)]) == gather_claims(
        [copied[0], _profile("z", other)]
    )


def test_what_one_of_many_says_is_left_out() -> None:
    members = [
        _profile(str(n), _claims("vasilenkov", f"only{chr(97 + n) * 3}", f"an{chr(97 + n) * 4}"))
        for n in range(6)
    ]
    assert {name.latin for name in gather_claims(members).names} == {"vasilenkov"}
