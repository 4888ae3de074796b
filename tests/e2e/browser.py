"""A real browser on a page: what it loads, prints, runs, and what axe has against it."""

from __future__ import annotations

import html
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("WIRETRACE_CHROMIUM") or shutil.which("chromium")
# Part of the reason of every such skip, so that they can be counted.
NO_BROWSER = "no chromium"
# Without these Chromium looks for hosts of its maker at every start.
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "print": {"viewport": {"width": 800, "height": 1100}, "color_scheme": "light"},
    "narrow": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    "4K": {"viewport": {"width": 3840, "height": 2160}, "color_scheme": "dark"},
}


def naughty_strings(shared: Path) -> list[str]:
    """The Big List of Naughty Strings, and what feedparser's sanitizer is tested with."""
    strings: list[str] = json.loads((shared / "hostile/blns/blns.json").read_text("utf-8"))
    files = sorted((shared / "hostile/feedparser_tests").rglob("sanitize/*.xml"))
    assert len(strings) > 400
    assert len(files) > 700
    feeds = (html.unescape(path.read_text("utf-8", "replace")) for path in files)
    return strings + [feed.rpartition("-->")[2].strip() for feed in feeds]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser; skips where it is not installed."""
    if CHROMIUM is None:
        pytest.skip(f"{NO_BROWSER}: `make browser` installs Debian's")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield browser
        browser.close()


class Watched:
    """A page in one of `LOOKS`, and everything that should not have happened on it."""

    def __init__(self, browser: Browser, look: str = "light", **options: Any) -> None:
        self.page: Page = browser.new_context(**{**LOOKS[look], **options}).new_page()
        self.problems: list[str] = []
        self.own: set[str] = set()
        if look == "print":
            self.page.emulate_media(media="print")
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("dialog", self._on_dialog)
        self.page.on("request", self._on_request)
        self.page.add_init_script(
            "addEventListener('securitypolicyviolation', (event) =>"
            " console.error('policy', event.violatedDirective, event.blockedURI));"
        )

    def visit(self, url: str) -> int | None:
        """Load a page; its status, None of a file."""
        self.own.add(urlsplit(url).netloc)
        response = self.page.goto(url, wait_until="load")
        return response.status if response and url.startswith("http") else None

    def close(self) -> None:
        """Close the page with all that it kept."""
        self.page.context.close()

    def inaccessible(self) -> list[str]:
        """What axe finds, a line each."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary'][:200]}"
            for one in found
        ]

    def is_too_wide(self) -> bool:
        """Whether the page as a whole scrolls sideways."""
        wide: bool = self.page.evaluate(
            "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"
        )
        return wide

    def _on_console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def _on_dialog(self, dialog: Any) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc not in self.own:
            self.problems.append(f"external request: {request.url}")
