"""All that is served, one table: how many ids an address has, what is read, how it is shown.

Things go by one name: of `article` the model is `tracing.article.read_article`'s, and the page
`tracing.page.article_page.article_page`. Modules are loaded when their page is asked for: the first
answer of a server that has just begun is not to wait for those of others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final, get_args, get_type_hints

from lake.tables import Snapshot
from tracing.page.links import Served
from tracing.server.address import Address

_LINKS: Final = Served()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a snapshot at a time.

    `embargo_at` is that time, None where articles under embargo are shown, too.
    """

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


def _named(module: str, name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def _read(thing: str, module: str = "") -> Callable[[Asked], Any]:
    """The model of what has the ids of the address."""

    def read(asked: Asked) -> Any:
        function = _named(f"tracing.{module or thing}", f"read_{thing}")
        return function(asked.pinned, *asked.address.ids, embargo_at=asked.embargo_at)

    return read


def _read_runs(asked: Asked) -> Any:
    """Runs have no embargo."""
    name = "read_run" if asked.address.ids else "read_runs"
    return _named("tracing.runs", name)(asked.pinned, *asked.address.ids)


def _read_story(asked: Asked) -> Any:
    """One of which nothing may be shown is not there."""
    from tracing.story import read_story
    from tracing.story_rows import NoSuchStory

    [story_id] = asked.address.ids
    story = read_story(asked.pinned, story_id, embargo_at=asked.embargo_at)
    if not story.lines:
        raise NoSuchStory("nothing of it may be shown")
    return story


def _read_search(asked: Asked) -> Any:
    function = _named("tracing.search", "read_search")
    return function(asked.pinned, asked.address.asked, embargo_at=asked.embargo_at)


def _html(thing: str) -> Callable[[Asked, Any], str]:
    def html(asked: Asked, model: Any) -> str:
        page: str = _named(f"tracing.page.{thing}_page", f"{thing}_page")(model, _LINKS, asked.now)
        return page

    return html


def _story_html(asked: Asked, story: Any) -> str:
    from tracing.page.story_page import story_page
    from tracing.story_texts import read_story_texts

    return story_page(story, read_story_texts(asked.pinned, story), _LINKS, asked.now)


def _outlets_html(asked: Asked, outlets: Any) -> str:
    from tracing.coverage import read_coverage
    from tracing.page.outlets_page import outlets_page

    coverage = read_coverage(asked.pinned, embargo_at=asked.embargo_at)
    return outlets_page(outlets, coverage, _LINKS, asked.now)


def _table(rows: str) -> Callable[[Any], str]:
    """The rows of a field of the model."""

    def csv(model: Any) -> str:
        [row, _] = get_args(get_type_hints(type(model))[rows])
        table: str = _named("tracing.twins.rows_csv", "rows_csv")(row, getattr(model, rows))
        return table

    return csv


def _twin(module: str, name: str) -> Callable[[Any], str]:
    def twin(model: Any) -> str:
        text: str = _named(f"tracing.twins.{module}", name)(model)
        return text

    return twin


def _story_rss(asked: Asked, story: Any) -> str:
    from tracing.twins.rss import story_rss

    return story_rss(story, asked.now, f"{asked.address.site}{_LINKS.story(story.story_id)}")


def _found_at(search: Any) -> str | None:
    """An id or an address means one thing, which has a page; a name may be meant as words."""
    pages = {"article": _LINKS.article, "story": _LINKS.story, "quote": _LINKS.quote}
    page = pages.get(search.kind)
    return page(search.id) if page is not None and search.id is not None else None


PAGES: Final[Mapping[str, Page]] = {
    "": Page(0, _read("front"), _html("front"), _table("stories")),
    "search": Page(
        0, _read_search, _html("search"), _table("hits"), takes_words=True, leads_to=_found_at
    ),
    "story": Page(
        1,
        _read_story,
        _story_html,
        _twin("csv_rows", "story_csv"),
        "No story has this id, and no article that is in one.",
        {
            "graphml": lambda asked, story: _twin("graphml", "story_graphml")(story),
            "jsonld": lambda asked, story: _twin("jsonld", "story_jsonld")(story),
            "rss": _story_rss,
        },
    ),
    "article": Page(
        1, _read("article"), _html("article"), _table("versions"), "No article has this id."
    ),
    "evidence": Page(
        2,
        _read("evidence"),
        _html("evidence"),
        _twin("evidence_csv", "evidence_csv"),
        "There are no two versions of these ids.",
    ),
    "outlet": Page(
        1, _read("outlet"), _html("outlet"), _table("newest"), "No article is of this outlet."
    ),
    "outlets": Page(0, _read("outlets", "outlet"), _outlets_html, _table("outlets")),
    "agency": Page(
        1, _read("agency"), _html("agency"), _table("newest"), "No article credits this source."
    ),
    "entity": Page(
        1, _read("entity_page"), _html("entity"), _table("newest"), "No article names this."
    ),
    "quote": Page(
        1,
        _read("quote"),
        _html("quote"),
        _twin("quote_csv", "quote_csv"),
        "No quotation has this id.",
    ),
    "runs": Page(0, _read_runs, _html("runs"), _table("runs")),
    "run": Page(1, _read_runs, _html("run"), _table("counts"), "No run has this number or id."),
}
