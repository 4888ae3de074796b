"""Two roads from dropped files to what a lake says of them, for the same questions.

`Steps` goes through the functions that a run is made of, from the files' bytes to the views, with
the key state on disk and days cut into chunks, but without an engine: 50 ms a run. `Whole` is
`wiretrace run` itself, some seconds a run.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from lake.current import whole_rows
from lake.keys import MARK, KeyState, StateFiles, pack_keys, pack_versions, write_state
from lake.tables import Lake, open_lake, snapshot
from lake.views import connect, connect_rows
from pipeline.batch import run_batch
from pipeline.chunks import find_distrusted, plan_chunks
from pipeline.ledger import balance
from pipeline.options import RunOptions
from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from schemas.ids import distrust_mark
from transforms.delivery import Delivery
from transforms.identify import count_outcomes, identify
from transforms.identify_outlets import IdentifyContext, key_entries, look_up, version_entry
from transforms.normalize import normalize_parsed
from transforms.parse.containers import ParsedItem, to_parsed
from transforms.parse.document import parse_document
from transforms.parse.item import ParseContext
from transforms.parse.messages import SourceBytes
from transforms.read.containers import Container
from transforms.read.segment import Source
from transforms.reject import detail_of
from transforms.spread import spread
from transforms.stage import StagedFile, write_deliveries
from transforms.staged import articles_at, blocks_in, sighted_of

Files = Mapping[str, bytes]
"""Names of sources and what is dropped in them."""
VIEWS = ("articles_now", "controls_now", "alias_ends")
LEDGER = ("seen", "new", "revised", "duplicate", "control", "rejected")


@dataclass(frozen=True)
class Standing:
    """What a lake says, in terms that do not depend on where its files lie.

    `versions` are by version id: (article now, is it current, pubstatus, embargoed until);
    `sightings` count deliveries of (version, source, run); `controls` are (article now, kind, at).
    """

    versions: Mapping[str, tuple[Any, ...]]
    sightings: Counter[tuple[str, str, int]]
    controls: Counter[tuple[Any, ...]]
    aliases: Mapping[str, str]


class Steps:
    """A lake as lists of rows."""

    def __init__(self, folder: Path) -> None:
        self.lake = Lake(folder / "lake")
        self.lake.keys.mkdir(parents=True)
        self.folder = folder
        self.state = StateFiles()
        self.rows: dict[str, list[Any]] = defaultdict(list)
        self.runs = 0

    def today(self) -> dt.date:
        """The day of the next run."""
        return dt.date(2024, 4, 1) + dt.timedelta(days=self.runs)

    def run(self, files: Files, chunk: int) -> Counter[str]:
        """Take in the files, at most about `chunk` deliveries at once; the ledger."""
        now = dt.datetime.combine(self.today(), dt.time(12), dt.UTC)
        self.runs += 1
        details: Counter[tuple[str, str, str]] = Counter()
        staged: list[StagedFile] = []
        seen = 0
        for name, data in files.items():
            deliveries = []
            for result in _received(name, data, now):
                seen += 1
                if isinstance(result, Delivery):
                    deliveries.append(result)
                else:
                    details[detail_of(result)] += 1
            if deliveries:
                staged.append(write_deliveries(deliveries, self.folder / "staged"))
        details.update(self._settle(staged, chunk, now))
        ledger = balance(seen, len(files), 0, details)
        return Counter({"seen": ledger.seen, **ledger.outcomes})

    def _settle(
        self, staged: list[StagedFile], chunk: int, now: dt.datetime
    ) -> Counter[tuple[str, str, str]]:
        distrust = find_distrusted(staged)
        counts: Counter[tuple[str, str, str]] = Counter()
        chunks = list(plan_chunks(staged, chunk))
        paths = [file.path for file in staged]
        lying = list(spread(paths, chunks, self.folder / "chunks")) if paths else []
        for number in range(len(chunks)):
            context = IdentifyContext(
                self.runs, f"run-{self.runs}", now, self.state, frozenset(), distrust
            )
            outlets: dict[str, list[Any]] = defaultdict(list)
            for path in [path for part, path in lying if part == number]:
                for outlet, block in blocks_in(path):
                    outlets[outlet] += sighted_of(block)
            for deliveries in outlets.values():
                counts.update(self._identify(deliveries, context))
        return counts

    def _identify(
        self, deliveries: list[Any], context: IdentifyContext
    ) -> Counter[tuple[str, str, str]]:
        known = look_up(deliveries, KeyState(context.state), context)
        found = identify(deliveries, known, context.sequence, context.run_id, context.month)
        for decision in found.decisions:
            if decision.write:
                one = (decision.row, decision.article_id, decision.version_id)
                self.rows["articles"] += articles_at(decision.staged, [one])
        self.rows["sightings"] += found.sightings
        self.rows["controls"] += found.controls
        self.rows["article_aliases"] += found.aliases
        versions = [(new.article_id, version_entry(new.version)) for new in found.versions]
        keys = [*key_entries(found), *_marks(context)]
        packed = pack_versions(versions, context.sequence)
        self.state = self.state.plus(write_state(self.lake, [pack_keys(keys)], [packed]))
        return count_outcomes(found.decisions)

    def standing(self) -> Standing:
        """What the views say."""
        tables = {name: to_arrow(BY_NAME[name], rows) for name, rows in self.rows.items()}
        numbers = range(1, self.runs + 1)
        runs = {"run_id": [f"run-{n}" for n in numbers], "sequence": list(numbers)}
        tables["runs"] = whole_rows(pa.table(runs), "runs")
        with connect_rows(tables, *VIEWS, "sightings_now") as connection:
            return _standing(connection)


class Whole:
    """A lake in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def today(self) -> dt.date:
        """The day of the next run."""
        return dt.datetime.now(dt.UTC).date()

    def run(self, files: Files, chunk: int) -> Counter[str]:
        """One bounded run; its ledger."""
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        sources = tuple(Source(str(self.folder / name)) for name in files)
        result = run_batch(
            RunOptions(lake=self.folder / "lake", sources=sources, chunk=chunk, tell=False)
        )
        return Counter({name: getattr(result.run, name) for name in LEDGER})

    def standing(self) -> Standing:
        """What the views say."""
        with connect(snapshot(open_lake(self.folder / "lake"))) as connection:
            return _standing(connection)


Road = Steps | Whole


def _received(name: str, data: bytes, now: dt.datetime) -> list[Any]:
    """What a file holds: deliveries and rejects."""
    context = ParseContext(source_uri=name)
    results = list(parse_document(data, context, None))
    container = Container(SourceBytes(data, context), None, is_feed=False)
    return [
        normalize_parsed(one, now, "run") if isinstance(one, ParsedItem) else one
        for one in to_parsed(container, results, now, "run")
    ]


def _marks(context: IdentifyContext) -> list[Any]:
    return [(distrust_mark(*pair), MARK) for pair in sorted(context.distrust)]


def _standing(connection: duckdb.DuckDBPyConnection) -> Standing:
    def ask(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(sql).fetchall()

    versions = ask(
        "SELECT version_id, current_article_id, is_current, effective_pubstatus,"
        " effective_embargoed FROM articles_now"
    )
    sightings: Counter[tuple[str, str, int]] = Counter()
    for version, source, run, times in ask(
        "SELECT version_id, source_uri, sequence, deliveries FROM sightings_now"
    ):
        sightings[version, Path(source).name, run] += times
    controls = ask('SELECT current_article_id, kind, "at" FROM controls_now')
    aliases = ask("SELECT article_id, current_article_id FROM alias_ends")
    return Standing(
        {version: tuple(rest) for version, *rest in versions},
        sightings,
        Counter(map(tuple, controls)),
        dict(aliases),
    )
