"""Which `Host` a request may name.

A stranger's page may point a name of its own at 127.0.0.1 and then read what is served there as its
own ("DNS rebinding"). The browser still says which name it asked for; only our own are answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")
_HTTP_PORT: Final = 80


def allowed_hosts(bound: Iterable[str], port: int, named: Iterable[str] = ()) -> frozenset[str]:
    """Values of `Host` that are answered, in lower case.

    `bound` are the address that is listened at, and its name, with `port`. `named`, proxies: with
    a port as they stand; without, at their scheme's own port, which browsers leave out, or at ours.
    """
    own = {host for name in (*_LOCAL, *map(bracketed, bound)) for host in _with_port(name, port)}
    others = {
        host
        for name in named
        for host in ([name] if _has_port(name) else [bracketed(name), f"{bracketed(name)}:{port}"])
    }
    return frozenset(host.lower() for host in own | others)


def is_allowed(hosts: Sequence[bytes], allowed: Collection[str]) -> bool:
    """Whether a request's `Host` headers are one, and an allowed one."""
    return len(hosts) == 1 and hosts[0].decode("latin-1").lower() in allowed


def bracketed(host: str) -> str:
    """An address as it stands before a port: of IPv6 in brackets."""
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host


def _with_port(name: str, port: int) -> list[str]:
    return [f"{name}:{port}", name] if port == _HTTP_PORT else [f"{name}:{port}"]


def _has_port(name: str) -> bool:
    return bracketed(name) == name and name.rpartition(":")[2].isdigit() and ":" in name
