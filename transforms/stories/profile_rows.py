"""Profiles as bytes: an Arrow file, a row per version, terms and claims as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import pyarrow as pa

from schemas.definition import TIMESTAMP
from transforms.stories.claims import from_plain, plain
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


def decode(body: memoryview | bytes) -> list[Profiled]:
    """The profiles in the bytes that `encode` made."""
    with pa.ipc.open_file(pa.py_buffer(body)) as reader:
        rows = reader.read_all().to_pylist()
    return [
        Profiled(
            Profile(
                row["article_id"],
                row["version_id"],
                row["language"],
                row["outlet"],
                row["day"],
                row["published"],
                Terms(**_plain(row["terms"])),
                from_plain(orjson.loads(row["claims"])),
            ),
            row["stated_at"],
        )
        for row in rows
    ]


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


def _plain(data: bytes) -> dict[str, Any]:
    return {name: _frozen(value) for name, value in orjson.loads(data).items()}


def _frozen(value: Any) -> Any:
    """Lists as the tuples that they were."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {name: _frozen(item) for name, item in value.items()}
    return value
