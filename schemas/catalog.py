"""Every table of a lake, in the order in which a run commits them: `runs` last."""

from __future__ import annotations

from schemas.article import ARTICLES
from schemas.article_alias import ARTICLE_ALIASES
from schemas.citation import CITATIONS
from schemas.control import CONTROLS
from schemas.definition import Table
from schemas.entity import ENTITIES
from schemas.fact import FACTS
from schemas.link import LINKS
from schemas.quote import QUOTES
from schemas.reject import REJECTS
from schemas.run import RUNS
from schemas.sighting import SIGHTINGS
from schemas.story_alias import STORY_ALIASES
from schemas.story_member import STORY_MEMBERS
from schemas.tombstone import TOMBSTONES

TABLES: tuple[Table, ...] = (
    ARTICLES,
    SIGHTINGS,
    CONTROLS,
    ENTITIES,
    CITATIONS,
    QUOTES,
    FACTS,
    LINKS,
    ARTICLE_ALIASES,
    STORY_MEMBERS,
    STORY_ALIASES,
    REJECTS,
    TOMBSTONES,
    RUNS,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
