"""Every page but the story's in a real browser: accessible in every look, and nothing acts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import LOOKS, Watched, naughty_strings
from tests.tracing.page import models as m
from tests.tracing.page.test_article_page import found as article_with_marks
from tests.tracing.page.test_evidence_page import pair
from tests.tracing.page.test_quote_page import travel
from tracing.agency_model import CitingArticle, CitingCell
from tracing.article_model import ArticlePage, InStory, Named, Quoted
from tracing.coverage_model import Failure, Silence
from tracing.entity_model import NamingArticle, Spelling
from tracing.evidence_model import CreditOfOther, Evidence, SharedName
from tracing.find_uncredited import UncreditedLine
from tracing.front_model import Front
from tracing.listed_model import Count, DayCount, ListedArticle
from tracing.outlet_model import Copied, Outlets
from tracing.page.agency_page import agency_page
from tracing.page.article_page import article_page
from tracing.page.entity_page import entity_page
from tracing.page.error_page import error_page
from tracing.page.evidence_page import evidence_page
from tracing.page.front_page import front_page
from tracing.page.links import Served
from tracing.page.outlet_page import outlet_page
from tracing.page.outlets_page import outlets_page
from tracing.page.quote_page import quote_page
from tracing.page.run_page import run_page
from tracing.page.runs_page import runs_page
from tracing.page.search_page import search_page
from tracing.quote_model import QuotePage
from tracing.runs_model import Rejected, RunCount, Runs, RunTable
from tracing.search_model import Hit
from tracing.trace_model import Credit, Unreached, Words
from transforms.quotes.variants import Piece, Variant

pytestmark = pytest.mark.e2e

LINKS = Served()
ARABIC = m.listed(
    "sada", language="ar", headline="موسكو تؤكد اتصالات بين الجيش المالي وشركة عسكرية خاصة",
    outlet_name="صدى الضفاف", story_id="story-1",
)  # fmt: skip
LONG = m.listed("long", outlet="a-very-long-host-name.of-a-regional.newspaper.example", url=None)
COUNTS = (Count("one.example", 30), Count(LONG.outlet, 4))
DAYS = m.days(*["run"] * 20, *["not looked"] * 3, *["run"] * 5)
QUIET = m.outlet_coverage(
    LONG.outlet, (*[3] * 20, *[0] * 8), state="silent", usual_pause=1,
    silences=(Silence(dt.date(2024, 5, 24), dt.date(2024, 5, 28), 5, is_now=True),),
)  # fmt: skip
FEED = m.feed(
    "https://paper.example/a/very/long/address/of-a-feed/that-goes-on.xml", (1,) * 28,
    state="failing", failing_since=m.NOON, failures=(Failure("http_404", 3),), title="Feed",
)  # fmt: skip
COVERAGE = m.coverage(days=DAYS, outlets=(QUIET,), feeds=(FEED,))
FRONT = m.front(
    stories=(m.front_story(ARABIC), m.front_story(LONG)), coverage=COVERAGE, left_out=1,
    missing=("links",),
)  # fmt: skip
ARTICLE = article_with_marks(
    story=InStory("story-1", "part-1", "joins", 0.8, 5), missing=("facts",),
    shares=(m.shared_with(ARABIC), m.shared_with(LONG, is_from_other=False)),
    unreached=(Unreached("corrected", "id-wire", "version-1", "wire.example"),),
)  # fmt: skip
OUTLET = m.outlet_model(
    days=(DayCount(m.NOON.date(), 3),), languages=COUNTS, newest=(ARABIC, LONG), credits=COUNTS,
    credited_by=COUNTS, copies_from=(Copied("wire.example", 5, 1, 4, 1, 1),), coverage=QUIET,
    coverage_days=DAYS, feeds=(FEED,),
    uncredited=(
        UncreditedLine("a", m.NOON, ARABIC.headline, "b", "wire.example", None, 8.5, "reprint",
                       0.81, 70, "…"),
    ),
)  # fmt: skip
AGENCY = m.agency_model(
    countries=(Count("FR", 4),), languages=(Count("fr", 4),), cells=(CitingCell("FR", "fr", 4),),
    cited_by=COUNTS, kinds=COUNTS,
    newest=(CitingArticle(ARABIC, "via", "أفادت وكالة", Words("body_text", 0, 1, "x")),),
)  # fmt: skip
ENTITY = m.entity_model(
    spellings=(Spelling("ar", "باماكو", 3), Spelling("fr", "Bamako", 2)), outlets=COUNTS,
    languages=COUNTS, together=COUNTS, stories=COUNTS,
    newest=(NamingArticle(ARABIC, Words("body_text", 0, 1, "باماكو")),),
)  # fmt: skip
_CHANGED = travel(
    variants=(
        m.changed("late", "we will wait", Variant("changed", 0.6, (Piece("added", "wait"),))),
    )
)
QUOTE = QuotePage(sequence=1, quote_key="key", travels=(_CHANGED,), missing=(), left_out=0)
RUN = m.run_model(
    m.run_line(), counts=(RunCount("file:///a.xml", "rejected", "bad_xml", 2),),
    tables=(RunTable("articles", 5),),
    rejects=(Rejected("parse", "bad_xml", 2, "line 3", "file:///a/very/long/path/to/a.xml"),),
)  # fmt: skip
PAGES: dict[str, Callable[[], str]] = {
    "front": lambda: front_page(FRONT, LINKS, m.NOW),
    "article": lambda: article_page(ARTICLE, LINKS, m.NOW),
    "evidence": lambda: evidence_page(
        pair(names=(SharedName("geonames:1", "place", 3, 2),)), LINKS, m.NOW
    ),
    "evidence of a text from right to left": lambda: evidence_page(
        m.evidence(m.side(ARABIC, "أفادت وكالة روستيليغراف"), m.side(LONG, "Text.")), LINKS, m.NOW
    ),
    "outlets": lambda: outlets_page(
        Outlets(sequence=1, outlets=(m.outlet_line(LONG.outlet),), missing=()),
        COVERAGE, LINKS, m.NOW,
    ),
    "outlet": lambda: outlet_page(OUTLET, LINKS, m.NOW),
    "agency": lambda: agency_page(AGENCY, LINKS, m.NOW),
    "entity": lambda: entity_page(ENTITY, LINKS, m.NOW),
    "quote": lambda: quote_page(QUOTE, LINKS, m.NOW),
    "runs": lambda: runs_page(Runs(1, (m.run_line(),)), LINKS, m.NOW),
    "run": lambda: run_page(RUN, LINKS, m.NOW),
    "search": lambda: search_page(
        m.search_model("ferry", hits=(Hit(ARABIC, ("ferry",)),)), LINKS, m.NOW
    ),
    "error": lambda: error_page(404, "No article `abc`.", "`wiretrace sql` lists articles."),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_every_look(browser: Browser, name: str, tmp_path: Path) -> None:
    """Folds open, so that nothing is left unseen."""
    path = tmp_path / "page.html"
    path.write_text(PAGES[name](), "utf-8")
    for look in LOOKS:
        one = Watched(browser, look)
        one.visit(path.as_uri())
        one.page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
        assert (look, one.inaccessible()) == (look, [])
        assert (look, one.is_too_wide()) == (look, False)
        assert one.problems == []
        one.close()


def test_a_number_leads_to_the_passage_on_the_other_side(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGES["evidence"](), "utf-8")
    one = Watched(browser)
    one.visit(path.as_uri())
    one.page.locator("#earlier-1 > a.to").click()
    assert one.page.url.endswith("#later-1")
    assert one.page.locator("#later-1").evaluate("(one) => one.matches(':target')")
    changed = one.page.locator(".side .changed").first
    underlined = "(one) => getComputedStyle(one).textDecorationLine"
    assert changed.evaluate(underlined) == "underline"
    one.page.get_by_label("mark what was rewritten").uncheck()
    assert changed.evaluate(underlined) == "none"
    assert one.problems == []
    one.close()


def test_texts_stand_side_by_side_where_there_is_room(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGES["evidence"](), "utf-8")
    tops = {}
    for look in ("light", "narrow"):
        one = Watched(browser, look)
        one.visit(path.as_uri())
        tops[look] = one.page.evaluate(
            "[...document.querySelectorAll('.side')].map((one) => one.getBoundingClientRect().top)"
        )
        one.close()
    assert tops["light"][0] == tops["light"][1]
    assert tops["narrow"][0] < tops["narrow"][1]


def _naughty(number: int, text: str) -> ListedArticle:
    return m.listed(
        f"n{number}", headline=text, outlet=text or "x", outlet_name=text, url=text,
        language=text[:9], story_id=text,
    )  # fmt: skip


def _naughty_front(strings: list[str]) -> Front:
    articles = [_naughty(number, text) for number, text in enumerate(strings)]
    return m.front(
        stories=tuple(m.front_story(one, languages=(one.language,)) for one in articles),
        coverage=m.coverage(
            days=m.days("run"),
            outlets=tuple(m.outlet_coverage(one.outlet, (1,)) for one in articles),
        ),
    )  # fmt: skip


def _naughty_article(strings: list[str]) -> ArticlePage:
    text = "\n".join(strings)
    words = [Words("body_text", text.find(one), text.find(one) + len(one), one) for one in strings]
    return m.article_model(
        _naughty(0, strings[0]), text,
        credits=tuple(Credit(w.text, w.text, w.text, w, 0.5, (w.text,)) for w in words),
        quotes=tuple(Quoted(w.text, w.text, w.text, w) for w in words),
        names=tuple(Named(w.text, w.text, (w,)) for w in words),
        shares=tuple(m.shared_with(_naughty(n, one)) for n, one in enumerate(strings)),
    )  # fmt: skip


def _naughty_evidence(strings: list[str]) -> Evidence:
    text = "\n".join(strings)
    credits = tuple(
        CreditOfOther(one, one, one, "body_text", 0, 1, is_exact=False) for one in strings
    )
    one = m.side(_naughty(0, strings[0]), text, credits=credits)
    names = tuple(SharedName(text, text, 1, 1) for text in strings)
    other = dataclasses.replace(one, article=_naughty(1, strings[-1]))
    return m.evidence(one, other, names=names, story_id=strings[0])


def test_naughty_strings_do_nothing(browser: Browser, shared: Path, tmp_path: Path) -> None:
    """Each as headline, outlet, address, text, name, credit, quotation and question."""
    strings = [one for one in naughty_strings(shared) if one]
    for start in range(0, len(strings), 300):
        some = strings[start : start + 300]
        hits = tuple(Hit(_naughty(number, text), (text,)) for number, text in enumerate(some))
        pages = (
            front_page(_naughty_front(some), LINKS, m.NOW),
            article_page(_naughty_article(some), LINKS, m.NOW),
            evidence_page(_naughty_evidence(some), LINKS, m.NOW),
            search_page(m.search_model(some[0], hits=hits), LINKS, m.NOW),
        )
        for number, page in enumerate(pages):
            path = tmp_path / f"{start}-{number}.html"
            path.write_text(page, "utf-8", "replace")
            one = Watched(browser)
            one.visit(path.as_uri())
            assert one.problems == []
            assert one.page.evaluate("document.scripts.length") == 1
            assert one.page.locator("img, iframe, object, embed, form:not([role])").count() == 0
            one.close()
