"""HTML pages: real ones against gold text, hostile ones against CPU time, and each rule."""

import datetime as dt
import gzip
import json
import os
import re
from collections import Counter

import pytest

from schemas.reject import REASONS
from tests.transforms.cpu_time import least_cpu_seconds
from tests.transforms.parse.pages import FIRST, SECOND, STATED, article, only, page, results
from transforms.parse.html_page import MAX_PAGE, MIN_UNSTATED, sniff, split_text
from transforms.parse.item import Item, ItemReject
from transforms.parse.messages import encode_results

# Share of the gold text's words that the body must have, and of its words that the gold must have.
MIN_RECALL, MIN_PRECISION = 0.95, 0.9


def words(text):
    return Counter(re.findall(r"\w+", text.casefold()))


def gold_of(path):
    """Title, date and body of a gold page, as its own test suite asserts them."""
    beside = path.parent / f"{path.name.split('_')[0]}.json"
    if not beside.exists():
        return None, None, path.with_suffix(".txt").read_text("utf-8")
    gold = json.loads(beside.read_text("utf-8"))["V1"]
    sections = gold["body"]["sections"]
    body = [text for s in sections for text in (*s["headline"], *s["paragraphs"])]
    return gold["title"], gold["publishing_date"], "\n\n".join(body)


@pytest.fixture
def gold(shared):
    """The folder of real pages, each beside what its own test suite asserts of it."""
    return shared / "wires" / "html_gold"


REAL = ["Kommersant_2025_05_14.html.gz", "LeFigaro_2024_11_22.html.gz",
        "LeMonde_2023_09_01.html.gz", "yna_co_kr.html"]  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_page_gives_its_text(name, gold):
    """Nearly every word of the gold body, and little else."""
    path = gold / name
    body, wanted = words(only(path.read_bytes()).body_text), words(gold_of(path)[2])
    common = (body & wanted).total()
    assert common / wanted.total() >= MIN_RECALL
    assert common / body.total() >= MIN_PRECISION


@pytest.mark.parametrize("name", REAL[:3])
def test_real_page_gives_headline_and_date(name, gold):
    """As the pages' own tests have them; the date is compared as an instant."""
    path = gold / name
    found, (title, published, _) = only(path.read_bytes()), gold_of(path)
    assert found.headline.split() == title.split()  # JSON-LD has other spaces than the page
    assert to_instant(found.published_raw) == to_instant(published)


def to_instant(text):
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def test_every_real_page_is_compared(gold):
    """A page that is added to the shared folder is added here."""
    assert sorted(path.name for path in gold.glob("*.html*")) == REAL


@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE html><p>x",
        b"\xef\xbb\xbf\n<!doctype  HTML>\n<title>x</title>",
        b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><html xmlns='x'>",
        b"<!-- saved --><HTML lang=en>",
        b"<body class='x'>",
        "<html>".encode("utf-16"),
    ],
)
def test_a_page_is_known_by_its_root_or_doctype(head):
    """Whatever stands before it, in any encoding."""
    assert sniff(head)


@pytest.mark.parametrize(
    "head", [b"<rss>", b"<feed>", b"<newsItem>", b"<svg>", b"html", b"Text with <html> in it", b"{"]
)
def test_what_is_no_page_is_not_taken_for_one(head):
    """Other markup, and text about markup."""
    assert not sniff(head)


@pytest.mark.parametrize(
    ("paragraphs", "headline", "descriptions", "stated", "expected"),
    [
        (["H", "a", "b"], "H", (), None, (None, "a\n\nb")),
        (["H", "Stand", "a"], "H", ("stand",), None, ("Stand", "a")),
        (["a b c", "d"], "H", ("a b…",), None, (None, "a b c\n\nd")),
        (["a b c", "d"], "H", ("a b c", "Other"), None, ("Other", "a b c\n\nd")),
        (["a b c"], "H", ("a b c",), None, (None, "a b c")),
        (["H"], "H", ("Stand",), None, ("Stand", None)),
        (["cookies"], "H", (), "a long body\n\nas stated", (None, "a long body\n\nas stated")),
        (["a long body", "as found"], "H", (), "a long body", (None, "a long body\n\nas found")),
    ],
)
def test_each_text_stands_once(paragraphs, headline, descriptions, stated, expected):
    """Headline, standfirst and body do not repeat one another."""
    assert split_text(paragraphs, headline, descriptions, stated) == expected


def test_paragraphs_lists_and_breaks():
    """A blank line between blocks; a line break stays one; navigation and footer are no text."""
    found = article(
        body="<nav><a href='/'>Home</a></nav><article><h1>H</h1>"
        f"<p>{FIRST}</p><ul><li>One thing happened.</li><li>Another did.</li></ul>"
        f"<blockquote><p>We are <b>glad</b>,<br>all of us.</p></blockquote>"
        f"<p>{SECOND}</p></article>"
        "<footer><p>© 2024 Gazette. All rights reserved.</p></footer>"
    )
    assert (found.headline, found.body_text) == (
        "H",
        f"{FIRST}\n\nOne thing happened.\n\nAnother did.\n\nWe are glad,\nall of us.\n\n{SECOND}",
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<div id=root></div><script>x = 1</script>",
        "<nav><ul><li><a href=/>Home</a><li><a href=/b>World</a></ul></nav>",
        "<h1>World</h1>",
    ],
)
def test_a_page_without_text_is_a_reject(body):
    """Not even where the page says that it is an article: nothing is made of navigation."""
    assert only(page(body, STATED + "<title>t</title>")).reason == "no_article"


def test_unstated_text_must_be_long():
    """A page that says nothing of itself is an article from some length on, and not below."""
    text = "The ferry resumed on Monday, said the harbour master. "
    short = only(page(f"<p>{text}</p>", ""))
    long = only(page(f"<p>{text * (MIN_UNSTATED // len(text) + 1)}</p>", ""))
    assert (short.reason, type(long)) == ("no_article", Item)


@pytest.mark.parametrize(
    ("data", "encoding", "warnings"),
    [
        (b"<meta charset=windows-1251>", "cp1251", ()),
        (b"<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>", "cp1251", ()),
        (b"<meta charset='utf-16'>", "cp1251", ("encoding_repaired:utf-8>cp1251",)),
        (b"", "cp1251", ("encoding_guessed:cp1251",)),
    ],
)
def test_meta_charset_counts(data, encoding, warnings):
    """It is as good as an XML prolog; a charset that cannot be true is repaired."""
    text = "Капитан порта сообщила, что паром возобновил движение в понедельник утром. " * 4
    found = only(page("<p>@</p>", "").encode().replace(b"<head>", b"<head>" + data)
                 .replace(b"@", text.encode("cp1251")))  # fmt: skip
    assert (found.encoding, found.warnings) == (encoding, warnings)
    assert found.body_text == text.strip()


def test_external_entities_are_not_read(tmp_path):
    """Neither files nor addresses that a document type names; nor what XInclude would."""
    (tmp_path / "secret").write_text("CANARY")
    doctype = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    include = f'<xi:include href="file://{tmp_path}/secret" parse="text"/>'
    found = results(
        f"{doctype}<html><head>{STATED}</head><body><p>{FIRST} &x; {include}</p></html>"
    )
    assert b"CANARY" not in encode_results(found)
    assert FIRST in found[0].body_text


def test_deep_nesting_is_a_reject():
    """libxml2 drops what lies deeper than 255 elements: half an article would be a false one."""
    assert only(page("<div>" * 100_000 + FIRST + "</div>" * 100_000)).reason == "too_deep"


def test_size_is_capped():
    """A page just below the limit is read, one above is a reject."""
    paragraph = f"<p>{FIRST}</p>\n"
    fits = page(paragraph * ((MAX_PAGE - 200) // len(paragraph)))
    assert len(fits) < MAX_PAGE
    assert isinstance(only(fits), Item)
    assert only(page("x" * MAX_PAGE)).reason == "too_large"


# Not here: thousands of tables, a quadratic corner of trafilatura (four times the page, 10 to 12
# times the time; 8 s for 400 kB), which the deadline of the child ends (`test_child.py`).
SHAPES = {
    "paragraphs": f"<p>{FIRST}</p>",
    "links": "<a href=x>word word</a> ",
    "lines": "word word word<br>",
    "short paragraphs": "<p>w</p>",
    "formatting": "<b><p>word</p>",
    "entities": "&amp;&lt;&#x41;",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_time_is_about_linear(shape):
    """Four times the page takes four to nine times as long (links), never sixteen: 12 is between.

    The first page also loads what is loaded once, so one measure would not do.
    """

    def cost(size):
        big = page(SHAPES[shape] * (size // len(SHAPES[shape])))
        return least_cpu_seconds(lambda: results(big))

    assert cost(160_000) < max(12 * cost(40_000), 0.2)


def html5lib_inputs(shared):
    """Every input of html5lib's tokenizer tests."""
    for path in sorted((shared / "hostile" / "html5lib_tests" / "tokenizer").glob("*.test")):
        for test in json.loads(path.read_text("utf-8")).get("tests", ()):
            yield test["input"].encode("utf-8", "surrogatepass")


# Every seventh in each form: all of them, at 5 ms each, would take minutes.
FORMS = {
    "alone": (0, b"@"),
    "after a doctype": (1, b"<!doctype html>@"),
    "in a page": (2, page("<p>@</p>").encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_html5lib_inputs_raise_nothing(form, shared):
    """An item or a reject of the closed list, whatever the tokenizer meets."""
    first, around = FORMS[form]
    inputs = list(html5lib_inputs(shared))[first::7]
    assert len(inputs) > 900
    for text in inputs:
        found = results(around.replace(b"@", text), "html")
        assert len(found) == 1, text
        assert isinstance(found[0], Item) or found[0].reason in REASONS, text
        encode_results(found)


def test_html5lib_encodings_and_payloads_raise_nothing(shared):
    """Whole files, as they come and as pages."""
    folders = [shared / "hostile" / name for name in ("html5lib_tests/encoding", "payloads")]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    assert files
    for path in files:
        for found in (results(path.read_bytes()), results(path.read_bytes(), "html")):
            assert found, path
            assert b"root:x:0:0" not in encode_results(found), path


def test_nothing_of_it_is_logged(caplog):
    """trafilatura's complaints hold words of the page, and would go to the user's terminal."""
    results("<html></html>", "html")
    results("x", "html")
    assert [r for r in caplog.records if r.name.startswith("trafilatura")] == []


def test_gzipped_page_is_read():
    """As pages are archived."""
    (found,) = results(gzip.compress(page(f"<p>{FIRST}</p>").encode()))
    assert (found.source_format, found.raw_span, found.body_text) == ("html", None, FIRST)


def test_a_reject_is_never_an_exception():
    """Bytes of every kind, told to be a page."""
    for data in (b"\x00" * 999, b"<" * 9_999, os.urandom(4_096), b"\xff\xfe" + b"\x00\xd8" * 99):
        assert all(isinstance(r, Item | ItemReject) for r in results(data, "html"))
