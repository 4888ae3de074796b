"""What is derived from one data file and kept beside the lake: made once, checked when read.

A file is named after the data file that it was made of, which never changes: it needs no manifest,
is right whenever it is there, and is made again when it is not, or is damaged. Its last 16 bytes
are the hash of all others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xxhash

from lake.data_file import hash_in_name
from lake.fsync import temporary_beside
from lake.present import make_present
from lake.tables import Snapshot

_CHECKSUM_BYTES = 16


@dataclass(frozen=True, slots=True)
class Derived:
    """A folder of such files; another `suffix`, and old files are replaced."""

    folder: Path
    suffix: str

    def read(self, name: str) -> memoryview | None:
        """What was derived from the data file with that hash; None without, or if damaged."""
        make_present([self._path(name)])
        try:
            data = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        body = memoryview(data)[:-_CHECKSUM_BYTES]
        intact = len(data) >= _CHECKSUM_BYTES
        return body if intact and xxhash.xxh3_128_digest(body) == data[len(body) :] else None

    def write(self, name: str, body: bytes) -> None:
        """Keep it, in one step. Not durable: what a crash takes is made again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(name)
        temporary = temporary_beside(path)
        temporary.write_bytes(body + xxhash.xxh3_128_digest(body))
        os.replace(temporary, path)

    def has(self, name: str) -> bool:
        """Whether there is such a file, damaged or not."""
        return self._path(name).exists()

    def names(self) -> Iterator[tuple[Path, str]]:
        """Every file and the name it has; what a killed run left begins with a dot."""
        for path in sorted(self.folder.glob("[!.]*")):
            yield path, path.name.removesuffix(self.suffix)

    def prune(self, pinned: Snapshot, table: str) -> None:
        """Delete what was made of files the lake no longer has. Safe only under the lease."""
        kept = {f"{hash_in_name(file.path)}{self.suffix}" for file in pinned.files(table)}
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in kept:
                path.unlink()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{self.suffix}"
