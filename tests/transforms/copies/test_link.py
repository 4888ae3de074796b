"""What a link says: kind, order, credit, and evidence that points at the words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.link import Link
from transforms.copies.direction import Cited
from transforms.copies.link import Claim, Linkable, find_link, linkable

NOON = dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC)
CLAIM = Claim("run", dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC))
LEAD = (
    "The harbour of Port Marlin will close for three weeks in April, its master Ines Carrow said "
    "on Tuesday, because the north pier has sunk by 14 centimetres since the last storm of autumn."
)
REST = (
    "Fishing boats are to land their catch at Quay Sable, nine kilometres to the south, where the "
    "cold store was enlarged last year. Ferries to the Almond Islands will not run before May 2. "
    "The repair is to cost 3.4 million crowns, of which the province pays half."
)
OWN = (
    "Elsewhere in the region the council of Tern voted on Monday to keep the old lighthouse, which "
    "a private buyer from Lund had wanted to turn into a hotel with forty rooms and a pool."
)


def version(name: str, hour: float | None, text: str, **fields: Any) -> Linkable:
    cited = fields.pop("cited", ())
    row: dict[str, Any] = {
        "article_id": f"article {name}", "version_id": name, "outlet": f"{name}.example",
        "outlet_name": None, "published_tz_known": True, "versioncreated": None, "signals": [],
        "published": None if hour is None else NOON + dt.timedelta(hours=hour),
        "body_text": text, "description_text": None,
    }  # fmt: skip
    return linkable(row | fields, NOON.date(), cited=cited)


def linked(one: Linkable, other: Linkable) -> Link:
    link = find_link(*sorted((one, other), key=lambda side: side.place_in_time), CLAIM)
    assert link is not None
    return link


WIRE = version("wire", 0, f"{LEAD}\n{REST}")
KINDS = {
    "reprint": version("paper", 2, f"{LEAD}\n{REST}"),
    "embedded": version("paper", 2, f"{OWN}\n{OWN.upper()}\n{LEAD}\n{REST}"),
    "excerpt": version("paper", 2, f"{OWN}\n{REST} {OWN}"),
    "resend": version("later", 2, f"{LEAD}\n{REST}", outlet="wire.example"),
    "updates": version("later", 2, f"{LEAD}\n{REST}\n{OWN}", outlet="wire.example"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds(kind: str) -> None:
    link = linked(WIRE, KINDS[kind])
    assert (link.kind, link.to_version_id) == (kind, "wire")
    assert link.from_version_id == KINDS[kind].version_id


def test_an_outlet_that_cuts_its_own_item_down_replaces_nothing() -> None:
    assert linked(WIRE, version("later", 2, LEAD, outlet="wire.example")).kind == "embedded"


def test_a_correction_of_an_outlet_replaces_also_where_it_is_shorter() -> None:
    text = f"{LEAD} {REST}".replace("14 centimetres", "41 centimetres").replace(", of which", "")
    mended = version("later", 2, text, outlet="wire.example", signals=["correction"])
    assert linked(WIRE, mended).kind == "updates"


def test_what_is_days_apart_is_sent_again_and_replaces_nothing() -> None:
    later = version("later", 49, f"{LEAD}\n{REST}\n{OWN}", outlet="wire.example")
    assert linked(WIRE, later).kind == "embedded"


def test_the_same_form_with_other_data_claims_nothing() -> None:
    one = "Rates of the Bank of Tern on Monday: crown 10.20, mark 3.40, pound 12.80, franc 2.90, "
    other = "Rates of the Bank of Tern on Friday: crown 10.70, mark 3.10, pound 12.10, franc 2.20, "
    tail = "lira 0.02, as fixed at noon by the bank for buying and selling over the counter today"
    link = linked(version("a", 0, one + tail), version("b", 96, other + tail))
    assert (link.kind, link.evidence) == ("form", ())


def test_the_evidence_points_at_the_words_from_either_side() -> None:
    paper = KINDS["embedded"]
    for link in (linked(WIRE, paper), linked(paper, WIRE)):
        for spans in link.evidence:
            copied = paper.words.text[spans.from_start : spans.from_end]
            assert copied == WIRE.words.text[spans.to_start : spans.to_end] != ""
        assert (link.containment_to, link.from_field) == (1.0, "body_text")
        assert link.containment_from < 0.8


def test_a_credit_turns_the_order_of_the_undated_and_names_the_words() -> None:
    """By place an undated one comes last; that it is credited says that it was first."""
    undated = version("wire", None, f"{OWN} {LEAD} {REST}", outlet="cormoran")
    paper = version("paper", 0, f"{LEAD} {REST}", cited=[Cited("cormoran", "dit Cormoran")])
    link = linked(undated, paper)
    assert (link.from_version_id, link.to_version_id) == ("paper", "wire")
    assert (link.direction, link.direction_reason) == ("asserted", "credit")
    assert (link.credited, link.credit) == (True, "dit Cormoran")
    assert (link.containment_from, link.hours_apart) == (1.0, None)
    for spans in link.evidence:
        copied = paper.words.text[spans.from_start : spans.from_end]
        assert copied == undated.words.text[spans.to_start : spans.to_end] != ""


def test_what_stands_within_a_longer_piece_was_there_before_it() -> None:
    link = linked(version("wire", None, f"{LEAD} {REST}"), KINDS["embedded"])
    assert (link.from_version_id, link.direction, link.direction_reason) == (
        "paper", "likely", "shape",
    )  # fmt: skip
    head = linked(version("wire", None, f"{LEAD} {REST} {OWN} {OWN.upper()}"), KINDS["reprint"])
    assert (head.direction, head.direction_reason) == ("unknown", "no time")


def test_the_one_that_calls_itself_a_correction_is_later_at_one_time() -> None:
    mended = version("a", 0, f"{LEAD} {REST}", outlet="wire.example", signals=["correction"])
    link = linked(WIRE, mended)
    assert (link.from_version_id, link.direction) == ("a", "likely")


def test_a_standfirst_stands_in_for_a_missing_body() -> None:
    synopsis = version("paper", 1, "", body_text=None, description_text=f"{LEAD} {REST}")
    assert linked(WIRE, synopsis).from_field == "description_text"


def test_the_longer_the_run_the_surer() -> None:
    whole, head = linked(WIRE, KINDS["reprint"]), linked(WIRE, version("paper", 2, LEAD))
    assert 0.4 < head.score < whole.score == 1.0
