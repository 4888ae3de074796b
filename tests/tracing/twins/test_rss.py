"""`story_rss`: a feed that feedparser, lxml and our own reader of feeds take without complaint."""

from __future__ import annotations

import dataclasses
import datetime as dt
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from tests.lake.builder import at, id_of
from tests.tracing.twins.told import EMPTY, HOSTILE, STORY, hostile_story, line, naughty_strings
from tracing.harmless import strip_controls
from tracing.story_model import Story
from tracing.twins.rss import story_rss

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
PAGE = "http://127.0.0.1:8642/story/1"
DC = "{http://purl.org/dc/elements/1.1/}"


def read(story: Story, page: str | None = None) -> Any:
    """By feedparser, which must find nothing to complain of."""
    found = feedparser.parse(story_rss(story, NOW, page).encode())
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "rss20"
    return found


def items(story: Story) -> list[Any]:
    root = etree.fromstring(story_rss(story, NOW).encode())
    return list(root.iterfind("channel/item"))


class Paragraphs(HTMLParser):
    """The texts of paragraphs; any other markup fails."""

    def __init__(self, description: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(description)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag, attrs) == ("p", [])
        self.found.append("")

    def handle_data(self, data: str) -> None:
        self.found[-1] += data


def paragraphs(description: str) -> list[str]:
    """A description as a reader shows it."""
    return Paragraphs(description).found


def test_the_newest_first_and_what_claims_no_date_by_when_it_was_seen() -> None:
    entries = read(STORY).entries
    assert [entry.title for entry in entries] == [
        "without a headline", "[canceled] Headline of soir", "Headline of newer",
        "Headline of matin", "Заявил: «да»",
    ]  # fmt: skip
    assert [entry.get("published") for entry in entries] == [
        None, "Fri, 03 May 2024 12:00:00 +0000", "Thu, 02 May 2024 14:00:00 +0000",
        "Thu, 02 May 2024 12:00:00 -0000", "Wed, 01 May 2024 12:00:00 +0000",
    ]  # fmt: skip


def test_an_item_has_its_outlet_language_address_and_name() -> None:
    undated, soir, *_, tass = read(STORY).entries
    assert (tass.link, tass.id, tass.guidislink) == (
        "https://tass.example/1", f"urn:x-wiretrace:article:{id_of('tass')}", False,
    )  # fmt: skip
    assert (tass.author, tass.language, tass.source) == (
        "ТАСС", "ru", {"href": "https://tass.example/", "title": "ТАСС"},
    )  # fmt: skip
    assert [tag.term for tag in soir.tags] == ["first_seen", "missing_credit", "has_corrected"]
    assert ("link" in undated, "source" in undated) == (False, False)


def test_a_description_says_when_it_was_seen_and_what_is_whose() -> None:
    undated, soir, newer, matin, tass = [
        paragraphs(item.findtext("description")) for item in items(STORY)
    ]
    assert undated == [
        "undated.example, ar, seen 2024-05-05 12:30 UTC", "no date claimed",
        "shares words with ТАСС: “(ТАСС)”",
    ]  # fmt: skip
    assert soir == [
        "soir.example, fr, seen 2024-05-05 12:30 UTC", "cites matin.example: “according to matin”",
        "copies matin.example: no credit of it found", "credits afp: “d'après l'AFP”",
    ]  # fmt: skip
    assert newer[1:] == ["updates matin.example"]
    assert matin[1:] == ["derives ТАСС: “(TASS)”"]
    assert tass == ["ТАСС, ru, seen 2024-05-05 12:30 UTC"]


def test_a_feed_that_is_served_names_itself_and_its_page() -> None:
    served = read(STORY, PAGE).feed
    assert served.title == "Story: Заявил: «да»"
    assert served.subtitle == "articles: 5, outlets: 4, languages: ar, fr, ru"
    assert served.link == PAGE
    assert [link.href for link in served.links if link.rel == "self"] == [f"{PAGE}.rss"]
    written = read(STORY).feed
    assert written.link == f"urn:x-wiretrace:story:{id_of('story')}"
    assert [link.rel for link in written.links] == ["alternate"]


def test_what_is_under_embargo_is_marked_where_it_is_shown() -> None:
    until = NOW + dt.timedelta(days=1)
    story = dataclasses.replace(EMPTY, lines=(line("one", embargoed=until, published=at(1)),))
    [entry] = read(story).entries
    assert entry.title == "[embargoed until 2024-06-02 00:00 UTC] Headline of one"


def test_a_story_of_which_nothing_may_be_shown_is_a_feed_without_items() -> None:
    found = read(EMPTY)
    assert found.entries == []
    assert found.feed.subtitle == "articles: 0, outlets: 0, languages: none"


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_comes_back(text: str) -> None:
    comes_back(text)
    read(hostile_story(text))


def test_naughty_strings_come_back(shared: Path) -> None:
    for text in naughty_strings(shared):
        comes_back(text)


def comes_back(text: str) -> None:
    """But for what XML 1.0 cannot hold; in a description it is no markup."""
    shown = strip_controls(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    found = {item.findtext("guid"): item for item in items(hostile_story(text))}
    one, two = (found[f"urn:x-wiretrace:article:{id_of(name)}"] for name in ("one", "two"))
    for item in (one, two):
        assert item.findtext("title") == (shown or "without a headline")
        assert item.findtext("link", "http://").startswith(("http://", "https://"))
    assert one.findtext(f"{DC}creator") == (shown or "one.example")
    [_, dangles] = paragraphs(one.findtext("description"))
    assert dangles == f"credits {shown}: “{shown}”"
