"""`_state/profiles`: of each data file of `articles`, what stories are told by.

What a profile holds, and its bytes: `transforms/stories/profile.py`, `profile_rows.py`. How they
are kept: `lake/derived.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lake.derived import Derived
from lake.tables import Lake, Snapshot

# What a profile holds; another number, and old files are replaced.
_SUFFIX = ".v1.profiles"


def profiles_in(folder: Path) -> Derived:
    """The files of profiles in a folder."""
    return Derived(folder, _SUFFIX)


def check_profiles(lake: Lake) -> Iterator[tuple[Path, str]]:
    """Files that are damaged, with what is wrong; a run makes them again by itself."""
    kept = profiles_in(lake.profiles)
    for path, name in kept.names():
        if kept.read(name) is None:
            yield path, "holds no profiles"


def prune_profiles(lake: Lake, pinned: Snapshot) -> None:
    """Delete the profiles of files that the lake no longer has. Safe only under the lease."""
    profiles_in(lake.profiles).prune(pinned, "articles")
