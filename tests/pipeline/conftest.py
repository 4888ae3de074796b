"""A server and a lake for the tests that poll."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.newsroom import Newsroom
from tests.transforms.fetch.fault_server import FaultServer


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """Serves until the test is over."""
    with FaultServer() as started:
        yield started


@pytest.fixture
def newsroom(tmp_path: Path, server: FaultServer) -> Newsroom:
    """Without a lake as yet."""
    return Newsroom(tmp_path / "lake", server)
