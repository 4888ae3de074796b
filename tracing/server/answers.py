"""From an address to what is sent: reads the newest run, shows it in the form that is asked for."""

from __future__ import annotations

import datetime as dt
import hashlib
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lake.tables import Snapshot
from tracing.harmless import strip_controls
from tracing.json_text import json_text
from tracing.server.address import Address
from tracing.server.desk import Answer
from tracing.server.newest import NewestRun, is_damage
from tracing.server.pages import Asked, Page
from tracing.server.problems import DAMAGED, OUR_FAULT, SEARCH, Problem, as_form

MEDIA_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "graphml": "application/graphml+xml; charset=utf-8",
    "jsonld": "application/ld+json",
    "rss": "application/rss+xml; charset=utf-8",
}
# Exceptions that say that nothing is there, as the command line leaves with it.
_NOTHING_THERE: Final = 2


@dataclass(frozen=True, slots=True)
class Answers:
    """Makes answers, on any thread. `log` takes a line for whoever runs the server."""

    newest: NewestRun
    pages: Mapping[str, Page]
    embargoed: bool
    log: Callable[[str], None]

    def holds(self, answer: Answer) -> bool:
        """Whether an answer that was kept is still what would be made."""
        return answer.pin is not None and self.newest.holds(answer.pin)

    def make(self, address: Address) -> Answer:
        """The answer to an address whose page there is; every failure is one, too."""
        page = self.pages[address.kind]

        def show(pinned: Snapshot, now: dt.datetime) -> tuple[str, str | None]:
            asked = Asked(pinned, address, now, None if self.embargoed else now)
            model = page.read(asked)
            leads = page.leads_to(model) if address.form == "html" else None
            return ("" if leads else _in_form(page, asked, model)), leads

        try:
            read = self.newest.read(show)
        except Exception as error:
            return self._failed(page, address, error)
        text, leads = read.value
        return Answer(
            status=303 if leads else 200,
            media_type=MEDIA_TYPES[address.form],
            body=text.encode("utf-8", "replace"),
            location=leads,
            pin=read.pin,
        )

    def _failed(self, page: Page, address: Address, error: Exception) -> Answer:
        if is_damage(error):
            self.log(f"500 {_place(address)}: {_one_line(error)}")
            return told(DAMAGED, address.form)
        if getattr(error, "exit_code", None) == _NOTHING_THERE:
            return told(Problem(404, page.absent, SEARCH), address.form)
        self.log(
            f"500 {_place(address)}: {type(error).__name__}: {_one_line(error)}{_where(error)}"
        )
        return told(OUR_FAULT, address.form)


def told(problem: Problem, form: str) -> Answer:
    """A problem as an answer."""
    media_type, text = as_form(problem, form)
    return Answer(problem.status, media_type, text.encode("utf-8", "replace"))


def etag(body: bytes) -> str:
    """Of what is sent itself: whatever it hangs on, equal tags are equal answers."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def _in_form(page: Page, asked: Asked, model: Any) -> str:
    form = asked.address.form
    if form == "html":
        return page.html(asked, model)
    if form == "json":
        return json_text(asdict(model)) + "\n"
    return page.csv(model) if form == "csv" else page.more[form](asked, model)


def _place(address: Address) -> str:
    return strip_controls("/" + "/".join((address.kind, *address.ids)))[:200]


def _one_line(error: Exception) -> str:
    return strip_controls(str(error))[:500]


def _where(error: Exception) -> str:
    """Where in our code it went wrong."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    return f" ({' < '.join(reversed(ours))})"
