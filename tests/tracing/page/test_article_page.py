"""The page of an article: its text with marks, its story, credits, copies, versions, sightings."""

from __future__ import annotations

from tests.tracing.page.models import (
    HOSTILE,
    NOON,
    NOW,
    article_model,
    hostile,
    listed,
    shared_with,
    version,
)
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.article_model import ArticlePage, InStory, Message, Named, Quoted, Seen
from tracing.listed_model import Count
from tracing.page.article_page import article_page
from tracing.page.links import Served
from tracing.trace_model import Credit, Unreached, Words

#       0         1         2         3         4
#       01234567890123456789012345678901234567890123
TEXT = "The ferry “left Oran today”, Wire reported. It rained."


def body(start: int, end: int) -> Words:
    return Words("body_text", start, end, TEXT[start:end])


def found(**fields: object) -> ArticlePage:
    """A quotation with a name in it, and a credit that names the wire."""
    credit = Credit("wire.example", "attribution", "Wire reported", body(29, 33), 0.9, ("id-wire",))
    return article_model(
        listed("paper"), TEXT,
        credits=(credit,), quotes=(Quoted("key-1", "the ferry", None, body(11, 26)),),
        names=(Named("geonames:1", "place", (body(16, 20),)), Named(None, "other", (body(4, 9),))),
        **fields,
    )  # fmt: skip


def page_of(model: ArticlePage) -> Parsed:
    text = article_page(model, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_the_text_is_whole_and_marked_where_marks_overlap_too() -> None:
    page = page_of(found())
    assert page.texts("//div[@class='text']") == [TEXT]
    within = "//div[@class='text']"
    assert page.texts(f"{within}//mark[@class='quote']") == ["left", "Oran", "today"]
    assert page.texts(f"{within}//mark[@class='credit']") == ["Wire reported"]
    assert page.texts(f"{within}//mark[@class='name']") == ["ferry"]
    assert page.links(f"{within}//a[@class='name']/@href") == ["/entity/geonames%3A1"]


def test_a_phrase_that_does_not_stand_there_leaves_the_name_marked() -> None:
    credit = Credit("wire.example", "source", "not there", body(29, 33), 0.9)
    page = page_of(article_model(listed("paper"), TEXT, credits=(credit,)))
    assert page.texts("//div[@class='text']//mark") == ["Wire"]


def test_its_story_its_credits_and_quotations_lead_to_their_pages() -> None:
    page = page_of(found(story=InStory("story-1", "part-1", "joins", 0.8, 5)))
    links = page.links()
    assert {"/story/story-1", "/agency/wire.example", "/quote/key-1", "/article/id-wire"} <= set(
        links
    )
    assert "5 articles It joined the story; how sure: 80 %." in page.text()
    assert page.table("Table of credits") == [
        ["wire.example", "attribution", "“Wire reported”", "Text, 29–33", "id-wire"]
    ]
    assert page.table("Table of quotations") == [["left Oran today", "the ferry", "Text, 11–26"]]


def test_who_shares_its_text_is_told_with_the_direction_and_both_texts() -> None:
    shares = (
        shared_with(listed("wire")),
        shared_with(listed("late"), is_from_other=False, credited=True, credit="Paper wrote"),
    )
    page = page_of(article_model(listed("paper"), TEXT, shares=shares))
    earlier, later = page.texts("//ol[@class='items']/li")
    assert "This article has 90 % of its words from there: a reprint" in earlier
    assert "No credit found." in earlier
    assert "It has 90 % of this article’s words" in later
    assert "Credit: “Paper wrote”." in later
    evidence = [href for href in page.links() if href.startswith("/evidence/")]
    assert evidence == ["/evidence/mine/its", "/evidence/its/mine"]
    assert "1 later than it, 1 earlier" in page.text()


def test_versions_stand_newest_first_each_with_its_changes() -> None:
    one = listed("wire", version_id="v2")
    versions = (
        version(one, TEXT, version_id="v2", order=2, signals=("correction",)),
        version(one, "Old text.", version_id="v1", order=1, is_current=False),
    )
    page = page_of(article_model(one, None, versions=versions))
    rows = page.table("Table of versions")
    assert [row[0] for row in rows] == ["2 newest", "1"]
    assert [row[3] for row in rows] == ["usable, correction", "usable"]
    assert [row[-1] for row in rows] == ["from 1", ""]
    assert "/evidence/v2/v1" in page.links()
    assert page.texts("//details[summary='Text of version 1']/div") == ["Old text."]


def test_a_correction_that_did_not_reach_it_is_an_alarm() -> None:
    unreached = Unreached("corrected", "id-wire", "version-wire-1", "wire.example")
    page = page_of(article_model(listed("paper"), TEXT, unreached=(unreached,)))
    assert "It still has text that wire.example has corrected." in page.text(
        "//div[@class='card alarm']"
    )
    assert "/evidence/version-paper/version-wire-1" in page.links()


def test_sightings_messages_facts_and_other_ids_are_told() -> None:
    seen = Seen("version-paper", "file:///1.xml", "https://feed.example", NOON, NOON, 3, None, "r1")
    message = Message("kill", NOON, "libel", "file:///2.xml", "r2")
    page = page_of(
        article_model(
            listed("paper"), TEXT, sightings=(seen,), messages=(message,),
            facts=(Count("money", 2),), aliases=("other-id",),
        )
    )  # fmt: skip
    assert page.table("Table of sightings")[0][2:5] == ["3", "no date", "https://feed.example"]
    text = page.text()
    assert "kill, 1 May 2024, 12:00 UTC: libel" in text
    assert "Facts: money 2." in text
    assert "also known as other-id" in text


def test_a_headline_alone_says_that_no_text_came() -> None:
    page = page_of(
        article_model(
            listed("paper"), None, missing=("story_members", "citations", "links", "controls")
        )
    )
    text = page.text()
    assert "No text came with it" in text
    assert "This lake has no stories yet." in text
    assert "No credits are known in this lake." in text
    assert len(page.texts("//p[@class='note']")) == 3


def test_without_a_date_and_a_known_zone_it_says_so() -> None:
    undated = page_of(article_model(listed("one", published=None), TEXT))
    assert "no date claimed" in undated.text("//p[@class='deck']")
    zoneless = page_of(article_model(listed("one", published_tz_known=False), TEXT))
    assert "(zone not known)" in zoneless.text("//p[@class='deck']")


def test_hostile_texts_are_texts() -> None:
    evil = hostile()
    words = Words("body_text", 2, 9, HOSTILE)
    text = HOSTILE * 2
    model = article_model(
        evil, text,
        versions=(
            version(evil, text, byline=HOSTILE, ednote=HOSTILE, source_uri="javascript:alert(1)",
                    pubstatus=HOSTILE, signals=(HOSTILE,), parse_warnings=(HOSTILE,)),
        ),
        credits=(Credit(HOSTILE, HOSTILE, HOSTILE, words, 0.9, (HOSTILE,)),),
        quotes=(Quoted(HOSTILE, HOSTILE, HOSTILE, words),),
        names=(Named(HOSTILE, HOSTILE, (words, Words("body_text", 5, 9999, "x"))),),
        shares=(shared_with(evil, kind=HOSTILE, direction=HOSTILE, credited=True, credit=HOSTILE),),
        messages=(Message(HOSTILE, None, HOSTILE, HOSTILE, HOSTILE),),
        story=InStory(HOSTILE, HOSTILE, HOSTILE, 0.5, 2), aliases=(HOSTILE,), missing=(HOSTILE,),
    )  # fmt: skip
    page = page_of(model)
    assert page.text("//div[@class='text']").count("<script>alert(1)</script>") == 2


def test_the_version_shown_is_the_one_the_article_has_not_the_newest() -> None:
    """Of a killed article the newest version is the kill itself."""
    one = listed("wire", version_id="v1", pubstatus="canceled")
    versions = (
        version(one, "KILL KILL", version_id="v2", order=2, pubstatus="canceled"),
        version(one, TEXT, version_id="v1", order=1, is_current=False),
    )
    page = page_of(article_model(one, None, versions=versions))
    assert page.texts("//section[@aria-labelledby='text']/div[@class='text']") == [TEXT]
    assert page.text("//h1").startswith("killed")


def test_a_phrase_is_the_one_around_the_name_not_an_earlier_one_like_it() -> None:
    text = "Wire said so. " + "It rained. " * 50 + "Wire said no."
    start = text.rindex("Wire")
    credit = Credit(
        "wire", "credit", "Wire said", Words("body_text", start, start + 4, "Wire"), 0.9
    )
    page = page_of(article_model(listed("paper"), text, credits=(credit,)))
    [mark] = page.tree.xpath("//div[@class='text']/mark")
    assert (mark.text, mark.tail) == ("Wire said", " no.")


def test_words_that_credit_somebody_else_are_no_credit_of_the_other() -> None:
    shares = (shared_with(listed("wire"), credited=False, credit="AFP"),)
    [text] = page_of(article_model(listed("paper"), TEXT, shares=shares)).texts(
        "//ol[@class='items']/li"
    )
    assert "No credit found." in text
    assert "AFP" not in text
