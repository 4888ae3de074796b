"""The page of an agency: who cites it, from which country, in which language, and in what words."""

from __future__ import annotations

import datetime as dt

from tracing.agency_model import AgencyPage
from tracing.page.absent import absent
from tracing.page.links import Links
from tracing.page.render import render


def agency_page(agency: AgencyPage, links: Links, now: dt.datetime) -> str:
    """An agency as HTML."""
    return render(
        "agency.html.j2",
        sequence=agency.sequence,
        page=agency,
        cells={(cell.country, cell.language): cell.articles for cell in agency.cells},
        absent=absent(agency.missing),
        links=links,
        now=now,
        is_exported=False,
    )
