"""A lake that was being made when its maker was killed is made by the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.tables import LakeNotFound, is_lake, open_lake
from schemas.catalog import TABLES
from tests.lake.builder import LakeBuilder, article


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
