"""Which addresses may be asked: a strict reading of the URL, and a list of networks that are not.

What stands between a stranger's feed list, or a redirect, and the services behind our firewall.
Pure: names are resolved in `guarded_network.py`, which asks `denied` about every address it gets.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

import idna

from transforms.fetch.failure import FetchFailed
from transforms.urls import MAX_HOST, MAX_URL, redact_url

Address = IPv4Address | IPv6Address
SCHEMES = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# What inet_aton reads as an address: 127.1, 0x7f.1, 017700000001, 2130706433.
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
# The part of a URL that no reader agrees on: white space, controls, backslashes.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a URL asks: `host` is an IDNA name in lower case, or an address without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def address(self) -> Address | None:
        """The address that the URL names itself, None for a name."""
        return _literal(self.host)


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts whose addresses are not checked (`--allow-host`): (host, port), None for any port."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()

    @staticmethod
    def parse(named: Iterable[str]) -> AllowedHosts:
        """From `HOST[:PORT]`; an IPv6 address with a port stands in brackets.

        Raises:
            ValueError: something else; says what and how to write it.
        """
        return AllowedHosts(frozenset(_parse_allowed(text) for text in named))

    def allows(self, target: Target) -> bool:
        """Is this host, on this port, exempt? By what the URL says, not by what it resolves to."""
        return not self.hosts.isdisjoint({(target.host, target.port), (target.host, None)})


def read_url(url: str) -> Target:
    """Whom a URL asks, read strictly: what two readers might understand differently is refused.

    Raises:
        FetchFailed: `bad_url`; says what is wrong with it.
    """
    shown = redact_url(url)[:200]
    if len(url) > MAX_URL:
        raise _bad(f"an address of {len(url)} characters; at most {MAX_URL}")
    if _UNSAFE.search(url):
        raise _bad(f"{shown!r}: white space, a control character or a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _bad(f"{shown!r}: {error}") from None
    scheme = parts.scheme.lower()
    if scheme not in SCHEMES:
        raise _bad(f"{shown!r}: only http and https are fetched")
    if "@" in parts.netloc:
        raise _bad(f"{shown!r}: carries a user or a password; name a credential instead")
    if port == 0:
        raise _bad(f"{shown!r}: port 0")
    host = _clean(parts.hostname or "", shown, bracketed="[" in parts.netloc)
    return Target(scheme, host, SCHEMES[scheme] if port is None else port)


def denied(address: Address) -> str | None:
    """Why nothing may be fetched from an address; None where it may."""
    if isinstance(address, IPv6Address) and address.scope_id:
        return "an address of one interface"
    for network, what in _networks():
        if address.version == network.version and address in network:
            return what
    return None


def refuse_denied(target: Target, address: Address) -> None:
    """Raises `FetchFailed` (`denied_address`) for an address that nothing may be fetched from."""
    what = denied(address)
    if what is not None:
        raise FetchFailed(
            "denied_address",
            f"{target.host} is {what if target.host == str(address) else f'{address} ({what})'}; "
            "if it is meant, "
            f"--allow-host {_bracketed(target.host)}:{target.port}",
        )


def _clean(host: str, shown: str, *, bracketed: bool) -> str:
    host = host.lower()
    if bracketed:
        if "%" in host:
            raise _bad(f"{shown!r}: an address of one interface")
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise _bad(f"{shown!r}: no IPv6 address in the brackets") from None
    host = host.removesuffix(".")
    if "%" in host or not host:
        raise _bad(f"{shown!r}: no host, or an encoded one")
    if not host.isascii():
        host = _to_ascii(host, shown)
    try:
        return str(IPv4Address(host))
    except ValueError:
        pass
    labels = host.split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        raise _bad(f"{shown!r}: write the address as four decimal numbers")
    if len(host) > MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise _bad(f"{shown!r}: no host name")
    return host


def _to_ascii(host: str, shown: str) -> str:
    """IDNA 2008 with the mapping of UTS 46, which also turns full-width digits and dots."""
    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode().lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        raise _bad(f"{shown!r}: no host name") from None


def _bad(message: str) -> FetchFailed:
    return FetchFailed("bad_url", message)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _parse_allowed(text: str) -> tuple[str, int | None]:
    text = text.strip()
    bare = _literal(text)
    if isinstance(bare, IPv6Address):
        text = f"[{text}]"
    try:
        target = read_url(f"http://{text}/")
        port = urlsplit(f"http://{text}/").port
    except FetchFailed:
        target, port = None, None
    if target is None or any(mark in text for mark in "/?#@"):
        raise ValueError(f"{text!r} is no HOST[:PORT], such as intranet.example:8080 or [::1]:80")
    return target.host, port


@cache
def _networks() -> tuple[tuple[IPv4Network | IPv6Network, str], ...]:
    text = (files(__package__) / "denied_networks.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((ipaddress.ip_network(network), what) for network, what, _ in rows)
