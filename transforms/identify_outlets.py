"""`IdentifyOutlets`: the PTransform of `transforms/identify.py`.

Staged deliveries are grouped by outlet in packed blocks without their texts, held against the key
state, and decided. Rows of tables, decisions and state records come out on outputs of their own.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from lake.keys import (
    MARK,
    KeyEntry,
    KeyState,
    StateFiles,
    VersionEntry,
    pack_keys,
    pack_versions,
)
from schemas.article import Article
from schemas.ids import distrust_mark
from transforms.delivery import Sighted
from transforms.fingerprint import Fingerprint
from transforms.identify import (
    Founded,
    Identified,
    Known,
    KnownVersion,
    count_outcomes,
    identify,
)
from transforms.reject import build_reject
from transforms.staged import articles_at, blocks_in, sighted_of

ROWS, STATE, COUNTS = "rows", "state", "counts"


@dataclass(frozen=True, slots=True)
class IdentifyContext:
    """What identification needs to know of its run.

    `state` are the files of the key state, those of earlier chunks of this run included; `distrust`
    the (source, key) pairs found in this run, `forgotten` the tombstones, `shown` as in `Known`.
    """

    sequence: int
    run_id: str
    seen_at: dt.datetime
    state: StateFiles
    forgotten: frozenset[str]
    distrust: frozenset[tuple[str, str]]
    shown: frozenset[str] = frozenset()

    @property
    def month(self) -> str:
        """Partition of tables that go by month of the run."""
        return self.seen_at.strftime("%Y-%m")


def look_up(deliveries: list[Sighted], state: KeyState, context: IdentifyContext) -> Known:
    """Everything that the state knows about the keys of one outlet's deliveries."""
    pairs = {(d.source, key.hash) for d in deliveries for key in d.keys}
    marks = {distrust_mark(*pair): pair for pair in pairs}
    entries = state.articles([*{key for _, key in pairs}, *marks])
    untrusted = {marks[mark] for mark in entries if mark in marks}
    known = Known(
        forgotten=context.forgotten,
        untrusted=frozenset(untrusted | (context.distrust & pairs)),
        shown=context.shown,
    )
    todo = {hash_: entry for hash_, entry in entries.items() if hash_ not in marks}
    while todo:
        for hash_, entry in todo.items():
            known.articles[hash_] = entry.article_id
            known.founded[entry.article_id] = Founded(
                entry.sequence, dt.date.fromordinal(entry.day)
            )
        # An article id that leads on is an alias: follow it until nothing is left to follow.
        ids = {e.article_id for e in todo.values()} - known.articles.keys()
        todo = state.articles(list(ids))
    for article_id, versions in state.versions(list(known.founded)).items():
        known.versions[article_id] = [known_version(version) for version in versions]
    return known


def known_version(entry: VersionEntry) -> KnownVersion:
    """A version as identification sees it."""
    return KnownVersion(
        entry.version_id,
        entry.content_hash,
        entry.control_hash,
        Fingerprint(
            entry.headline,
            entry.description,
            entry.text,
            entry.words,
            entry.marked,
            entry.grid,
            entry.sentences,
        ),
    )


def key_entries(found: Identified) -> list[tuple[str, KeyEntry]]:
    """New keys as the state keeps them, and the marks of those that are not trusted any more."""
    keys = [
        (key.hash, KeyEntry(key.article_id, key.founded.sequence, key.founded.day.toordinal()))
        for key in found.keys
    ]
    return keys + [(distrust_mark(*pair), MARK) for pair in sorted(found.distrusted)]


def version_entry(version: KnownVersion) -> VersionEntry:
    """A version as the state keeps it."""
    print_ = version.fingerprint
    return VersionEntry(
        version.version_id,
        version.content_hash,
        version.control_hash,
        print_.headline,
        print_.description,
        print_.text,
        print_.words,
        print_.marked,
        print_.grid,
        print_.sentences,
    )


class _IdentifyOutlet(beam.DoFn):
    def __init__(self, context: IdentifyContext) -> None:
        self.context = context
        self.state: KeyState | None = None

    def setup(self) -> None:
        self.state = KeyState(self.context.state)

    def process(self, element: tuple[str, Iterable[bytes]]) -> Iterator[Any]:
        context = self.context
        deliveries = [delivery for block in element[1] for delivery in sighted_of(block)]
        known = look_up(deliveries, self.state or KeyState(context.state), context)
        found = identify(deliveries, known, context.sequence, context.run_id, context.month)
        decided: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for decision in found.decisions:
            if decision.write:
                decided[decision.staged].append(
                    (decision.row, decision.article_id, decision.version_id)
                )
        yield from decided.items()
        for row in _rows(found, context):
            yield beam.pvalue.TaggedOutput(ROWS, row)
        versions = [(new.article_id, version_entry(new.version)) for new in found.versions]
        block = (pack_keys(key_entries(found)), pack_versions(versions, context.sequence))
        yield beam.pvalue.TaggedOutput(STATE, block)
        yield beam.pvalue.TaggedOutput(COUNTS, tuple(count_outcomes(found.decisions).items()))


def _rows(found: Identified, context: IdentifyContext) -> Iterator[tuple[str, Any]]:
    for sighting in found.sightings:
        yield "sightings", sighting
    for control in found.controls:
        yield "controls", control
    for alias in found.aliases:
        yield "article_aliases", alias
    for decision in found.decisions:
        if decision.outcome == "rejected":
            reject = build_reject(
                stage="identify",
                reason=decision.reason,
                message=f"{decision.source_uri}: a tombstone keeps this article out",
                source_uri=decision.source_uri,
                raw=None,
                seen_at=context.seen_at,
                run_id=context.run_id,
            )
            yield "rejects", reject


@dataclass
class IdentifyOutlets(beam.PTransform):
    """Paths of staged deliveries to what they are.

    Gives a tuple with `decided` ((staged path, [(row, article id, version id)]) of what becomes a
    row of `articles`), `rows` ((table, row)), `state` (packed keys and versions) and `counts`
    (((source, outcome, reason), items) pairs).

    Attributes:
        context: the run.
    """

    context: IdentifyContext

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, paths: beam.PCollection) -> Any:
        """Group by outlet, identify each outlet."""
        return (
            paths
            | "ReadSighted" >> beam.FlatMap(blocks_in)
            | "GroupByOutlet" >> beam.GroupByKey()
            | "IdentifyOutlet"
            >> beam.ParDo(_IdentifyOutlet(self.context)).with_outputs(
                ROWS, STATE, COUNTS, main="decided"
            )
        )


class _PickArticles(beam.DoFn):
    def process(
        self, element: tuple[str, Iterable[list[tuple[int, str, str]]]]
    ) -> Iterator[Article]:
        path, blocks = element
        yield from articles_at(path, [one for block in blocks for one in block])


class PickArticles(beam.PTransform):
    """The `decided` output of `IdentifyOutlets` to `schemas.article.Article`s, ids filled in."""

    def expand(self, decided: beam.PCollection) -> beam.PCollection:
        """Read each staged file once."""
        return decided | "GroupByFile" >> beam.GroupByKey() | "Pick" >> beam.ParDo(_PickArticles())
