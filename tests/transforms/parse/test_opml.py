"""Lists of feeds: nested, doubled, oddly spelt; and that they yield no article."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.parse.opml import ListedFeed, read_feeds
from transforms.parse.xml_tree import BadXml

SAMPLES = Path(__file__).parent / "samples" / "opml"


def test_a_feed_has_all_its_places():
    """Nested outlines are a path, `category` another; listed twice, it is one feed."""
    assert read_feeds((SAMPLES / "nested_and_doubled.xml").read_bytes()) == (
        ListedFeed(
            "https://cormoran.example/rss",
            "Cormoran",
            "https://cormoran.example/",
            (("Wires", "Agencies"), ("News", "Wren"), ("ports",)),
        ),
    )


def test_a_list_that_is_cut_gives_what_is_there():
    [feed] = read_feeds((SAMPLES / "cut_short.xml").read_bytes())
    assert (feed.url, feed.title) == ("https://a.example/rss", "A")


def test_no_markup_is_said():
    with pytest.raises(BadXml):
        read_feeds(b"no list")


def test_depth_is_bounded():
    """Beyond libxml2's depth nothing is read, and nothing raises."""
    read_feeds(b"<opml>" + b'<outline text="a">' * 5000 + b"</opml>")


# wires/index.tsv, the three rows of opml: what listparser's own tests assert.
ROWS = {
    "hier-2-nested.xml": [(0, [("grouping1", "grouping2")])],
    "outline-duplication-2.xml": [(0, [("hier1",), ("hier2",)])],
}


@pytest.mark.parametrize("name", ROWS)
def test_the_shared_lists(shared: Path, name: str):
    feeds = read_feeds((shared / "wires" / "opml" / name).read_bytes())
    assert len(feeds) == 1
    for number, categories in ROWS[name]:
        assert set(categories) <= set(feeds[number].categories)


def test_an_attribute_in_odd_case_is_read(shared: Path):
    path = shared / "wires" / "opml" / "outline_xmlUrl-miscapitalized.xml"
    assert read_feeds(path.read_bytes())[0].url == "http://domain/feed"
