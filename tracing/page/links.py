"""Where a page's links lead: to other pages where these are served, else into the page itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import quote

# Endings of an address that ask for a page as data.
TWINS: Final = ("json", "csv", "graphml", "jsonld", "rss")


class Links(Protocol):
    """An address for each thing that has a page; None where nothing can be linked."""

    def front(self) -> str | None:
        """The latest stories."""

    def story(self, story_id: str) -> str | None:
        """A story."""

    def article(self, article_id: str) -> str | None:
        """An article."""

    def evidence(self, version_id: str, other_version_id: str) -> str | None:
        """Two texts side by side, the later one first."""

    def outlet(self, outlet: str) -> str | None:
        """An outlet."""

    def agency(self, agency: str) -> str | None:
        """A credited source."""

    def entity(self, entity_id: str) -> str | None:
        """A person, place or organization."""

    def quote(self, quote_id: str) -> str | None:
        """A quotation."""

    def run(self, run_id: str) -> str | None:
        """A run of the pipeline."""


class Served:
    """Pages of `wiretrace serve`: each thing has its own, an id is one segment of a path."""

    def front(self) -> str:
        """The latest stories."""
        return "/"

    def story(self, story_id: str) -> str:
        """A story."""
        return f"/story/{_segment(story_id)}"

    def article(self, article_id: str) -> str:
        """An article."""
        return f"/article/{_segment(article_id)}"

    def evidence(self, version_id: str, other_version_id: str) -> str:
        """Two texts side by side, the later one first."""
        return f"/evidence/{_segment(version_id)}/{_segment(other_version_id)}"

    def outlet(self, outlet: str) -> str:
        """An outlet."""
        return f"/outlet/{_segment(outlet)}"

    def agency(self, agency: str) -> str:
        """A credited source."""
        return f"/agency/{_segment(agency)}"

    def entity(self, entity_id: str) -> str:
        """A person, place or organization."""
        return f"/entity/{_segment(entity_id)}"

    def quote(self, quote_id: str) -> str:
        """A quotation."""
        return f"/quote/{_segment(quote_id)}"

    def run(self, run_id: str) -> str:
        """A run of the pipeline."""
        return f"/run/{_segment(run_id)}"


@dataclass(frozen=True, slots=True)
class Exported:
    """A page on disk, alone: what is on it is linked within it, nothing else is."""

    article_ids: Collection[str]

    def front(self) -> None:
        """Is not on the page."""

    def story(self, story_id: str) -> None:
        """Is the page."""

    def article(self, article_id: str) -> str | None:
        """Its place on the page."""
        return f"#article-{article_id}" if article_id in self.article_ids else None

    def evidence(self, version_id: str, other_version_id: str) -> None:
        """Is not on the page."""

    def outlet(self, outlet: str) -> None:
        """Is not on the page."""

    def agency(self, agency: str) -> None:
        """Is not on the page."""

    def entity(self, entity_id: str) -> None:
        """Is not on the page."""

    def quote(self, quote_id: str) -> None:
        """Is not on the page."""

    def run(self, run_id: str) -> None:
        """Is not on the page."""


def _segment(id_: str) -> str:
    """An id as one segment of a path; `..` would lead elsewhere, and `.json` ask for a twin."""
    name, dot, end = quote(id_, safe="").rpartition(".")
    if not name.strip("."):
        return (name + dot).replace(".", "%2E") + end
    return f"{name}%2E{end}" if dot and end in TWINS else f"{name}{dot}{end}"
