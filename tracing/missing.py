"""What a lake has nothing of: pages say so rather than look empty."""

from __future__ import annotations

from lake.tables import Snapshot


def missing_tables(pinned: Snapshot, *tables: str) -> tuple[str, ...]:
    """Those of the tables that have no row: no run wrote any, or the lake is older than they."""
    return tuple(table for table in tables if not any(file.rows for file in pinned.files(table)))
