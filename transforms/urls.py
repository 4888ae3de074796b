"""Addresses: what may be stored of them, and the lossy form that identity uses (DESIGN.md §4.4).

Every article has two: the address as received, of which only secrets are cut, and the normalized
one, for comparison only. No url-normalize, w3lib or courlan here: each merges addresses of
different articles. Where a rule could do that, the rule is left out: `m.` and `amp.` hosts,
paths that end in `/amp`, dot segments and doubled slashes stay as they are.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import idna

if TYPE_CHECKING:
    import tldextract

MAX_URL = 4096
MAX_HOST = 253
MAX_NESTED = 3
REDACTED = "REDACTED"
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_HOST_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# Browsers end the authority at a backslash too.
_AUTHORITY_END = re.compile(r"[/?#\\]")
_PORT = re.compile(r"[^:]*(?::\d*)?|\[[^\]]*\](?::\d*)?")
_URL_IN_TEXT = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}:)?//[^\s\"<>]+", re.IGNORECASE)
_PAIR_IN_TEXT = re.compile(r"(?<=[?&;])[\w.%\[\]-]{1,64}=[^\s&#\"<>]+")
# A semicolon or question mark starts a parameter only if a name and `=` follow: a secret may hold
# either, and must go whole.
_SEPARATOR = re.compile(r"(&amp;|&|[;?](?=[^=&;?]{1,64}=))")
_FINGERPRINTED = re.compile(rf"{REDACTED}-[0-9a-f]{{12}}")
_CUT_PARAMETER = re.compile(rf";[^;/=&]{{1,64}}={REDACTED}(?=[;/&]|$)")
_ESCAPE = re.compile(r"(%[0-9A-Fa-f]{2})")
# Unreserved and sub-delimiters of RFC 3986 that stand for themselves in a path or a query.
_PATH_SAFE = "/~!$&'()*+,;=:@-._"
_QUERY_SAFE = "~!$'()*,;:@/?-._=+"


def redact_url(url: str) -> str:
    """The address as received, without user info and without the values of secret parameters.

    Looks at query, fragment, path parameters (`;jsessionid=`) and addresses inside parameters.
    What is no address (a path, a tag URI, an e-mail) comes back unchanged; nothing raises.
    Idempotent.
    """
    return _redact(url, 0)


def redact_text(text: str) -> str:
    """A message in which every address, and every `?name=value` of one, is redacted."""
    text = _URL_IN_TEXT.sub(lambda found: redact_url(found[0]), text)
    return _PAIR_IN_TEXT.sub(lambda found: _redact_pair(found[0], False, 0), text)


def normalize_url(url: str) -> str | None:
    """The identity form of an http(s) address; None for anything else or above `MAX_URL`.

    Scheme https, host lower case as IDNA 2008 without `www.`, no default port, no fragment (but
    `#!…` and `#/…`, which name the page), no tracking parameters, no secrets, parameters sorted by
    name, percent-encoding in one form, no index page and no final slash. Parameters that may name
    the article (`?p=123`) stay. Idempotent.
    """
    if len(url) > MAX_URL:
        return None
    try:
        parts = urlsplit(redact_url(url.strip()))
        port = parts.port
    except ValueError:
        return None
    host = _clean_host(parts.hostname or "")
    if parts.scheme not in ("http", "https") or host is None or "\\" in parts.netloc:
        return None
    address = f"https://{host}" if port in (None, 80, 443) else f"https://{host}:{port}"
    address += _normalize_path(parts.path)
    if query := _normalize_query(parts.query):
        address += f"?{query}"
    if parts.fragment.startswith(("!", "/")):
        address += f"#{_requote(parts.fragment, _QUERY_SAFE + '&')}"
    return address if len(address) <= MAX_URL else None


def host_of(url: str) -> str | None:
    """The host of an address, lower case, IDNA, without `www.`; None if there is no valid one."""
    if len(url) > MAX_URL:
        return None
    try:
        host = urlsplit(url.strip()).hostname
    except ValueError:
        return None
    return _clean_host(host) if host else None


def registrable_domain(host_or_url: str) -> str | None:
    """The registrable domain of a URL or host name by the bundled public suffix list.

    Private suffixes count (`a.blogspot.com` and `b.blogspot.com` are two). An address without one
    (an IP, `localhost`, a suffix itself) gives its host; nonsense gives None.
    """
    host = host_of(host_or_url) if "//" in host_or_url else _clean_host(host_or_url)
    if host is None:
        return None
    found = _extract()(host)
    if found.suffix or found.ipv4 or found.ipv6 or "." not in host:
        return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else host
    # The list's own default rule: an unknown top-level domain is the public suffix.
    return ".".join(host.split(".")[-2:])


def _redact(url: str, depth: int) -> str:
    start = _find_authority(url)
    if start is None:
        return _redact_tail(url, depth) if "?" in url else url
    authority, tail = _split_authority(url[start:])
    host = authority.rpartition("@")[2]
    if "@" in tail and not _PORT.fullmatch(host):
        # "//user:p/ss@host": no port, so the start of a password that nobody encoded.
        host, tail = _split_authority(tail.rpartition("@")[2])
    return url[:start] + host + _redact_tail(tail, depth)


def _find_authority(url: str) -> int | None:
    if (bare := url.lstrip()).startswith("//"):
        return len(url) - len(bare) + 2
    head, mark, _ = url.partition("://")
    return len(head) + 3 if mark and not re.search("[?#]", head) else None


def _split_authority(rest: str) -> tuple[str, str]:
    end = _AUTHORITY_END.search(rest)
    return (rest[: end.start()], rest[end.start() :]) if end else (rest, "")


def _redact_tail(tail: str, depth: int) -> str:
    path, hash_mark, fragment = tail.partition("#")
    path, question, query = path.partition("?")
    path = "/".join(_redact_pairs(segment, depth) for segment in path.split("/"))
    return (
        path + question + _redact_pairs(query, depth) + hash_mark + _redact_pairs(fragment, depth)
    )


def _redact_pairs(query: str, depth: int) -> str:
    if "=" not in query:
        return query
    pairs = _SEPARATOR.split(query)
    signed = any(_name_of(pair) in ("sig", "signature") for pair in pairs[::2])
    pairs[::2] = [_redact_pair(pair, signed, depth) for pair in pairs[::2]]
    return "".join(pairs)


def _redact_pair(pair: str, signed: bool, depth: int) -> str:
    name, equals, value = pair.partition("=")
    if not value:
        return pair
    match _secrecy(_name_of(pair), signed):
        case "secret":
            return f"{name}={REDACTED}"
        case "ambiguous":
            return f"{name}={_fingerprint(value)}"
    inner = unquote(unquote(value))
    if "//" not in inner and "?" not in inner:
        return pair
    cut = _redact(inner, depth + 1) if depth < MAX_NESTED else REDACTED
    return pair if cut == inner else f"{name}{equals}{quote(cut, safe='', errors='replace')}"


def _fingerprint(value: str) -> str:
    # One-way and short: tells values apart, gives none of a long secret away.
    if value == REDACTED or _FINGERPRINTED.fullmatch(value):
        return value
    digest = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=6)
    return f"{REDACTED}-{digest.hexdigest()}"


def _name_of(pair: str) -> str:
    return unquote(pair.partition("=")[0]).strip(" +").lower()


def _normalize_path(path: str) -> str:
    path = _requote(_CUT_PARAMETER.sub("", path), _PATH_SAFE).rstrip("/")
    while (shorter := _INDEX_PAGE.sub("", path).rstrip("/")) != path:
        path = shorter
    return path


def _normalize_query(query: str) -> str:
    query = _CUT_PARAMETER.sub("", query.replace("&amp;", "&"))
    pairs = [pair for pair in query.split("&") if pair]
    signed = any(_name_of(pair) in ("sig", "signature") for pair in pairs)
    kept = [_requote(pair, _QUERY_SAFE) for pair in pairs if not _is_dropped(pair, signed)]
    # By name only: of `a=2&a=1` the order may mean something.
    return "&".join(sorted(kept, key=_name_of))


def _is_dropped(pair: str, signed: bool) -> bool:
    name = _name_of(pair)
    return _tracking().matches(name) or _secrecy(name, signed) == "secret"


def _requote(text: str, safe: str) -> str:
    """Percent-encoding in one form: decoded where that changes nothing, upper case elsewhere."""
    return "".join(_requote_piece(piece, safe) for piece in _ESCAPE.split(text))


def _requote_piece(piece: str, safe: str) -> str:
    if not _ESCAPE.fullmatch(piece):
        return quote(piece, safe=safe, errors="replace")
    char = chr(int(piece[1:], 16))
    plain = char.isascii() and (char.isalnum() or char in "-._~")
    return char if plain else piece.upper()


def _clean_host(host: str) -> str | None:
    host = host.strip().rstrip(".").lower()
    if not host or len(host) > MAX_HOST:
        return None
    if ":" in host:
        return _clean_ipv6(host)
    try:
        # UTS 46, not Python's codec of 2003, for which faß.de and fass.de are one host.
        host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return None
    if not all(_HOST_LABEL.fullmatch(label) for label in host.split(".")):
        return None
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host


def _clean_ipv6(host: str) -> str | None:
    try:
        return f"[{ipaddress.IPv6Address(host.strip('[]'))}]"
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Names:
    """Parameter names of a data file: whole ones, and patterns with a star at one end."""

    whole: frozenset[str]
    starts: tuple[str, ...]
    ends: tuple[str, ...]

    def matches(self, name: str) -> bool:
        return name in self.whole or name.startswith(self.starts) or name.endswith(self.ends)


def _secrecy(name: str, signed: bool) -> str | None:
    if _secret("").matches(name) or (signed and _secret("&").matches(name)):
        return "secret"
    return "ambiguous" if _secret("?").matches(name) else None


@cache
def _secret(mark: str) -> _Names:
    lines = (line.partition(" ") for line in _lines("secret_parameters.txt"))
    return _names([name for name, _, found in lines if found == mark])


@cache
def _tracking() -> _Names:
    return _names(_lines("tracking_parameters.txt"))


def _lines(file: str) -> list[str]:
    text = (files("transforms") / file).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _names(names: list[str]) -> _Names:
    return _Names(
        frozenset(name for name in names if "*" not in name),
        tuple(name[:-1] for name in names if name.endswith("*")),
        tuple(name[1:] for name in names if name.startswith("*")),
    )


@cache
def _extract() -> tldextract.TLDExtract:
    import tldextract  # takes a tenth of a second to load

    # No list from the network: the one in the package, the same on every machine.
    return tldextract.TLDExtract(
        cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True
    )
