"""`diff` as a shell sees it: what two texts share, what was rewritten, and its page."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.conftest import Wiretrace
from tests.lake.builder import LakeBuilder, article, at, id_of, sighting

WIRE = (
    "The ferry Aurora left the harbour on Monday with ninety passengers and a cargo of oranges. "
    "The strike had kept it at the quay since Friday, the company said."
)
COPY = (
    "A ferry is back at sea, our reader tells us.\n\n"
    "The ferry Aurora left the harbour on Tuesday with ninety passengers and a cargo of oranges."
    "\n\nOranges are dear this year. <b>No</b>\x1b[31m, says a grocer.\u202e"
)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A wire, a paper that has its first sentence with another day, and one of neither."""
    builder = LakeBuilder(tmp_path / "lake")
    articles = [
        article("wire", outlet="wire.example", body_text=WIRE, published=at(1, 8)),
        article("copy", outlet="paper.example", body_text=COPY, headline="Ferry & <i>oranges</i>"),
        article("other", outlet="other.example", body_text="Rain is expected in the hills."),
        article("secret", outlet="wire.example", body_text=WIRE, embargoed=at(1).replace(2099)),
    ]
    builder.run(*articles, *map(sighting, articles))
    return builder.root


def test_what_is_left_out_put_in_and_rewritten(wiretrace: Wiretrace, lake: Path) -> None:
    """B's text in its order, with the marks of a word diff; controls made harmless."""
    done = wiretrace("diff", id_of("wire"), id_of("copy"), "--lake", lake)
    assert (done.code, done.err) == (0, "")
    head, text = done.out.split("\n\n", 1)
    assert "A  2024-05-01 08:00 UTC  wire.example  en  Headline of wire 1" in head
    assert "of A's 29 words 52% are in B" in head
    assert "of B's 38 words 39% are in A" in head
    assert "longest run 8 words, passages 1" in head
    assert text == (
        "{+A ferry is back at sea, our reader tells us.+}\n\n"
        "The ferry Aurora left the harbour on [-Monday-]{+Tuesday+} with ninety passengers and a "
        "cargo of oranges[-. The strike had kept it at the quay since Friday, the company said.-]"
        "{+.\n\nOranges are dear this year. <b>No</b>\N{REPLACEMENT CHARACTER}[31m, says a "
        "grocer.\N{REPLACEMENT CHARACTER}+}\n"
    )


def test_what_stands_elsewhere_is_said_to_be_moved(wiretrace: Wiretrace, tmp_path: Path) -> None:
    builder = LakeBuilder(tmp_path / "lake")
    first, second = WIRE.split(". The")
    one = article("one", body_text=WIRE)
    other = article("other", body_text=f"The{second}\n\n{first}.")
    builder.run(one, other, sighting(one), sighting(other))
    done = wiretrace("diff", id_of("one"), id_of("other"), "--lake", builder.root)
    assert done.out.endswith(f"The{second}\n\n(moved) {first}.\n")


def test_json_has_spans_of_the_texts(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("diff", id_of("wire"), id_of("copy"), "--lake", lake, "--json")
    found = done.json
    assert (found["a"]["outlet"], found["b"]["outlet"]) == ("wire.example", "paper.example")
    assert (found["equal"], found["longest"]) == (15, 8)
    (passage,) = found["passages"]
    assert WIRE[slice(*passage["a"])] == WIRE[: WIRE.index(". The")]
    assert COPY[slice(*passage["b"])].startswith("The ferry Aurora left the harbour on Tuesday")
    assert [(WIRE[slice(*p["a"])], p["same"]) for p in passage["parts"]] == [
        ("The ferry Aurora left the harbour on", True),
        (" Monday ", False),
        ("with ninety passengers and a cargo of oranges", True),
    ]


def test_two_versions_of_one_article(wiretrace: Wiretrace, tmp_path: Path) -> None:
    """By their ids: what a correction changed; the article's own id means the current one."""
    builder = LakeBuilder(tmp_path / "lake")
    old = article("one", body_text=WIRE, published=at(1))
    mended = WIRE.replace("ninety passengers", "nine passengers")
    new = article("one", "2", body_text=mended, published=at(1), versioncreated=at(2))
    builder.run(old, new, sighting(old), sighting(new))
    for b in (new.version_id, new.article_id):
        done = wiretrace("diff", old.version_id, b, "--lake", builder.root)
        assert done.code == 0
        assert "with [-ninety-]{+nine+} passengers and a cargo" in done.out


def test_texts_that_share_nothing(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("diff", id_of("wire"), id_of("other"), "--lake", lake)
    assert done.code == 0
    assert "longest run 0 words, passages 0" in done.out
    assert done.out.endswith("{+Rain is expected in the hills.+}\n")


class Page(HTMLParser):
    """Names, links and texts by tag."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_has_both_texts_and_nothing_of_them_acts(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path
) -> None:
    """Markup in a text is text; links lead to the other side's passage and nowhere else."""
    path = tmp_path / "page.html"
    done = wiretrace("diff", id_of("wire"), id_of("copy"), "--lake", lake, "--html", path)
    assert (done.code, done.out) == (0, "")
    page = Page()
    page.feed(path.read_text("utf-8"))
    assert {"i", "img", "iframe", "form"}.isdisjoint(page.tags)
    assert (page.tags.count("script"), page.tags.count("style")) == (1, 1)  # the page's own
    assert {"earlier-1", "later-1"} <= set(page.ids)
    assert [link for link in page.links if not link.startswith("data:image/svg")] == [
        "#content", "#later-1", "#earlier-1",
    ]  # fmt: skip
    assert "Ferry & <i>oranges</i>" in page.text
    shown = re.sub(r"\s+", " ", page.text)
    assert re.sub(r"\s+", " ", WIRE.partition(" The strike")[2]) in shown
    assert "<b>No</b>\N{REPLACEMENT CHARACTER}[31m" in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize("name", ["nowhere/page.html", "link.html", "pipe.html", "folder.html"])
def test_a_page_that_cannot_be_written_is_said_so(
    wiretrace: Wiretrace, lake: Path, tmp_path: Path, name: str
) -> None:
    """Nothing but a plain file is replaced."""
    target = tmp_path / "target"
    target.write_text("kept")
    (tmp_path / "link.html").symlink_to(target)
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "folder.html").mkdir()
    path = tmp_path / name
    done = wiretrace("diff", id_of("wire"), id_of("copy"), "--lake", lake, "--html", path)
    assert (done.code, done.out) == (2, "")
    assert str(path) in done.err
    assert target.read_text() == "kept"
    assert (tmp_path / "pipe.html").is_fifo()


def test_a_page_replaces_the_page_before(wiretrace: Wiretrace, lake: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")
    wiretrace("diff", id_of("wire"), id_of("copy"), "--lake", lake, "--html", path)
    assert path.read_text("utf-8").startswith("<!doctype html>")


def test_a_page_and_json_are_one_too_many(wiretrace: Wiretrace, lake: Path, tmp_path: Path) -> None:
    asked = ("diff", id_of("wire"), id_of("copy"), "--lake", lake, "--json")
    assert wiretrace(*asked, "--html", tmp_path / "page.html").code == 2


def test_numbers_and_signs_are_told_apart(wiretrace: Wiretrace, tmp_path: Path) -> None:
    builder = LakeBuilder(tmp_path / "lake")
    one = article("one", body_text="It lost 4.2 million euros, €5 a share, and 1.200 jobs.")
    other = article("other", body_text="It lost 42 million euros, $5 a share, and 1,200 jobs.")
    builder.run(one, other, sighting(one), sighting(other))
    done = wiretrace("diff", id_of("one"), id_of("other"), "--lake", builder.root)
    shown = "It lost [-4.2-]{+42+} million euros[-, €-]{+, $+}5 a share, and 1,200 jobs."
    assert shown in done.out


def test_what_is_under_embargo_is_not_there_unless_asked_for(
    wiretrace: Wiretrace, lake: Path
) -> None:
    asked = ("diff", id_of("wire"), id_of("secret"), "--lake", lake)
    assert (wiretrace(*asked).code, wiretrace(*asked, "--embargoed").code) == (2, 0)


def test_an_id_that_is_not_there_says_so(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("diff", id_of("wire"), "0" * 32, "--lake", lake)
    assert (done.code, done.out) == (2, "")
    assert f"no article has the id or address '{'0' * 32}'" in done.err
