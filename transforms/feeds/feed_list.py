"""Lists of feeds: the project's own TOML, and OPML (http://opml.org/spec2.opml) for exchange.

    [polling]
    contact = "desk@example.org"        # named in the User-Agent
    allow_hosts = ["intranet.example"]  # HOST[:PORT] whose addresses are not checked
    min_interval = 60                   # seconds between two requests to one feed, at least …
    max_interval = 86400                # … and at most
    delay = 1.0                         # seconds between two requests to one domain
    parallel = 2                        # requests to one domain at once

    [[feed]]
    url = "https://example.org/rss"
    outlet = "example.org"              # else each item is asked
    title = "Example"
    categories = ["World/Africa"]
    credential = "example"              # a name; docs/feeds.md says where its secret lies

Every key but `url` may be left out. An unknown key is an error: a misspelt one would be ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from lxml import etree
from tomlkit.exceptions import TOMLKitError

from transforms.fetch.addresses import AllowedHosts
from transforms.fetch.credentials import NAME
from transforms.outlets import clean_outlet
from transforms.parse.opml import read_feeds
from transforms.parse.xml_tree import BadXml
from transforms.urls import MAX_URL, redact_url

LONGEST_INTERVAL = 30 * 86_400.0
LONGEST_DELAY = 600.0
HEADER = "# The feeds of this lake. `wiretrace feeds --help`; or by hand.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A subscription. `url` is its identity; `credential` names a secret, it is none."""

    url: str
    outlet: str | None = None
    title: str | None = None
    categories: tuple[str, ...] = ()
    credential: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How feeds are asked. Intervals and `delay` in seconds."""

    contact: str | None = None
    allow_hosts: tuple[str, ...] = ()
    min_interval: float = 60.0
    max_interval: float = 86_400.0
    delay: float = 1.0
    parallel: int = 2


@dataclass(frozen=True, slots=True)
class FeedList:
    """Feeds, each address once, and how to ask them; `refused`: what of an OPML is left out."""

    feeds: tuple[Feed, ...] = ()
    polling: Polling = Polling()
    refused: tuple[str, ...] = ()

    def plus(self, added: Iterable[Feed]) -> FeedList:
        """With further feeds; what stands in the list already stays as it is."""
        by_url = {feed.url: feed for feed in (*added, *self.feeds)}
        order = dict.fromkeys((*(f.url for f in self.feeds), *by_url))
        return FeedList(tuple(by_url[url] for url in order), self.polling)


class BadFeedList(ValueError):
    """A list that cannot be used: what, where in it, and how to mend it."""

    exit_code = 2


def check_feed_url(url: str) -> str:
    """The address of a feed, stripped.

    Raises:
        BadFeedList: no http(s) address, one that is too long, or one that carries a password.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        has_user, host = "@" in parts.netloc, parts.hostname
    except ValueError:
        parts, has_user, host = None, False, None
    if parts is None or parts.scheme.lower() not in ("http", "https") or not host:
        raise BadFeedList(f"{redact_url(url)[:200]!r} is no address of a feed: https://HOST/PATH")
    if has_user:
        raise BadFeedList(
            f"{redact_url(url)[:200]}: an address is shown and stored, a password in it would be "
            "too; name a credential instead (docs/feeds.md)"
        )
    if len(url) > MAX_URL or not url.isprintable() or " " in url:
        raise BadFeedList(f"{redact_url(url)[:200]!r}: too long, or white space within")
    return url


def check_feed(feed: Feed) -> Feed:
    """The feed as a list can hold it, its address stripped.

    Raises:
        BadFeedList: see `check_feed_url`; no outlet, no name of a credential, no printable text.
    """
    url = check_feed_url(feed.url)
    if feed.outlet is not None and not clean_outlet(feed.outlet):
        raise BadFeedList(f"outlet {feed.outlet!r} cannot be the name of an outlet")
    if feed.credential is not None and not NAME.fullmatch(feed.credential):
        raise BadFeedList("credential is a name: letters, digits and underscores")
    for text in (feed.outlet, feed.title, *feed.categories):
        if text is not None and not text.isprintable():
            raise BadFeedList(f"{text!r} is no printable text")
    return replace(feed, url=url)


def read_toml(text: str, name: str) -> FeedList:
    """A list in the form above; `name` is said in errors.

    Raises:
        BadFeedList: no TOML, an unknown key, a value of the wrong kind, an address twice.
    """
    try:
        document = tomlkit.parse(text).unwrap()
    except (TOMLKitError, RecursionError) as error:
        raise BadFeedList(f"{name}: {error}") from None
    _refuse_unknown(document, ("polling", "feed"), name)
    polling = _record(Polling, document.get("polling", {}), f"{name}, [polling]")
    tables = document.get("feed", [])
    if not isinstance(tables, list):
        raise BadFeedList(f"{name}: write each feed under [[feed]]")
    feeds = [_feed(table, f"{name}, feed {n}") for n, table in enumerate(tables, 1)]
    _refuse_twice(feeds, name)
    _check_polling(polling, name)
    return FeedList(tuple(feeds), polling)


def write_toml(feeds: FeedList, old: str = "") -> str:
    """The list as TOML. What stands in `old` beside its feeds, comments too, is kept."""
    document = tomlkit.parse(old or HEADER)
    tables = tomlkit.aot()
    for feed in feeds.feeds:
        table = tomlkit.table()
        for field in fields(Feed):
            value = getattr(feed, field.name)
            if value:
                table.add(field.name, list(value) if isinstance(value, tuple) else value)
        tables.append(table)
    document.pop("feed", None)
    if feeds.feeds:
        document.add("feed", tables)
    return tomlkit.dumps(document)


def read_opml(data: bytes, name: str) -> FeedList:
    """The feeds of an OPML list; an outline with a bad address costs none of the others.

    Raises:
        BadFeedList: no XML.
    """
    try:
        listed = read_feeds(data)
    except BadXml as error:
        raise BadFeedList(f"{name}: {error.message}") from None
    feeds: dict[str, Feed] = {}
    refused = []
    for feed in listed:
        categories = tuple(_printable("/".join(path)) for path in feed.categories)
        title = _printable(feed.title or "") or None
        try:
            url = check_feed_url(feed.url)
        except BadFeedList as error:
            refused.append(str(error))
            continue
        feeds.setdefault(url, Feed(url=url, title=title, categories=categories))
    return FeedList(tuple(feeds.values()), refused=tuple(refused))


def read_list(data: bytes, name: str) -> FeedList:
    """A list in either form; XML is told by its first character.

    Raises:
        BadFeedList: see `read_toml`, `read_opml`.
    """
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return read_opml(data, name)
    try:
        return read_toml(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise BadFeedList(f"{name}: neither OPML nor TOML in UTF-8") from None


def write_opml(feeds: Sequence[Feed]) -> bytes:
    """OPML 2.0 of the feeds, flat, their categories as attributes."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "wiretrace feeds"
    body = etree.SubElement(root, "body")
    for feed in feeds:
        name = feed.title or feed.outlet or feed.url
        outline = etree.SubElement(body, "outline", type="rss", text=name, xmlUrl=feed.url)
        if feed.categories:
            outline.set("category", ",".join(feed.categories))
    xml: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return xml


def _feed(table: Any, where: str) -> Feed:
    feed = _record(Feed, table, where)
    try:
        return check_feed(feed)
    except BadFeedList as error:
        raise BadFeedList(f"{where}: {error}") from None


def _printable(text: str) -> str:
    """A stranger's name for a feed as our own form can hold it."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "str": (lambda value: isinstance(value, str) and value.isprintable(), "a text"),
    "str | None": (lambda value: isinstance(value, str) and value.isprintable(), "a text"),
    "int": (lambda value: isinstance(value, int) and not isinstance(value, bool), "a number"),
    "float": (
        lambda value: isinstance(value, int | float) and not isinstance(value, bool),
        "a number",
    ),
    "tuple[str, ...]": (
        lambda value: (
            isinstance(value, list) and all(isinstance(v, str) and v.isprintable() for v in value)
        ),
        "a list of texts",
    ),
}


def _record(kind: Any, table: Any, where: str) -> Any:
    if not isinstance(table, dict):
        raise BadFeedList(f"{where}: is no table")
    types = {field.name: str(field.type) for field in fields(kind)}
    _refuse_unknown(table, types, where)
    values = {}
    for key, value in table.items():
        fits, wanted = _KINDS[types[key]]
        if not fits(value):
            raise BadFeedList(f"{where}: {key} must be {wanted}")
        values[key] = tuple(value) if isinstance(value, list) else value
    try:
        return kind(**values)
    except TypeError:
        raise BadFeedList(f"{where}: url is missing") from None


def _refuse_unknown(table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise BadFeedList(f"{where}: {key!r} is unknown; known are {', '.join(known)}")


def _refuse_twice(feeds: Sequence[Feed], name: str) -> None:
    seen = set()
    for feed in feeds:
        if feed.url in seen:
            raise BadFeedList(f"{name}: {redact_url(feed.url)} stands there twice; keep one")
        seen.add(feed.url)


def _check_polling(polling: Polling, name: str) -> None:
    where = f"{name}, [polling]"
    if not 1 <= polling.min_interval <= polling.max_interval <= LONGEST_INTERVAL:
        month = f"{LONGEST_INTERVAL:.0f}"
        raise BadFeedList(f"{where}: 1 <= min_interval <= max_interval <= {month}, in seconds")
    if not 0 <= polling.delay <= LONGEST_DELAY or polling.parallel < 1:
        most = f"{LONGEST_DELAY:.0f}"
        raise BadFeedList(f"{where}: delay is 0 to {most} seconds, parallel at least 1")
    if not (polling.contact or "").isascii():
        raise BadFeedList(f"{where}: contact goes into an HTTP header: ASCII only")
    try:
        AllowedHosts.parse(polling.allow_hosts)
    except ValueError as error:
        raise BadFeedList(f"{where}: allow_hosts: {error}") from None
