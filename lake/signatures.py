"""`_state/signatures`: the fingerprints of the texts of each data file of `articles`.

A file is named after the data file it was made of, which never changes: it needs no manifest, is
right whenever it is there, and is made again when it is not, or is damaged. What it holds comes
from `transforms/copies/fingerprints.py`: pairs of fingerprint and row, sorted by fingerprint.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from lake.data_file import hash_in_name
from lake.fsync import temporary_beside
from lake.tables import Lake, Snapshot

# Which fingerprints a text has; another number, and old files are replaced.
_SUFFIX = ".v1.sig"
_CHECKSUM_BYTES = 16
_FINGERPRINT, _ROW = np.dtype("<u8"), np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Signature:
    """`rows[i]`, counted in a data file, holds `fingerprints[i]`; sorted by fingerprint."""

    fingerprints: npt.NDArray[Any]
    rows: npt.NDArray[Any]


def read_signature(folder: Path, name: str) -> Signature | None:
    """The signature of the data file with that hash; None if there is none, or it is damaged."""
    try:
        data = (folder / f"{name}{_SUFFIX}").read_bytes()
    except FileNotFoundError:
        return None
    size, rest = divmod(len(data) - _CHECKSUM_BYTES, _FINGERPRINT.itemsize + _ROW.itemsize)
    body = memoryview(data)[:-_CHECKSUM_BYTES]
    if size < 0 or rest or xxhash.xxh3_128_digest(body) != data[-_CHECKSUM_BYTES:]:
        return None
    split = size * _FINGERPRINT.itemsize
    return Signature(np.frombuffer(body[:split], _FINGERPRINT), np.frombuffer(body[split:], _ROW))


def write_signature(folder: Path, name: str, signature: Signature) -> None:
    """Write it in one step. Not durable: what a crash takes is made again."""
    folder.mkdir(parents=True, exist_ok=True)
    body = signature.fingerprints.astype(_FINGERPRINT).tobytes()
    body += signature.rows.astype(_ROW).tobytes()
    path = folder / f"{name}{_SUFFIX}"
    temporary = temporary_beside(path)
    temporary.write_bytes(body + xxhash.xxh3_128_digest(body))
    os.replace(temporary, path)


def has_signature(folder: Path, name: str) -> bool:
    """Whether there is one, damaged or not."""
    return (folder / f"{name}{_SUFFIX}").exists()


def check_signatures(lake: Lake) -> Iterator[tuple[Path, str]]:
    """Files that hold no signature, with what is wrong; a run makes them again by itself."""
    # What a killed run left begins with a dot, and goes with the next.
    for path in sorted(lake.signatures.glob("[!.]*")):
        if read_signature(lake.signatures, path.name.removesuffix(_SUFFIX)) is None:
            yield path, "is no signature"


def prune_signatures(lake: Lake, pinned: Snapshot) -> None:
    """Delete the signatures of files that the lake no longer has. Safe only under the lease."""
    kept = {f"{hash_in_name(file.path)}{_SUFFIX}" for file in pinned.files("articles")}
    for path in lake.signatures.iterdir() if lake.signatures.is_dir() else ():
        if path.name not in kept:
            path.unlink()
