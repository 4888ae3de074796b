"""`wiretrace export story` as a shell sees it: files of one story, whole, without the secret."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from schemas.link import Aligned
from tests.cli.conftest import Wiretrace
from tests.lake.builder import LakeBuilder, article, at, id_of, link
from tests.tracing.small_lake import credit, member, run, tie

BODY = "Nobody but the publisher may print all of this."


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """TASS, a French paper that credits it, its copy with a formula for a headline; a secret."""
    builder = LakeBuilder(tmp_path / "lake")
    tass = article(
        "t",
        outlet="tass.ru",
        language="ru",
        published=at(1, 8),
        body_text=BODY,
        published_tz_known=True,
    )
    matin = article(
        "m",
        outlet="matin.example",
        language="fr",
        published=at(2, 9),
        body_text=BODY,
        published_tz_known=True,
    )
    soir = article(
        "s",
        outlet="soir.example",
        language="fr",
        published=at(2, 12),
        headline="=1+1\x1b[2J",
        published_tz_known=True,
    )
    secret = article("x", outlet="secret.example", embargoed=at(1).replace(year=9000))
    only = article("o", outlet="secret.example", embargoed=at(1).replace(year=9000))
    run(
        builder, tass, matin, soir, secret, only, member(tass, "A"), member(secret, "A"),
        member(matin, "B"), member(soir, "B"), tie("B", "A"), credit(matin, "tass"),
        link("s", "m", evidence=(Aligned(0, 9, 0, 9),)), member(only, "C"),
    )  # fmt: skip
    return builder.root


@pytest.fixture
def out(tmp_path: Path) -> dict[str, Path]:
    return {
        name: tmp_path / f"story.{name}"
        for name in ("html", "csv", "graphml", "json", "jsonld", "rss")
    }


def options(out: dict[str, Path]) -> list[str]:
    return [word for name, path in out.items() for word in (f"--{name}", str(path))]


def test_every_format_at_once(wiretrace: Wiretrace, lake: Path, out: dict[str, Path]) -> None:
    """Articles and edges are in each, no whole text in any."""
    out["csv"].write_text("an older one")
    done = wiretrace("export", "story", id_of("s"), "--lake", lake, *options(out))
    assert (done.code, done.out, done.err) == (
        0, "", "1 article under embargo left out; --embargoed includes them\n",
    )  # fmt: skip
    assert sorted(path.name for path in out["csv"].parent.iterdir() if path.is_file()) == sorted(
        path.name for path in out.values()
    )
    texts = {name: path.read_text("utf-8") for name, path in out.items()}
    for text in texts.values():
        assert "tass.ru" in text
        assert "secret.example" not in text
        assert BODY not in text
        assert "\x1b" not in text
    with out["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["row"], row["outlet"], row["headline"]) for row in csv.DictReader(file)]
    assert rows == [
        ("article", "tass.ru", "Headline of t 1"), ("article", "matin.example", "Headline of m 1"),
        ("article", "soir.example", "'=1+1\N{REPLACEMENT CHARACTER}[2J"),
        ("derives", "matin.example", "Headline of m 1"),
        ("copies", "soir.example", "'=1+1\N{REPLACEMENT CHARACTER}[2J"),
        ("missing_credit", "soir.example", "'=1+1\N{REPLACEMENT CHARACTER}[2J"),
    ]  # fmt: skip
    graph = etree.fromstring(texts["graphml"].encode())[-1]
    assert [one.tag.partition("}")[2] for one in graph] == ["node"] * 3 + ["edge"] * 2
    assert len(json.loads(texts["jsonld"])["dataFeedElement"]) == 3
    feed = feedparser.parse(texts["rss"].encode())
    assert [entry.author for entry in feed.entries] == ["soir.example", "matin.example", "tass.ru"]


def test_json_is_what_the_command_prints(
    wiretrace: Wiretrace, lake: Path, out: dict[str, Path]
) -> None:
    assert wiretrace("export", "story", id_of("A"), "--lake", lake, "--json", out["json"]).code == 0
    printed = wiretrace("story", id_of("A"), "--lake", lake, "--json")
    assert out["json"].read_text("utf-8") == printed.out


def test_what_is_under_embargo_is_written_when_asked(
    wiretrace: Wiretrace, lake: Path, out: dict[str, Path]
) -> None:
    asked = ("export", "story", id_of("A"), "--lake", lake, *options(out))
    done = wiretrace(*asked, "--embargoed")
    assert (done.code, done.err) == (0, "")
    for path in out.values():
        assert "secret.example" in path.read_text("utf-8")
    assert "[embargoed until 9000-05-01 12:00 UTC]" in out["rss"].read_text("utf-8")


@pytest.mark.parametrize("asked", [id_of("C"), id_of("o")])
def test_a_story_of_which_nothing_may_be_shown_is_written_empty(
    wiretrace: Wiretrace, lake: Path, out: dict[str, Path], asked: str
) -> None:
    """A feed that somebody follows goes on being one."""
    done = wiretrace("export", "story", asked, "--lake", lake, *options(out))
    assert done.code == 0
    assert done.err == "1 article under embargo left out; --embargoed includes them\n"
    assert len(out["csv"].read_text("utf-8").splitlines()) == 1
    assert feedparser.parse(out["rss"].read_bytes()).entries == []
    for path in out.values():
        assert "secret.example" not in path.read_text("utf-8")


def test_what_is_no_story_writes_nothing(
    wiretrace: Wiretrace, lake: Path, out: dict[str, Path]
) -> None:
    done = wiretrace("export", "story", "\udcff", "--lake", lake, *options(out))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("wiretrace: no story has the id ")
    assert not any(path.exists() for path in out.values())


def test_no_file_asked_for_is_a_mistake(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("export", "story", id_of("A"), "--lake", lake)
    assert done.code == 2
    assert "give at least one of --html, --csv, --graphml, --json, --jsonld, --rss" in done.err


def test_whole_texts_go_out_only_when_asked_for(
    wiretrace: Wiretrace, lake: Path, out: dict[str, Path]
) -> None:
    asked = ("export", "story", id_of("A"), "--lake", lake)
    assert wiretrace(*asked, "--html", out["html"], "--full-texts").code == 0
    assert out["html"].read_text("utf-8").count(BODY) >= 2
    done = wiretrace(*asked, "--csv", out["csv"], "--full-texts")
    assert (done.code, out["csv"].exists()) == (2, False)
    assert "--full-texts is for --html" in done.err


def test_two_formats_in_one_file_are_a_mistake(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path
) -> None:
    path = tmp_path / "story"
    asked = ("export", "story", id_of("A"), "--lake", lake, "--csv", path, "--json", path)
    done = wiretrace(*asked)
    assert (done.code, path.exists()) == (2, False)
    assert "two formats in one file" in done.err


def test_a_file_that_cannot_be_written_is_said_so(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere" / "story.csv"
    done = wiretrace("export", "story", id_of("A"), "--lake", lake, "--csv", path)
    assert (done.code, done.out) == (2, "")
    assert f"{path} cannot be written: No such file or directory" in done.err
