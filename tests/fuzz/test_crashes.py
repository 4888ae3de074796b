"""What the fuzzer once found stays found: `crashes/<target>/<oddity>`, inputs that it made short.

Each once raised, hung or broke a promise of `fuzz/targets.py`; the commit that added it mended it.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fuzz.seeds import CRASHES
from fuzz.targets import CHECKS, HANG_SECONDS

FILES = sorted(path for path in CRASHES.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_is_mended(path: Path) -> None:
    """The check holds, in time."""
    start = time.process_time()
    CHECKS[path.parent.name](path.read_bytes())
    assert time.process_time() - start < HANG_SECONDS
