"""All that is served, one table: address, what is read, and how it is shown as page and as table.

What an entry needs is loaded when it is asked for: the first answer of a server that has just begun
is not to wait for the modules of other pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lake.tables import Snapshot
from tracing.server.address import Address


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reading is told: `embargo_at` is None where articles under embargo are shown, too."""

    pinned: Snapshot
    address: Address
    now: dt.datetime
    embargo_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """`read` makes the model, `html` its page, `csv` its main table, `more` other twins by form.

    `ids` stand in the address behind the kind; `absent` says that nothing has them. `takes_words`:
    what the search box held is asked for, too. `leads_to`: the address of a page that a model is
    only the way to.
    """

    ids: int
    read: Callable[[Asked], Any]
    html: Callable[[Asked, Any], str]
    csv: Callable[[Any], str]
    absent: str = ""
    more: Mapping[str, Callable[[Asked, Any], str]] = field(default_factory=dict)
    takes_words: bool = False
    leads_to: Callable[[Any], str | None] = lambda model: None

    @property
    def forms(self) -> frozenset[str]:
        """In which it is served."""
        return frozenset({"html", "json", "csv", *self.more})


def _read_story(asked: Asked) -> Any:
    from tracing.story import read_story

    return read_story(asked.pinned, asked.address.ids[0], embargo_at=asked.embargo_at)


def _story_html(asked: Asked, story: Any) -> str:
    from tracing.page.links import Served
    from tracing.page.story_page import story_page
    from tracing.story_texts import read_story_texts

    texts = read_story_texts(asked.pinned, story)
    return story_page(story, texts, Served(), asked.now)


def _story_csv(story: Any) -> str:
    from tracing.twins.csv_rows import story_csv

    return story_csv(story)


def _story_graphml(asked: Asked, story: Any) -> str:
    from tracing.twins.graphml import story_graphml

    return story_graphml(story)


def _story_jsonld(asked: Asked, story: Any) -> str:
    from tracing.twins.jsonld import story_jsonld

    return story_jsonld(story)


def _story_rss(asked: Asked, story: Any) -> str:
    from tracing.page.links import Served
    from tracing.twins.rss import story_rss

    page = f"{asked.address.site}{Served().story(story.story_id)}"
    return story_rss(story, asked.now, page)


PAGES: Final[Mapping[str, Page]] = {
    "story": Page(
        1,
        _read_story,
        _story_html,
        _story_csv,
        "No story has this id, and no article that is in one.",
        {"graphml": _story_graphml, "jsonld": _story_jsonld, "rss": _story_rss},
    ),
}
