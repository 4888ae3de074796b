"""What the page of an entity is made of: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracing.listed_model import Count, ListedArticle
from tracing.spellings import Joined
from tracing.trace_model import Words


@dataclass(frozen=True, slots=True)
class Spelling:
    """How it is written in a language, and in how many articles."""

    language: str
    surface: str
    articles: int


@dataclass(frozen=True, slots=True)
class NamingArticle:
    """An article that names it, and where it stands first."""

    article: ListedArticle
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """A person, place, organization or event as of a run.

    `joined`: other ids of the newest mentions that are taken for the same person, and why; nothing
    of theirs is counted.
    `spellings`: the most used first. `outlets`, `languages`: articles that name it; `together`:
    other entities, by articles that name both. `stories`: those of the newest articles, by how many
    of these are in them. `since`: counts are of articles dated from then on; None: of all.
    """

    sequence: int
    entity_id: str
    kind: str
    articles: int
    spellings: tuple[Spelling, ...]
    outlets: tuple[Count, ...]
    languages: tuple[Count, ...]
    together: tuple[Count, ...]
    newest: tuple[NamingArticle, ...]
    stories: tuple[Count, ...]
    joined: tuple[Joined, ...]
    since: dt.date | None
    missing: tuple[str, ...]
    left_out: int
