"""The application: checks what comes in, has the answer made, says the same headers with each.

Read-only: GET and HEAD. What a client says beside the address and `If-None-Match` is not looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lake.tables import Lake
from tracing.server.address import Address, BadAddress, form_asked, parse_address
from tracing.server.answers import Answers, etag, told
from tracing.server.desk import Answer, Busy, Desk
from tracing.server.headers import security_headers
from tracing.server.hosts import is_allowed
from tracing.server.newest import NewestRun
from tracing.server.pages import PAGES, Page
from tracing.server.problems import BAD_HOST, BAD_METHOD, BUSY, NO_PAGE, SEARCH, Problem

_METHODS: Final = ("GET", "HEAD")
_RETRY_SECONDS: Final = 2


class App:
    """An ASGI application that serves one lake."""

    def __init__(
        self,
        lake: Lake,
        hosts: Collection[str],
        *,
        embargoed: bool = False,
        log: Callable[[str], None] = lambda line: None,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        pages: Mapping[str, Page] = PAGES,
    ) -> None:
        """`hosts` are the values of `Host` that are answered."""
        self._hosts = hosts
        self._pages = pages
        answers = Answers(NewestRun(lake, clock), pages, embargoed, log)
        self._desk = Desk(answers.make, answers.holds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of HTTP; of anything else there is none."""
        if scope["type"] != "http":
            raise NotImplementedError(f"no {scope['type']} here")
        headers = scope["headers"]
        answer = await self._answer(scope)
        sent = _response(answer, [value for name, value in headers if name == b"if-none-match"])
        if scope["method"] == "HEAD":
            sent.body = b""
        await sent(scope, receive, send)

    def close(self) -> bool:
        """Begin no more answers; whether any is still being made."""
        return self._desk.close()

    async def _answer(self, scope: Scope) -> Answer:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if not is_allowed(hosts, self._hosts):
            return told(BAD_HOST, "text")
        if scope["method"] not in _METHODS:
            return told(BAD_METHOD, "text")
        try:
            address = parse_address(scope["raw_path"], scope["query_string"])
        except BadAddress as error:
            return told(Problem(error.status, str(error), SEARCH), form_asked(scope["raw_path"]))
        page = self._pages.get(address.kind)
        if page is None or len(address.ids) != page.ids or address.form not in page.forms:
            return told(NO_PAGE, address.form)
        try:
            return await self._desk.answer(_as_kept(address, page, hosts[0]))
        except Busy:
            return told(BUSY, address.form)


def _as_kept(address: Address, page: Page, host: bytes) -> Address:
    """The address with all that the answer hangs on, and nothing else."""
    asked = address.asked if page.takes_words else ""
    site = f"http://{host.decode('ascii')}" if address.form == "rss" else ""
    return replace(address, asked=asked, site=site)


def _response(answer: Answer, known: Collection[bytes]) -> Response:
    headers = dict(security_headers())
    headers["Cache-Control"] = "private, no-cache"
    if answer.status == BAD_METHOD.status:
        headers["Allow"] = ", ".join(_METHODS)
    if answer.status == BUSY.status:
        headers["Retry-After"] = str(_RETRY_SECONDS)
    if answer.location is not None:
        headers["Location"] = answer.location
    if answer.status == 200:
        headers["ETag"] = etag(answer.body)
        if any(headers["ETag"].encode() in value for value in known):
            return Response(status_code=304, headers=headers)
    return Response(answer.body, answer.status, headers, media_type=answer.media_type)
