"""A lake to fill row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lake.builder import LakeBuilder


@pytest.fixture
def builder(tmp_path: Path) -> LakeBuilder:
    """An empty lake to fill."""
    return LakeBuilder(tmp_path / "lake")
