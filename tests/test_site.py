"""The documents as a site: complete, in order, without a warning and without a foreign host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from lxml import html

ROOT = Path(__file__).resolve().parent.parent
# Elements that a browser follows by itself; a link in a text is followed by its reader.
FETCHED = (
    "//script/@src | //link/@href | //img/@src | //iframe/@src | //source/@src | //object/@data"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def nav() -> list[str]:
    """Every page of the site, in its order."""
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    return list(_pages(yaml.safe_load(text)["nav"]))


def _pages(entry: object) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    parts = entry.values() if isinstance(entry, dict) else entry
    assert isinstance(entry, dict | list)
    return [page for part in parts for page in _pages(part)]


def test_every_page_is_there_once(site: Path) -> None:
    """What lies in docs/ has its place in the order, and is built."""
    found = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    assert sorted(nav()) == sorted(found)
    built = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    assert {re.sub(r"(README)?\.md$", "", page) for page in found} == {
        page.removesuffix(".html").removesuffix("index") or "index" for page in built - {"404.html"}
    }


def test_the_front_page_leads_to_every_page() -> None:
    """But to single decisions, which their list has."""
    text = (ROOT / "docs" / "index.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([^)#]+)\)", text))
    wanted = {page for page in nav() if not re.match(r"decisions/\d|index\.md", page)}
    assert linked == wanted


def test_no_page_asks_a_foreign_host(site: Path) -> None:
    """No font, script, style or picture from elsewhere, and nothing that a script fetches."""
    pages = [html.parse(path) for path in site.rglob("*.html")]
    fetched = [str(address) for page in pages for address in page.xpath(FETCHED)]
    assert len(fetched) > len(pages)
    assert [address for address in fetched if "//" in address] == []
    # A diagram would be drawn by a script from unpkg.com, a repository be counted at its host.
    asked = "//*[contains(@class, 'mermaid') or @data-md-component = 'source']"
    assert [page for page in pages if page.xpath(asked)] == []
    styles = [path.read_text("utf-8") for path in site.rglob("*.css")]
    assert styles
    assert [style for style in styles if re.search(r"url\(\s*['\"]?(https?:)?//", style)] == []
