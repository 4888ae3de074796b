"""A story's page as a file in a real browser: nothing is loaded, it is accessible, it works."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import LOOKS, Watched, naughty_strings
from tests.tracing.page.told_story import NOW, told_story
from tracing.page.links import Exported
from tracing.page.story_page import story_page

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="session")
def page(demo: Path) -> str:
    """The address of the page of the Mali story."""
    [path] = [one for one in (demo / "pages").iterdir() if "Кречет" in one.read_text("utf-8")]
    return path.as_uri()


@pytest.fixture
def watched(browser: Browser, page: str) -> Iterator[Watched]:
    one = Watched(browser)
    one.visit(page)
    yield one
    assert one.problems == []
    one.close()


def test_the_watch_sees_what_must_not_be(browser: Browser, tmp_path: Path) -> None:
    """Else the tests below could not fail."""
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<html><body><img src='https://tracker.invalid/x.png'><script>alert(1); nope()</script>"
        "<p style='color:#ccc;width:5000px'>pale and wide</p><a href='x'></a></body></html>"
    )
    one = Watched(browser)
    one.visit(bad.as_uri())
    problems = " ".join(one.problems)
    assert "external request: https://tracker.invalid/x.png" in problems
    assert "dialog: 1" in problems
    assert "error: nope is not defined" in problems
    found = " ".join(one.inaccessible())
    for rule in ("color-contrast", "image-alt", "html-has-lang", "link-name"):
        assert rule in found
    assert one.is_too_wide()
    one.close()


@pytest.mark.parametrize("look", LOOKS)
def test_a_page_in_every_look(browser: Browser, page: str, look: str) -> None:
    """Folds open, so that nothing is left unseen."""
    one = Watched(browser, look)
    one.visit(page)
    one.page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
    assert one.inaccessible() == []
    assert not one.is_too_wide()
    assert one.problems == []
    one.close()


def test_every_page_of_the_demo_without_script(browser: Browser, demo: Path) -> None:
    for path in sorted((demo / "pages").iterdir()):
        one = Watched(browser, java_script_enabled=False)
        one.visit(path.as_uri())
        assert one.page.locator("svg.timeline .article").count() > 1
        assert one.page.locator("details.edge summary").first.is_visible()
        assert not one.page.locator(".toggles").is_visible()
        assert one.problems == [], path
        one.close()


def test_a_page_is_small(demo: Path) -> None:
    sizes = [path.stat().st_size for path in (demo / "pages").iterdir()]
    assert len(sizes) == 6
    assert max(sizes) < 150_000


def test_first_words_answer_who_was_first_and_who_copied(watched: Watched) -> None:
    cards = watched.page.locator(".card")
    first, copied = cards.nth(0), cards.nth(1)
    assert "Ростелеграф" in first.inner_text()
    assert "Волжский сигнал" in copied.inner_text()
    # Without scrolling.
    assert copied.bounding_box()["y"] + copied.bounding_box()["height"] < 900  # type: ignore[index]


def test_an_edge_opens_its_evidence(watched: Watched) -> None:
    watched.page.get_by_role("link", name="See the words").click()
    shown = watched.page.locator("details.edge[open]")
    assert shown.count() == 1
    assert "no credit" in shown.inner_text()
    assert shown.locator("mark").first.is_visible()
    quote = shown.locator("blockquote")
    assert quote.nth(0).is_visible()
    assert quote.nth(1).is_visible()
    # Folded again and asked for again by the same address.
    shown.locator("summary").click()
    assert watched.page.locator("details.edge[open]").count() == 0
    watched.page.get_by_role("link", name="See the words").click()
    assert watched.page.locator("details.edge[open]").count() == 1


def test_hover_points_at_an_article_and_its_edges(watched: Watched) -> None:
    mark = watched.page.locator("svg .article").nth(2)
    mark.hover()
    assert "near" in (mark.get_attribute("class") or "")
    near = watched.page.locator("svg .curve.near")
    assert near.count() == 3
    watched.page.mouse.move(5, 5)
    assert near.count() == 0


def test_keys_go_from_article_to_article(watched: Watched) -> None:
    watched.page.locator("svg .article").first.focus()
    numbers = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home"):
        watched.page.keyboard.press(key)
        numbers.append(
            watched.page.evaluate("document.activeElement.querySelector('text').textContent")
        )
    assert numbers == ["2", "3", "2", "10", "1"]


def test_the_brush_lists_what_lies_between(watched: Watched) -> None:
    """From left of the second article to right of the fourth."""
    svg = watched.page.locator("svg.timeline")
    svg.scroll_into_view_if_needed()
    marks = watched.page.locator("svg .article")
    boxes = [marks.nth(place).bounding_box() for place in range(4)]
    frame = svg.bounding_box()
    assert frame is not None
    lefts = [box["x"] for box in boxes if box is not None]
    y = frame["y"] + frame["height"] - 30
    watched.page.mouse.move(lefts[1] - 4, y)
    watched.page.mouse.down()
    watched.page.mouse.move(lefts[3] + 14, y, steps=5)
    watched.page.mouse.up()
    shown = watched.page.locator(".entry:not(.outside)")
    assert shown.count() == 3
    watched.page.get_by_role("button", name="All times").click()
    assert shown.count() == 10


def test_toggles_hide_a_kind_of_edge_and_the_marks(watched: Watched) -> None:
    copies = watched.page.locator("svg.timeline .curve.copies")
    assert copies.first.is_visible()
    watched.page.get_by_label("copies", exact=True).uncheck()
    assert not copies.first.is_visible()
    assert watched.page.locator("svg.timeline .curve.derives").first.is_visible()
    watched.page.get_by_label("mark what was rewritten").uncheck()
    assert "plain" in watched.page.evaluate("document.documentElement.className")


def test_paper_has_everything_open(watched: Watched) -> None:
    watched.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    closed = watched.page.locator("details:not([open])")
    assert closed.count() == 0
    watched.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() > 5


def test_naughty_strings_do_nothing(browser: Browser, shared: Path, tmp_path: Path) -> None:
    """Each as outlet, headline, address, agency and credit, forty in a story."""
    strings = naughty_strings(shared)
    for start in range(0, len(strings), 40):
        story = told_story()
        lines = [
            dataclasses.replace(
                story.lines[1], article_id=f"n{number}", headline=text, outlet_name=text,
                outlet=text or "x", url=text, language=text[:9],
            )
            for number, text in enumerate(strings[start : start + 40])
        ]  # fmt: skip
        derives = [
            dataclasses.replace(
                story.derives[0], article_id=one.article_id, agency=one.headline or "",
                phrase=one.headline or "",
            )
            for one in lines
        ]  # fmt: skip
        story = told_story(
            lines=(*story.lines, *lines), derives=tuple(derives), copies=(), languages=()
        )
        path = tmp_path / f"{start}.html"
        links = Exported({line.article_id for line in story.lines})
        path.write_text(story_page(story, {}, links, NOW), "utf-8", "replace")
        one = Watched(browser)
        one.visit(path.as_uri())
        assert one.problems == []
        assert one.page.locator(".entry").count() == len(story.lines)
        assert one.page.evaluate("document.scripts.length") == 1
        one.close()
