"""What a lake needs of an object store: named bytes, and a put that fails if another was first.

`lake/store_s3.py` and `lake/store_gs.py` are the stores there are; each is loaded when an address
asks for it. All times are the store's own, so that no two machines need agree on the hour.
"""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_ADDRESS = re.compile(r"([a-z][a-z0-9]*)://([A-Za-z0-9][A-Za-z0-9._-]*)(?:/(.*))?")
_MODULES = {"s3": "lake.store_s3", "gs": "lake.store_gs"}


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in a listing; `tag` changes whenever it is written (S3: ETag, GCS: generation)."""

    name: str
    size: int
    tag: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """An object's bytes, when it was written and what time it is, both by the store's clock."""

    data: bytes
    tag: str
    modified: dt.datetime
    now: dt.datetime


class StoreRefused(Exception):
    """The store does not let us, or cannot do what a lake needs: nothing that passes by itself."""

    exit_code = 2


class StoreUnavailable(Exception):
    """The store did not answer, or not now, after several tries."""

    exit_code = 75


class PutConflict(Exception):
    """The object is there already, or is not the one that was to be replaced."""


class Store(Protocol):
    """A bucket below a prefix; names are relative to it. Safe to use from several threads.

    Every method raises `StoreRefused` (credentials, bucket, rights) and `StoreUnavailable`.
    """

    @property
    def url(self) -> str:
        """Its address, as the user wrote it."""

    def list(self, prefix: str = "", *, at_most: int | None = None) -> Iterator[Stored]:
        """Objects whose names begin with `prefix`, in order of name."""

    def get(self, name: str) -> Fetched | None:
        """A small object whole; None if there is none."""

    def download(self, name: str, target: Path) -> bool:
        """Write an object's bytes to a file; whether there was one."""

    def put(
        self, name: str, data: bytes | Path, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        """Write an object in one step; gives its tag.

        Raises:
            PutConflict: `if_absent` and it is there, or its tag is not `if_match`.
        """

    def delete(self, names: Sequence[str]) -> None:
        """Delete objects; those that are gone already count as deleted."""


def is_address(text: str) -> bool:
    """Whether a `--lake` names an object store and no folder."""
    return "://" in text


def parse_address(url: str) -> tuple[str, str, str]:
    """Scheme, bucket and prefix (without a slash at its end) of a lake's address.

    Raises:
        StoreRefused: it is none, or of a store that we do not know.
    """
    match = _ADDRESS.fullmatch(url)
    if match is None or match[1] not in _MODULES:
        known = ", ".join(f"{scheme}://BUCKET/PREFIX" for scheme in _MODULES)
        raise StoreRefused(f"{url} is no address of a lake; use a folder, or {known}")
    prefix = (match[3] or "").rstrip("/")
    if prefix and not is_plain(prefix):
        raise StoreRefused(f"{url}: no empty part, `.` or `..` in the prefix, please")
    return match[1], match[2], prefix


def is_plain(name: str) -> bool:
    """Whether an object's name can be a path below a folder, and leads nowhere else."""
    parts = name.split("/")
    return all(part not in ("", ".", "..") and part.isprintable() for part in parts)


def open_store(url: str) -> Store:
    """The store at an address; nothing is asked of it yet.

    Raises:
        StoreRefused: a bad address, the optional package is not installed, or no credentials.
    """
    scheme, bucket, prefix = parse_address(url)
    try:
        module = importlib.import_module(_MODULES[scheme])
    except ModuleNotFoundError as error:
        raise StoreRefused(
            f"{url} needs a package that is not installed ({error.name}); "
            f"pip install 'wiretrace[{scheme}]'"
        ) from error
    store: Store = module.open_bucket(url, bucket, prefix)
    return store


def put_once(
    store: Store, name: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None
) -> str:
    """A conditional put that knows its own work again.

    A put whose answer was lost is repeated, and then finds itself in the way.

    Raises:
        PutConflict: something else is in the way.
    """
    try:
        return store.put(name, data, if_absent=if_absent, if_match=if_match)
    except PutConflict:
        found = store.get(name)
        if found is None or found.data != data:
            raise
        return found.tag
