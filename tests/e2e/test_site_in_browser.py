"""The documents as a site, in a browser: nothing is asked of another host."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.browser import Watched, chromium

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.e2e
def test_pages_of_the_site_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    """From a disk; by the browser's own account, so whatever a script asks for counts too."""
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    with chromium() as browser:
        for name in ("index", "tutorial", "schema", "page"):
            watched = Watched(browser)
            watched.visit((tmp_path / f"{name}.html").as_uri())
            watched.page.wait_for_timeout(500)
            assert "wiretrace" in watched.page.title()
            external = [one for one in watched.problems if one.startswith("external request")]
            assert external == []
            watched.close()
