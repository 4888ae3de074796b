"""What a feed says of itself, read around its entries."""

import time

import pytest

from transforms.feeds.hints import FeedHints, find_hints

URL = "https://harbour-post.example/feed"


def rss(head=b"", item=b"<item><title>x</title></item>", tail=b"") -> bytes:
    return b"<rss><channel>" + head + item + tail + b"</channel></rss>"


@pytest.mark.parametrize(
    ("body", "hints"),
    [
        (rss(), FeedHints()),
        (rss(b"<ttl>30</ttl>"), FeedHints(ttl=1800)),
        (rss(b"<ttl> 0 </ttl>"), FeedHints()),
        (rss(tail=b"<ttl>5</ttl>"), FeedHints(ttl=300)),
        (rss(item=b"<item><ttl>30</ttl></item>"), FeedHints()),
        (rss(b"<sy:updatePeriod>hourly</sy:updatePeriod>"), FeedHints(period=3600)),
        (
            rss(
                b"<sy:updatePeriod>\n\tdaily\t</sy:updatePeriod>"
                b"<sy:updateFrequency> 4 </sy:updateFrequency>"
            ),
            FeedHints(period=21_600),
        ),
        (
            rss(b"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:"),
            FeedHints(period=3600),
        ),
        (rss(b"<sy:updatePeriod>often</sy:updatePeriod>"), FeedHints()),
        (
            rss(b'<atom:link rel="next" href="?page=2&amp;x=1"/>'),
            FeedHints(next_page="https://harbour-post.example/feed?page=2&x=1"),
        ),
        (
            b"<feed><link href='/archive/1' rel='prev-archive'/><entry/></feed>",
            FeedHints(next_page="https://harbour-post.example/archive/1"),
        ),
        (
            b"<feed><link rel='prev-archive' href='/a'/><link rel='next' href='/n'/></feed>",
            FeedHints(next_page="https://harbour-post.example/n"),
        ),
        (b"<feed><link rel='next' href='file:///etc/passwd'/></feed>", FeedHints()),
        (b"<feed><link rel='next' href='http://['/></feed>", FeedHints()),
        (b"<feed><entry><link rel='next' href='/n'/></entry></feed>", FeedHints()),
        (
            b'{"version": "x", "next_url": "https:\\/\\/a.example\\/2", "items": []}',
            FeedHints(next_page="https://a.example/2"),
        ),
        (b'{"items": [{"content_text": "\\"next_url\\": \\"/x\\""}]}', FeedHints()),
        (b"", FeedHints()),
        (b"\xff\xfe<\x00r\x00s\x00s\x00", FeedHints()),
    ],
)
def test_hints(body, hints):
    assert find_hints(body, URL) == hints


@pytest.mark.parametrize(
    "piece", [b"<link ", b"<link rel='", b"<ttl>", b'"next_url":"a', b"<sy:updatePeriod>", b"<a:"]
)
def test_hostile_bodies_take_linear_time(piece):
    for body in (piece * (4_000_000 // len(piece)), b"{" + piece * (4_000_000 // len(piece))):
        started = time.process_time()
        find_hints(body, URL)
        assert time.process_time() - started < 1
