"""The network under the HTTP client: every address checked, one of the checked ones connected to.

A name that is resolved twice can be two addresses (DNS rebinding), so it is resolved here, once for
a connection, every address of the answer is checked, and the socket gets a checked address. Time is
bounded here as well, since HTTP's own reading loops know no deadline: `Budget` allows a request so
many seconds in all, whatever it waits for.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpcore

from transforms.fetch.addresses import Address, AllowedHosts, Target, refuse_denied
from transforms.fetch.failure import FetchFailed

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Name and port to addresses; raises OSError where there are none."""


@dataclass(slots=True)
class Budget:
    """The seconds that one fetch may take in all, redirects included, waiting for turns not."""

    seconds: float
    _ends: float = field(init=False)

    def __post_init__(self) -> None:
        self._ends = time.monotonic() + self.seconds

    def extend(self, seconds: float) -> None:
        """Do not count so many seconds."""
        self._ends += seconds

    def left(self, most: float | None = None) -> float:
        """Seconds that may still be spent, at most `most`.

        Raises:
            FetchFailed: `too_slow`, none is left.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise FetchFailed("too_slow", f"took longer than {self.seconds:g} seconds in all")
        return left if most is None else min(left, most)


def resolve_by_system(threads: Executor | None) -> Resolve:
    """By the system's resolver, which may take its time: in a thread, left behind at a deadline."""

    async def resolve(host: str, port: int) -> list[Address]:
        loop = asyncio.get_running_loop()
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await loop.run_in_executor(threads, ask)
        return [ipaddress.ip_address(entry[4][0]) for entry in found]

    return resolve


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connects for one fetch; `target` is set for each request of it, redirects included."""

    def __init__(
        self, allowed: AllowedHosts, resolve: Resolve, budget: Budget, connect_seconds: float
    ) -> None:
        self.target: Target | None = None
        self._allowed = allowed
        self._resolve = resolve
        self._budget = budget
        self._connect_seconds = connect_seconds
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address of the target.

        Raises:
            FetchFailed: dns_failed, denied_address, connect_failed, too_slow.
        """
        target = self.target
        if target is None or (host, port) != (target.host, target.port):
            raise FetchFailed("denied_address", f"{host}:{port} was not checked")
        addresses = await self._checked(target)
        failure: Exception | None = None
        # Of ten dead addresses each would cost a whole time-out.
        for address in addresses[:3]:
            seconds = self._budget.left(self._connect_seconds)
            try:
                stream = await self._backend.connect_tcp(
                    str(address), port, timeout=seconds, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError) as error:
                failure = error
            else:
                return GuardedStream(stream, self._budget)
        slow = isinstance(failure, httpcore.ConnectTimeout)
        raise FetchFailed(
            "too_slow" if slow else "connect_failed",
            f"{target.host}:{port} does not answer ({type(failure).__name__})",
        )

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Any = None
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise FetchFailed("denied_address", "a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Between retries, of which there are none."""
        await asyncio.sleep(seconds)

    async def _checked(self, target: Target) -> list[Address]:
        literal = target.address
        if literal is not None:
            addresses: Sequence[Address] = [literal]
        else:
            seconds = self._budget.left(self._connect_seconds)
            try:
                addresses = await asyncio.wait_for(self._resolve(target.host, target.port), seconds)
            except TimeoutError:
                raise FetchFailed("too_slow", f"{target.host}: its name is not resolved") from None
            except (OSError, UnicodeError):
                addresses = []
        if not addresses:
            raise FetchFailed("dns_failed", f"{target.host}: there is no such name")
        if not self._allowed.allows(target):
            # All of them: an answer that mixes in one inner address is an attack, not an accident.
            for address in addresses:
                refuse_denied(target, address)
        return list(dict.fromkeys(addresses))


class GuardedStream(httpcore.AsyncNetworkStream):
    """A connection whose every wait is cut to what the budget leaves."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to `max_bytes`."""
        return await self._stream.read(max_bytes, self._budget.left(timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of it."""
        await self._stream.write(buffer, self._budget.left(timeout))

    async def aclose(self) -> None:
        """Close."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """TLS for the name in the URL, whatever address was connected to."""
        try:
            stream = await self._stream.start_tls(
                ssl_context, server_hostname, self._budget.left(timeout)
            )
        except httpcore.ConnectTimeout:
            raise FetchFailed("too_slow", f"{server_hostname}: TLS is not answered") from None
        except (httpcore.ConnectError, OSError) as error:
            message = f"{server_hostname}: no trusted TLS ({error or type(error).__name__})"
            raise FetchFailed("tls_failed", message) from None
        return GuardedStream(stream, self._budget)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)
