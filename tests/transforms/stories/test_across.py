"""Ties of two articles of different languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from transforms.stories import across
from transforms.stories.across import compare, families, tie, weights
from transforms.stories.claims import Claims, Concept, Id, Name, Number, Word
from transforms.stories.evidence import KINDS, Evidence, find_common

COUNTRY = Id("iso3166:ML", "", "", 3, 1, 6)
NAMES = (Name("vasilenkov", "fslnkf", 2, 1, 8), Name("dakure", "dkr", 2, 1, 8))
ATTACK = (Concept("ambush", 2, 1), Concept("militant", 2, 1), Concept("troops", 1, 1))
COURT = (Concept("court", 2, 1), Concept("extradition", 2, 1), Concept("judge", 1, 1))
RU = Claims(
    language="ru",
    ids=(COUNTRY,),
    names=NAMES,
    numbers=(Number("37", "killed", 1),),
    days=("2023-05-02",),
    concepts=ATTACK,
)
FR = replace(RU, language="fr")


def test_one_event_is_tied_whichever_comes_first() -> None:
    found = tie(RU, FR, 3.0)
    assert found is not None
    assert found == tie(FR, RU, 3.0)
    assert {one.kind for one in found.evidence} == {"id", "name", "number", "date", "concept"}
    assert all(one.kind in KINDS for one in found.evidence)


def test_names_alone_are_one_kind_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {**weights()["limits"], "score": 0.0}
    monkeypatch.setattr(across, "weights", lambda: {**weights(), "limits": limits})
    many = tuple(Name(f"k{n}rbasov", f"k{n}rbsf", 3, 1, 8) for n in range(8))
    one, other = (
        Claims(language=name, names=many, ids=(COUNTRY,), sources=("tass",))
        for name in ("ru", "fr")
    )
    assert families(compare(one, other, 0.0).evidence) == {"named"}
    assert tie(one, other, 0.0) is None
    assert tie(replace(one, concepts=ATTACK), replace(other, concepts=ATTACK), 0.0) is not None


def test_the_id_of_a_person_and_the_name_are_one_kind() -> None:
    person = Id("person:adama-dakoure", "", "", 3, 1, 8)
    common = find_common(replace(RU, ids=(person,)), replace(FR, ids=(person,)))
    assert families(tuple(e for e in common.evidence if e.kind in ("id", "name"))) == {"named"}
    # Told by the id already, the name is not told again.
    assert not any(one.kind == "name" and one.what == "dakure" for one in common.evidence)


def test_neither_a_source_nor_a_country_counts() -> None:
    evidence = (
        Evidence("source", "tass", 0.9),
        Evidence("credit", "tass", 1.0),
        Evidence("id", "iso3166:ML", 0.9),
    )
    assert families(evidence) == frozenset()


def test_the_same_people_in_another_event_are_not_tied() -> None:
    other = replace(FR, numbers=(Number("12", "killed", 1),), days=("2023-05-03",), concepts=COURT)
    assert tie(RU, other, 20.0) is None


@pytest.mark.parametrize(
    ("value", "apart"),
    # 39 is corrected to 37; 12 is another attack.
    [("37", 0), ("39", 0), ("12", 1)],
)
def test_tolls_that_do_not_agree(value: str, apart: int) -> None:
    other = replace(FR, numbers=(Number(value, "killed", 1),))
    assert find_common(RU, other).tolls_apart == apart


def test_contradictions_count_against() -> None:
    silent = replace(FR, numbers=(), days=())
    other_toll = replace(FR, numbers=(Number("12", "killed", 1),), days=())
    other_day = replace(FR, numbers=(), days=("2023-05-09",))
    score = compare(RU, silent, None).score
    assert compare(RU, other_toll, None).score < score
    assert compare(RU, other_day, None).score < score


def test_time_between_counts_against() -> None:
    scores = [compare(RU, FR, hours).score for hours in (None, 0.0, 24.0, 72.0, 119.0)]
    assert scores[0] == scores[1] == scores[2] > scores[3] > scores[4]
    assert tie(RU, FR, weights()["limits"]["hours"] + 1.0) is None


def test_a_city_known_by_id_on_one_side_is_found_by_name() -> None:
    city = replace(RU, ids=(Id("geonames:1", "bidgoshch", "bdgSS", 2, 1, 8),), names=())
    named = replace(FR, ids=(), names=(Name("bidgoshch", "bdgSS", 2, 1, 8),))
    assert [e.what for e in find_common(city, named).evidence if e.kind == "name"] == ["bidgoshch"]


def test_beginnings_are_no_second_kind_beside_their_own_name() -> None:
    words = (Word("vasil", 20), Word("dakur", 20))
    common = find_common(replace(RU, words=words), replace(FR, words=words))
    assert not [one for one in common.evidence if one.kind == "word"]


def test_nothing_in_common_is_no_tie() -> None:
    found = compare(Claims("ru"), Claims("zh"), None)
    assert found.evidence == ()
    assert found.score < 0.1


def test_who_credits_the_outlet_of_the_other_is_rather_tied() -> None:
    """An agency's own report and one that credits it; that both credit a third says less."""
    ours = Claims(language="fr", names=NAMES, sources=("kretchet", "afp"))
    own = Claims(language="ru", names=NAMES, origins=("kretchet.example",))
    other = Claims(language="ru", names=NAMES, sources=("kretchet",))
    stranger = Claims(language="ru", names=NAMES, origins=("courier.example",))
    credited = compare(ours, own, 1.0)
    assert [piece.what for piece in credited.evidence if piece.kind == "credit"] == ["kretchet"]
    assert credited == compare(own, ours, 1.0)
    assert credited.score > compare(ours, other, 1.0).score > compare(ours, stranger, 1.0).score
