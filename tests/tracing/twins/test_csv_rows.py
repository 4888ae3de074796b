"""`story_csv`: articles and edges in one table that needs no join."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import polars
import pytest

from tests.lake.builder import id_of
from tests.tracing.twins.told import EMPTY, HOSTILE, STORY, hostile_story, naughty_strings
from tracing.harmless import strip_controls
from tracing.story_model import Story
from tracing.twins.csv_rows import COLUMNS, story_csv
from tracing.twins.csv_text import unguard


def read(story: Story) -> list[dict[str, str]]:
    """Rows by the csv module: every cell a text."""
    return list(csv.DictReader(io.StringIO(story_csv(story)[1:])))


def test_articles_with_both_times_and_their_parts() -> None:
    rows = [row for row in read(STORY) if row["row"] == "article"]
    assert [row["article_id"] for row in rows] == [one.article_id for one in STORY.lines]
    tass, matin, _, soir, undated = rows
    assert {row["story_id"] for row in rows} == {id_of("story")}
    assert (tass["outlet"], tass["outlet_name"], tass["language"], tass["headline"]) == (
        "tass.example", "ТАСС", "ru", "Заявил: «да»",
    )  # fmt: skip
    assert (tass["published"], tass["first_seen"]) == (
        "2024-05-01T12:00:00+00:00", "2024-05-05T12:30:00+00:00",
    )  # fmt: skip
    assert (tass["published_tz_known"], matin["published_tz_known"]) == ("true", "false")
    assert tass["roles"] == "first_claimed first_in_language"
    assert matin["roles"] == "first_in_language"
    assert soir["roles"] == "first_seen missing_credit has_corrected"
    assert soir["pubstatus"] == "canceled"
    assert (undated["published"], undated["headline"], undated["roles"]) == ("", "", "")


def test_of_several_that_were_seen_at_once_none_was_first() -> None:
    assert STORY.first_seen is not None
    at_once = dataclasses.replace(STORY.first_seen, hours=0.0)
    rows = read(dataclasses.replace(STORY, first_seen=at_once))
    assert not any("first_seen" in row["roles"].split() for row in rows)


def test_edges_name_both_ends_and_their_evidence() -> None:
    cites, derives, copies, unknown, updates, dangling, missing = [
        row for row in read(STORY) if row["row"] != "article"
    ]
    assert (cites["row"], cites["outlet"], cites["other_outlet"]) == (
        "cites", "soir.example", "matin.example",
    )  # fmt: skip
    assert (cites["subkind"], cites["agency"], cites["words"], cites["phrase"]) == (
        "attribution", "matin", "matin", "according to matin",
    )  # fmt: skip
    assert (cites["is_exact"], cites["doubt"], cites["credited"]) == ("false", "the same time", "")
    assert (derives["row"], derives["language"], derives["other_language"]) == (
        "derives", "fr", "ru",
    )  # fmt: skip
    assert derives["other_published"] == "2024-05-01T12:00:00+00:00"
    assert (copies["row"], copies["subkind"], copies["share"], copies["longest"]) == (
        "copies", "reprint", "0.75", "80",
    )  # fmt: skip
    assert (copies["credited"], copies["direction"], copies["phrase"]) == ("false", "likely", "")
    assert (unknown["credited"], unknown["direction"], unknown["phrase"]) == (
        "true", "unknown", "(ТАСС)",
    )  # fmt: skip
    assert (updates["row"], updates["subkind"], updates["outlet"]) == (
        "updates", "updates", "matin.example",
    )  # fmt: skip
    assert (dangling["row"], dangling["subkind"], dangling["words"], dangling["other_id"]) == (
        "dangling", "via", "AFP", "",
    )  # fmt: skip
    assert (missing["row"], missing["other_id"], missing["other_outlet"], missing["share"]) == (
        "missing_credit", id_of("outside"), "outside.example", "0.75",
    )  # fmt: skip
    assert missing["phrase"] == ("word " * 100)[:200] + "…"


def test_polars_guesses_the_types() -> None:
    table = polars.read_csv(story_csv(STORY).encode(), try_parse_dates=True)
    assert table.columns == list(COLUMNS)
    utc = polars.Datetime("us", "UTC")
    assert {name: table.schema[name] for name in ("published", "share", "credited", "phrase")} == {
        "published": utc, "share": polars.Float64, "credited": polars.Boolean,
        "phrase": polars.String,
    }  # fmt: skip


def test_a_story_of_which_nothing_may_be_shown_is_a_header() -> None:
    assert story_csv(EMPTY)[1:] == ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_text_comes_back(text: str) -> None:
    comes_back(text)


def test_naughty_strings_come_back(shared: Path) -> None:
    for text in naughty_strings(shared):
        comes_back(text)


def comes_back(text: str) -> None:
    one, two, cites, copies, dangling = read(hostile_story(text))
    shown = strip_controls(text)
    for cell in (
        one["headline"], one["outlet_name"], one["url"], two["genre"], cites["agency"],
        cites["words"], cites["phrase"], copies["phrase"], dangling["phrase"],
    ):  # fmt: skip
        assert unguard(cell) == shown
    assert unguard(two["outlet"]) == (shown or "two")
