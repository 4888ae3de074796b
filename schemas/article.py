"""`articles`: what a delivery said, one row per version of an article.

Column names follow ninjs 3.x / NewsML-G2 where those have one. Rows are never rewritten: what may
change later (current version, effective pubstatus, story) is in the view `articles_now`
(`lake/views.sql`), which must change with this file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated as A
from typing import Any

from schemas.definition import Column as C
from schemas.definition import Table

# Genres of messages to editors and of tests, which report nothing.
NOTICES = ("advisory", "test")
ROLES = {
    "hop": "handled the item on its way (NewsML-G2 `hopHistory`)",
    "infosource": "where its facts come from (NewsML-G2 `infoSource`, NITF, ninjs)",
    "source": "the feed that an aggregator took it from (RSS and Atom `<source>`)",
}


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, video, audio or graphic that the delivery carries or points to."""

    kind: str | None
    url: str | None
    caption: str | None
    credit: str | None


@dataclass(frozen=True, slots=True)
class Station:
    """Who handled the item or informed it, as the delivery states it.

    `role` is one of `schemas.article.ROLES`; `uri` an address or a code such as `comp:TR`; `at`
    the time as written.
    """

    role: str
    name: str | None
    uri: str | None
    at: str | None


@dataclass(frozen=True, slots=True)
class LanguageStretch:
    """Paragraphs in another language, or another script of it, than the article.

    `field` is `headline`, `description_text` or `body_text`; `start` and `end` are code points in
    it; `language_tag` names the script as the article's does.
    """

    field: str
    start: int
    end: int
    language: str
    language_tag: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of one article, as one outlet published it."""

    article_id: A[str, C("The article; stable over its versions.", "DESIGN §4.2")]
    version_id: A[str, C("This version: hash of article, content and control.", "DESIGN §4.3")]
    version_stated: A[str | None, C("Version number as stated.", "NewsML-G2 @version")] = None
    outlet: A[str, C("Who publishes: host name, agency id or `local`.", "DESIGN §4.1")]
    outlet_name: A[str | None, C("The outlet's name as the delivery wrote it.", "RSS source")] = (
        None
    )
    outlet_rule: A[str, C("Which rule named the outlet.", "DESIGN §4.1")]
    provider: A[str | None, C("Who sent the item, as written.", "NewsML-G2 provider")] = None
    guid: A[str | None, C("The feed's or wire's id of the item, as written.", "RSS guid")] = None
    uri: A[str | None, C("The wire's id without its version.", "ninjs uri")] = None
    url: A[str | None, C("Address as received, only secrets removed.", "RSS link")] = None
    canonical_url: A[str | None, C("Address that the page calls canonical.", "RFC 6596")] = None
    normalized_url: A[str | None, C("Lossy form of the URL, for identity only.", "DESIGN §4.4")] = (
        None
    )
    pubstatus: A[str, C("usable, withheld or canceled, as stated.", "ninjs pubstatus")] = "usable"
    signals: A[
        tuple[str, ...], C("update, correction, writethru, kill, …", "NewsML-G2 signal")
    ] = ()
    headline: A[str | None, C("Headline.", "ninjs headline")] = None
    description_text: A[str | None, C("Standfirst, summary or caption.", "ninjs description")] = (
        None
    )
    body_text: A[str | None, C("Body as plain text; blank line = paragraph.", "ninjs body")] = None
    slugline: A[str | None, C("Slugline.", "ninjs slugline")] = None
    dateline: A[str | None, C("Place (and date) line the text opens with.", "NITF dateline")] = None
    byline: A[str | None, C("By whom, as written.", "ninjs by")] = None
    creditline: A[str | None, C("Credit line as written.", "NewsML-G2 creditline")] = None
    ednote: A[str | None, C("Note to editors.", "ninjs ednote")] = None
    authors: A[tuple[str, ...], C("Authors' names.", "NewsML-G2 creator")] = ()
    language: A[str, C("Primary language subtag, `und` if unknown.", "BCP 47")] = "und"
    language_tag: A[str | None, C("With script or region where it matters.", "BCP 47")] = None
    language_declared: A[str | None, C("What the delivery declared.", "RSS language")] = None
    language_method: A[str | None, C("Which step of the cascade decided.", "DESIGN §7")] = None
    language_agreement: A[float | None, C("Share of voices that agreed, 0 to 1.", "DESIGN §7")] = (
        None
    )
    published: A[dt.datetime | None, C("When it says it was published.", "RSS pubDate")] = None
    published_raw: A[str | None, C("That date as written.", "DESIGN §4.5")] = None
    published_source: A[str | None, C("Which rule read the date.", "DESIGN §4.5")] = None
    published_tz_known: A[bool | None, C("Whether a zone was stated.", "DESIGN §4.5")] = None
    versioncreated: A[
        dt.datetime | None, C("When this version was made.", "ninjs versioncreated")
    ] = None
    embargoed: A[dt.datetime | None, C("Not to be published before.", "ninjs embargoed")] = None
    first_seen: A[dt.datetime, C("When we first saw this version.", "DESIGN §4.5")]
    urgency: A[int | None, C("1 (most urgent) to 9.", "ninjs urgency")] = None
    genre: A[str | None, C("Genre as stated.", "ninjs genre")] = None
    subjects: A[tuple[str, ...], C("Subjects as stated, qcodes included.", "ninjs subject")] = ()
    keywords: A[tuple[str, ...], C("Keywords and feed categories.", "ninjs keyword")] = ()
    media: A[tuple[Media, ...], C("Pictures, videos, audio, graphics.", "ninjs associations")] = ()
    copyrightholder: A[str | None, C("Copyright holder.", "ninjs copyrightholder")] = None
    usageterms: A[str | None, C("Usage terms.", "ninjs usageterms")] = None
    word_count: A[int, C("Words of the body; ideographs count one each.", "DESIGN §3")] = 0
    content_hash: A[str, C("Headline and body, folded.", "DESIGN §4.6")]
    source_uri: A[str, C("Container, then `!member`, then `#n`.", "DESIGN §3")]
    source_format: A[str, C("Wire format that the reader recognized.", "docs/formats.md")]
    raw_sha256: A[str, C("SHA-256 of the delivery's original bytes.", "FIPS 180-4")]
    encoding: A[str | None, C("Character encoding that was used.", "DESIGN §7")] = None
    parse_warnings: A[
        tuple[str, ...], C("What was odd while reading, closed list.", "DESIGN §7")
    ] = ()
    run_id: A[str, C("The run that wrote the row.", "DESIGN §3")]
    date: A[dt.date, C("UTC date of `published`, else of `first_seen`.", "DESIGN §3")]
    takekey: A[
        str | None, C("Which take, lead or writethru it says it is, as written.", "ANPA 1312")
    ] = None
    provider_sequence: A[
        str | None, C("The wire service's running number of the message.", "IPTC 7901")
    ] = None
    wordcount_stated: A[int | None, C("Words as the delivery counts them.", "ninjs wordcount")] = (
        None
    )
    expires: A[dt.datetime | None, C("Not to be used after.", "ninjs expires")] = None
    places: A[tuple[str, ...], C("Places as stated, codes included.", "ninjs place")] = ()
    provenance: A[
        tuple[Station, ...], C("Hops and sources on its way, oldest first.", "G2 hopHistory")
    ] = ()
    entry_uri: A[
        str | None, C("The feed's entry that this page was fetched for.", "docs/full_text.md")
    ] = None
    entry_columns: A[
        tuple[str, ...] | None,
        C("What that entry stated; all else is the page's.", "docs/full_text.md"),
    ] = None
    language_paragraphs: A[
        tuple[LanguageStretch, ...] | None,
        C("Paragraphs in another language than the article.", "docs/language.md"),
    ] = None


def is_notice(row: Mapping[str, Any]) -> bool:
    """Whether a row is a message to editors or a test: no story, however much of one it names."""
    return (row["genre"] or "").casefold() in NOTICES


ARTICLES = Table(
    name="articles",
    row=Article,
    version=4,
    partition_by=("date", "language"),
    sort_by=("article_id", "version_id"),
)
