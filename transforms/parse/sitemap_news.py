"""News sitemaps: sitemaps.org 0.9 with Google's news extension 0.9 or 0.8.

Covered: address, publication, language, date, title, keywords, genres, pictures. An entry without a
title is no news and that entry's reject; a sitemap without news, or an index of sitemaps, is one.
Following the addresses is for whoever fetches.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemas.article import Media
from transforms.parse.distinct import distinct_parts
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.xml_root import find_root
from transforms.parse.xml_tree import (
    BadXml,
    Element,
    children,
    firsts,
    line,
    local_name,
    parse_xml,
)

FORMAT = "sitemap_news"
VERSIONS: Final = "sitemaps.org 0.9, Google News 0.8 and 0.9"
KEPT: Final = {
    "outlet_name": "news:publication/news:name",
    "url": "loc",
    "headline": "news:title",
    "language_declared": "news:publication/news:language",
    "published_raw": "news:publication_date",
    "versioncreated_raw": "lastmod",
    "genre": "news:genres",
    "keywords": "news:keywords",
    "media": "image:image",
}
_ROOTS: Final = ("urlset", "sitemapindex")


def sniff(head: bytes) -> bool:
    """Is the root element that of a sitemap? A feed that declares the namespace is none."""
    return (find_root(head) or "").casefold() in _ROOTS


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each entry with news."""
    try:
        tree = parse_xml(data, context.charset)
    except BadXml as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    entries = list(children(tree.root, "url"))
    if local_name(tree.root).casefold() == "sitemapindex" or not entries:
        message = "a list of sitemaps, or an empty one: give the news sitemaps themselves"
        yield ItemReject(reason="no_items", message=message)
        return
    for number, entry in enumerate(entries, context.first_record):
        yield _read_entry(entry, number, tree.encoding, tree.warnings)


def _read_entry(
    entry: Element, number: int, encoding: str, warnings: tuple[str, ...]
) -> Item | ItemReject:
    record = firsts(entry)
    news, url = firsts(record.get("news")), line(record.get("loc"))
    headline = line(news.get("title"))
    if headline is None:
        message = f"{(url or 'an entry')[:200]} states no title of news"
        return ItemReject(reason="empty", message=message, record=number)
    publication = firsts(news.get("publication"))
    return Item(
        source_format=FORMAT,
        record=number,
        encoding=encoding,
        outlet_name=line(publication.get("name")),
        url=url,
        headline=headline,
        language_declared=line(publication.get("language")) or line(news.get("language")),
        published_raw=line(news.get("publication_date")),
        versioncreated_raw=line(record.get("lastmod")),
        genre=line(news.get("genres")),
        keywords=distinct_parts(line(news.get("keywords"))),
        media=tuple(_find_pictures(entry)) if "image" in record else (),
        warnings=warnings,
    )


def _find_pictures(entry: Element) -> Iterator[Media]:
    for picture in children(entry, "image"):
        told = firsts(picture)
        url = line(told.get("loc"))
        if url:
            yield Media("image", url, line(told.get("caption")), None)
