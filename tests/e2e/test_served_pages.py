"""Every served page in a real browser: 0 axe violations, 0 foreign requests, 0 console errors.

The lake is the demo's, with one story more of strings that try to act.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import LOOKS, Watched, naughty_strings
from tests.e2e.command import ledger_of, rows, wiretrace
from tests.e2e.test_serve import serving

pytestmark = pytest.mark.e2e

HOSTILE = (
    "\"><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "javascript:alert(3)",
    "'-alert(4)-'", "</title><svg onload=alert(5)>", "{{7*7}}${7*7}", "\u202egnp.exe",
    "<a href='//evil.invalid/'>x</a>",
)  # fmt: skip
# What pages a reader comes to, by what stands in the address.
PAGES = {
    "front": "/",
    "search": "/search?q=Mali",
    "nothing found": "/search?q=zzzzqqqq",
    "story": "/story/{story}",
    "article": "/article/{article}",
    "RTL article": "/article/{arabic}",
    "evidence of a copy": "/evidence/{copy}",
    "evidence of a credit": "/evidence/{credit}",
    "outlets": "/outlets",
    "outlet": "/outlet/rostelegraf.example",
    "agency": "/agency/rostelegraf",
    "entity": "/entity/iso3166%3AML",
    "quote": "/quote/{quote}",
    "runs": "/runs",
    "run": "/run/{run}",
    "no such page": "/article/nothing",
}


@pytest.fixture(scope="module")
def lake(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's, and articles whose outlet, headline and quote are hostile strings."""
    drop = tmp_path_factory.mktemp("hostile") / "hostile.jsonl"
    lines = [
        {
            "guid": f"h{number}", "outlet": f"hostile{number}.example", "outlet_name": text,
            "headline": f"{text} Bamako", "language": "en",
            "url": text, "published": f"2024-03-20T1{number}:00:00Z", "byline": text,
            "body_text": f"BAMAKO. “We will never {text} talk,” said {text} in Mali, Reuters said."
            f" The ministry of mines of Mali answered {text} on Wednesday in Bamako.",
        }
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    drop.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = wiretrace("run", "--lake", demo / "lake", "--drop", drop, "--json")
    assert ledger_of(done)["new"] == len(HOSTILE)
    return demo / "lake"


@pytest.fixture(scope="module")
def site(lake: Path) -> Iterator[str]:
    with serving(lake) as (_, address):
        yield address.rstrip("/")


@pytest.fixture(scope="module")
def ids(lake: Path) -> dict[str, str]:
    """What the addresses of `PAGES` leave open."""

    def one(query: str) -> str:
        return str(next(iter(rows(lake, query)[0].values())))

    mali = "SELECT article_id FROM articles WHERE headline LIKE '%«Кречет»' LIMIT 1"
    return {
        "story": one(f"SELECT story_id FROM members_now WHERE article_id IN ({mali})"),
        "article": one(mali),
        "arabic": one("SELECT article_id FROM articles WHERE language = 'ar' ORDER BY 1 LIMIT 1"),
        "copy": one(
            "SELECT from_version_id || '/' || to_version_id FROM links_now"
            " WHERE kind = 'reprint' AND NOT credited LIMIT 1"
        ),
        "credit": one(
            "SELECT a.version_id || '/' || b.version_id FROM articles a, articles b"
            " WHERE a.outlet = 'lavigie-du-soir.example' AND a.headline LIKE 'Mali%'"
            " AND b.outlet = 'rostelegraf.example' AND b.headline LIKE '%«Кречет»'"
        ),
        "quote": one("SELECT quote_key FROM quotes WHERE text LIKE '%военные%' ORDER BY 1 LIMIT 1"),
        "run": one("SELECT run_id FROM runs ORDER BY sequence LIMIT 1"),
    }


# The pages that people look at most in every look, the others where most goes wrong.
MAIN = ("front", "story", "article", "RTL article", "evidence of a copy", "evidence of a credit")
SEEN = [(name, look) for name in PAGES for look in (LOOKS if name in MAIN else ("dark", "narrow"))]


@pytest.mark.parametrize(("name", "look"), SEEN)
def test_a_page_in_every_look(
    browser: Browser, site: str, ids: dict[str, str], name: str, look: str
) -> None:
    one = Watched(browser, look)
    status = one.visit(site + PAGES[name].format(**ids))
    assert status == (404 if name == "no such page" else 200)
    one.page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
    assert one.inaccessible() == []
    assert not one.is_too_wide()
    # Chromium says of its own that a page was not found.
    assert [line for line in one.problems if "404" not in line] == []
    one.close()


def test_every_page_can_be_read_without_script(
    browser: Browser, site: str, ids: dict[str, str]
) -> None:
    for name, address in PAGES.items():
        one = Watched(browser, java_script_enabled=False)
        one.visit(site + address.format(**ids))
        assert one.page.locator("h1").is_visible(), name
        one.close()


def test_a_reader_finds_the_way_from_the_front_to_the_words(browser: Browser, site: str) -> None:
    """From the front page, by links alone, to who copied, and to both texts side by side."""
    one = Watched(browser)
    one.visit(site + "/")
    one.page.get_by_role("link", name="Верешников подтвердил").first.click()
    assert "Волжский сигнал" in one.page.locator(".card").nth(1).inner_text()
    one.page.get_by_role("link", name="See the words").click()
    one.page.locator("details.edge[open]").get_by_role("link", name="Both texts").click()
    assert "/evidence/" in one.page.url
    assert one.page.locator("mark").count() > 1
    assert one.problems == []
    one.close()


def test_search_leads_to_articles_and_to_what_has_an_id(
    browser: Browser, site: str, ids: dict[str, str]
) -> None:
    one = Watched(browser)
    one.visit(site + "/")
    one.page.get_by_role("searchbox").fill("Верешников Кречет")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/search?q=*")
    assert one.page.locator("main a").filter(has_text="Верешников").count() >= 1
    one.page.get_by_role("searchbox").fill(ids["story"])
    one.page.keyboard.press("Enter")
    one.page.wait_for_url(f"**/story/{ids['story']}")
    assert one.problems == []
    one.close()


def test_hostile_strings_are_shown_and_do_nothing(browser: Browser, site: str, lake: Path) -> None:
    """As outlet, headline, quote, byline, address, on each page that shows them."""
    found = rows(
        lake,
        "SELECT current_article_id AS article, outlet FROM articles_now"
        " WHERE outlet LIKE 'hostile%' ORDER BY outlet",
    )
    assert len(found) == len(HOSTILE)
    addresses = ["/", "/outlets", "/search?q=Bamako"]
    for row in found:
        addresses += [
            f"/article/{row['article']}",
            f"/outlet/{row['outlet']}",
            f"/story/{row['article']}",
        ]
    one = Watched(browser)
    for address in addresses:
        one.visit(site + address)
        assert one.page.evaluate("document.scripts.length") == 1, address
        assert one.page.locator("img, iframe, object, embed").count() == 0, address
        bad = one.page.locator(
            "a[href^='javascript' i], a[href*='evil.invalid'], [onerror], [onload]"
        )
        assert bad.count() == 0, address
    shown = one.page.inner_text("body")
    assert "evil" in shown
    assert one.problems == []
    one.close()


def test_naughty_queries_and_paths_do_nothing(browser: Browser, site: str, shared: Path) -> None:
    """The Big List and the payloads of feedparser's sanitizer tests, as query and as path."""
    strings = naughty_strings(shared)
    # Of what is plain every tenth is looked at in the browser, of what is markup every fourth.
    seen = [
        text
        for number, text in enumerate(strings)
        if number % (4 if "<" in text or "alert" in text else 10) == 0
    ]
    assert len(seen) > 200
    one = Watched(browser)
    for text in seen:
        safe = text.encode("utf-8", "replace").decode()
        one.visit(f"{site}/search?q={quote_plus(safe[:1000])}")
        assert one.page.evaluate("document.scripts.length") == 1, text
    assert [line for line in one.problems if "404" not in line and "414" not in line] == []
    one.close()
    with httpx.Client(base_url=site, trust_env=False) as client:
        for text in strings[::3]:
            safe = text.encode("utf-8", "replace").decode()
            for address in (f"/search?q={quote_plus(safe)}", f"/agency/{quote(safe, safe='')}"):
                assert client.get(address).status_code in (200, 303, 400, 404, 414), text
