"""How a lake is named to another machine, and found there."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.present import named, root_of
from lake.store import StoreRefused
from tests.lake.machines import Machines


def test_a_lake_on_disk_is_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, since a worker has a working folder of its own."""
    monkeypatch.chdir(tmp_path)
    assert named(Path("lake")) == str(tmp_path / "lake")
    assert root_of(named(Path("lake"))) == tmp_path / "lake"
    assert list(tmp_path.iterdir()) == []


def test_a_lake_in_a_store_is_its_address(machines: Machines) -> None:
    """Each machine makes its own mirror of it."""
    one = machines.new("one")
    name = named(one)
    assert name == machines.store.url
    assert root_of(name) == one
    two = machines.new("two")
    assert root_of(name) == two != one
    assert root_of(name).is_dir()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(StoreRefused):
        root_of("s3://")
