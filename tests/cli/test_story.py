"""`wiretrace story`, and stories in `trace`, as a shell sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Wiretrace
from tests.lake.builder import LakeBuilder, article, at, id_of, link
from tests.tracing.small_lake import credit, member, run, tie


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """TASS, a French paper that credits it, that paper's update and its hostile copy; a secret."""
    builder = LakeBuilder(tmp_path / "lake")
    given: dict[str, Any] = {"published_tz_known": True, "first_seen": at(5)}
    tass = article("t", outlet="tass.ru", language="ru", published=at(1, 8), **given)
    matin = article("m", outlet="matin.example", language="fr", published=at(2, 9), **given)
    newer = article("n", outlet="matin.example", language="fr", published=at(2, 10), **given)
    soir = article(
        "s",
        outlet="soir.example",
        language="fr",
        headline="Bell\x07 \u202eturned\nline",
        published=at(2, 12),
        **given,
    )
    secret = article("x", outlet="secret.example", embargoed=at(1).replace(year=9000), **given)
    stray = article("stray", outlet="stray.example")
    run(
        builder, tass, matin, newer, soir, secret, stray, member(tass, "A"), member(secret, "A"),
        *(member(one, "B") for one in (matin, newer, soir)), tie("B", "A"), credit(matin, "tass"),
        credit(soir, "afp"), link("n", "m", "updates"), link("s", "m"),
    )  # fmt: skip
    return builder.root


def test_a_story_for_people(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("story", id_of("A"), "--lake", lake)
    assert (done.code, done.err) == (
        0, "1 article under embargo left out; --embargoed includes them\n",
    )  # fmt: skip
    out = done.out.splitlines()
    matin, newer = (f"matin.example {id_of(name)[:8]}" for name in "mn")
    assert out[:4] == [
        f"story {id_of('A')}",
        "2024-05-01 08:00 UTC to 2024-05-02 12:00 UTC",
        "4 articles of 3 outlets in fr, ru",
        f"first by claim  2024-05-01 08:00 UTC  tass.ru, 25.0 h before {matin}"
        " (in doubt: articles left out)",
    ]
    lane = out.index("soir.example")
    assert out[lane + 1] == (
        f"    2024-05-02 12:00 UTC  seen 2024-05-05 12:00 UTC  {id_of('s')}  fr"
        "  Bell\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}turned line"
    )
    assert after(out, "derives, across languages:") == [
        f"    {matin} → tass.ru  attribution: tass “according to tass”"
    ]
    assert after(out, "copies:") == [
        f"    soir.example → {matin}  reprint: 95% of its words (likely, time);"
        " no credit of it found"
    ]
    assert after(out, "updates:")[0].startswith(f"    {newer} → {matin}  updates")
    assert after(out, "credits that dangle:") == [
        "    soir.example  attribution: afp “according to afp”"
    ]
    assert after(out, "by language:") == [
        "    ru  2024-05-01 08:00 UTC  tass.ru, the first",
        f"    fr  2024-05-02 09:00 UTC  {matin}, from tass.ru (ru)",
    ]
    assert after(out, "by outlet:")[1:] == [
        "    matin.example  25.0 h after the first claim",
        "    soir.example  28.0 h after the first claim",
    ]
    [why] = after(out, "why these are one story:")
    assert why.endswith("translated, score 0.90: name geonames:1")
    assert "cites, within a language:" not in out
    assert "secret" not in done.out


def after(lines: list[str], title: str) -> list[str]:
    """The lines of a section."""
    rest = lines[lines.index(title) + 1 :]
    return rest[: rest.index("")] if "" in rest else rest


def test_a_story_as_json_and_by_line(wiretrace: Wiretrace, lake: Path) -> None:
    """The same by an article's id; a line says what it is."""
    found = wiretrace("story", id_of("s"), "--lake", lake, "--json").json
    assert (found["story_id"], found["asked"]) == (id_of("A"), id_of("s"))
    [derived] = found["derives"]
    assert derived["words"] == {"field": "body_text", "start": 0, "end": 4, "text": "tass"}
    done = wiretrace("story", id_of("s"), "--lake", lake, "--jsonl")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert rows[0]["row"] == "story"
    assert rows[0]["first_claimed"]["article_id"] == id_of("t")
    assert sum(row["row"] == "article" for row in rows) == 4
    assert [row["cited_id"] for row in rows if row["row"] == "derives"] == [id_of("t")]


def test_what_is_under_embargo_is_shown_when_asked(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("story", id_of("A"), "--lake", lake, "--embargoed")
    assert "[embargoed until 9000-05-01 12:00 UTC]" in done.out
    assert done.err == ""
    hidden = wiretrace("story", id_of("x"), "--lake", lake)
    assert (hidden.code, hidden.out) == (0, "")
    assert "left out" in hidden.err


@pytest.mark.parametrize(
    "asked", ["0" * 32, id_of("stray"), "no id", "\udcff", "'; DROP TABLE story_members"]
)
def test_what_is_no_story_is_a_mistake(wiretrace: Wiretrace, lake: Path, asked: str) -> None:
    """Also an article that is in none."""
    done = wiretrace("story", asked, "--lake", lake)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("wiretrace: no story has the id ")


def test_trace_shows_the_story(wiretrace: Wiretrace, lake: Path) -> None:
    """Of an article, with the score; or by the story's own id."""
    done = wiretrace("trace", id_of("t"), "--lake", lake)
    assert f"because: in story {id_of('A')} (score 0.80)" in done.out
    by_id = wiretrace("trace", id_of("A"), "--lake", lake, "--jsonl")
    outlets = [json.loads(line)["outlet"] for line in by_id.out.splitlines()]
    assert outlets == ["tass.ru", "matin.example", "matin.example", "soir.example"]
