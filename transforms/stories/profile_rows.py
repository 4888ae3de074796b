"""Profiles as bytes: an Arrow file, a row per version, terms and claims as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import pyarrow as pa

from schemas.definition import TIMESTAMP
from transforms.stories.claims import Claims, from_plain, plain
from transforms.stories.profile import Profile
from transforms.stories.terms import Terms

_SCHEMA: Final = pa.schema(
    [
        ("article_id", pa.string()),
        ("version_id", pa.string()),
        ("language", pa.string()),
        ("outlet", pa.string()),
        ("day", pa.date32()),
        ("published", TIMESTAMP),
        ("stated_at", TIMESTAMP),
        ("terms", pa.binary()),
        ("claims", pa.binary()),
    ]
)
_PLAIN: Final = ("article_id", "version_id", "language", "outlet", "day", "published")


@dataclass(frozen=True, slots=True)
class Profiled:
    """The profile of a version, and when the version says that it was made."""

    profile: Profile
    stated_at: dt.datetime | None


def encode(profiled: Iterable[Profiled]) -> bytes:
    """The bytes that `decode` reads."""
    rows = [_row(one) for one in profiled]
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, _SCHEMA, options=options) as writer:
        writer.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA))
    data: bytes = sink.getvalue().to_pybytes()
    return data


class KeptProfile(Profile):
    """A profile whose terms and claims are read from their bytes each time they are asked for.

    As objects they take ten times the memory, and most of a window's are never asked for.
    """

    __slots__ = ("_claims", "_terms")
    _claims: bytes
    _terms: bytes

    def __init__(self, row: Mapping[str, Any]) -> None:
        """`row` is of the file that `encode` made."""
        for name in _PLAIN:
            object.__setattr__(self, name, row[name])
        object.__setattr__(self, "_terms", row["terms"])
        object.__setattr__(self, "_claims", row["claims"])

    @property
    def terms(self) -> Terms:
        """As in `Profile`."""
        return _to_terms(self._terms)

    @property
    def claims(self) -> Claims:
        """As in `Profile`."""
        return from_plain(orjson.loads(self._claims))


def decode(body: memoryview | bytes) -> list[Profiled]:
    """The profiles in the bytes that `encode` made."""
    with pa.ipc.open_file(pa.py_buffer(body)) as reader:
        rows = reader.read_all().to_pylist()
    return [Profiled(KeptProfile(row), row["stated_at"]) for row in rows]


def first_versions(profiled: Sequence[Profiled]) -> list[Profile]:
    """Of each article the version that says it is the oldest: what comes later moves nothing."""
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    ordered = sorted(profiled, key=lambda p: (p.stated_at or latest, p.profile.version_id))
    first: dict[str, Profile] = {}
    for one in ordered:
        first.setdefault(one.profile.article_id, one.profile)
    return list(first.values())


def _row(one: Profiled) -> dict[str, Any]:
    profile = one.profile
    return {
        "article_id": profile.article_id,
        "version_id": profile.version_id,
        "language": profile.language,
        "outlet": profile.outlet,
        "day": profile.day,
        "published": profile.published,
        "stated_at": one.stated_at,
        "terms": orjson.dumps(profile.terms),
        "claims": orjson.dumps(plain(profile.claims)),
    }


def _to_terms(data: bytes) -> Terms:
    row = orjson.loads(data)
    for name in ("quotes", "named", "bulletin"):
        row[name] = tuple(row[name])
    return Terms(**row)
