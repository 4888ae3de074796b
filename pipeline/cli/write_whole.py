"""Files that a command writes for people: whole, or as they were."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import click


def write_whole(path: Path, text: str) -> None:
    """Write UTF-8 text; a plain file at `path` is replaced when all of it is written.

    Raises:
        click.UsageError: it cannot be written, or what is there is no plain file.
    """
    try:
        _write(path, text)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from None


def _write(path: Path, text: str) -> None:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(errno.EEXIST, "what is there is no plain file")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    # Created anew: never through a link that somebody laid there.
    with unfinished.open("xb") as file:
        try:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
