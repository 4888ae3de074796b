"""Conditions on rows, as `Snapshot.read` takes them."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc


def is_any(column: str, values: Collection[str]) -> pc.Expression:
    """Rows of which a column of text is one of `values`."""
    return pc.field(column).isin(pa.array(sorted(values), pa.string()))
