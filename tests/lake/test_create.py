"""A lake that was being made when its maker was killed is made by the next one."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from lake.tables import LakeNotFound, create_lake, is_lake, open_lake
from schemas.catalog import TABLES
from tests.lake.builder import LakeBuilder, article


def test_a_disk_that_refuses_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of delta-rs one learns that a folder could not be made, and not that the disk is full."""
    made = Path.mkdir

    def mkdir(path: Path, *arguments: Any, **options: Any) -> None:
        if path.name == "entities":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        made(path, *arguments, **options)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with pytest.raises(OSError, match="No space left") as refused:
        create_lake(tmp_path / "lake")
    assert refused.value.errno == errno.ENOSPC


@pytest.mark.parametrize("table", [TABLES[0].name, "entities", "runs"])
def test_half_an_entry_of_a_log_is_no_table(tmp_path: Path, table: str) -> None:
    """What delta-rs has written of the first entry when it dies; no run could use such a lake."""
    log = tmp_path / "lake" / table / "_delta_log"
    log.mkdir(parents=True)
    (log / "00000000000000000000.json#1").write_bytes(b'{"protocol":{"minRe')
    (tmp_path / "lake" / "_state").mkdir()
    (tmp_path / "lake" / "_state" / "lease.json").write_text('{"sequence": 1}')
    assert not is_lake(tmp_path / "lake")
    with pytest.raises(LakeNotFound):
        open_lake(tmp_path / "lake")
    builder = LakeBuilder(tmp_path / "lake")
    builder.run(article("a"))
    assert len(builder.rows("articles")) == 1
