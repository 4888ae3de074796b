"""Makes the pictures of docs/page.md: pages of the demo's lake, served, in Debian's Chromium.

    .venv/bin/wiretrace demo --lake out/demo-lake
    .venv/bin/wiretrace serve --lake out/demo-lake          (in another terminal)
    PYTHONPATH=. .venv/bin/python docs/screenshots.py http://127.0.0.1:8642/

To be run again when pages look different, and looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.browser import Watched, chromium

OUT = Path(__file__).with_name("images")
# By picture: how it is looked at, and the way to it from the front page.
STORY = "Верешников подтвердил"


def story(page: Page) -> None:
    """From the front to the story of the seed."""
    page.get_by_role("link", name=STORY).first.click()


def evidence(page: Page) -> None:
    """From the front to both texts of the copy without credit."""
    story(page)
    page.get_by_role("link", name="See the words").click()
    page.locator("details.edge[open]").get_by_role("link", name="Both texts").click()


def arabic(page: Page) -> None:
    """From the front to an article that is written from right to left."""
    story(page)
    page.get_by_role("link", name="موسكو").first.click()


WAYS = {
    "front": ("light", lambda page: None),
    "front-dark": ("dark", lambda page: None),
    "story": ("light", story),
    "story-dark": ("dark", story),
    "story-narrow": ("narrow", story),
    "story-print": ("print", story),
    "evidence": ("light", evidence),
    "article-rtl": ("light", arabic),
}


def main(address: str) -> None:
    """Write all pictures."""
    OUT.mkdir(exist_ok=True)
    with chromium() as browser:
        for name, (look, go) in WAYS.items():
            one = Watched(browser, look)
            one.visit(address)
            go(one.page)
            one.page.wait_for_load_state("load")
            one.page.evaluate("scrollTo(0, 0)")
            one.page.screenshot(path=OUT / f"{name}.png")
            if one.problems:
                raise SystemExit(f"{name}: {one.problems}")
            one.close()


if __name__ == "__main__":
    main(sys.argv[1])
