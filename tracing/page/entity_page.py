"""The page of a person, place or organization: how it is written, where it is named."""

from __future__ import annotations

import datetime as dt

from tracing.entity_model import EntityPage
from tracing.page.absent import absent
from tracing.page.links import Links
from tracing.page.render import render


def entity_page(entity: EntityPage, links: Links, now: dt.datetime) -> str:
    """An entity as HTML."""
    return render(
        "entity.html.j2",
        sequence=entity.sequence,
        page=entity,
        absent=absent(entity.missing),
        links=links,
        now=now,
        is_exported=False,
    )
