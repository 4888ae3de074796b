"""`wiretrace feeds`: a list that people and commands keep together, and how each feed is doing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lake.feeds import list_path
from lake.lease import acquire
from lake.tables import open_lake
from tests.cli.conftest import Wiretrace
from tests.transforms.fetch.fault_server import FaultServer

ONE, TWO = "https://harbour-post.example/rss", "https://herald.example/atom"
OPML = f"""<opml version="2.0"><body><outline text="Coast">
<outline type="rss" text="Harbour Post" xmlUrl="{ONE}"/>
<outline type="rss" text="Nothing" xmlUrl="file:///etc/passwd"/></outline></body></opml>"""


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Where a lake may come to be."""
    return tmp_path / "lake"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A host of feeds."""
    with FaultServer() as started:
        yield started


def test_added_feeds_are_listed_and_removed(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("feeds", "add", "--lake", lake, ONE, TWO, "--outlet", "herald.example")
    assert (done.code, done.out) == (0, "2 added, 0 were there; 2 feeds\n")
    done = wiretrace("feeds", "add", "--lake", lake, ONE)
    assert done.out == "0 added, 1 were there; 2 feeds\n"
    rows = wiretrace("feeds", "list", "--lake", lake, "--json").json
    assert [(row["feed"], row["outlet"], row["why"]) for row in rows] == [
        (ONE, "herald.example", "never asked yet"),
        (TWO, "herald.example", "never asked yet"),
    ]
    assert wiretrace("feeds", "remove", "--lake", lake, ONE).out == "1 removed; 1 feeds\n"
    assert "herald.example/atom" in wiretrace("feeds", "list", "--lake", lake).out


def test_what_the_user_wrote_into_the_list_stays(wiretrace: Wiretrace, lake: Path) -> None:
    """Comments and the way of polling."""
    wiretrace("feeds", "add", "--lake", lake, ONE)
    file = list_path(open_lake(lake))
    file.write_text(
        '# ours\n[polling]\ncontact = "desk@herald.example"  # Ann\n' + file.read_text()
    )
    wiretrace("feeds", "add", "--lake", lake, TWO)
    text = file.read_text()
    assert 'contact = "desk@herald.example"  # Ann' in text
    assert text.startswith("# ours\n")
    assert (ONE in text, TWO in text) == (True, True)


def test_a_list_that_was_edited_badly_is_2_and_stays_as_it_is(
    wiretrace: Wiretrace, lake: Path
) -> None:
    wiretrace("feeds", "add", "--lake", lake, ONE)
    file = list_path(open_lake(lake))
    broken = file.read_text() + 'outlat = "x"\n'
    file.write_text(broken)
    done = wiretrace("feeds", "add", "--lake", lake, TWO)
    assert (done.code, file.read_text()) == (2, broken)
    assert "'outlat' is unknown" in done.err


@pytest.mark.parametrize(
    ("option", "value"),
    [("--outlet", " / "), ("--credential", "u:secret"), ("--title", "a\nb"), ("--title", "a\xa0b")],
)
def test_what_the_list_cannot_hold_is_not_written(
    wiretrace: Wiretrace, lake: Path, option: str, value: str
) -> None:
    """Else the command that wrote it had locked itself and all others out."""
    done = wiretrace("feeds", "add", "--lake", lake, ONE, option, value)
    assert (done.code, "secret" in done.err) == (2, False)
    assert not lake.exists()


def test_names_that_a_list_cannot_hold_are_mended_on_import(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path
) -> None:
    """OPML of other readers holds no-break spaces, line breaks, marks of direction."""
    opml = OPML.replace("Harbour Post", "Harbour\xa0Post&#10;\u202eNow")
    (tmp_path / "in.opml").write_text(opml)
    wiretrace("feeds", "import", "--lake", lake, tmp_path / "in.opml")
    (row,) = wiretrace("feeds", "list", "--lake", lake, "--json").json
    assert row["title"] == "Harbour Post Now"


def test_a_feed_that_is_not_in_the_list_cannot_be_removed(wiretrace: Wiretrace, lake: Path) -> None:
    wiretrace("feeds", "add", "--lake", lake, ONE)
    done = wiretrace("feeds", "remove", "--lake", lake, ONE, TWO)
    assert (done.code, TWO in done.err, ONE in done.err) == (2, True, False)
    assert len(wiretrace("feeds", "list", "--lake", lake, "--json").json) == 1


def test_opml_goes_in_and_out(wiretrace: Wiretrace, lake: Path, tmp_path: Path) -> None:
    """A bad address costs none of the others, is told, and the command leaves with 3."""
    (tmp_path / "in.opml").write_text(OPML)
    done = wiretrace("feeds", "import", "--lake", lake, tmp_path / "in.opml")
    assert (done.code, done.out) == (3, "1 added, 0 were there; 1 feeds\n")
    assert "file:///etc/passwd" in done.err
    exported = wiretrace("feeds", "export", "--lake", lake).out
    (tmp_path / "out.opml").write_text(exported)
    done = wiretrace("feeds", "import", "--lake", tmp_path / "other", tmp_path / "out.opml")
    assert done.code == 0
    text = list_path(open_lake(tmp_path / "other")).read_text()
    assert (ONE in text, "Harbour Post" in text, "Coast" in text) == (True, True, True)


def test_two_commands_do_not_overwrite_each_other(wiretrace: Wiretrace, lake: Path) -> None:
    """The list changes under the lease."""
    wiretrace("feeds", "add", "--lake", lake, ONE)
    with acquire(lake, command="run"):
        done = wiretrace("feeds", "add", "--lake", lake, TWO, "--wait", "0")
    assert done.code == 5
    assert TWO not in list_path(open_lake(lake)).read_text()


def test_check_is_3_if_a_feed_fails(wiretrace: Wiretrace, lake: Path, server: FaultServer) -> None:
    wiretrace("feeds", "add", "--lake", lake, server.url("/feed"))
    allowed = ("--allow-host", "127.0.0.1")
    done = wiretrace("feeds", "check", "--lake", lake, *allowed, "--json")
    assert (done.code, done.json[0]["result"], done.json[0]["entries"]) == (0, "ok", 1)
    done = wiretrace("feeds", "check", "--lake", lake, *allowed, server.url("/500"))
    assert (done.code, "http_status" in done.out) == (3, True)
    done = wiretrace("feeds", "check", "--lake", lake, "--json")
    assert (done.code, done.json[0]["result"]) == (3, "denied_address")


def test_run_polls_the_list(wiretrace: Wiretrace, lake: Path, server: FaultServer) -> None:
    """What a run was told on the command line holds for feeds without an outlet of their own."""
    wiretrace("feeds", "add", "--lake", lake, server.url("/feed"))
    run = ("run", "--lake", lake, "--feeds", lake / "feeds.toml", "--allow-host", "127.0.0.1")
    done = wiretrace(*run, "--outlet", "harbour-post.example", "--json")
    assert (done.code, done.json["new"]) == (0, 1)
    (row,) = wiretrace("feeds", "list", "--lake", lake, "--json").json
    assert row["last_success"] is not None
    assert row["why"].endswith("by its own rhythm")
    assert "by its own rhythm" in wiretrace("feeds", "list", "--lake", lake).out
    done = wiretrace(*run, "--json")
    assert (done.code, done.json["containers"], done.json["seen"]) == (0, 1, 0)
