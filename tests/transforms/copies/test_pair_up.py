"""Which versions are compared: by what they share and when they came out, in whatever order."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.copies.pair_up import Held, pair_up

WEEK = dt.timedelta(days=7)
START = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
MOST = 64


def held(name: str, day: float | None, *, new: bool = True, asked: bool = True) -> Held:
    published = None if day is None else START + dt.timedelta(days=day)
    return Held(f"article {name}", name, published, new, asked)


Named = set[tuple[str, str]]


def paired(versions: list[Held], *prints: list[int]) -> Named:
    """`prints[i]` are the fingerprints of version i; gives (later, earlier) by name."""
    return paired_and_gone(versions, *prints)[0]


def paired_and_gone(versions: list[Held], *prints: list[int]) -> tuple[Named, Named]:
    pairs = [(one, number) for number, mine in enumerate(prints) for one in mine]
    fingerprints = np.array([one for one, _ in pairs], np.uint64)
    holders = np.array([number for _, number in pairs], np.int64)
    found = pair_up(fingerprints, holders, versions, WEEK)
    paired, gone = (
        {(versions[a].version_id, versions[b].version_id) for a, b in these}
        for these in (found.pairs, found.gone)
    )
    return paired, gone


def test_who_shares_a_fingerprint_is_paired_once() -> None:
    versions = [held("a", 0), held("b", 1), held("c", 2)]
    assert paired(versions, [1, 2], [1, 2], [3]) == {("b", "a")}


def test_versions_of_one_article_are_not() -> None:
    first = held("a", 0)
    second = Held(first.article_id, "a2", first.published, True, True)
    assert paired([first, second], [1], [1]) == set()


def test_a_week_apart_is_near_and_more_is_not() -> None:
    assert paired([held("a", 0), held("b", 7)], [1], [1]) == {("b", "a")}
    assert paired([held("a", 0), held("b", 7.001)], [1], [1]) == set()


def test_what_claims_no_time_is_near_to_all_and_comes_last() -> None:
    versions = [held("u", None), held("a", 0), held("b", 30), held("v", None)]
    found = paired(versions, [1], [1], [1], [1])
    assert found == {("u", "a"), ("u", "b"), ("v", "a"), ("v", "b"), ("v", "u")}


def test_old_ones_are_not_paired_again_nor_what_another_task_asks() -> None:
    old, older = held("b", 2, new=False, asked=False), held("a", 1, new=False, asked=False)
    elsewhere = held("c", 3, asked=False)
    mine = held("m", 2.5)
    found = paired([old, older, elsewhere, mine], [1], [1], [1], [1])
    # (c, m) is c's task's: each pair of new ones comes from the later one's.
    assert found == {("m", "a"), ("m", "b")}


def test_a_late_arrival_is_paired_with_what_came_out_after_it() -> None:
    late, known = held("late", 0), held("known", 1, new=False, asked=False)
    assert paired([late, known], [1], [1]) == {("known", "late")}


def test_a_hot_fingerprint_is_collapsed_to_the_first_holder_and_counted() -> None:
    versions = [held(f"{number:03}", number / 1000) for number in range(MOST + 3)]
    fingerprints = np.ones(len(versions), np.uint64)
    found = pair_up(fingerprints, np.arange(len(versions)), versions, WEEK)
    assert found.hot == 1
    assert len(found.pairs) == MOST * (MOST + 1) // 2 + 2
    assert {pair for pair in found.pairs if pair[0] > MOST} == {(MOST + 1, 0), (MOST + 2, 0)}


def test_what_comes_late_before_all_others_takes_the_pairs_of_the_hot() -> None:
    known = [held(f"{n:03}", n / 1000, new=False, asked=False) for n in range(1, 71)]
    late = held("000", 0)
    found, gone = paired_and_gone([*known, late], *([1] for _ in range(71)))
    assert found == {(one.version_id, "000") for one in known}
    # The 65th had all before it, and from there on each had the first.
    assert gone == {("065", f"{n:03}") for n in range(1, 65)} | {
        (f"{n:03}", "001") for n in range(66, 71)
    }


@given(st.integers(0, 10**6), st.booleans())
def test_whatever_arrives_when_the_same_pairs_stand_in_the_end(seed: int, is_late: bool) -> None:
    """Also where fingerprints are hot: what is no pair any more is said to be gone."""
    chosen = random.Random(seed)
    days = [chosen.choice([0, 1, 2, 3, 9, 10]) for _ in range(150)]
    arrivals = [day + (chosen.randrange(6) if is_late else 0) for day in days]
    names = [f"{number:03}" for number in range(150)]
    prints = [chosen.sample(range(2), chosen.randrange(1, 3)) for _ in names]
    whole = paired([held(n, d) for n, d in zip(names, days, strict=True)], *prints)
    standing: Named = set()
    for now in sorted(set(arrivals)):
        known = [
            (held(name, day, new=arrival == now, asked=arrival == now), mine)
            for name, day, arrival, mine in zip(names, days, arrivals, prints, strict=True)
            if arrival <= now
        ]
        chosen.shuffle(known)
        found, gone = paired_and_gone([one for one, _ in known], *(mine for _, mine in known))
        assert gone <= standing
        assert is_late or not gone
        standing = (standing - gone) | found
    assert standing == whole
