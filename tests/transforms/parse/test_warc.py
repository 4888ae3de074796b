"""Web archives: which records are members, how far a damaged one is read, and their addresses."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.transforms.parse.pages import FIRST, SECOND, page
from transforms.parse.archive import find_kind
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ItemReject, ParseContext

RSS = (
    '<rss version="2.0"><channel><title>F</title>'
    "<item><title>Décès</title><link>https://x.example/1</link></item></channel></rss>"
)
ADDRESS = "https://news.example/a?token=secret"


def response(url: str, body: bytes, media_type: str, status: str = "200 OK"):
    headers = StatusAndHeaders(status, [("Content-Type", media_type)], protocol="HTTP/1.1")
    return "response", url, body, headers


def archive(*records, packed: bool = True) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for kind, url, body, headers in records:
        record = writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), http_headers=headers,
            warc_headers_dict={"WARC-Date": "2024-05-06T10:15:00Z"},
        )  # fmt: skip
        writer.write_record(record)
    return out.getvalue()


def results(data: bytes):
    return list(parse_document(data, ParseContext(source_uri="x.warc"), None))


PAGE = response(ADDRESS, page(f"<p>{FIRST}</p><p>{SECOND}</p>").encode(), "text/html")
FEED = response("https://x.example/rss", RSS.encode("latin-1"), "text/xml; charset=iso-8859-1")


@pytest.mark.parametrize("packed", [True, False])
def test_pages_and_feeds_are_members(packed):
    """Named by date and address without its secrets; a page has the address it was had from."""
    one, two = results(archive(PAGE, FEED, packed=packed))
    assert isinstance(one, Item)
    assert one.member is not None
    assert one.member.startswith("20240506101500/https://news.example/a?token=")
    assert "secret" not in one.member + (one.url or "")
    assert (one.url or "").startswith("https://news.example/a")
    assert (two.headline, two.url) == ("Décès", "https://x.example/1")
    assert two.member == "20240506101500/https://x.example/rss"


def test_the_same_address_twice_is_two_members():
    assert len(results(archive(FEED, FEED))) == 2


@pytest.mark.parametrize(
    "record",
    [
        response("https://x.example/a.png", b"\x89PNG", "image/png"),
        response("https://x.example/a.js", b"x=1", "application/javascript"),
        response("https://x.example/gone", b"<html>", "text/html", "404 Not Found"),
        ("request", "https://x.example/", b"", StatusAndHeaders("GET / HTTP/1.1", [])),
        ("metadata", "https://x.example/", b"a: b", None),
    ],
    ids=["picture", "script", "error", "request", "metadata"],
)
def test_what_is_no_news_is_passed_over(record):
    assert results(archive(record)) == []
    assert len(results(archive(record, FEED))) == 1


def test_cut_anywhere_it_is_read_as_far_as_it_goes():
    """At every byte: what stands whole before the cut is there, and the cut is said, once."""
    for packed in (True, False):
        whole = archive(FEED, FEED, packed=packed)
        first = len(archive(FEED, packed=packed))
        for cut in range(16, len(whole)):
            found = results(whole[:cut])
            items = [one for one in found if isinstance(one, Item)]
            rejects = [one for one in found if isinstance(one, ItemReject)]
            assert len(rejects) <= 2
            if cut >= first:
                assert len(items) >= 1


def test_a_stream_that_was_packed_whole_is_read():
    data = gzip.compress(archive(FEED, packed=False))
    assert find_kind(data) == "warc"
    assert [one.headline for one in results(data)] == ["Décès"]


def test_a_bomb_ends():
    """A record that unpacks to 1 GB is a reject."""
    bomb = archive(response("https://x.example/b", bytes(200 << 20), "text/plain"))
    (found,) = results(bomb)
    assert (found.reason, "bytes" in found.message) == ("too_large", True)


def test_nothing_is_written_to_the_terminal(capsys):
    results(archive(FEED, packed=False)[:-5] + b"xxxxx")
    assert capsys.readouterr() == ("", "")


def test_the_shared_archives(shared: Path):
    """example.com is no news; the cut one is said to be cut."""
    folder = shared / "wires" / "warc"
    whole = results((folder / "example.warc.gz").read_bytes())
    cut = results((folder / "example-trunc.warc").read_bytes())
    assert [one.reason for one in whole] == ["no_article"]
    assert [one.reason for one in cut] == ["no_article", "malformed"]
    assert whole[0].member == "20170306040206/http://example.com/"
