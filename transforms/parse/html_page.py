"""HTML pages: the article's text through trafilatura, the rest from what the page says of itself.

Covered: JSON-LD with the terms of schema.org, Open Graph, Dublin Core, `meta` elements of HTML
(`page_metadata.py`). Not covered: microdata below the level of `meta` and `time`, pages that show
their text only by script, several articles on one page. Nothing is invented: a page without the
text of an article is a reject. The page is decoded and parsed here, so trafilatura gets a tree: it
never fetches, guesses an encoding or dates. No DTD is loaded and no entity resolved, for HTML's
parser knows neither.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any, Final

import lxml.html
from lxml import etree

from transforms.parse import page_metadata
from transforms.parse.decoding import Undecodable, decode, decode_head, find_meta_charset
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.page_metadata import Page, read_page
from transforms.parse.page_walls import find_wall, is_fetched
from transforms.parse.xml_root import find_root

FORMAT = "html"
VERSIONS: Final = "HTML 2 to 5, XHTML"
KEPT: Final = {
    "outlet_name": "og:site_name, JSON-LD publisher",
    "url": "JSON-LD url, mainEntityOfPage, link rel=canonical",
    "canonical_url": "link rel=canonical, og:url",
    "headline": "JSON-LD headline, og:title, the only h1, title",
    "description_text": "JSON-LD description, og:description, meta description",
    "body_text": "what trafilatura finds; JSON-LD articleBody where that is twice as long",
    "dateline": "JSON-LD dateline",
    "byline": "the authors",
    "creditline": "JSON-LD creditText",
    "authors": "JSON-LD author, creator, article:author, meta author",
    "language_declared": "JSON-LD inLanguage, html@lang, og:locale",
    "published_raw": "JSON-LD datePublished, article:published_time, the only time",
    "versioncreated_raw": "JSON-LD dateModified, article:modified_time",
    "genre": "JSON-LD genre",
    "subjects": "JSON-LD articleSection, article:section",
    "keywords": "JSON-LD keywords, article:tag, meta keywords",
    "media": "JSON-LD image, og:image",
    "copyrightholder": "JSON-LD copyrightHolder, meta copyright",
}
# Front pages of news sites have up to 3 MB, most of it script; libxml2 and trafilatura have
# quadratic corners (80,000 attributes of one element take 7 s), which the deadline ends.
MAX_PAGE: Final = 3 << 20
# Pieces of a page count as one: clipped articles begin with their title or a paragraph.
_ROOTS: Final = frozenset(("html", "head", "body", "main", "h1", "h2", "div", "p"))
_DOCTYPE = re.compile(r"(?:<\?xml[^>]{0,500}>)?\s*<!doctype\s+html\b", re.IGNORECASE)
# XML 1.0 §2.2: what lxml refuses in text, and never stands in news.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_SPACES = re.compile(r" {2,}")
# Blocks of the tree that trafilatura gives (TEI's names).
_BLOCKS: Final = frozenset(("p", "head", "item", "row", "quote", "code", "list", "table", "figure"))
_PROSE: Final = ("p", "quote", "item")
# Without a word of the page that it is an article, text of this many characters may be one: error
# pages, log-ins and notices about cookies have less.
MIN_UNSTATED: Final = 200
# Teasers, if there are as many elements `article`.
_MAX_UNSTATED_ARTICLES: Final = 2
# What trafilatura was seen to raise, or lets through from lxml.
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
# It logs what it cannot read, with words of the page, to the user's terminal.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)


def sniff(head: bytes) -> bool:
    """Is the root element, or the document type, that of HTML?"""
    root = find_root(head)
    is_html = root is not None and root.casefold() in _ROOTS
    return is_html or _DOCTYPE.match(decode_head(head).lstrip()) is not None


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """One item: the page."""
    if len(data) > MAX_PAGE:
        message = f"a page of {len(data)} bytes; at most {MAX_PAGE} are read"
        yield ItemReject(reason="too_large", message=message)
        return
    try:
        decoded = decode(data, context.charset or find_meta_charset(data))
        tree = parse_tree(decoded.text)
        page = read_page(tree)
        paragraphs = find_paragraphs(tree)
    except Undecodable as error:
        yield ItemReject(reason="undecodable", message=str(error))
    except TooDeep as error:
        yield ItemReject(reason="too_deep", message=str(error))
    except _FAULTS as error:
        yield ItemReject(reason="malformed", message=f"no readable page: {str(error)[:200]}")
    else:
        wall = find_wall(page, paragraphs, context) if is_fetched(context) else None
        yield wall or to_item(page, paragraphs, decoded.encoding, decoded.warnings)


class TooDeep(Exception):
    """Elements nested beyond what libxml2 follows; it drops what lies deeper."""


def parse_tree(text: str) -> Any:
    """The tree of a page, without comments and processing instructions.

    Raises:
        TooDeep: nested deeper than 255 elements. etree.LxmlError: no element at all.
    """
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True,
        collect_ids=False, default_doctype=False,
    )  # fmt: skip
    data = _CONTROLS.sub("", text).encode("utf-8", "replace")
    tree = lxml.html.document_fromstring(data, parser=parser)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise TooDeep("elements nested deeper than 255 levels")
    return tree


def find_paragraphs(tree: Any) -> list[str]:
    """The paragraphs of the article's text; none where trafilatura finds no article."""
    # Loaded on first use: it costs 0.1 s and 30 MB, and most drops hold no page.
    from trafilatura import bare_extraction

    # Otherwise, where it finds little, it gives the whole page, navigation first.
    document = bare_extraction(tree, favor_precision=True, include_comments=False)
    body = getattr(document, "body", None)
    if body is None or next(body.iter(*_PROSE), None) is None:
        return []
    return list(to_paragraphs(body))


def to_paragraphs(body: Any) -> Iterator[str]:
    """Blocks of a tree in trafilatura's form as text; a line break stays one."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS or element is body:
            yield from _flush(pieces)
        elif event == "start" and element.tag in ("lb", "cell"):
            pieces.append("\n" if element.tag == "lb" else " ")
        text = element.text if event == "start" else element.tail
        pieces.append(_SPACE.sub(" ", text or ""))
    yield from _flush(pieces)


def _flush(pieces: list[str]) -> Iterator[str]:
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    text = _SPACES.sub(" ", "\n".join(line for line in lines if line))
    pieces.clear()
    if text:
        yield text


def split_text(
    paragraphs: list[str], headline: str | None, descriptions: tuple[str, ...], stated: str | None
) -> tuple[str | None, str | None]:
    """Standfirst and body, each text once.

    The headline at the body's head goes. The standfirst is the first description that the body does
    not begin with; else a first paragraph that is a description, which then leaves the body. Where
    the paragraphs are not half of what JSON-LD `stated` to be the body, that is the body.
    """
    found = "\n\n".join(paragraphs)
    rest = stated.split("\n\n") if stated and len(found) < len(stated) / 2 else list(paragraphs)
    if rest and headline and _fold(rest[0]) == _fold(headline):
        rest.pop(0)
    opening = _fold(" ".join(rest))
    others = (d for d in descriptions if not opening.startswith(_fold(d).rstrip(". …")))
    standfirst = next(others, None)
    if not standfirst and len(rest) > 1 and _fold(rest[0]) in map(_fold, descriptions):
        standfirst = rest.pop(0)
    return standfirst, "\n\n".join(rest) or None


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_article(page: Page, body: str) -> bool:
    """Does the page say so, or else hold one long text and no list of teasers?"""
    if page_metadata.states_article(page):
        return True
    articles = sum(1 for _ in page.tree.iter("article"))
    return len(body) >= MIN_UNSTATED and articles <= _MAX_UNSTATED_ARTICLES


def to_item(
    page: Page, paragraphs: list[str], encoding: str, warnings: tuple[str, ...]
) -> Item | ItemReject:
    """The item of a page; a reject where there is no text."""
    headline = page_metadata.find_headline(page)
    description, body = split_text(
        paragraphs, headline, page_metadata.find_descriptions(page), page_metadata.find_body(page)
    )
    if not body or not is_article(page, body):
        message = "the page holds no text of an article; it may show it by script, or list others"
        return ItemReject(reason="no_article", message=message)
    authors = page_metadata.find_authors(page)
    return Item(
        source_format=FORMAT,
        record=None,
        encoding=encoding,
        outlet_name=page_metadata.find_outlet_name(page),
        url=page_metadata.find_url(page),
        canonical_url=page_metadata.find_canonical_url(page),
        headline=headline,
        description_text=description,
        body_text=body,
        dateline=page_metadata.find_dateline(page),
        byline=", ".join(authors) or None,
        creditline=page_metadata.find_creditline(page),
        authors=authors,
        language_declared=page_metadata.find_language(page),
        published_raw=page_metadata.find_published(page),
        versioncreated_raw=page_metadata.find_versioncreated(page),
        genre=page_metadata.find_genre(page),
        subjects=page_metadata.find_subjects(page),
        keywords=page_metadata.find_keywords(page),
        media=page_metadata.find_media(page),
        copyrightholder=page_metadata.find_copyrightholder(page),
        warnings=warnings,
    )
