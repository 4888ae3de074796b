"""`_state/signatures`: the fingerprints of the texts of each data file of `articles`.

What they are comes from `transforms/copies/fingerprints.py`: pairs of fingerprint and row, sorted
by fingerprint. How they are kept: `lake/derived.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lake.derived import Derived
from lake.tables import Lake, Snapshot

# Which fingerprints a text has; another number, and old files are replaced.
_SUFFIX = ".v1.sig"
_FINGERPRINT, _ROW = np.dtype("<u8"), np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Signature:
    """`rows[i]`, counted in a data file, holds `fingerprints[i]`; sorted by fingerprint."""

    fingerprints: npt.NDArray[Any]
    rows: npt.NDArray[Any]


def read_signature(folder: Path, name: str) -> Signature | None:
    """The signature of the data file with that hash; None if there is none, or it is damaged."""
    body = Derived(folder, _SUFFIX).read(name)
    if body is None:
        return None
    size, rest = divmod(len(body), _FINGERPRINT.itemsize + _ROW.itemsize)
    if rest:
        return None
    split = size * _FINGERPRINT.itemsize
    return Signature(np.frombuffer(body[:split], _FINGERPRINT), np.frombuffer(body[split:], _ROW))


def write_signature(folder: Path, name: str, signature: Signature) -> None:
    """Write it in one step. Not durable: what a crash takes is made again."""
    body = signature.fingerprints.astype(_FINGERPRINT).tobytes()
    body += signature.rows.astype(_ROW).tobytes()
    Derived(folder, _SUFFIX).write(name, body)


def has_signature(folder: Path, name: str) -> bool:
    """Whether there is one, damaged or not."""
    return Derived(folder, _SUFFIX).has(name)


def check_signatures(lake: Lake) -> Iterator[tuple[Path, str]]:
    """Files that hold no signature, with what is wrong; a run makes them again by itself."""
    for path, name in Derived(lake.signatures, _SUFFIX).names():
        if read_signature(lake.signatures, name) is None:
            yield path, "is no signature"


def prune_signatures(lake: Lake, pinned: Snapshot) -> None:
    """Delete the signatures of files that the lake no longer has. Safe only under the lease."""
    Derived(lake.signatures, _SUFFIX).prune(pinned, "articles")
