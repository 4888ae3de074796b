"""WXR 1.0 to 1.2, what WordPress exports: RSS 2.0 with posts of every kind.

Covered: posts and pages with text, excerpt, dates, author, categories and tags; what is not
published is `withheld`. Attachments are media of the post they belong to. Menus, revisions and the
like hold no article, and are that entry's reject. Not covered: comments, custom fields.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from schemas.article import Media
from transforms.parse.decoding import decode_head
from transforms.parse.distinct import distinct
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.markup import html_to_text
from transforms.parse.xml_root import find_root
from transforms.parse.xml_tree import (
    BadXml,
    Element,
    attribute,
    children,
    find,
    find_line,
    line,
    parse_xml,
)

FORMAT = "wxr"
VERSIONS: Final = "WXR 1.0 to 1.2"
KEPT: Final = {
    "feed_title": "channel/title",
    "guid": "guid",
    "url": "link",
    "pubstatus": "wp:status; what is not `publish` is withheld",
    "headline": "title",
    "description_text": "excerpt:encoded",
    "body_text": "content:encoded",
    "byline": "dc:creator, by wp:author_display_name",
    "authors": "dc:creator, by wp:author_display_name",
    "language_declared": "channel/language",
    "published_raw": "wp:post_date_gmt, pubDate, wp:post_date",
    "versioncreated_raw": "wp:post_modified_gmt",
    "genre": "wp:post_type, where it is no post",
    "subjects": "category of the domain category",
    "keywords": "category of the domain post_tag",
    "media": "attachments of the post",
}
_NAMESPACE: Final = "wordpress.org/export/1."
_ARTICLES: Final = ("post", "page")
_NO_DATE: Final = "0000-00-00"


def sniff(head: bytes) -> bool:
    """RSS that declares WordPress's namespace for exports."""
    return (find_root(head) or "").casefold() == "rss" and _NAMESPACE in decode_head(head)[:8192]


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each post or page, a reject for everything else."""
    try:
        tree = parse_xml(data, context.charset)
    except BadXml as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    channel = find(tree.root, "channel")
    entries = list(children(channel, "item"))
    if not entries:
        yield ItemReject(reason="no_items", message="the export holds no post")
    names = dict(_find_authors(channel))
    media = find_attachments(entries)
    for number, entry in enumerate(entries, context.first_record):
        yield _read_entry(entry, channel, names, media, number, tree.encoding, tree.warnings)


def _find_authors(channel: Element | None) -> Iterator[tuple[str, str]]:
    for author in children(channel, "author"):
        login, name = find_line(author, "author_login"), find_line(author, "author_display_name")
        if login and name:
            yield login, name


def find_attachments(entries: list[Element]) -> dict[str, list[Media]]:
    """Pictures and files by the id of the post that they belong to."""
    found: dict[str, list[Media]] = defaultdict(list)
    for entry in entries:
        url, parent = find_line(entry, "attachment_url"), find_line(entry, "post_parent")
        if url and parent and find_line(entry, "post_type") == "attachment":
            found[parent].append(Media("image", url, _texts(entry)[0], None))
    return found


def _read_entry(
    entry: Element,
    channel: Element | None,
    names: dict[str, str],
    media: dict[str, list[Media]],
    number: int,
    encoding: str,
    warnings: tuple[str, ...],
) -> Item | ItemReject:
    kind = find_line(entry, "post_type") or "post"
    if kind not in _ARTICLES:
        message = f"entry {number} is a WordPress {kind[:40]}, no post or page"
        return ItemReject(reason="no_article", message=message, record=number)
    headline = find_line(entry, "title")
    description, body = _texts(entry)
    if not (headline or description or body):
        message = f"entry {number} has neither title nor text"
        return ItemReject(reason="empty", message=message, record=number)
    creator = find_line(entry, "creator")
    author = names.get(creator, creator) if creator else None
    return Item(
        source_format=FORMAT,
        record=number,
        encoding=encoding,
        feed_title=find_line(channel, "title"),
        guid=find_line(entry, "guid"),
        url=find_line(entry, "link"),
        pubstatus="usable" if find_line(entry, "status") in (None, "publish") else "withheld",
        headline=headline,
        description_text=description,
        body_text=body,
        byline=author,
        authors=(author,) if author else (),
        language_declared=find_line(channel, "language"),
        published_raw=_date(entry, "post_date_gmt", " UTC")
        or find_line(entry, "pubDate")
        or _date(entry, "post_date", ""),
        versioncreated_raw=_date(entry, "post_modified_gmt", " UTC"),
        genre=None if kind == "post" else kind,
        subjects=_categories(entry, "category"),
        keywords=_categories(entry, "post_tag"),
        media=tuple(media.get(find_line(entry, "post_id") or "", ())),
        warnings=warnings,
    )


def _texts(entry: Element) -> tuple[str | None, str | None]:
    """Excerpt and content: both are called `encoded`, in namespaces of their own."""
    texts: dict[bool, str | None] = {}
    for element in children(entry, "encoded"):
        is_excerpt = "excerpt" in element.tag
        text = html_to_text((element.text or "").replace("\n\n", "<p>"))
        texts.setdefault(is_excerpt, text or None)
    return texts.get(True), texts.get(False)


def _date(entry: Element, name: str, zone: str) -> str | None:
    value = find_line(entry, name)
    return None if value is None or value.startswith(_NO_DATE) else f"{value}{zone}"


def _categories(entry: Element, domain: str) -> tuple[str, ...]:
    stated = (c for c in children(entry, "category") if attribute(c, "domain") == domain)
    return distinct(map(line, stated))
