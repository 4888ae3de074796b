"""Whom the credits of a story's articles mean."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from tests.lake.builder import at
from tracing.find_citing import Credits, Teller, find_citing
from transforms.copies.direction import Times


def teller(
    name: str,
    outlet: str,
    published: dt.datetime | None,
    changed: dt.datetime | None = None,
    language: str = "en",
) -> Teller:
    return Teller(
        name,
        outlet,
        None,
        language,
        Times(published, changed, True),
        Times(published, None, True),
    )


def row(agency: str, start: int = 0, kind: str = "attribution") -> dict[str, Any]:
    return {
        "agency": agency, "kind": kind, "phrase": f"{agency} at {start}", "field": "body_text",
        "start": start, "end": start + 1, "surface": agency, "score": 0.9,
    }  # fmt: skip


def cited(*tellers: Teller, agency: str = "wire") -> Credits:
    """What the article `c` means with its credit."""
    return find_citing(tellers, {"c": [row(agency)]})


def test_an_article_that_was_changed_may_credit_what_came_in_between() -> None:
    """Its first claim was before; what credits is the version of the evening."""
    source = teller("s", "wire.example", at(2, 12))
    assert cited(teller("c", "paper.example", at(2, 8)), source).cites == ()
    changed = teller("c", "paper.example", at(2, 8), at(2, 20))
    assert [one.cited_id for one in cited(changed, source).cites] == ["s"]


def test_an_outlet_that_names_itself_credits_nobody() -> None:
    found = cited(teller("c", "wire.example", at(2)), teller("s", "wire.example", at(1)))
    assert (found.cites, found.dangling) == ((), ())


def test_a_known_outlet_is_credited_by_its_own_id_only() -> None:
    other = teller("s", "interfax.com.ua", at(1))
    found = cited(teller("c", "paper.example", at(2)), other, agency="interfax")
    assert (found.cites, len(found.dangling)) == ((), 1)
    exact = cited(
        teller("c", "paper.example", at(2)), teller("s", "interfax.ru", at(1)), agency="interfax"
    )
    assert [one.is_exact for one in exact.cites] == [True]


def test_a_part_of_a_name_is_said_to_be_one() -> None:
    source = teller("s", "agence-cormoran.example", at(1))
    [found] = cited(teller("c", "paper.example", at(2)), source, agency="cormoran").cites
    assert not found.is_exact


def test_the_first_words_of_each_source_are_the_evidence() -> None:
    tellers = [teller("c", "paper.example", at(2)), teller("s", "wire.example", at(1))]
    rows = [row("wire", 9), row("afp", 5), row("wire", 3), row("wire", 1, "mention")]
    found = find_citing(tellers, {"c": rows})
    assert [one.phrase for one in found.cites] == ["wire at 3"]
    assert [(one.phrase, one.later_original) for one in found.dangling] == [("afp at 5", None)]


def test_who_claims_no_time_is_meant_if_nobody_else_can_be() -> None:
    paper, undated = teller("c", "paper.example", at(2)), teller("u", "wire.example", None)
    [found] = cited(paper, undated).cites
    assert (found.cited_id, found.doubt) == ("u", "no time")
    [found] = cited(paper, undated, teller("s", "wire.example", at(1))).cites
    assert (found.cited_id, found.doubt) == ("s", None)


def test_the_order_of_articles_makes_no_difference() -> None:
    tellers = [
        teller(f"{outlet}{day}{language}", f"{outlet}.example", at(day, hour), language=language)
        for outlet in ("wire", "paper", "post")
        for day in (2, 3)
        for hour, language in ((8, "en"), (9, "fr"))
    ]
    rows = {one.article_id: [row("wire"), row("paper", 4), row("post", 8)] for one in tellers}
    found = find_citing(tellers, rows)
    assert found.cites
    assert found.derives
    chance = random.Random(1)
    for _ in range(3):
        chance.shuffle(tellers)
        assert find_citing(tellers, {k: rows[k][::-1] for k in rows}) == found
