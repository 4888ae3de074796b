"""From an item as written to a `Delivery`: clean text, dates, addresses, outlet, keys.

One small `find_<column>` per decision. Nothing here reads a clock: `seen_at`, when the run began,
is an argument. Text is stored NFC with control characters removed, otherwise as written
(DESIGN.md §4.6); only the content hash is folded.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.article import Article, Media, Station
from schemas.ids import hash_id
from schemas.reject import Reject
from transforms.dates import ParsedDate, is_absurd, parse_date
from transforms.delivery import Delivery, find_keys
from transforms.fingerprint import content_hash, count_words, fingerprint
from transforms.full_text import OtherArticle, complete
from transforms.outlets import find_outlet
from transforms.parse.containers import ParsedItem, raw_sha256
from transforms.parse.control import CONTROL_SIGNALS
from transforms.parse.item import Item
from transforms.read.containers import REJECTS
from transforms.reject import build_reject
from transforms.signals import GENRES, in_headline, read_signals
from transforms.urls import normalize_url, redact_text, redact_url

PUBSTATUSES = ("usable", "withheld", "canceled")
MAX_KEY = 4096
MAX_LINE = 10_000
# Signals that tell what to do with an article rather than how urgent its text is.
_CONTROL_OF_STATUS = {"canceled": "kill", "withheld": "withhold"}
# C0 and C1 controls but tab and newline, lone surrogates, and non-characters.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_WORDCOUNT = re.compile(r"[0-9]{1,7}")
_SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an item came from and in which run: everything that the item itself does not say."""

    source: str
    source_uri: str
    raw_sha256: str
    seen_at: dt.datetime
    run_id: str
    outlet: str | None = None
    feed: str | None = None


class EmptyItem(ValueError):
    """The item has neither headline nor text, and is no control message either."""


def normalize(item: Item, provenance: Provenance) -> Delivery:
    """Decide everything about one item but who it is.

    Raises:
        EmptyItem: nothing that could be stored.
    """
    warnings = list(item.warnings)
    headline = clean_line(item.headline)
    description = clean_text(item.description_text)
    body = clean_text(item.body_text)
    embargoed = _date(item.embargoed_raw, item, provenance, warnings, may_be_future=True)
    read = read_signals(item)
    signals = find_signals(item, read.signals, embargoed)
    pubstatus = find_pubstatus(item, signals, warnings)
    control = find_control(pubstatus, signals, has_text=bool(headline or body or description))
    if not (headline or body or description) and control is None:
        raise EmptyItem("neither headline nor text; give it `headline` or `body_text`")
    published = _date(item.published_raw, item, provenance, warnings)
    created = _date(item.versioncreated_raw, item, provenance, warnings)
    expires = _date(item.expires_raw, item, provenance, warnings, may_be_future=True)
    if published.value is None and not published.rule:
        warnings.append("published_missing")
    url = redact_url(item.url)[:MAX_KEY] if item.url else None
    canonical = redact_url(item.canonical_url)[:MAX_KEY] if item.canonical_url else None
    outlet, outlet_rule = find_outlet(item, provenance.outlet, url)
    normalized_url = normalize_url(canonical or "") or normalize_url(url or "")
    print_ = fingerprint(headline, description, body)
    article = Article(
        article_id="",
        version_id="",
        version_stated=clean_line(item.version_stated),
        outlet=outlet,
        outlet_name=clean_line(item.outlet_name or item.feed_title),
        outlet_rule=outlet_rule,
        provider=clean_line(item.provider),
        guid=_identifier(item.guid),
        uri=_identifier(item.uri),
        url=url,
        canonical_url=canonical,
        normalized_url=normalized_url,
        pubstatus=pubstatus,
        signals=signals,
        headline=headline,
        description_text=description,
        body_text=body,
        slugline=clean_line(item.slugline),
        dateline=clean_line(item.dateline),
        byline=clean_line(item.byline),
        creditline=clean_line(item.creditline),
        ednote=clean_text(item.ednote),
        authors=_lines(item.authors),
        language_declared=clean_line(item.language_declared),
        published=published.value,
        published_raw=clean_line(item.published_raw),
        published_source=published.rule or None,
        published_tz_known=published.tz_known if published.value else None,
        versioncreated=created.value,
        embargoed=embargoed.value,
        first_seen=provenance.seen_at,
        urgency=find_urgency(item, warnings),
        genre=find_genre(item, read.genre),
        subjects=_lines(item.subjects),
        keywords=_lines(item.keywords),
        media=tuple(_media(media) for media in item.media),
        copyrightholder=clean_line(item.copyrightholder),
        usageterms=clean_text(item.usageterms),
        word_count=count_words(body, print_),
        content_hash=content_hash(headline, description, body),
        source_uri=provenance.source_uri,
        source_format=item.source_format,
        raw_sha256=provenance.raw_sha256,
        encoding=item.encoding,
        parse_warnings=tuple(sorted(set(warnings))),
        run_id=provenance.run_id,
        date=(published.value or provenance.seen_at).date(),
        takekey=clean_line(item.takekey),
        provider_sequence=clean_line(item.provider_sequence),
        wordcount_stated=find_wordcount(item),
        expires=expires.value,
        places=_lines(item.places),
        provenance=tuple(map(_station, item.provenance)),
    )
    return Delivery(
        article=article,
        keys=find_keys(article),
        control_hash=control_hash(article),
        fingerprint=print_,
        source=provenance.source,
        feed=redact_url(provenance.feed or item.feed or "") or None,
        control=control,
        control_at=embargoed.value if control == "embargo" else created.value or published.value,
    )


def control_hash(article: Article) -> str:
    """Hash over pubstatus, signals, embargo and version, where stated (DESIGN.md §4.3).

    Without the signals that the headline bears: the content hash covers those.
    """
    embargoed = article.embargoed.isoformat() if article.embargoed else ""
    in_content = in_headline(article.headline or "", article.source_format)
    signals = [signal for signal in article.signals if signal not in in_content]
    return hash_id("control", article.pubstatus, *signals, embargoed, article.version_stated or "")


def find_signals(item: Item, read: Iterable[str], embargoed: ParsedDate) -> tuple[str, ...]:
    """Stated in a field, or by a mark; and `embargo` where its end is stated but cannot be read."""
    found = {signal.strip().casefold() for signal in item.signals if signal.strip()}
    found.update(read)
    if embargoed.warning:
        found.add("embargo")
    return tuple(sorted(found))


def find_pubstatus(item: Item, signals: Collection[str], warnings: list[str]) -> str:
    """usable, withheld or canceled; whatever else a delivery states is usable with a warning.

    A signal to kill or to withhold states it too.
    """
    stated = (item.pubstatus or "usable").strip().casefold().removeprefix("stat:")
    stated = {"cancelled": "canceled", "killed": "canceled", "withhold": "withheld"}.get(
        stated, stated
    )
    if stated not in PUBSTATUSES:
        warnings.append("pubstatus_unknown")
        stated = "usable"
    if "kill" in signals:
        return "canceled"
    return "withheld" if stated == "usable" and "withhold" in signals else stated


def find_genre(item: Item, read: str | None) -> str | None:
    """As stated, else what the message's marks say it is; `advisory` and `test` in lower case."""
    stated = clean_line(item.genre)
    if stated is None:
        return read
    return stated.casefold() if stated.casefold() in GENRES else stated


def find_control(pubstatus: str, signals: tuple[str, ...], *, has_text: bool) -> str | None:
    """The kind of a control message; None for an article, whatever its status."""
    if has_text:
        return None
    stated = [kind for kind in CONTROL_SIGNALS if kind in signals]
    return stated[0] if stated else _CONTROL_OF_STATUS.get(pubstatus)


def find_urgency(item: Item, warnings: list[str]) -> int | None:
    """1 to 9 as stated."""
    if not item.urgency:
        return None
    stated = item.urgency.strip()
    if len(stated) == 1 and stated in "123456789":
        return int(stated)
    warnings.append("urgency_unknown")
    return None


def find_wordcount(item: Item) -> int | None:
    """The stated number of words; absurd ones are none."""
    stated = (item.wordcount_stated or "").strip()
    return int(stated) if _WORDCOUNT.fullmatch(stated) else None


def clean_text(text: str | None) -> str | None:
    """NFC, no control characters, line ends `\\n`, no outer white space; None if empty."""
    if not text:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    # Removed first: one that stood between a letter and its accent kept them apart.
    text = _CONTROLS.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.strip() or None


def clean_line(text: str | None) -> str | None:
    """`clean_text` on one line, cut at `MAX_LINE` code points."""
    cleaned = clean_text(text)
    return _SPACES.sub(" ", cleaned.replace("\n", " "))[:MAX_LINE] if cleaned else None


def _date(
    raw: str | None,
    item: Item,
    provenance: Provenance,
    warnings: list[str],
    *,
    may_be_future: bool = False,
) -> ParsedDate:
    if not raw or not raw.strip():
        return ParsedDate(value=None, rule="", tz_known=False, warning=None)
    parsed = parse_date(raw.strip(), item.language_declared)
    if parsed.value and not may_be_future and is_absurd(parsed.value, provenance.seen_at):
        parsed = ParsedDate(
            value=None, rule=parsed.rule, tz_known=parsed.tz_known, warning="date_in_future"
        )
    if parsed.warning:
        warnings.append(parsed.warning)
    return parsed


def _identifier(value: str | None) -> str | None:
    """A guid or uri as written; addresses lose their secrets, monsters become their hash."""
    cleaned = clean_line(value)
    if cleaned is None:
        return None
    redacted = redact_url(cleaned)
    return redacted if len(redacted) <= MAX_KEY else hash_id("identifier", redacted)


def _lines(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in map(clean_line, values) if line)


def _media(media: Media) -> Media:
    return Media(
        kind=clean_line(media.kind),
        url=redact_url(media.url) if media.url else None,
        caption=clean_text(media.caption),
        credit=clean_line(media.credit),
    )


def _station(station: Station) -> Station:
    return Station(
        role=station.role,
        name=redact_text(clean_line(station.name) or "") or None,
        uri=redact_url(station.uri) if station.uri else None,
        at=clean_line(station.at),
    )


def normalize_parsed(parsed: ParsedItem, seen_at: dt.datetime, run_id: str) -> Delivery | Reject:
    """One parsed item as a delivery, or as the reject of stage `normalize` that it is.

    A fault of ours in one item must not cost its neighbours (DESIGN.md §7), so what is not foreseen
    becomes a reject with the reason `unexpected`.
    """
    provenance = Provenance(
        source=parsed.source,
        source_uri=parsed.source_uri,
        raw_sha256=raw_sha256(parsed.raw),
        seen_at=seen_at,
        run_id=run_id,
        outlet=parsed.outlet,
        feed=parsed.feed,
    )
    try:
        delivery = normalize(parsed.item, provenance)
        return complete(parsed.entry, delivery) if parsed.entry else delivery
    except EmptyItem as problem:
        reason, message = "empty", str(problem)
    except OtherArticle as problem:
        reason, message = "other_article", str(problem)
    except Exception as fault:
        reason, message = "unexpected", f"{type(fault).__name__}: {fault}"
    return build_reject(
        stage="normalize",
        reason=reason,
        message=f"{parsed.source_uri}: {message}",
        source_uri=parsed.source_uri,
        raw=parsed.raw,
        seen_at=seen_at,
        run_id=run_id,
        outlet=parsed.outlet,
    )


class _NormalizeItem(beam.DoFn):
    def __init__(self, seen_at: dt.datetime, run_id: str) -> None:
        self.seen_at = seen_at
        self.run_id = run_id

    def process(self, parsed: ParsedItem) -> Iterator[Any]:
        result = normalize_parsed(parsed, self.seen_at, self.run_id)
        yield result if isinstance(result, Delivery) else beam.pvalue.TaggedOutput(REJECTS, result)


@dataclass
class NormalizeItems(beam.PTransform):
    """Items to deliveries.

    Gives a tuple with `main` (`Delivery`) and `rejects` (`schemas.reject.Reject`).

    Attributes:
        seen_at: when the run began, UTC; the `first_seen` of what is new.
        run_id: the run.
    """

    seen_at: dt.datetime
    run_id: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, items: beam.PCollection) -> Any:
        """Normalize each item."""
        return items | "NormalizeItem" >> beam.ParDo(
            _NormalizeItem(self.seen_at, self.run_id)
        ).with_outputs(REJECTS, main="main")
