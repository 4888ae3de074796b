"""SHA-256, in hex, of files and of JSON values."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any


def hash_file(path: str | os.PathLike[str]) -> str:
    """Of the bytes of a file.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_json(value: Any) -> str:
    """Of a JSON value, in whatever order its keys are."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
