"""`Fetcher`: one polite GET, every redirect, address, byte and second of it bounded.

Redirects are followed here, since each hop is a new URL to check, and only what 301 and 308 alone
have led to may be remembered (RFC 9110 §15.4). Nothing is kept between fetches: no cookies, no
proxies from the environment, one connection for each request.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpcore
import httpx

from transforms.fetch.addresses import SCHEMES, AllowedHosts, Target, read_url
from transforms.fetch.content_coding import ACCEPTED, BoundedBody
from transforms.fetch.failure import FetchFailed
from transforms.fetch.freshness import find_max_age
from transforms.fetch.guarded_network import (
    Budget,
    GuardedNetwork,
    Resolve,
    resolve_by_system,
)
from transforms.fetch.politeness import Politeness, Turn
from transforms.urls import redact_url

FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
# A validator goes back with every request, so it is not kept at any length.
_MAX_VALIDATOR = 1024
# Names that hang hold a thread each until the system gives up on them; other feeds need theirs.
_RESOLVERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one fetch, redirects included. A rate below the minimum is borne for `grace_seconds`."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    grace_seconds: float = 10.0
    min_bytes_per_second: int = 256
    max_body: int = 16 << 20
    max_headers: int = 100
    max_redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask; `authorization` is a header's value, sent to this URL's own origin only.

    `permit` is called with this URL, and each that it redirects to, before it is asked, and may
    raise `FetchFailed`.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str = FEEDS
    authorization: str | None = None
    permit: Callable[[str], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A 200, or a 304 without a body.

    `url` answered, `body` is unpacked, `received` its bytes on the wire, `max_age` in seconds.
    `permanent_url` is the last one that 301 and 308 alone have led to.
    """

    url: str
    status: int
    body: bytes = b""
    media_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    max_age: int | None = None
    permanent_url: str | None = None
    received: int = 0


class Fetcher:
    """Fetches any number of URLs at once, each in its turn; an async context manager."""

    def __init__(
        self,
        *,
        user_agent: str,
        allowed: AllowedHosts | None = None,
        limits: Limits | None = None,
        resolve: Resolve | None = None,
        politeness: Politeness | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._allowed = allowed or AllowedHosts()
        self._limits = limits or Limits()
        self._named_resolve = resolve
        self.politeness = politeness or Politeness()
        self._tls = _tls_context()
        self._threads: ThreadPoolExecutor | None = None

    async def __aenter__(self) -> Fetcher:
        self._threads = ThreadPoolExecutor(_RESOLVERS, "resolve")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def fetch(self, request: Request) -> Response:
        """GET, following redirects.

        Raises:
            FetchFailed: nothing usable came; every other error of the network is turned into it.
        """
        budget = Budget(self._limits.total_seconds)
        resolve = self._named_resolve or resolve_by_system(self._threads)
        network = GuardedNetwork(self._allowed, resolve, budget, self._limits.connect_seconds)
        way = _Way(request.url)
        async with httpcore.AsyncConnectionPool(
            ssl_context=self._tls, max_keepalive_connections=0, network_backend=network
        ) as pool:
            try:
                while True:
                    answer = await self._ask_in_turn(pool, network, budget, request, way)
                    if isinstance(answer, Response):
                        return answer
                    way.go(answer, self._limits.max_redirects)
            except FetchFailed as failure:
                failure.permanent_url = way.permanent
                failure.url = way.url
                raise

    async def _ask_in_turn(
        self,
        pool: httpcore.AsyncConnectionPool,
        network: GuardedNetwork,
        budget: Budget,
        request: Request,
        way: _Way,
    ) -> Response | tuple[int, str]:
        network.target = read_url(way.url)
        asked = time.monotonic()
        if request.permit:
            await request.permit(way.url)
        async with self.politeness.turn(way.url) as turn:
            # Waiting for its turn is none of the host's doing.
            budget.extend(time.monotonic() - asked)
            return await self._ask(pool, network.target, budget, request, way, turn)

    async def _ask(
        self,
        pool: httpcore.AsyncConnectionPool,
        target: Target,
        budget: Budget,
        request: Request,
        way: _Way,
        turn: Turn,
    ) -> Response | tuple[int, str]:
        """One request: the answer, or the status and target of a redirect."""
        headers = self._headers(request, same_origin=target == read_url(request.url))
        shown = redact_url(way.url)
        arrived = False
        try:
            url = httpx.URL(_asked(way.url, target))
            asked = httpx.Request("GET", url, headers=headers)
            async with self._open(pool, asked, turn) as answer:
                arrived = True
                return await self._receive(answer, budget, request, way)
        except (httpcore.TimeoutException, TimeoutError):
            seconds = self._limits.read_seconds
            raise FetchFailed("too_slow", f"{shown}: no byte for {seconds:g} seconds") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            reason = "truncated" if arrived else "bad_response"
            raise FetchFailed(reason, f"{shown}: {str(error) or type(error).__name__}") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.UnsupportedProtocol) as error:
            raise FetchFailed("bad_url", f"{shown}: {error}") from None

    @asynccontextmanager
    async def _open(
        self, pool: httpcore.AsyncConnectionPool, request: httpx.Request, turn: Turn
    ) -> AsyncIterator[httpx.Response]:
        """httpx's request and response without its client, which would read redirects itself."""
        url = request.url
        seconds = self._limits.read_seconds
        response = await pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions={
                    "timeout": {"read": seconds, "write": seconds},
                    "trace": partial(_notice_sent, turn),
                },
            )
        )
        answer = httpx.Response(response.status, headers=response.headers, stream=_Raw(response))
        try:
            yield answer
        finally:
            await answer.aclose()

    def _headers(self, request: Request, *, same_origin: bool) -> dict[str, str]:
        headers = {
            "User-Agent": self._user_agent,
            "Accept": request.accept,
            "Accept-Encoding": ACCEPTED,
            "Connection": "close",
        }
        # Also along redirects: the validators are those of whoever answered at their end.
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        if request.authorization and same_origin:
            headers["Authorization"] = request.authorization
        return headers

    async def _receive(
        self, answer: httpx.Response, budget: Budget, request: Request, way: _Way
    ) -> Response | tuple[int, str]:
        if len(answer.headers.raw) > self._limits.max_headers:
            raise FetchFailed(
                "bad_response", f"{redact_url(way.url)}: {len(answer.headers.raw)} header lines"
            )
        status = answer.status_code
        if status in _REDIRECTS and "location" in answer.headers:
            return status, answer.headers["location"]
        if status == 304:
            if not (request.etag or request.last_modified):
                raise FetchFailed("bad_response", f"{redact_url(way.url)}: 304, but nobody asked")
            return _describe(answer, way, b"", 0)
        if status != 200:
            raise FetchFailed(
                "http_status",
                f"{redact_url(way.url)} answers {status}",
                status=status,
                retry_after=answer.headers.get("retry-after"),
            )
        body = BoundedBody(answer.headers.get("content-encoding"), self._limits.max_body)
        async for data in _at_a_rate(answer.aiter_raw(), budget, self._limits):
            body.feed(data)
        return _describe(answer, way, body.finish(), body.received)


async def _notice_sent(turn: Turn, event: str, info: Mapping[str, Any]) -> None:
    """httpcore's `trace`."""
    if event == "http11.send_request_headers.complete":
        turn.sent()


@cache
def _tls_context() -> ssl.SSLContext:
    """Certificates of the machine's own (SSL_CERT_FILE) count; proxies do not.

    Reading them takes 50 ms, which is most of a round of a watch.
    """
    return httpx.create_ssl_context()


class _Way:
    """From one redirect to the next."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.permanent: str | None = None
        self._seen = {url}
        self._holds = True

    def go(self, redirect: tuple[int, str], most: int) -> None:
        """Raises `FetchFailed` (`bad_redirect`): a loop, too many, or no address to fetch."""
        status, location = redirect
        try:
            url = urljoin(self.url, location.strip()).split("#", 1)[0]
            scheme = urlsplit(url).scheme
        except ValueError:
            url, scheme = location, ""
        if scheme not in SCHEMES:
            raise _bad_redirect(self.url, f"to {redact_url(url)[:200]!r}, which is not fetched")
        if url in self._seen:
            raise _bad_redirect(self.url, "in a circle")
        if len(self._seen) > most:
            raise _bad_redirect(self.url, f"after {most} others")
        self._seen.add(url)
        # A move away from TLS is followed, as every reader does, but never remembered.
        loses_tls = urlsplit(self.url).scheme == "https" and scheme == "http"
        self._holds = self._holds and status in _PERMANENT and not loses_tls
        self.url = url
        if self._holds:
            self.permanent = url


class _Raw(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self._response.aiter_stream():
            yield data

    async def aclose(self) -> None:
        await self._response.aclose()


async def _at_a_rate(
    stream: AsyncIterator[bytes], budget: Budget, limits: Limits
) -> AsyncIterator[bytes]:
    """The stream, as long as it keeps the minimum rate and the time in all.

    Raises:
        FetchFailed: `too_slow`.
    """
    start = time.monotonic()
    received = 0
    async for data in stream:
        budget.left()
        received += len(data)
        seconds = time.monotonic() - start
        if seconds > limits.grace_seconds and received < limits.min_bytes_per_second * seconds:
            raise FetchFailed("too_slow", f"{received} bytes in {seconds:.0f} seconds")
        yield data
        # A body that is always there would never let the loop look after the other feeds.
        await asyncio.sleep(0)


def _describe(answer: httpx.Response, way: _Way, body: bytes, received: int) -> Response:
    headers = answer.headers
    media_type = headers.get("content-type", "").split(";", 1)[0].strip().lower()
    return Response(
        url=way.url,
        status=answer.status_code,
        body=body,
        media_type=media_type[:100] or None,
        charset=answer.charset_encoding,
        etag=_validator(headers.get("etag")),
        last_modified=_validator(headers.get("last-modified")),
        max_age=find_max_age(headers),
        permanent_url=way.permanent,
        received=received,
    )


def _validator(value: str | None) -> str | None:
    fits = value is not None and value.isascii() and value.isprintable()
    return value if fits and len(value or "") <= _MAX_VALIDATOR else None


def _asked(url: str, target: Target) -> str:
    """The URL with the host as it was checked, so that nobody reads it a second time otherwise."""
    parts = urlsplit(url)
    host = f"[{target.host}]" if ":" in target.host else target.host
    port = "" if target.port == SCHEMES[target.scheme] else f":{target.port}"
    return urlunsplit((target.scheme, host + port, parts.path or "/", parts.query, ""))


def _bad_redirect(url: str, what: str) -> FetchFailed:
    return FetchFailed("bad_redirect", f"{redact_url(url)} redirects {what}")
