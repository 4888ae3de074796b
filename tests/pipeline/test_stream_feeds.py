"""Feeds of a stream: asked when due, remembered when their items are committed."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any

from apache_beam.pvalue import TaggedOutput

from lake.lease import acquire
from lake.stream_state import begin_stream, end_streams
from lake.tables import Lake, create_lake
from pipeline.commit_window import Window, WindowOptions, commit_window
from pipeline.polling import Polled
from pipeline.stream_sources import AskFeeds, Place
from schemas.run import Run
from tests.pipeline.newsroom import Newsroom, conditional, rss
from transforms.arrival import Arrival, Heard, unpack
from transforms.feeds.feed_list import Feed
from transforms.parse.child import ParserChild
from transforms.receive import receive

END = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@dataclass
class Memory:
    """What Beam's state would hold for the source."""

    value: Any = None

    def read(self) -> Any:
        return self.value

    def write(self, value: Any) -> None:
        self.value = value


@dataclass
class Source:
    """The source of a stream, woken by the test, and the commits of what it gives."""

    newsroom: Newsroom
    memory: Memory = field(default_factory=Memory)
    stream: str = ""

    def begin(self) -> None:
        with acquire(self.newsroom.lake):
            self.stream = begin_stream(create_lake(self.newsroom.lake))

    def wake(self, *paths: str) -> tuple[list[Arrival], list[Polled], list[Heard]]:
        feeds = tuple(
            Feed(url=self.newsroom.server.url(path), outlet="harbour-post.example")
            for path in paths
        )
        place = Place(str(self.newsroom.lake), self.stream, 1.0)
        asker = AskFeeds(place, feeds, self.newsroom.polling)
        asker.setup()
        arrivals: list[Arrival] = []
        signs: list[Any] = []
        for given in asker.process(("", time.time()), self.memory):
            if isinstance(given, TaggedOutput):
                signs += unpack(given.value)
            else:
                arrivals += given
        polled = [one for one in signs if isinstance(one, Polled)]
        return arrivals, polled, [one for one in signs if isinstance(one, Heard)]

    def make_due(self, path: str) -> None:
        """As if its time had come."""
        self.memory.value[self.newsroom.server.url(path)]["next_due"] = END.isoformat()

    def commit(self, arrivals: list[Arrival], polled: list[Polled]) -> Run | None:
        with ParserChild() as child:
            received = list(receive(arrivals, child))
        options = WindowOptions(self.newsroom.lake, "fast", frozenset({"feeds"}))
        return commit_window(options, Window(END, received, [], [], polled))


def test_items_and_memory_are_committed_together(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = conditional(rss(0, 1), '"v1"')
    source = Source(newsroom)
    source.begin()
    arrivals, polled, heard = source.wake("/a")
    assert heard == [Heard("feeds", False)]
    row = source.commit(arrivals, polled)
    assert row is not None
    assert (row.seen, row.new, row.containers) == (2, 2, 1)
    health = newsroom.health("/a")
    assert (health.etag, health.entries) == ('"v1"', 2)
    assert source.wake("/a")[0] == []
    assert len(newsroom.asked("/a")) == 1, "it is not due"


def test_what_is_on_its_way_is_asked_with_its_validator(newsroom: Newsroom) -> None:
    """The next answer comes before the first is committed: a 304 then costs nothing."""
    newsroom.server.pages["/a"] = conditional(rss(0, 1), '"v1"')
    source = Source(newsroom)
    source.begin()
    first = source.wake("/a")
    source.make_due("/a")
    second = source.wake("/a")
    assert newsroom.asked("/a")[1].headers["if-none-match"] == '"v1"'
    assert second[0] == []
    row = source.commit(first[0], [*first[1], *second[1]])
    assert row is not None
    assert (row.new, row.containers) == (2, 2)
    assert newsroom.health("/a").entries == 2


def test_what_was_lost_before_its_commit_is_asked_for_again(newsroom: Newsroom) -> None:
    """A stream that begins without state knows what the lake knows: the whole answer comes."""
    newsroom.server.pages["/a"] = conditional(rss(0, 1), '"v1"')
    lost = Source(newsroom)
    lost.begin()
    assert lost.wake("/a")[0]
    again = Source(newsroom)
    again.begin()
    arrivals, polled, _ = again.wake("/a")
    assert "if-none-match" not in newsroom.asked("/a")[1].headers
    row = again.commit(arrivals, polled)
    assert row is not None
    assert row.new == 2


def test_a_feed_that_fails_is_a_reject_and_is_remembered(newsroom: Newsroom) -> None:
    source = Source(newsroom)
    source.begin()
    arrivals, polled, _ = source.wake("/gone")
    row = source.commit(arrivals, polled)
    assert row is not None
    assert (row.seen, row.rejected) == (1, 1)
    assert newsroom.health("/gone").failures


def test_a_stream_that_was_ended_or_replaced_asks_nobody(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = conditional(rss(0), '"v1"')
    source = Source(newsroom)
    source.begin()
    other = Source(newsroom)
    other.begin()
    assert source.wake("/a") == ([], [], [Heard("feeds", True)])
    end_streams(Lake(newsroom.lake))
    assert other.wake("/a") == ([], [], [Heard("feeds", True)])
    assert newsroom.asked("/a") == []
