"""A lake to fill row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lake.builder import LakeBuilder
from tests.lake.machines import Machines


@pytest.fixture
def builder(tmp_path: Path) -> LakeBuilder:
    """An empty lake to fill."""
    return LakeBuilder(tmp_path / "lake")


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    """Machines with an empty bucket between them."""
    return Machines(tmp_path / "machines", monkeypatch)
