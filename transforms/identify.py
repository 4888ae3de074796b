"""Identity: is a delivery new, revised, a duplicate or a control message? (DESIGN.md §4.2–4.4)

Rules implemented here, by number of DESIGN.md:
- 4.2: a delivery of the same outlet that shares a trusted key with a known article is that article;
  deliveries of one day are grouped by shared keys; the id is minted once from the first key in the
  order uri, guid, url, content; a delivery that joins two articles makes the newer id an alias.
- 4.3: the same content and control again is a duplicate; a truncation of a version is a sighting of
  it; a control message without text is a row of `controls`.
- 4.8: days are worked through in order, a day's deliveries as one set, so arrival decides nothing.

Everything is a pure function over one outlet's deliveries and what is known of their keys.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.article_alias import ArticleAlias
from schemas.control import Control
from schemas.ids import content_tombstone, hash_id, show_mark
from schemas.sighting import Sighting
from transforms.delivery import (
    KEY_KINDS,
    Key,
    Sighted,
)
from transforms.fingerprint import Fingerprint, fingerprint, is_truncation
from transforms.outlets import reaches_any_outlet

_NO_TEXT = fingerprint(None, None, None).text
_RANK = {kind: rank for rank, kind in enumerate(KEY_KINDS)}


@dataclass(frozen=True, slots=True, order=True)
class Founded:
    """When an article was founded: run sequence, then event day. The least is the oldest."""

    sequence: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version that the lake, or an earlier day of this run, has already."""

    version_id: str
    content_hash: str
    control_hash: str
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key, or an alias's id, that leads to an article from now on."""

    hash: str
    article_id: str
    founded: Founded


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version that is registered for an article from now on."""

    article_id: str
    version: KnownVersion


@dataclass(frozen=True, slots=True)
class Decision:
    """What one delivery turned out to be, and by which reason; `write` if it becomes a row."""

    staged: str
    row: int
    source: str
    source_uri: str
    outcome: str
    reason: str
    article_id: str = ""
    version_id: str = ""
    write: bool = False


@dataclass
class Known:
    """What is known of one outlet's keys; grows while the days are worked through.

    `articles` maps key hashes (and ids of aliases) to article ids, `founded` and `versions` are by
    article id, `forgotten` are tombstones, `untrusted` (source, key hash) pairs of §4.2; `shown`
    are marks of what polled feeds showed the last time (`schemas.ids.show_mark`), on the same day.
    """

    articles: dict[str, str] = field(default_factory=dict)
    founded: dict[str, Founded] = field(default_factory=dict)
    versions: dict[str, list[KnownVersion]] = field(default_factory=lambda: defaultdict(list))
    forgotten: frozenset[str] = frozenset()
    untrusted: frozenset[tuple[str, str]] = frozenset()
    shown: frozenset[str] = frozenset()

    def article_of(self, key_hash: str) -> str | None:
        """The article that a key leads to, through aliases."""
        article = self.articles.get(key_hash)
        seen = set()
        while article is not None and article in self.articles and article not in seen:
            seen.add(article)
            article = self.articles[article]
        return article


@dataclass
class Identified:
    """All that follows from one outlet's deliveries."""

    decisions: list[Decision] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    aliases: list[ArticleAlias] = field(default_factory=list)
    keys: list[NewKey] = field(default_factory=list)
    versions: list[NewVersion] = field(default_factory=list)
    distrusted: set[tuple[str, str]] = field(default_factory=set)


def identify(
    deliveries: Iterable[Sighted], known: Known, sequence: int, run_id: str, month: str
) -> Identified:
    """Decide what the deliveries of one outlet are, day by day.

    `known` must hold everything that the state knows about their keys; it is updated.
    """
    out = Identified()
    days: dict[dt.date, list[Sighted]] = defaultdict(list)
    for delivery in deliveries:
        days[delivery.day].append(delivery)
    for day in sorted(days):
        fresh = [d for d in days[day] if not _reject_forgotten(d, known, out)]
        reused = find_reused(fresh, known)
        out.distrusted |= reused
        known.untrusted |= reused
        for group in group_by_keys(fresh, known):
            _identify_article(group, known, Founded(sequence, day), run_id, month, out)
    out.sightings = _merge_sightings(out.sightings)
    return out


def trusted_keys(delivery: Sighted, known: Known) -> tuple[Key, ...]:
    """The keys that may identify a delivery; the content key only where nothing else is trusted.

    A key that its source uses for different articles is left out (§4.2).
    """
    kept = tuple(key for key in delivery.keys if (delivery.source, key.hash) not in known.untrusted)
    named = tuple(key for key in kept if key.kind != "content")
    return named or kept


def find_reused(deliveries: Iterable[Sighted], known: Known) -> set[tuple[str, str]]:
    """(source, guid) pairs of feeds that give an old guid to another article.

    Its first article is gone from the feed, so that nothing there shows both (`find_distrusted` in
    `pipeline/chunks.py`). All must differ: the address, the day, the headline, and the text from
    its first words on; what has any of them in common is a revision.
    """
    found = set()
    for delivery in deliveries:
        keys = {key.kind: key.hash for key in trusted_keys(delivery, known)}
        article = known.article_of(keys.get("guid", ""))
        if delivery.feed is None or delivery.control or article is None or "url" not in keys:
            continue
        is_elsewhere = known.article_of(keys["url"]) != article
        is_later = delivery.published is not None and delivery.day > known.founded[article].day
        versions = known.versions.get(article, ())
        if is_elsewhere and is_later and not any(_resembles(delivery, v) for v in versions):
            found.add((delivery.source, keys["guid"]))
    return found


def _resembles(delivery: Sighted, version: KnownVersion) -> bool:
    """Do they share a headline, a standfirst, a text, or the words that it begins with?"""
    new, old = delivery.fingerprint, version.fingerprint
    texts = {new.text, new.description} - {_NO_TEXT}
    return (
        new.headline == old.headline
        or not texts.isdisjoint((old.text, old.description))
        or not {*new.grid, *new.sentences}.isdisjoint((*old.grid, *old.sentences))
    )


def group_by_keys(deliveries: Sequence[Sighted], known: Known) -> list[list[Sighted]]:
    """Deliveries that share a trusted key, or a known article, in a stable order."""
    parent: dict[str, str] = {}

    def find(node: str) -> str:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    anchors = []
    for delivery in deliveries:
        hashes = [key.hash for key in trusted_keys(delivery, known)]
        nodes = [known.article_of(key_hash) or key_hash for key_hash in hashes]
        for node in nodes[1:]:
            parent[find(node)] = find(nodes[0])
        anchors.append(nodes[0])
    groups: dict[str, list[Sighted]] = defaultdict(list)
    for delivery, anchor in zip(deliveries, anchors, strict=True):
        groups[find(anchor)].append(delivery)
    ordered = [sorted(group, key=_stable_order) for group in groups.values()]
    return sorted(ordered, key=lambda group: _stable_order(group[0]))


def mint_article_id(outlet: str, keys: Iterable[Key]) -> str:
    """The id of a new article: hash of outlet and its first key; the least of equal rank."""
    first = min(keys, key=lambda key: (_RANK[key.kind], key.hash))
    return hash_id("article", outlet, first.kind, first.hash)


def mint_version_id(article_id: str, content_hash: str, control_hash: str) -> str:
    """The id of a version (§4.3)."""
    return hash_id("version", article_id, content_hash, control_hash)


def _reject_forgotten(delivery: Sighted, known: Known, out: Identified) -> bool:
    hashes = {key.hash for key in delivery.keys if key.kind != "content"}
    hashes.add(content_tombstone(delivery.outlet, delivery.content_hash))
    if hashes.isdisjoint(known.forgotten):
        return False
    out.decisions.append(_decide(delivery, "rejected", "forgotten"))
    return True


def _identify_article(
    group: list[Sighted], known: Known, founded: Founded, run_id: str, month: str, out: Identified
) -> None:
    keys = {key.hash: key for delivery in group for key in trusted_keys(delivery, known)}
    article_id, reason = _resolve_article(group[0].outlet, keys, known, founded, out, run_id, month)
    _register_keys(keys.values(), article_id, known, out)
    messages = [delivery for delivery in group if delivery.control]
    for delivery in messages:
        out.controls.append(_control(delivery, article_id, run_id, month))
        out.decisions.append(_decide(delivery, "control", str(delivery.control), article_id))
    texts = [delivery for delivery in group if not delivery.control]
    _identify_versions(texts, article_id, reason, known, run_id, out)


def _resolve_article(
    outlet: str,
    keys: Mapping[str, Key],
    known: Known,
    founded: Founded,
    out: Identified,
    run_id: str,
    month: str,
) -> tuple[str, str]:
    """The article of a group, oldest first, and the kind of key that led to it."""
    led: dict[str, str] = {}
    for key in sorted(keys.values(), key=lambda key: (_RANK[key.kind], key.hash)):
        article = known.article_of(key.hash)
        if article is not None:
            led.setdefault(article, key.kind)
    if not led:
        article_id = mint_article_id(outlet, keys.values())
        known.founded.setdefault(article_id, founded)
        return article_id, "founded"
    oldest, *newer = sorted(led, key=lambda article: (known.founded[article], article))
    for article in newer:
        out.aliases.append(
            ArticleAlias(
                article_id=article, alias_of=oldest, reason=led[article], run_id=run_id, month=month
            )
        )
        known.articles[article] = oldest
        out.keys.append(NewKey(article, oldest, known.founded[oldest]))
        for version in known.versions.pop(article, []):
            known.versions[oldest].append(version)
            out.versions.append(NewVersion(oldest, version))
    return oldest, led[oldest]


def _register_keys(keys: Iterable[Key], article_id: str, known: Known, out: Identified) -> None:
    for key in sorted(keys, key=lambda key: key.hash):
        if known.articles.get(key.hash) != article_id:
            known.articles[key.hash] = article_id
            out.keys.append(NewKey(key.hash, article_id, known.founded[article_id]))


def _identify_versions(
    texts: list[Sighted],
    article_id: str,
    reason: str,
    known: Known,
    run_id: str,
    out: Identified,
) -> None:
    versions = known.versions[article_id]
    is_known_article = bool(versions)
    first_decision = len(out.decisions)
    # Longest first: a truncation then meets the full text of its own day as a known version.
    for delivery in sorted(texts, key=lambda d: (-d.fingerprint.words, *_version_order(d))):
        match = find_version(delivery, versions)
        if match is not None:
            version, why = match
            out.decisions.append(
                _decide(delivery, "duplicate", why, article_id, version.version_id)
            )
        else:
            version = KnownVersion(
                mint_version_id(article_id, delivery.content_hash, delivery.control_hash),
                delivery.content_hash,
                delivery.control_hash,
                delivery.fingerprint,
            )
            versions.append(version)
            out.versions.append(NewVersion(article_id, version))
            out.decisions.append(
                _decide(delivery, "revised", reason, article_id, version.version_id, write=True)
            )
        # A feed shows an entry for days: one sighting a day says so, unless it was gone meanwhile.
        if match is None or mark_shown(delivery) not in known.shown:
            out.sightings.append(_sighting(delivery, article_id, version.version_id, run_id))
    if not is_known_article:
        _mark_founder(texts, first_decision, out)


def mark_shown(delivery: Sighted) -> str:
    """What a feed shows with this delivery; the first key is the strongest (§4.2)."""
    return show_mark(
        delivery.source, delivery.keys[0].hash, delivery.content_hash, delivery.control_hash
    )


def find_version(
    delivery: Sighted, versions: Iterable[KnownVersion]
) -> tuple[KnownVersion, str] | None:
    """The known version that a delivery repeats, and why: `same` content or `truncation` of it."""
    candidates = [v for v in versions if v.control_hash == delivery.control_hash]
    same = [v for v in candidates if v.content_hash == delivery.content_hash]
    if same:
        # Articles that were joined may have one each; which was registered first depends on chunks.
        return min(same, key=lambda v: v.version_id), "same"
    cut = [v for v in candidates if is_truncation(delivery.fingerprint, v.fingerprint)]
    if not cut:
        return None
    return max(cut, key=lambda v: (v.fingerprint.words, v.version_id)), "truncation"


def _mark_founder(texts: list[Sighted], first_decision: int, out: Identified) -> None:
    """Of an article's first versions, the first in order is `new`, the others revise it."""
    order = {(d.staged, d.row): _version_order(d) for d in texts}
    written = [
        (order[(d.staged, d.row)], first_decision + offset)
        for offset, d in enumerate(out.decisions[first_decision:])
        if d.write
    ]
    if written:
        _, index = min(written)
        out.decisions[index] = replace(out.decisions[index], outcome="new", reason="founded")


def _merge_sightings(sightings: list[Sighting]) -> list[Sighting]:
    """A row per version and source, with its deliveries counted."""
    grouped: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        grouped[(sighting.version_id, sighting.source_uri)].append(sighting)
    return [merge_sightings(group) for group in grouped.values()]


def merge_sightings(group: Sequence[Sighting]) -> Sighting:
    """One row for several sightings of one version in one source by one run."""
    first = group[0]
    claims = [s.claimed_published for s in group if s.claimed_published]
    feeds = sorted(s.feed for s in group if s.feed)
    return Sighting(
        article_id=first.article_id,
        version_id=first.version_id,
        outlet=first.outlet,
        source_uri=first.source_uri,
        feed=feeds[0] if feeds else None,
        first_seen_at=min(s.first_seen_at for s in group),
        last_seen_at=max(s.last_seen_at for s in group),
        deliveries=sum(s.deliveries for s in group),
        claimed_published=max(claims) if claims else None,
        run_id=first.run_id,
        date=min(s.first_seen_at for s in group).date(),
    )


def count_outcomes(decisions: Iterable[Decision]) -> Counter[tuple[str, str, str]]:
    """Items by (source, outcome, reason), for the ledger."""
    return Counter((d.source, d.outcome, d.reason) for d in decisions)


def _sighting(delivery: Sighted, article_id: str, version_id: str, run_id: str) -> Sighting:
    return Sighting(
        article_id=article_id,
        version_id=version_id,
        outlet=delivery.outlet,
        source_uri=delivery.source,
        feed=delivery.feed,
        first_seen_at=delivery.seen_at,
        last_seen_at=delivery.seen_at,
        deliveries=1,
        claimed_published=delivery.published,
        run_id=run_id,
        date=delivery.seen_at.date(),
    )


def _control(delivery: Sighted, article_id: str, run_id: str, month: str) -> Control:
    return Control(
        uri=delivery.uri,
        article_id=article_id,
        kind=str(delivery.control),
        at=delivery.control_at,
        reason=delivery.control_reason,
        any_outlet=reaches_any_outlet(delivery.uri, delivery.outlet, delivery.outlet_rule),
        source_uri=delivery.source_uri,
        run_id=run_id,
        month=month,
    )


def _decide(
    delivery: Sighted,
    outcome: str,
    reason: str,
    article_id: str = "",
    version_id: str = "",
    *,
    write: bool = False,
) -> Decision:
    return Decision(
        delivery.staged, delivery.row, delivery.source, delivery.source_uri, outcome, reason,
        article_id, version_id, write,
    )  # fmt: skip


def _version_order(delivery: Sighted) -> tuple[int, str, str, str]:
    return (delivery.order, delivery.content_hash, delivery.raw_sha256, delivery.source_uri)


def _stable_order(delivery: Sighted) -> tuple[str, int, str, str, str]:
    return (min(key.hash for key in delivery.keys), *_version_order(delivery))
