"""Whatever is asked for is a value of a query, or nothing: it runs nowhere and is shown escaped."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.lake.builder import LakeBuilder
from tests.tracing.server.asking import Reply, Site, site
from tests.tracing.server.lakes import STORY, one_story
from tracing.server.pages import PAGES

# Paths that lead out, hide, end strings, or are no text at all.
ADDRESSES = [
    b"/../../etc/passwd", b"/story/../../etc/passwd", b"/story/..%2f..%2fetc%2fpasswd",
    b"/story/%2e%2e", b"/story/%00", b"/story/a%00.json", b"/story/%ff%fe", b"/story/\xff\xfe",
    b"/story/%", b"/story/%zz", b"/story//", b"//evil.example/story", b"/story/a/b/c", b"/story",
    b"http://evil.example/story/x", b"*", b"", b"/static/style.css", b"/story/'; DROP TABLE x; --",
    b"/story/%27%20OR%201=1--", b"/story/.json", b"/.json", b"/story/x.html", b"/story/x.JSON",
    b"/favicon.ico", b"/index", b"/index.html", b"/index.graphml", b"/outlets.rss",
    b"/evidence/x/y/z", b"/run/99999999999999999999999999", b"/run/-1", b"/run/%F0%9F%92%A9",
    b"/search?q=%00", b"/search?q=" + b"%27" * 500, b"/search?" + b"q=a&" * 17,
    b"/search?q=%ED%A0%80", b"/search?q[]=a", b"/search?q", b"/search?%71=x", b"/search?q=%",
    b"/search?q=" + b"(" * 1_999, b"/search?q=" + b"a%20" * 999,
]  # fmt: skip
KINDS = sorted(kind for kind, page in PAGES.items() if page.ids)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return site(one_story(LakeBuilder(tmp_path_factory.mktemp("hostile") / "lake")))


def assert_harmless(served: Site, reply: Reply) -> None:
    assert reply.status in (200, 303, 304, 400, 404, 414), (reply.text, served.log)
    assert "Traceback" not in reply.text
    assert str(served.lake.root) not in reply.text
    assert all("\n" not in value and "\r" not in value for value in reply.headers.values())


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_leads_nowhere(served: Site, address: bytes) -> None:
    assert_harmless(served, served.get(address))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/story/" + "x" * 4_000, 414),
        ("/search?q=" + "x" * 2_001, 414),
        ("/search?q=" + "x" * 2_000, 200),
        ("/search?q=" + quote("\N{OWL}" * 2_000), 200),
        ("/search?" + "a" * 27_000, 414),
        ("/search?" + "q=a&" * 40, 400),
    ],
)
def test_lengths_have_bounds(served: Site, address: str, status: int) -> None:
    """The search box's own length is within them, in any script."""
    assert served.get(address).status == status


def test_what_is_too_long_is_told_in_the_form_that_was_asked_for(served: Site) -> None:
    long = "/story/" + "x" * 4_000
    kinds = [served.get(long + end).headers["content-type"] for end in ("", ".json", ".csv")]
    assert kinds == ["text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"]


def test_a_twin_is_told_by_a_dot_that_is_written_as_one(served: Site) -> None:
    """An outlet may be named `feed.json`; its page is at `feed%2Ejson`."""
    assert served.get(f"/story/{STORY}.json").headers["content-type"] == "application/json"
    assert served.get(f"/story/{STORY}%2Ejson").status == 404


@pytest.mark.parametrize("kind", ["search", *KINDS])
def test_naughty_strings(served: Site, shared: Path, kind: str) -> None:
    """As words to look for, and as every kind of id: no fault, and no markup of theirs."""
    strings = json.loads((shared / "hostile/blns/blns.json").read_text("utf-8"))
    for text in strings:
        written = quote(text.encode("utf-8", "surrogatepass"), safe="")
        ids = "/".join([written] * PAGES[kind].ids)
        reply = served.get(f"/search?q={written}" if kind == "search" else f"/{kind}/{ids}")
        assert_harmless(served, reply)
        if "<" in text and reply.headers["content-type"].startswith("text/html"):
            assert text not in reply.text.replace("<b>", "")
    assert served.log == []
