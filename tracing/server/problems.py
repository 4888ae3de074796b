"""What is said when there is no page: a status and a sentence, and nothing of the machine's.

Messages of exceptions name folders and may hold a stranger's words; they go to the log, not out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from tracing.json_text import json_text
from tracing.page.error_page import error_page


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no page: a status of HTTP, what is wrong, and `how` to go on."""

    status: int
    message: str
    how: str


SEARCH: Final = "The search finds articles by words, by an id or an address."
NO_PAGE: Final = Problem(404, "There is no page at this address.", SEARCH)
BAD_METHOD: Final = Problem(405, "Nothing can be changed here.", "Pages are read with GET.")
BAD_HOST: Final = Problem(
    421, "This server has another name.", "`wiretrace serve --allow-host NAME` allows one."
)
BUSY: Final = Problem(503, "Too many pages are being made.", "Try again in some seconds.")
DAMAGED: Final = Problem(
    500,
    "A file of the lake that this page needs is damaged or gone.",
    "`wiretrace doctor --lake LAKE` names it and says how to mend it. Other pages may be whole.",
)
OUR_FAULT: Final = Problem(
    500,
    "This page could not be made: a fault of wiretrace.",
    "What went wrong stands in the server’s own output; please report it.",
)


def as_form(problem: Problem, form: str) -> tuple[str, str]:
    """Media type and text of a problem, as a page or as what the twin's reader can take."""
    if form == "html":
        page = error_page(problem.status, problem.message, problem.how)
        return "text/html; charset=utf-8", page
    if form == "json":
        return "application/json", json_text(asdict(problem)) + "\n"
    return "text/plain; charset=utf-8", f"{problem.message} {problem.how}\n"
