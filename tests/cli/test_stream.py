"""`wiretrace stream`: what it refuses before it begins; nothing is made then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Wiretrace


def test_nothing_to_read_is_2(wiretrace: Wiretrace, tmp_path: Path) -> None:
    done = wiretrace("stream", "--lake", tmp_path / "lake")
    assert done.code == 2
    assert "nothing to read: name at least one --drop, --feeds or --subscription" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--subscription", "wires"], "'wires' is no subscription; write projects/PROJECT/"),
        (["--drop", "inbox", "--runner", "direct"], "streams messages of Pub/Sub only; for drops"),
        (["--feeds", "FEEDS", "--runner", "DirectRunner"], "wiretrace watch"),
        (["--drop", "https://harbour-post.example/rss"], "a drop is a file or folder"),
        (["--drop", "inbox", "--runner", "dask"], "--runner=dask does not work here"),
        (["--drop", "inbox", "--runner-option", "--project=x"], "write KEY=VALUE, without dashes"),
        (["--drop", "inbox", "--runner-option", "job_endpoint=127.0.0.1:1"], "make flink-up"),
        (["--drop", "inbox", "--window", "1"], "--window"),
    ],
)
def test_what_cannot_work_is_2_and_makes_no_lake(
    wiretrace: Wiretrace, tmp_path: Path, arguments: list[str], says: str
) -> None:
    """The sentence says what to write instead."""
    feeds = tmp_path / "feeds.toml"
    feeds.write_text('[[feed]]\nurl = "https://harbour-post.example/rss"\n')
    given = [str(feeds) if word == "FEEDS" else word for word in arguments]
    done = wiretrace("stream", "--lake", tmp_path / "lake", *given)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert not (tmp_path / "lake").exists()
