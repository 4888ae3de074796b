"""`tombstones`: hashes that keep forgotten articles out. Holds no text, no name and no address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """One hash (identity key, or outlet with content) of a forgotten article."""

    key_hash: A[str, C("128-bit hash of an identity key or of the content.", "DESIGN §4.2")]
    run_id: A[str, C("The run of `wiretrace forget`.", "DESIGN §3")]
    month: A[str, C("Month of the run, YYYY-MM.", "DESIGN §3")]


TOMBSTONES = Table(
    name="tombstones",
    row=Tombstone,
    version=1,
    partition_by=("month",),
    sort_by=("key_hash",),
)
