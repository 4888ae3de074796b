"""Addresses: what may be stored of them, and the lossy form that identity uses (DESIGN.md §4.4).

Every article has two: the address as received, of which only secrets are cut, and the normalized
one, for comparison only. No url-normalize and no w3lib: both merge addresses of different articles.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from importlib.resources import files
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import tldextract

MAX_URL = 4096
REDACTED = "REDACTED"
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_HOST_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_URL_IN_TEXT = re.compile(r"[a-z][a-z0-9+.-]{0,20}://[^\s\"'<>]{1,4096}", re.IGNORECASE)
# Unreserved and sub-delimiters of RFC 3986 that stand for themselves in a path or a query.
_PATH_SAFE = "/~!$&'()*+,;=:@-._"
_QUERY_SAFE = "~!$'()*,;:@/?-._"


def redact_url(url: str) -> str:
    """The address as received, without user info and without the values of secret parameters.

    What is no address (a path, a tag URI, an e-mail) comes back unchanged.
    """
    head, mark, rest = url.partition("://")
    if not mark or not head.isascii():
        return url
    authority, separator, tail = _split_authority(rest)
    authority = authority.rpartition("@")[2]
    path, hash_mark, fragment = tail.partition("#")
    path, question, query = path.partition("?")
    query = _redact_pairs(query)
    fragment = _redact_pairs(fragment) if "=" in fragment else fragment
    return f"{head}://{authority}{separator}{path}{question}{query}{hash_mark}{fragment}"


def redact_text(text: str) -> str:
    """A message in which every address is redacted."""
    return _URL_IN_TEXT.sub(lambda match: redact_url(match.group()), text)


def normalize_url(url: str) -> str | None:
    """The identity form of an http(s) address; None for anything else or above `MAX_URL`.

    Scheme https, host lower case as IDNA without `www.`, no default port, no fragment, no tracking
    or secret parameters, parameters sorted, percent-encoding in one form, no index page and no
    final slash. Parameters that may name the article (`?p=123`) stay. Idempotent.
    """
    if len(url) > MAX_URL:
        return None
    try:
        parts = urlsplit(url.strip())
        host, port = host_of(url), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or host is None:
        return None
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    path = _INDEX_PAGE.sub("/", _requote(parts.path, _PATH_SAFE)).rstrip("/")
    return urlunsplit(SplitResult("https", netloc, path, _normalize_query(parts.query), ""))


def host_of(url: str) -> str | None:
    """The host of an address, lower case, IDNA, without `www.`; None if there is no valid one."""
    try:
        host = urlsplit(url.strip()).hostname
    except ValueError:
        return None
    return _clean_host(host) if host else None


def registrable_domain(address: str) -> str | None:
    """The registrable domain of a URL or host name by the bundled public suffix list.

    An address without one (an IP, `localhost`) gives its host; nonsense gives None.
    """
    host = host_of(address) if "://" in address else _clean_host(address)
    if host is None:
        return None
    found = _extract()(host)
    if found.suffix or found.ipv4 or found.ipv6 or "." not in host:
        return found.top_domain_under_public_suffix or host
    # The list's own default rule: an unknown top-level domain is the public suffix.
    return ".".join(host.split(".")[-2:])


def _clean_host(host: str) -> str | None:
    host = host.strip().rstrip(".").lower()
    if not host or len(host) > 253:
        return None
    try:
        return f"[{ipaddress.IPv6Address(host)}]"
    except ValueError:
        pass
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not all(_HOST_LABEL.fullmatch(label) for label in host.split(".")):
        return None
    without = host.removeprefix("www.")
    return without if "." in without else host


def _split_authority(rest: str) -> tuple[str, str, str]:
    match = re.search(r"[/?#]", rest)
    if match is None:
        return rest, "", ""
    return rest[: match.start()], "", rest[match.start() :]


def _redact_pairs(query: str) -> str:
    pairs = []
    for pair in query.split("&"):
        name, equals, _ = pair.partition("=")
        secret = bool(equals) and _matches(unquote(name), "secret_parameters.txt")
        pairs.append(f"{name}={REDACTED}" if secret else pair)
    return "&".join(pairs)


def _normalize_query(query: str) -> str:
    kept = []
    for pair in query.split("&"):
        name = unquote(pair.partition("=")[0])
        lists = ("tracking_parameters.txt", "secret_parameters.txt")
        if pair and not any(_matches(name, listed) for listed in lists):
            kept.append(_requote(pair, _QUERY_SAFE + "=+"))
    return "&".join(sorted(kept))


def _requote(text: str, safe: str) -> str:
    """Percent-encoding in one form: decoded where that changes nothing, upper case elsewhere."""
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", text)
    out = []
    for piece in pieces:
        if re.fullmatch(r"%[0-9A-Fa-f]{2}", piece):
            char = chr(int(piece[1:], 16))
            plain = char.isascii() and (char.isalnum() or char in "-._~")
            out.append(char if plain else piece.upper())
        else:
            out.append(quote(piece, safe=safe, errors="replace"))
    return "".join(out)


def _matches(name: str, listed: str) -> bool:
    name = name.lower()
    exact, prefixes = _parameters(listed)
    return name in exact or name.startswith(prefixes)


@cache
def _parameters(listed: str) -> tuple[frozenset[str], tuple[str, ...]]:
    text = (files("transforms") / listed).read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return (
        frozenset(line for line in lines if not line.endswith("*")),
        tuple(line[:-1] for line in lines if line.endswith("*")),
    )


@cache
def _extract() -> tldextract.TLDExtract:
    # No list from the network: the one in the package, the same on every machine.
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
