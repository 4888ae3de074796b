"""`copies` as a shell sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Wiretrace
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import credit, run
from tests.transforms.copies.test_verify import LOCAL, WIRE

WORDS = len(WIRE.split())


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A wire, a paper that has it and says so, one that has it and does not, one under embargo."""
    builder = LakeBuilder(tmp_path / "lake")
    known = {"published_tz_known": True}
    crediting = article(
        "crediting", outlet="paper.example", body_text=WIRE, published=at(2, 9), **known,
        headline="Port\x1b[31m closed",
    )  # fmt: skip
    run(
        builder,
        article("wire", outlet="wire.example", body_text=WIRE, published=at(2, 8), **known),
        crediting,
        credit(crediting, "wire"),
        article("silent", outlet="silent.example", body_text=WIRE, published=None),
        article("other", outlet="other.example", body_text=LOCAL, published=at(2)),
        article("secret", body_text=WIRE, published=at(2), embargoed=at(1).replace(2099)),
    )
    return builder.root


def test_lines_for_people(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("copies", id_of("wire"), "--lake", lake)
    assert done.code == 0
    assert done.err == "1 article under embargo left out; --embargoed includes them\n"
    silent, crediting = done.out.split("2024-05-02 09:00 UTC")
    assert silent == (
        "no date claimed  silent.example  en  Headline of silent 1\n"
        f"    {id_of('silent')}  seen 2024-05-01 12:00 UTC\n"
        "    reprint: has 100% of the words, which are 100% of its own;"
        f" longest run {WORDS} (before or after, not known)\n"
        "    no credit of wire.example found\n"
    )
    assert crediting.startswith("  paper.example  en  Port\N{REPLACEMENT CHARACTER}[31m closed\n")
    assert (
        f"longest run {WORDS} (later, asserted)\n    credits wire.example: “according to wire”\n"
        in crediting
    )


def test_json_and_lines(wiretrace: Wiretrace, lake: Path) -> None:
    asked = ("copies", id_of("wire"), "--lake", lake)
    found = wiretrace(*asked, "--json").json
    assert found["article_id"] == id_of("wire")
    assert [line["outlet"] for line in found["copies"]] == ["silent.example", "paper.example"]
    assert found["copies"][1]["passages"] == [[[0, len(WIRE) - 1], [0, len(WIRE) - 1]]]
    lines = wiretrace(*asked, "--jsonl").out.splitlines()
    assert list(map(json.loads, lines)) == found["copies"]


def test_embargoed_shows_all(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("copies", id_of("wire"), "--lake", lake, "--embargoed", "--jsonl")
    assert (len(done.out.splitlines()), done.err) == (3, "")


def test_none_is_said_on_stderr(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("copies", id_of("other"), "--lake", lake, "--embargoed")
    assert (done.code, done.out, done.err) == (0, "", "no copy found\n")
