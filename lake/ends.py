"""The end of a Parquet file, which says what lies where in it, and what not to read.

No page's checksum covers it: one flipped bit there renames a column, which then reads as null, or
moves a bound, by which rows are passed over. So its hash stands in the file's name, and whoever
opens a file holds the one against the other; hashing the whole file would cost as much as reading
every column of it. Files of older versions have no such name and are opened as they are.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from pathlib import Path
from typing import BinaryIO

_TAIL = 8  # the size of the end, four bytes, and the magic word
_MAGIC = b"PAR1"
_NAMED = re.compile(r"[0-9a-f]{32,64}-([0-9a-f]{16})(\.v[0-9]+)?\.parquet$")


def hash_end(data: bytes | BinaryIO) -> str:
    """The hash of a Parquet file's end, 16 hex digits; of anything else that of its last bytes."""
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    length = int.from_bytes(tail[:4], "little") if tail[4:] == _MAGIC else 0
    file.seek(max(0, size - _TAIL - length))
    return hashlib.sha256(file.read()).hexdigest()[:16]


def check_end(path: str | Path) -> None:
    """Hold a file's end against its name, if that has the hash.

    Raises:
        LakeDamaged: the end has changed.
        OSError: the file cannot be read.
    """
    named = _NAMED.search(os.fspath(path))
    if named is None:
        return
    with open(path, "rb") as file:
        found = hash_end(file)
    if found != named[1]:
        from lake.tables import LakeDamaged  # which opens files by this module

        raise LakeDamaged(
            f"{path}: its end has changed since it was written; run `wiretrace doctor`"
        )
