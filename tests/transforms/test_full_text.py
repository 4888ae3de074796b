"""Which entries lack their text, and what a page adds to one: without Beam and network."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from schemas.article import Article
from tests.transforms.articles import article
from transforms.delivery import Delivery, find_keys, to_staged
from transforms.fingerprint import content_hash, fingerprint, is_truncation
from transforms.full_text import (
    MAX_SUMMARY,
    SUMMARY_COLUMNS,
    Entry,
    OtherArticle,
    complete,
    lacks_text,
    to_entry,
)

NOON = dt.datetime(2024, 5, 6, 12, tzinfo=dt.UTC)
BODY = "The ferry sailed at noon.\n\nIts crew had been on strike since Friday, the company said."


def summary_of(**columns: Any) -> Article:
    given = {
        "outlet": "harbour-post.example", "headline": "Ferry crew ends strike",
        "description_text": "The crew of the ferry went back to work.", "guid": "ferry-1",
        "url": "https://harbour-post.example/1?from=feed", "published": NOON,
        "normalized_url": "https://harbour-post.example/1", "source_uri": "https://h.example/rss#4",
        "source_format": "rss",
    }  # fmt: skip
    return article(**{**given, **columns})


def deliver(found: Article) -> Delivery:
    texts = (found.headline, found.description_text, found.body_text)
    return Delivery(
        article=replace(found, content_hash=content_hash(*texts)),
        keys=find_keys(found),
        control_hash="plain",
        fingerprint=fingerprint(*texts),
        source="https://harbour-post.example/1",
        feed=None,
    )


def page_of(**columns: Any) -> Delivery:
    given = {
        "headline": "Ferry crew ends strike, company says", "body_text": BODY,
        "source_uri": "https://harbour-post.example/1", "source_format": "html",
        "canonical_url": "https://harbour-post.example/news/1", "authors": ("Ada Quay",),
        "published": NOON + dt.timedelta(hours=1), "parse_warnings": ("mojibake:headline",),
    }  # fmt: skip
    return deliver(article("page", **{**given, **columns}))


def entry_of(found: Article) -> Entry:
    row = to_staged([deliver(found)]).to_pylist()[0]
    assert lacks_text({name: row[name] for name in SUMMARY_COLUMNS})
    return to_entry(row)


@pytest.mark.parametrize(
    ("columns", "promise"),
    [
        ({}, True),
        ({"description_text": None}, True),
        ({"url": None}, False),
        ({"url": "https://harbour-post.example/"}, False),
        ({"url": "https://harbour-post.example/?p=7"}, True),
        ({"url": "ftp://harbour-post.example/1"}, False),
        ({"pubstatus": "canceled"}, False),
        ({"body_text": BODY}, False),
        ({"description_text": None, "body_text": "One short paragraph."}, True),
        ({"description_text": None, "body_text": BODY}, True),
        ({"description_text": None, "body_text": f"{BODY}\n\n" * 8}, False),
        (
            {
                "description_text": None,
                "body_text": f"{BODY} " * 6
                + "[…]\n\nThe post Ferry appeared first on Harbour Post.",
            },
            True,
        ),
        ({"url": "https://harbour-post.example/1?token=REDACTED"}, False),
        ({"description_text": None, "body_text": "word " * MAX_SUMMARY}, False),
        ({"description_text": None, "body_text": "word " * MAX_SUMMARY + "[…]"}, True),
        ({"body_text": "A text beside its summary."}, False),
    ],
)
def test_what_lacks_its_text(columns: dict[str, Any], promise: bool) -> None:
    row = to_staged([deliver(summary_of(**columns))]).to_pylist()[0]
    assert lacks_text(row) is promise


def test_a_control_message_lacks_nothing() -> None:
    kill = replace(deliver(summary_of(headline=None, description_text=None)), control="kill")
    assert not lacks_text(to_staged([kill]).to_pylist()[0])


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"description_text": None, "body_text": "The crew of the ferry went back […]"},
        {
            "description_text": None,
            "body_text": "The crew went back […]\n\nThe post Ferry appeared first on Harbour.",
        },
    ],
    ids=["summary", "cut text", "WordPress"],
)
def test_the_entry_goes_on_to_be_known_as_a_truncation(columns: dict[str, Any]) -> None:
    """Same keys, same control, and the feed's text is the standfirst of the full one."""
    shown = summary_of(**columns)
    done = complete(entry_of(shown), page_of())
    before = deliver(shown)
    assert [k.hash for k in done.keys if k.kind != "content"] == [
        k.hash for k in before.keys if k.kind != "content"
    ]
    assert done.control_hash == before.control_hash
    assert is_truncation(before.fingerprint, done.fingerprint)
    assert done.article.body_text == BODY


def test_the_page_fills_what_the_feed_lacks_and_no_more() -> None:
    done = complete(entry_of(summary_of()), page_of()).article
    assert (done.headline, done.published) == ("Ferry crew ends strike", NOON)
    assert (done.authors, done.canonical_url) == (("Ada Quay",), page_of().article.canonical_url)
    assert done.normalized_url == "https://harbour-post.example/1", "it is identity, so the feed's"
    assert done.parse_warnings == ("mojibake:headline",)
    assert done.word_count == 16
    assert done.entry_uri == "https://h.example/rss#4"
    assert done.entry_columns == (
        "guid", "url", "headline", "description_text", "published",
    )  # fmt: skip


def test_a_date_of_the_page_stands_in_where_the_feed_has_none() -> None:
    undated = summary_of(published=None, parse_warnings=("published_missing",))
    late = dt.datetime(2024, 4, 1, 8, tzinfo=dt.UTC)
    done = complete(entry_of(undated), page_of(published=late, date=late.date())).article
    assert (done.published, done.date, done.parse_warnings[-1:]) == (
        late, late.date(), ("mojibake:headline",),
    )  # fmt: skip
    never = complete(entry_of(undated), page_of(published=None)).article
    assert "published_missing" in never.parse_warnings


def test_headline_and_summary_at_the_top_of_the_text_stand_once() -> None:
    top = "Ferry crew ends strike\n\nThe crew of the ferry went back to work.\n\n"
    done = complete(entry_of(summary_of()), page_of(body_text=top + BODY)).article
    assert done.body_text == BODY


@pytest.mark.parametrize(
    ("columns", "fits"),
    [
        ({}, True),
        ({"headline": "Crew of ferry ends strike"}, True),
        ({"headline": "Mayor opens library", "body_text": "The mayor opened it today."}, False),
        ({"headline": "Welcome", "body_text": "Latest news. Ferry timetable. Weather."}, False),
        (
            {"headline": "Harbour Post: news", "body_text": f"Ferry crew ends strike\n\n{BODY}"},
            False,
        ),
        ({"headline": None}, True),
        ({"headline": "Strike of ferry crew: readers write", "body_text": "Your letters."}, True),
        ({"headline": "Strike", "body_text": "Fifty years ago the dockers walked out."}, False),
        ({"headline": None, "body_text": "Fifty years ago the ferry was built."}, False),
    ],
)
def test_a_page_about_something_else_is_not_taken(columns: dict[str, Any], fits: bool) -> None:
    if fits:
        complete(entry_of(summary_of()), page_of(**columns))
    else:
        with pytest.raises(OtherArticle, match="of the entry"):
            complete(entry_of(summary_of()), page_of(**columns))


def test_scripts_without_spaces_are_compared_by_character() -> None:
    entry = entry_of(summary_of(headline="渡轮罢工结束", description_text="船员星期一恢复工作。"))
    complete(entry, page_of(headline="渡轮罢工结束", body_text="船员已经恢复工作，公司说。"))
    with pytest.raises(OtherArticle):
        complete(entry, page_of(headline="市长为图书馆揭幕", body_text="新馆今天开放。"))


def test_an_entry_of_short_words_only_takes_any_page() -> None:
    complete(entry_of(summary_of(headline="Go!", description_text=None)), page_of())
