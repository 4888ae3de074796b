"""The page of evidence: both texts, what they share, and why the direction is what it is."""

from __future__ import annotations

from tests.tracing.page.models import HOSTILE, HOSTILE_URL, NOW, evidence, hostile, listed, side
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.evidence_model import CreditOfOther, Evidence, FieldText, Mark, SharedName
from tracing.page.evidence_page import evidence_page
from tracing.page.links import Exported, Links, Served

#        0         1         2         3
#        0123456789012345678901234567890123456
SOURCE = "Ninety sailed from Oran on Monday."
TAKER = "Wire says: ninety sailed from Oran on Friday. So."


def shared(start: int, end: int, kind: str = "shared", number: int = 1, what: str = "") -> Mark:
    return Mark("body_text", start, end, kind, number, what)


def pair(**fields: object) -> Evidence:
    """The taker has the source's sentence with another day, credits it, and both name Oran."""
    credit = CreditOfOther("wire.example", "credit", "Wire says", "body_text", 0, 9, True)
    later = side(
        listed("paper"), TAKER,
        shared(11, 44), shared(38, 44, "rewritten"), shared(0, 9, "credit", 0, "wire.example"),
        shared(30, 34, "name", 0, "geonames:1"),
        credits=(credit,), words=9, contained=0.56,
    )  # fmt: skip
    earlier = side(
        listed("wire"), SOURCE,
        shared(0, 33), shared(27, 33, "rewritten"), shared(19, 23, "name", 0, "geonames:1"),
        words=6, contained=0.83,
    )  # fmt: skip
    return evidence(later, earlier, **fields)


def page_of(model: Evidence, links: Links | None = None) -> Parsed:
    text = evidence_page(model, links or Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_both_texts_stand_whole_the_earlier_one_first() -> None:
    page = page_of(pair())
    number = "1"  # of the passage, before its words
    assert page.texts("//*[@class='text']") == [
        number + SOURCE,
        TAKER.replace("ninety", number + "ninety"),
    ]
    assert page.texts("//article/p[@class='kicker']") == ["Earlier", "Later"]


def test_a_passage_leads_to_itself_on_the_other_side() -> None:
    page = page_of(pair())
    assert page.tree.xpath("//*[@class='passage']/@id") == ["earlier-1", "later-1"]
    assert page.links("//*[@class='passage']/a[@class='to']/@href") == ["#later-1", "#earlier-1"]


def test_same_rewritten_credit_and_name_are_told_apart() -> None:
    page = page_of(pair())
    later = "//*[@id='side-2']/.."
    same = page.texts(f"{later}//mark[contains(@class, 'same')]")
    assert same == ["ninety sailed from", "Oran", "on"]
    assert page.texts(f"{later}//*[@class='changed']") == ["Friday"]
    assert page.texts(f"{later}//mark[@class='credit']") == ["Wire says"]
    assert page.texts(f"{later}//a[@class='name']") == ["Oran"]
    assert page.links(f"{later}//a[@class='name']/@href") == ["/entity/geonames%3A1"]


def test_it_says_who_was_later_why_and_how_much_they_share() -> None:
    text = page_of(pair()).text()
    assert "paper.example 6 h 30 min after the other, by what both claim." in text
    assert "Direction likely: their claimed times are further apart" in text
    assert "56 % of paper.example and 83 % of wire.example: 9 words in 1 passage" in text
    assert "“Wire says” in paper.example (credit: wire.example)" in text
    assert "What is in doubt" not in text


def test_without_a_credit_it_says_so_and_accuses_nobody() -> None:
    model = evidence(side(listed("paper"), TAKER), side(listed("wire"), SOURCE))
    assert "No credit found Neither names the other’s outlet" in page_of(model).text()


def test_doubts_are_said() -> None:
    later = side(listed("paper"), TAKER, published_tz_known=False, is_current=False)
    earlier = side(listed("wire"), SOURCE, published=None)
    model = evidence(
        later, earlier, is_in_order=None, direction="unknown", direction_reason="no time",
        hours=None, link_versions=("other", "versions"),
    )  # fmt: skip
    page = page_of(model)
    assert page.texts("//*[@class='plain-list']/li") == [
        "which is the later one is not known: one of them claims no time",
        "the time zone of paper.example is not known: it may be off by 14 h",
        "paper.example has a newer version than the one shown",
        "wire.example claims no time",
        "the lake’s link is of other versions of these two",
    ]
    assert page.texts("//article/p[@class='kicker']") == ["The one", "The other"]


def test_asked_for_the_wrong_way_round_the_later_one_is_still_called_so() -> None:
    page = page_of(pair(is_in_order=False, hours=-6.5))
    assert page.texts("//article/p[@class='kicker']") == ["Later", "Earlier"]
    assert page.texts("//div[@class='card'][1]/p[@class='answer']") == ["wire.example"]


def test_pairs_that_no_run_linked_and_that_share_nothing() -> None:
    unlinked = pair(link_kind=None, link_versions=None)
    assert "No run has linked these two" in page_of(unlinked).text()
    nothing = evidence(
        side(listed("paper"), "", texts=()), side(listed("wire"), SOURCE),
        link_kind=None, link_versions=None, passages=0, equal=0, longest=0, missing=("links",),
    )  # fmt: skip
    text = page_of(nothing).text()
    assert "They have no passage in common." in text
    assert "This version has no text." in text
    assert "No copies are known in this lake yet." in text


def test_two_versions_of_one_article_are_called_so() -> None:
    one = listed("wire")
    text = page_of(evidence(side(one, SOURCE), side(one, TAKER), link_kind=None)).text()
    assert text.count("Two versions of one article of wire.example") == 1
    assert "Whether it is credited" not in text


def test_names_that_both_have_stand_in_a_table() -> None:
    page = page_of(pair(names=(SharedName("geonames:1", "place", 3, 2),)))
    assert page.table("Table of names that both have") == [["Oran geonames:1", "place", "2", "3"]]


def test_alone_on_disk_it_leads_nowhere_but_into_itself() -> None:
    page = page_of(
        pair(story_id="s", names=(SharedName("geonames:1", "place", 3, 2),)), Exported(())
    )
    inside = [href for href in page.links("//body//@href") if href.startswith("#")]
    outside = [href for href in page.links("//body//@href") if not href.startswith("#")]
    assert inside == ["#content", "#later-1", "#earlier-1"]
    assert outside == ["https://wire.example/1", "https://paper.example/1"]
    assert page.tree.xpath("//meta[@http-equiv='Content-Security-Policy']")


def test_hostile_texts_are_texts() -> None:
    marks = (shared(2, 10), shared(5, 8, "name", 0, HOSTILE), shared(3, 9, "credit", 0, HOSTILE))
    credit = CreditOfOther(HOSTILE, HOSTILE, HOSTILE, "body_text", 3, 9, False)
    texts = (FieldText(HOSTILE, HOSTILE), FieldText("body_text", HOSTILE))
    evil = side(hostile(), HOSTILE, *marks, texts=texts, credits=(credit,))
    model = evidence(evil, evil, story_id=HOSTILE, direction_reason=HOSTILE, link_kind=HOSTILE)
    page = page_of(model)
    assert HOSTILE_URL not in page.links()
    assert "<script>alert(1)</script>" in page.texts("//*[@class='text']")[1]


def test_marks_outside_of_a_text_are_left_and_of_one_side_only_lead_nowhere() -> None:
    model = evidence(
        side(listed("paper"), TAKER, shared(0, 9), shared(40, 4000), shared(5, 5)),
        side(listed("wire"), SOURCE),
    )
    page = page_of(model)
    assert page.tree.xpath("//*[@class='passage']") == []
    assert page.texts("//mark[@class='same']")[1:] == ["Wire says"]


def test_marks_are_of_their_field_and_a_headline_without_any_stands_once() -> None:
    """The name stands in the headline only; the other side's headline has no mark."""
    texts = (FieldText("headline", "Oran waits"), FieldText("body_text", SOURCE))
    name = Mark("headline", 0, 4, "name", 0, "geonames:1")
    model = evidence(
        side(listed("paper"), "", name, texts=texts), side(listed("wire"), "", texts=texts)
    )
    page = page_of(model)
    assert page.texts("//*[contains(@class, 'text')]//a[@class='name']") == ["Oran"]
    assert page.texts("//article[p='Later']/div") == ["Oran waits", SOURCE]
    assert page.texts("//article[p='Earlier']/div") == [SOURCE]


def test_a_passage_with_a_break_in_it_has_one_place() -> None:
    """Segments of it are apart where marks of it are given in two pieces."""
    pieces = (shared(0, 9), shared(20, 30))
    page = page_of(
        evidence(side(listed("paper"), TAKER, *pieces), side(listed("wire"), SOURCE, *pieces))
    )
    assert page.tree.xpath("//*[@class='passage']/@id") == ["earlier-1", "later-1"]


def test_a_name_is_shown_as_the_later_text_writes_it_first() -> None:
    names = (
        shared(0, 3, "name", 0, "geonames:1"), shared(8, 14, "name", 0, "geonames:1"),
    )  # fmt: skip
    model = evidence(
        side(listed("paper"), "ORA and Oranie.", *names),
        side(listed("wire"), "Oran", shared(0, 4, "name", 0, "geonames:1")),
        names=(SharedName("geonames:1", "place", 2, 1),),
    )  # fmt: skip
    assert page_of(model).table("Table of names that both have")[0][0] == "ORA geonames:1"


def test_credits_and_times_that_contradict_the_order_are_doubts() -> None:
    credit = CreditOfOther("paper.example", "credit", "Paper", "body_text", 0, 5, True)
    model = evidence(
        side(listed("paper"), TAKER), side(listed("wire"), SOURCE, credits=(credit,)), hours=-2.0
    )
    page = page_of(model)
    assert page.texts("//*[@class='plain-list']/li") == [
        "the later one claims an earlier time, by 2 h",
        "wire.example names the other as its source, too",
    ]
    assert "2 h before the other, by what both claim." in page.text()


def test_it_leads_to_the_story_that_both_are_in() -> None:
    assert "/story/s-1" in page_of(pair(story_id="s-1")).links()


def test_texts_have_their_language_and_the_direction_of_their_letters() -> None:
    page = page_of(evidence(side(listed("one", language="ar"), "نص"), side(listed("two"), "Text")))
    texts = page.tree.xpath("//*[@class='text']")
    assert [(text.get("lang"), text.get("dir")) for text in texts] == [
        ("en", "auto"),
        ("ar", "auto"),
    ]
