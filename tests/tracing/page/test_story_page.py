"""A story's page: what it answers first, evidence for each edge, and nothing of a text acts."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from lxml import html

from tests.tracing.page.told_story import COPY, NOW, WIRE, copying, hour, line, told_story
from tracing.page.findings import ROLES
from tracing.page.links import Exported, Links, Served
from tracing.page.story_page import story_page
from tracing.story_model import Story
from tracing.trace_model import Unreached

TEXTS = {
    "v-thief": {"body_text": COPY},
    "v-tass": {"body_text": WIRE},
    "v-matin": {"body_text": "C’est dit. according to tass, dit-on."},
}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\u202egnp.exe\x00\x1b[2J'


def page_of(story: Story, links: Links | None = None, **options: Any) -> Any:
    shown = links or Exported({one.article_id for one in story.lines})
    return html.document_fromstring(story_page(story, TEXTS, shown, NOW, **options))


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def card(page: Any, title: str) -> str:
    [found] = [one for one in page.cssselect(".card") if one.find("h3").text == title]
    return words(found)


def test_it_says_first_who_was_first_and_who_copied() -> None:
    page = page_of(told_story())
    assert "1 Tass tass.example claims 12 Mar 2024, 10:20 UTC, 7 h 30 min before 2 Matin." in card(
        page, "Who had it first"
    )
    assert "In doubt: an article claims no date." in card(page, "Who had it first")
    copied = card(page, "Who copied without credit")
    assert "3 Thief thief.example 81 % of its words stood in 1 Tass 8 h before" in copied
    credited = card(page, "Whom the others credit")
    assert "1 Tass tass.example credited by 2 articles." in credited
    assert "4 Soir credits afp, of which no article is here." in credited
    assert "fr after 7 h 30 min from ru" in card(page, "How it crossed languages")


def test_where_nothing_is_known_it_says_so() -> None:
    story = Story("A", "A", 1, lines=(line("a", None), line("b", None)))
    page = page_of(story)
    assert "Not known" in card(page, "Who had it first")
    assert "Nobody that we can show" in card(page, "Who copied without credit")
    assert "Nobody in this story" in card(page, "Whom the others credit")
    assert "No article of this story credits another one" in words(page)


def test_corrections_that_did_not_travel_are_on_top() -> None:
    unreached = (Unreached("corrected", "tass", "v-tass", "tass.example"),)
    story = told_story()
    lines = (*story.lines[:2], dataclasses.replace(story.lines[2], unreached=unreached))
    page = page_of(told_story(lines=lines, derives=(), dangling=()))
    assert "3 Thief thief.example still has text that Tass has corrected." in card(
        page, "Corrections that did not travel"
    )


def test_each_edge_has_its_evidence_and_everything_linked_is_there() -> None:
    page = page_of(told_story())
    ids = {one.get("id") for one in page.iter() if one.get("id")}
    inner = [a.get("href")[1:] for a in page.iter("a") if (a.get("href") or "").startswith("#")]
    assert {"edge-1", "edge-2", "edge-3"} <= set(inner)
    assert set(inner) <= ids
    assert len(ids) == len([one for one in page.iter() if one.get("id")])
    [thief] = page.cssselect("#edge-3")
    assert [mark.text.strip() for mark in thief.cssselect(".changed")] == ["company,", "firm,"]
    [matin] = page.cssselect("#edge-1")
    assert [mark.text for mark in matin.cssselect("mark.credit")] == ["according to tass"]


def test_the_tables_have_what_the_picture_has() -> None:
    story = told_story()
    page = page_of(story)
    articles, edges = page.cssselect("section[aria-labelledby=tables] table")
    assert len(articles.cssselect("tbody tr")) == len(page.cssselect("svg .article")) == 5
    assert len(edges.cssselect("tbody tr")) == len(page.cssselect("svg.timeline .curve")) == 3
    roles = [words(row.cssselect("td")[5]) for row in articles.cssselect("tbody tr")]
    assert roles == [ROLES[r] for r in ("first", "credits", "uncredited", "dangling", "credits")]


def test_kinds_of_edges_are_never_merged() -> None:
    """A pair that copies and credits has both."""
    story = told_story(copies=(copying("matin", "tass", credited=True, credit="(Tass)"),))
    kinds = [one.get("data-kind") for one in page_of(story).cssselect("details.edge")]
    assert kinds == ["derives", "derives", "copies"]


def test_a_page_on_disk_has_no_whole_text_and_loads_nothing() -> None:
    story = told_story()
    text = story_page(story, TEXTS, Exported({one.article_id for one in story.lines}), NOW)
    page = html.document_fromstring(text)
    assert "More." not in words(page)
    loads = [one for one in page.iter() if one.get("src") or one.tag in ("iframe", "object")]
    assert loads == []
    styles = [link for link in page.iter("link") if link.get("rel") != "icon"]
    assert styles == []
    whole = page_of(story, full_texts=True)
    assert WIRE in words(whole)
    assert "publishers" in words(page.cssselect("footer")[0])


def test_a_served_page_links_to_both_texts_and_to_its_twins() -> None:
    page = page_of(told_story(), Served())
    links = {a.get("href") for a in page.iter("a")}
    assert {"/evidence/v-thief/v-tass", "/article/tass", "/outlet/tass.example", "/"} <= links
    twins = {f"/story/A.{form}" for form in ("json", "csv", "graphml", "jsonld", "rss")}
    assert twins <= links


def test_a_revised_article_stands_where_it_first_claimed_to_be() -> None:
    """By its first claim it is judged, drawn and shown; what it claims now stands beside it."""
    story = told_story()
    revised = dataclasses.replace(story.lines[0], published=hour(20))
    page = page_of(told_story(lines=(revised, *story.lines[1:])))
    said = "12 Mar 2024, 10:20 UTC (revised; now claims 13 Mar 2024, 06:20 UTC)"
    assert said in card(page, "Who had it first")
    assert said in words(page.cssselect("#article-tass")[0])
    assert said in words(page.cssselect("#edge-3")[0])
    first, *others = [one.get("transform") for one in page.cssselect("svg .article")]
    assert float(first[len("translate(") :].split()[0]) < min(
        float(one[len("translate(") :].split()[0]) for one in others
    )


def test_a_zone_that_is_not_known_is_said_first_of_all() -> None:
    story = told_story()
    unsure = dataclasses.replace(story.lines[0], claimed_tz_known=False)
    page = page_of(told_story(lines=(unsure, *story.lines[1:])))
    assert "claims 12 Mar 2024, 10:20 UTC (zone not known)" in card(page, "Who had it first")


def test_where_nobody_knows_who_has_it_from_whom_nobody_copies() -> None:
    story = told_story()
    unknown = dataclasses.replace(
        story.copies[0], direction="unknown", direction_reason="times overlap"
    )
    page = page_of(told_story(copies=(unknown,), missing_credit=(), derives=()))
    [entry] = page.cssselect("#article-thief")
    assert entry.cssselect(".badge.own")
    assert "shares words with Tass" in words(entry)
    assert "copies" not in words(entry)
    [summary] = page.cssselect("details.edge > summary")
    assert "↔" in words(summary)
    assert "→" not in words(summary)


def test_an_outlet_cannot_pass_for_another_by_its_name() -> None:
    """Two that call themselves the same are called by their hosts; of an alarm the host is said."""
    story = told_story()
    posing = dataclasses.replace(story.lines[2], outlet_name="Tass")
    page = page_of(told_story(lines=(*story.lines[:2], posing, *story.lines[3:])))
    copied = card(page, "Who copied without credit")
    assert "3 thief.example 81 %" in copied
    assert "stood in 1 tass.example" in copied
    names = [one.text for one in page.cssselect("svg .name")]
    assert names[:3] == ["tass.example", "Matin", "thief.example"]


def test_who_has_words_and_no_credit_is_not_called_unknown() -> None:
    """Not beyond doubt, as within the hour: it is no alarm, and said all the same."""
    page = page_of(told_story(missing_credit=()))
    copied = card(page, "Who copied without credit")
    assert "Nobody that we can show" in copied
    assert "No credit found either, but not beyond doubt: 3 Thief." in copied


def test_nothing_of_a_text_acts() -> None:
    story = told_story()
    hostile = dataclasses.replace(
        story.lines[0], headline=HOSTILE, outlet_name=HOSTILE, language=HOSTILE,
        url="javascript:alert(1)",
    )  # fmt: skip
    citing = dataclasses.replace(story.derives[0], phrase=HOSTILE, agency=HOSTILE)
    story = told_story(lines=(hostile, *story.lines[1:]), derives=(citing,))
    text = story_page(story, TEXTS, Served(), NOW)
    page = html.document_fromstring(text)
    assert len(page.cssselect("script")) == 1
    assert page.cssselect("img") == []
    handlers = [name for one in page.iter() for name in one.attrib if name.startswith("on")]
    assert handlers == []
    assert not any(a.get("href").startswith("javascript") for a in page.cssselect("a"))
    assert not {"\x00", "\x1b", "\u202e"} & set(text)
    assert "alert(1)" in words(page)
    assert "49" not in words(page.cssselect("h1")[0])


@pytest.mark.parametrize("left_out", [1, 3])
def test_a_story_under_embargo_says_only_that(left_out: int) -> None:
    page = page_of(Story("A", "A", 1, left_out=left_out))
    assert "Nothing of this story may be shown now" in words(page)


def test_a_killed_article_is_marked() -> None:
    story = told_story()
    killed = dataclasses.replace(story.lines[1], pubstatus="canceled")
    page = page_of(told_story(lines=(story.lines[0], killed, *story.lines[2:])))
    [entry] = page.cssselect("#article-matin")
    assert "killed" in words(entry)
