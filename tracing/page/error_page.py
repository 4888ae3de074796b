"""The page of an error: what went wrong, and what to do."""

from __future__ import annotations

from typing import Final

from tracing.page.links import Served
from tracing.page.render import render

TITLES: Final = {
    400: "That cannot be read",
    403: "Not from here",
    404: "Not here",
    405: "Only looking is possible",
    414: "Too long",
    421: "Not this host",
    500: "Our mistake",
    503: "Busy",
}


def error_page(status: int, sentence: str, how: str) -> str:
    """An error as HTML: `sentence` says what is wrong, `how` what to do; backticks are code."""
    return render(
        "error.html.j2",
        status=status,
        title=TITLES.get(status, "Something is wrong"),
        sentence=sentence,
        how=how,
        links=Served(),
        is_exported=False,
    )
