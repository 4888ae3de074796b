"""What is said when there is no page: a status and a sentence, and nothing of the machine's.

Messages of exceptions name folders and may hold a stranger's words; they go to the log, not out.
"""

from __future__ import annotations

from typing import Final

from tracing.json_text import json_text
from tracing.page.error_page import Problem, error_page

NO_PAGE: Final = Problem(
    404, "There is no such page", "The address is none of this site's. The search finds articles."
)
BAD_METHOD: Final = Problem(405, "Only reading", "Pages are read with GET; nothing can be changed.")
BAD_HOST: Final = Problem(
    421,
    "Not this name",
    "This server does not answer to that name. `wiretrace serve --allow-host NAME` allows one.",
)
BUSY: Final = Problem(503, "Too busy", "Too many pages are being made. Try again in some seconds.")
DAMAGED: Final = Problem(
    500,
    "The lake is damaged",
    "A file that this page needs is damaged or gone. `wiretrace doctor --lake LAKE` names it and"
    " says how to mend it; the other pages may still be whole.",
)
OUR_FAULT: Final = Problem(
    500,
    "A fault of wiretrace",
    "This page could not be made. What went wrong stands in the server's own output; please report"
    " it.",
)


def as_form(problem: Problem, form: str) -> tuple[str, str]:
    """Media type and text of a problem, as a page or as what the twin's reader can take."""
    if form == "html":
        return "text/html; charset=utf-8", error_page(problem)
    if form == "json":
        said = {"status": problem.status, "error": problem.title, "message": problem.message}
        return "application/json", json_text(said) + "\n"
    return "text/plain; charset=utf-8", f"{problem.title}: {problem.message}\n"
