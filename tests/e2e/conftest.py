"""What whole-command tests share: a browser, the demo's lake and pages, how much was skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import NO_BROWSER, chromium
from tests.e2e.command import wiretrace


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: while it is open no other event loop can be run in the process."""
    with chromium() as one:
        yield one


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's `lake` and its `pages`."""
    folder = tmp_path_factory.mktemp("demo")
    done = wiretrace("demo", "--lake", folder / "lake", "--pages", folder / "pages")
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says how much was not looked at because there is no browser."""
    skipped = terminalreporter.stats.get("skipped", [])
    missing = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    line = f"no browser: {missing} tests of pages skipped (make browser)" if missing else ""
    if line:
        terminalreporter.write_line(line, yellow=True, bold=True)
