"""The page that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from tracing.page.links import Served
from tracing.page.render import render


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no page: a status of HTTP, in a few words, and what may be done about it."""

    status: int
    title: str
    message: str


def error_page(problem: Problem) -> str:
    """A problem as HTML. It shows nothing of what was asked for."""
    return render("error.html.j2", problem=problem, links=Served(), is_exported=False)
