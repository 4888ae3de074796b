"""`alerts` as a shell sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Wiretrace
from tests.lake.builder import LakeBuilder, article, at, id_of, link, sighting
from tests.tracing.story_rows import joins

HOSTILE = "Ferries\x1b[31m\nstop\u202e"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A story whose first article is killed by its second version, and who joins it meanwhile."""
    builder = LakeBuilder(tmp_path_factory.mktemp("alerts") / "lake")
    wire = article("a", outlet="wire.example", published=at(1, 8))
    builder.run(wire, sighting(wire), joins(wire, "s", 1))
    dead = article("a", "2", outlet="wire.example", pubstatus="canceled", versioncreated=at(2))
    copy = article("b", outlet="pa\x07per.example", headline=HOSTILE, published=None)
    secret = article(
        "c", outlet="post.example", headline="secret", embargoed=at(1).replace(year=2099)
    )
    builder.run(
        *(dead, copy, secret), *map(sighting, (dead, copy, secret)), joins(copy, "s", 2),
        joins(secret, "s", 2), link("b", "a"), new=2, revised=1,
    )  # fmt: skip
    return builder.root


def test_lines_for_people(wiretrace: Wiretrace, lake: Path) -> None:
    """The kill first, with who still has the text; nothing of a stranger's text acts."""
    done = wiretrace("alerts", "--lake", lake)
    assert done.code == 0
    assert done.err == "1 article under embargo left out; --embargoed includes them\n"
    story = f"    story {id_of('s')} (2 outlets)  article "
    signs = "Ferries\N{REPLACEMENT CHARACTER}[31m stop\N{REPLACEMENT CHARACTER}"
    outlet = "pa\N{REPLACEMENT CHARACTER}per.example"
    assert done.out.splitlines() == [
        "kill  2024-05-02 12:00 UTC  wire.example  en  Headline of a 2",
        f"{story}{id_of('a')}  run run-2",
        f"    still carried by {outlet}: {id_of('b')}",
        f"new_outlet  no date claimed  {outlet}  en  {signs}",
        f"{story}{id_of('b')}  run run-2",
    ]


def test_json_is_complete_and_says_what_was_compared(wiretrace: Wiretrace, lake: Path) -> None:
    """Every character comes back, none acts; `sequence` is what to ask from the next time."""
    done = wiretrace("alerts", "--lake", lake, "--json")
    assert (done.json["since"], done.json["sequence"]) == (1, 2)
    killed, joined = done.json["alerts"]
    assert killed["still_carried_by"] == [
        {"article_id": id_of("b"), "outlet": "pa\x07per.example", "version_id": id_of("a 1")}
    ]
    assert (joined["headline"], joined["time"]) == (HOSTILE, None)
    assert not {"\x07", "\x1b", "\u202e"} & set(done.out)
    lines = wiretrace("alerts", "--lake", lake, "--jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == [killed, joined]


def test_embargoed_is_shown_marked(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("alerts", "--lake", lake, "--embargoed")
    assert "post.example  en  [embargoed until 2099-05-01 12:00 UTC]  secret" in done.out
    assert done.err == ""


def test_nothing_is_said_on_stderr(wiretrace: Wiretrace, lake: Path) -> None:
    """And is no failure; an unknown run or story is a mistake."""
    done = wiretrace("alerts", "--lake", lake, "--since", "2")
    assert (done.code, done.out) == (0, "")
    assert done.err == "nothing changed in stories after run 2\n"
    assert wiretrace("alerts", "--lake", lake, "--since", "run-2", "--json").json["alerts"] == []
    for arguments in (("--since", "3"), ("--story", "0" * 32)):
        done = wiretrace("alerts", "--lake", lake, *arguments)
        assert (done.code, done.out) == (2, "")
        assert arguments[1] in done.err
