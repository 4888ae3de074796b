"""Files that survive a power cut: the bytes are flushed before the name, the name before we go on.

Temporary files start with a dot and end in `.tmp`: a sweep can tell what a killed writer left.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path


def write_durably(path: Path, data: bytes, *, create_only: bool = False) -> None:
    """Write a whole file; after a crash at any moment the old or the new content stands there.

    Raises:
        FileExistsError: `create_only` and the name is taken; the file there is left as it is.
        OSError: the disk refused; the file is as it was.
    """
    temporary = temporary_beside(path)
    try:
        temporary.write_bytes(data)
        if create_only:
            _flush(temporary)
            os.link(temporary, path)  # unlike rename, refuses a taken name atomically
            fsync_directory(path.parent)
        else:
            rename_durably(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def rename_durably(src: Path, dst: Path) -> None:
    """Flush a file and move it over `dst` on the same file system, then flush both folders."""
    _flush(src)
    os.replace(src, dst)
    fsync_directory(dst.parent)
    if src.parent != dst.parent:
        fsync_directory(src.parent)


def temporary_beside(path: Path) -> Path:
    """A fresh name in the folder of `path`, for what will become it."""
    return path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")


def fsync_directory(path: Path) -> None:
    """Flush a folder's entries: names made, moved or removed in it."""
    _flush(path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
