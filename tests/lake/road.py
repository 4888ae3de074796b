"""The road of a delivery without an engine: normalized, identified, seen through the views."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from lake.current import whole_rows
from lake.views import connect_rows, query
from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from schemas.reject import Reject
from tests.lake.builder import NOON
from transforms.delivery import Delivery
from transforms.identify import Known, identify
from transforms.normalize import normalize_parsed
from transforms.parse.containers import ParsedItem
from transforms.parse.item import Item
from transforms.parse.record import parse_record
from transforms.stage import write_deliveries
from transforms.staged import articles_at, blocks_in, sighted_of


class Road:
    """What some runs wrote, and their key state; `folder` is for staged deliveries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, Known] = defaultdict(Known)
        self.rows: dict[str, list[Any]] = defaultdict(list)
        self.runs = 0

    def run(self, *records: dict[str, Any]) -> None:
        """One run over JSON records as a drop folder takes them."""
        self.runs += 1
        run_id = f"run-{self.runs}"
        deliveries = [deliver(record, run_id) for record in records]
        path = write_deliveries(deliveries, self.folder).path
        for outlet, block in blocks_in(path):
            found = identify(sighted_of(block), self.known[outlet], self.runs, run_id, "2024-05")
            decided = [(d.row, d.article_id, d.version_id) for d in found.decisions if d.write]
            self.rows["articles"] += articles_at(path, decided)
            self.rows["sightings"] += found.sightings
            self.rows["controls"] += found.controls
            self.rows["article_aliases"] += found.aliases

    def select(self, sql: str) -> list[tuple[Any, ...]]:
        """A query's rows."""
        tables = {name: to_arrow(BY_NAME[name], rows) for name, rows in self.rows.items()}
        numbers = range(1, self.runs + 1)
        runs = {"run_id": [f"run-{number}" for number in numbers], "sequence": list(numbers)}
        tables["runs"] = whole_rows(pa.table(runs), "runs")
        with connect_rows(tables, "articles_now", "controls_now") as connection:
            return query(connection, sql).fetchall()


def deliver(record: dict[str, Any], run_id: str) -> Delivery:
    """A record, normalized; where it stood in its drop is not told."""
    item = parse_record({"outlet": "herald.example", **record}, None, "jsonl", None)
    assert isinstance(item, Item), item
    parsed = ParsedItem(item, "drop", "drop", b"", None, None)
    delivery = normalize_parsed(parsed, NOON, run_id)
    assert not isinstance(delivery, Reject), delivery
    return delivery
