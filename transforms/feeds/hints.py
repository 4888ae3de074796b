"""What a feed says of itself beside its entries: how often it changes, and where its next page is.

RSS 2.0 `ttl`, the RSS 1.0 module Syndication, RFC 5005 (`next`, `prev-archive`), JSON Feed 1.1
`next_url`. Found by a scan of the bytes around the entries, in linear time: no parser of ours reads
a stranger's markup outside of its child.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

_FIRST_ENTRY = re.compile(rb"<(?:[\w-]{1,20}:)?(?:item|entry)[\s>]")
_LAST_ENTRY = (b"</item>", b"</entry>", b"</atom:entry>")
# What stands around the entries of a feed is some kB at most.
_AROUND = 1 << 16
_TTL = re.compile(rb"<ttl>\s{0,20}([0-9]{1,7})\s{0,20}</ttl>", re.IGNORECASE)
_PERIOD = re.compile(rb"<sy:updatePeriod>\s{0,20}([a-zA-Z]{1,10})\s{0,20}</")
_FREQUENCY = re.compile(rb"<sy:updateFrequency>\s{0,20}([0-9]{1,5})\s{0,20}</")
_PERIODS = {
    b"hourly": 3_600,
    b"daily": 86_400,
    b"weekly": 7 * 86_400,
    b"monthly": 30 * 86_400,
    b"yearly": 365 * 86_400,
}
_LINK = re.compile(rb"<(?:[\w-]{1,20}:)?link\s([^<>]{1,6000})>")
_ATTRIBUTE = re.compile(rb"""(rel|href)\s{0,20}=\s{0,20}("[^"]*"|'[^']*')""")
_JSON_NEXT = re.compile(rb'"next_url"\s{0,20}:\s{0,20}"((?:[^"\\\s]|\\/){1,4096})"')


@dataclass(frozen=True, slots=True)
class FeedHints:
    """`ttl` and `period` in seconds; `next_page` is an absolute URL."""

    ttl: int | None = None
    period: int | None = None
    next_page: str | None = None


def find_hints(body: bytes, url: str) -> FeedHints:
    """The hints of a feed that was fetched from `url`."""
    if body.lstrip()[:1] == b"{":
        found = _JSON_NEXT.search(body)
        page = found[1].replace(b"\\/", b"/") if found else None
        return FeedHints(next_page=_absolute(page, url))
    around = _around_entries(body)
    ttl = _TTL.search(around)
    links = _links(around)
    return FeedHints(
        ttl=int(ttl[1]) * 60 or None if ttl else None,
        period=_period(around),
        next_page=_absolute(links.get(b"next") or links.get(b"prev-archive"), url),
    )


def _around_entries(body: bytes) -> bytes:
    first = _FIRST_ENTRY.search(body)
    if first is None:
        return body[:_AROUND]
    end = max(body.rfind(tag) for tag in _LAST_ENTRY)
    after = body[max(end, len(body) - _AROUND) :] if end > first.start() else b""
    return body[: min(first.start(), _AROUND)] + after


def _period(around: bytes) -> int | None:
    period = _PERIOD.search(around)
    seconds = _PERIODS.get(period[1].lower()) if period else None
    frequency = _FREQUENCY.search(around)
    times = int(frequency[1]) if frequency else 1
    return max(seconds // times, 60) if seconds and times else seconds


def _links(around: bytes) -> dict[bytes, bytes]:
    links: dict[bytes, bytes] = {}
    for link in _LINK.finditer(around):
        attributes = {name: value[1:-1] for name, value in _ATTRIBUTE.findall(link[1])}
        for rel in attributes.get(b"rel", b"").lower().split():
            links.setdefault(rel, attributes.get(b"href", b""))
    return links


def _absolute(link: bytes | None, url: str) -> str | None:
    if not link:
        return None
    try:
        absolute = urljoin(url, html.unescape(link.decode("utf-8")).strip())
    except ValueError:
        return None
    return absolute if absolute.startswith(("http://", "https://")) else None
