"""An empty lake for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lake.builder import LakeBuilder


@pytest.fixture
def builder(tmp_path: Path) -> LakeBuilder:
    return LakeBuilder(tmp_path / "lake")
