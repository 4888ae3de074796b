"""Stories written down by hand, and strings that strangers may have for a headline."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

from schemas.link import Aligned
from tests.lake.builder import at, id_of
from tracing.story_model import Arrival, Citing, Copying, Dangling, First, Story
from tracing.trace_model import Line, Unreached, Words
from tracing.uncredited_line import UncreditedLine

SEEN = dt.datetime(2024, 5, 5, 12, 30, tzinfo=dt.UTC)
# A formula, markup, a newline, controls, direction marks, half a character, no character at all.
HOSTILE = (
    "=HYPERLINK(\"http://evil.example\";A1)", "<script>alert(1)</script> & ]]>", "two\nlines\r\nof",
    "bell\x07 nul\x00 escape\x1b[31m", "\u202eturned\u2066", "\ud800", "\ufffe\uffff", "",
    "الأمين العام: «لا تعليق»", "שלום עולם", "می‌رود", "\U0001f1f2\U0001f1f1", "a\x85b\u2028c",
    "'tis -5; +1;=2;\"=3", "  -5 °C", "＝1+1", "&#x3C;b&#x3E;&amp;", "--></title>",
)  # fmt: skip


def line(name: str, **fields: Any) -> Line:
    """An article of a story; what is not given has plain values."""
    given: dict[str, Any] = {
        "article_id": id_of(name), "version_id": id_of(f"{name} 1"), "outlet": f"{name}.example",
        "outlet_name": None, "language": "en", "headline": f"Headline of {name}",
        "url": f"https://{name}.example/1", "published": at(1), "published_tz_known": True,
        "first_seen": SEEN, "genre": None, "pubstatus": "usable", "embargoed": None,
        "is_embargo_open": False,
    }  # fmt: skip
    return Line(**{**given, **fields})


def citing(name: str, other: str, **fields: Any) -> Citing:
    given: dict[str, Any] = {
        "article_id": id_of(name), "cited_id": id_of(other), "agency": other,
        "kind": "attribution", "phrase": f"according to {other}",
        "words": Words("body_text", 0, len(other), other), "is_exact": True, "doubt": None,
    }  # fmt: skip
    return Citing(**{**given, **fields})


def copying(name: str, other: str, kind: str = "reprint", **fields: Any) -> Copying:
    given: dict[str, Any] = {
        "from_article_id": id_of(name), "to_article_id": id_of(other), "kind": kind,
        "direction": "likely", "direction_reason": "time", "credited": False, "credit": None,
        "containment_from": 0.75, "containment_to": 0.5, "longest": 80,
        "from_version_id": id_of(f"{name} 1"), "to_version_id": id_of(f"{other} 1"),
        "from_field": "body_text", "to_field": "body_text", "evidence": (Aligned(0, 9, 0, 9),),
    }  # fmt: skip
    return Copying(**{**given, **fields})


STORY = Story(
    id_of("story"),
    id_of("story"),
    7,
    lines=(
        line("tass", outlet_name="ТАСС", language="ru", headline="Заявил: «да»", published=at(1)),
        line("matin", language="fr", published=at(2), published_tz_known=False),
        line("newer", outlet="matin.example", language="fr", published=at(2, 14)),
        line(
            "soir",
            language="fr",
            published=at(3),
            pubstatus="canceled",
            unreached=(Unreached("corrected", id_of("matin"), id_of("v"), "matin.example"),),
        ),
        line("undated", language="ar", headline=None, url="javascript:alert(1)", published=None),
    ),
    first_claimed=First(id_of("tass"), "tass.example", at(1), id_of("matin"), 24.0, ()),
    first_seen=First(id_of("soir"), "soir.example", SEEN, None, None, ()),
    cites=(citing("soir", "matin", is_exact=False, doubt="the same time"),),
    derives=(citing("matin", "tass", kind="credit", phrase="(TASS)"),),
    copies=(
        copying("soir", "matin"),
        copying("undated", "tass", direction="unknown", credited=True, credit="(ТАСС)"),
    ),
    updates=(copying("newer", "matin", "updates"),),
    dangling=(
        Dangling(
            id_of("soir"), "afp", "via", "d'après l'AFP", Words("body_text", 9, 12, "AFP"), None
        ),
    ),
    missing_credit=(
        UncreditedLine(
            article_id=id_of("soir"),
            published=at(3),
            headline="Headline of soir",
            source_article_id=id_of("outside"),
            source="outside.example",
            source_headline=None,
            hours_later=30.0,
            kind="reprint",
            share_of_it=0.75,
            longest_run=80,
            passage="word " * 100,
        ),
    ),
    languages=(
        Arrival("ru", id_of("tass"), at(1), True, ()),
        Arrival("fr", id_of("matin"), at(2), False, (id_of("tass"),)),
        Arrival("ar", None, None, False, ()),
    ),
)
# All of it is under embargo.
EMPTY = Story(id_of("story"), id_of("story"), 7, left_out=2)


def hostile_story(text: str) -> Story:
    """A story of two articles, in which all that a stranger writes is `text`."""
    words = Words("body_text", 0, len(text), text)
    fields = {"headline": text, "outlet_name": text, "url": text}
    return dataclasses.replace(
        EMPTY,
        lines=(line("one", **fields), line("two", outlet=text or "two", genre=text, **fields)),
        cites=(citing("two", "one", agency=text, phrase=text, words=words),),
        copies=(copying("two", "one", credited=True, credit=text),),
        dangling=(Dangling(id_of("one"), text, "via", text, words, None),),
    )


def naughty_strings(shared: Path) -> list[str]:
    """The Big List of Naughty Strings."""
    found: list[str] = json.loads((shared / "hostile/blns/blns.json").read_text("utf-8"))
    assert len(found) > 400
    return found
