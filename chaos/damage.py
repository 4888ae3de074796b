"""Bits that flip and ends that go missing, in every kind of file of a lake.

What counts as damage: any change of a file that a command reads, as bytes, to answer or to decide.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# What a file is for, by its path in the lake; the first that fits.
KINDS: tuple[tuple[str, str], ...] = (
    ("log entry", r"[^/]+/_delta_log/\d+\.json"),
    ("log checkpoint", r"[^/]+/_delta_log/.*"),
    ("data file", r"[^_][^/]*/.*\.parquet"),
    ("keys", r"_state/keys/.*\.run"),
    ("manifest", r"_state/keys/manifest-.*\.json"),
    ("search", r"_state/search/.*"),
    ("signatures", r"_state/signatures/.*"),
    ("profiles", r"_state/profiles/.*"),
    ("staged file", r"_state/staging/[^/]+/.*part-[^/]*\.parquet"),
    ("plan", r"_state/plans/\d+\.json"),
    ("log sums", r"_state/log_sums.json"),
    ("lease", r"_state/lease\..*"),
)
# All that doctor has to find. The number in a lease may be any: what plans and runs carry is the
# floor of the next (lake/lease.py). Commands that meet it give the right answer.
FOUND = tuple(kind for kind, _ in KINDS if kind != "lease")


@dataclass(frozen=True, slots=True)
class Damage:
    """A file of the lake, and where: the bit that flips, or the bytes that are left of it."""

    path: str
    kind: str
    flip: int | None
    left: int | None

    def __str__(self) -> str:
        how = f"bit {self.flip}" if self.flip is not None else f"cut to {self.left} bytes"
        return f"{self.kind}: {self.path}: {how}"


def kind_of(path: str) -> str | None:
    """Which kind of file of a lake that is; None for what is no part of it."""
    return next((kind for kind, form in KINDS if re.fullmatch(form, path)), None)


def files_by_kind(root: Path) -> Mapping[str, list[str]]:
    """The files of a lake that somebody reads, by kind, none empty."""
    found: dict[str, list[str]] = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.stat().st_size):
        name = path.relative_to(root).as_posix()
        if (kind := kind_of(name)) is not None:
            found.setdefault(kind, []).append(name)
    # The one before it waits for the next run to delete it.
    found["manifest"] = found["manifest"][-1:]
    return found


def plan_damage(
    root: Path, flips: int, cuts: int, seed: int = 12, only: Sequence[str] = ()
) -> list[Damage]:
    """So many flips and cuts, as many in each kind, at places drawn evenly from its bytes."""
    draw = random.Random(seed)
    kinds = {k: names for k, names in files_by_kind(root).items() if not only or k in only}
    planned = []
    for number in range(flips + cuts):
        kind = list(kinds)[number % len(kinds)]
        sizes = [(root / name).stat().st_size for name in kinds[kind]]
        [name] = draw.choices(kinds[kind], sizes)
        size = (root / name).stat().st_size
        if number < flips:
            planned.append(Damage(name, kind, draw.randrange(size * 8), None))
        else:
            planned.append(Damage(name, kind, None, draw.randrange(size)))
    return planned


@contextmanager
def damaged(root: Path, damage: Damage) -> Iterator[Path]:
    """The file damaged for the length of the block."""
    path = root / damage.path
    whole = path.read_bytes()
    path.write_bytes(harm(whole, damage))
    try:
        yield path
    finally:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(whole)


def harm(data: bytes, damage: Damage) -> bytes:
    """The bytes after the damage."""
    if damage.flip is None:
        return data[: damage.left]
    at, bit = divmod(damage.flip, 8)
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
