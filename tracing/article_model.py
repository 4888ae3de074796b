"""What the page of an article is made of: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracing.listed_model import Count, ListedArticle
from tracing.trace_model import Credit, Unreached, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """A version as it was delivered; columns as in `schemas.article`, `order` 1 is the oldest."""

    version_id: str
    order: int
    is_current: bool
    version_stated: str | None
    pubstatus: str
    signals: tuple[str, ...]
    headline: str | None
    description_text: str | None
    body_text: str | None
    slugline: str | None
    dateline: str | None
    byline: str | None
    creditline: str | None
    ednote: str | None
    authors: tuple[str, ...]
    language: str
    language_tag: str | None
    published: dt.datetime | None
    published_raw: str | None
    published_tz_known: bool | None
    versioncreated: dt.datetime | None
    embargoed: dt.datetime | None
    first_seen: dt.datetime
    word_count: int
    genre: str | None
    url: str | None
    source_uri: str
    source_format: str
    raw_sha256: str
    parse_warnings: tuple[str, ...]
    run_id: str


@dataclass(frozen=True, slots=True)
class Named:
    """A person, place or organization in the current version, and every place where it stands.

    `entity_id` is None where no table of ours has the name.
    """

    entity_id: str | None
    kind: str
    places: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation in the current version; `words` is where it stands."""

    quote_key: str
    speaker: str | None
    speaker_entity_id: str | None
    words: Words


@dataclass(frozen=True, slots=True)
class Seen:
    """That a source delivered a version to a run, so often; columns as in `schemas.sighting`."""

    version_id: str
    source_uri: str
    feed: str | None
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    deliveries: int
    claimed_published: dt.datetime | None
    run_id: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message about the article; columns as in `schemas.control`."""

    kind: str
    at: dt.datetime | None
    reason: str | None
    source_uri: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWith:
    """Who shares text with the article: a row of `links_now`; columns as in `schemas.link`.

    `is_from_other`: the article is the later one, and has its text from `other`, as far as
    `direction` knows. `version_id` and `other_version_id` are what was compared: the evidence.
    """

    other: ListedArticle
    is_from_other: bool
    version_id: str
    other_version_id: str
    kind: str
    direction: str
    direction_reason: str
    credited: bool
    credit: str | None
    contained: float
    other_contained: float
    longest: int


@dataclass(frozen=True, slots=True)
class InStory:
    """The story that the article is in, why, how sure that is, and how many articles it has."""

    story_id: str
    part_id: str
    reason: str
    score: float
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """An article as of a run; `article` is its line in a list.

    `versions` are the newest first. `credits`, `names`, `quotes` and `facts` (counts by kind) are
    of the version that `article` has. `aliases`: other ids that lead here. `shares`: the most
    shared first. `unreached`: whose corrections and kills did not reach its text. `missing` are
    tables that have no row; `left_out` counts articles under embargo that share its text.
    """

    sequence: int
    article: ListedArticle
    country: str
    aliases: tuple[str, ...]
    versions: tuple[ArticleVersion, ...]
    credits: tuple[Credit, ...]
    names: tuple[Named, ...]
    quotes: tuple[Quoted, ...]
    facts: tuple[Count, ...]
    story: InStory | None
    shares: tuple[SharedWith, ...]
    unreached: tuple[Unreached, ...]
    sightings: tuple[Seen, ...]
    messages: tuple[Message, ...]
    missing: tuple[str, ...]
    left_out: int
