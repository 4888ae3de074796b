"""`wiretrace stream`: what it hands on, and what it refuses before anything is made."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from pipeline.options import StreamOptions
from tests.cli.conftest import Wiretrace
from tests.lake.memory_store import MemoryStore
from transforms.feeds.feed_list import Feed, Polling
from transforms.read.segment import Source


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
        (["--drop", "gs://newsroom/inbox"], "gs://newsroom/inbox is no folder of this machine"),
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


LIST = b"""[polling]
delay = 3.0
[[feed]]
url = "https://harbour-post.example/rss"
outlet = "harbour-post.example"
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[StreamOptions]:
    """What would be run."""
    found: list[StreamOptions] = []

    def run(options: StreamOptions, *_: object) -> bool:
        found.append(options)
        return True

    monkeypatch.setattr("pipeline.stream.run_stream", run)
    return found


def test_what_is_asked_for_reaches_the_stream(
    wiretrace: Wiretrace, tmp_path: Path, asked: list[StreamOptions]
) -> None:
    """A worker has another working folder: paths are whole."""
    (tmp_path / "feeds.toml").write_bytes(LIST)
    with contextlib.chdir(tmp_path):
        done = wiretrace(
            "stream", "--lake", "lake", "--drop", "inbox", "--drop", "in/*.xml",
            "--outlet", "herald.example", "--feeds", "feeds.toml", "--allow-host", "127.0.0.1",
            "--subscription", "projects/newsroom/subscriptions/wires", "--window", "30",
            "--every", "2", "--runner", "flink", "--runner-option", "parallelism=4",
            "--workers", "3", "--entities", "best",
        )  # fmt: skip
    assert (done.code, done.err) == (0, "drained\n")
    feed = Feed(url="https://harbour-post.example/rss", outlet="harbour-post.example")
    assert asked == [
        StreamOptions(
            lake=tmp_path / "lake",
            drops=tuple(
                Source(str(tmp_path / name), "herald.example") for name in ("inbox", "in/*.xml")
            ),
            feeds=(feed,),
            polling=Polling(delay=3.0, allow_hosts=("127.0.0.1",)),
            subscription="projects/newsroom/subscriptions/wires",
            every=2.0,
            window=30.0,
            entities="best",
            runner="flink",
            runner_options=("parallelism=4",),
            workers=3,
        )
    ]


def test_the_list_of_feeds_may_lie_in_a_bucket(
    wiretrace: Wiretrace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: list[StreamOptions],
) -> None:
    """As the template of Dataflow has it; one that is not there is a mistake of the user."""
    store = MemoryStore("gs://newsroom/lists")
    store.put("feeds.toml", LIST)
    monkeypatch.setattr("lake.store.open_store", {store.url: store}.__getitem__)
    arguments = ["stream", "--lake", tmp_path / "lake", "--feeds"]
    assert wiretrace(*arguments, f"{store.url}/feeds.toml").code == 0
    assert [feed.url for feed in asked[0].feeds] == ["https://harbour-post.example/rss"]
    done = wiretrace(*arguments, f"{store.url}/other.toml")
    assert done.code == 2
    assert "gs://newsroom/lists/other.toml is not there" in done.err


def test_a_list_at_an_address_of_the_web_is_refused(wiretrace: Wiretrace, tmp_path: Path) -> None:
    done = wiretrace("stream", "--lake", tmp_path / "lake", "--feeds", "https://a.example/f.toml")
    assert done.code == 2
    assert "gs://BUCKET" in done.err
