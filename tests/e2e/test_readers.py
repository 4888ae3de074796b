"""Every reader sees the same rows: deltalake, DuckDB, pandas, Polars, and plain folders."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.command import CORPUS, ROOT, dump, ledger_of, wiretrace
from tests.e2e.test_kill import KILL_AT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

COLUMNS = ("version_id", "outlet", "language", "headline", "word_count")
# Each prints the rows of `articles` in an interpreter of its own (docs/reading.md says why).
READERS = {
    "deltalake": """
import pyarrow.dataset
from deltalake import DeltaTable
files = DeltaTable(f"{PATH}/articles").file_uris()
rows = pyarrow.dataset.dataset(files, partitioning="hive").to_table().to_pylist()""",
    "duckdb": """
import duckdb
from deltalake import DeltaTable
files = DeltaTable(f"{PATH}/articles").file_uris()
rows = duckdb.read_parquet(files, hive_partitioning=True).to_arrow_table().to_pylist()""",
    "pandas": """
import pandas
from deltalake import DeltaTable
files = DeltaTable(f"{PATH}/articles").file_uris()
rows = pandas.read_parquet(files, partitioning="hive").to_dict("records")""",
    "polars": """
import polars
rows = polars.read_delta(f"{PATH}/articles").to_dicts()""",
    "export, duckdb": """
import duckdb
files = f"{PATH}/articles/**/*.parquet"
rows = duckdb.read_parquet(files, hive_partitioning=True).to_arrow_table().to_pylist()""",
    "export, polars": """
import polars
rows = polars.read_parquet(f"{PATH}/articles/**/*.parquet", hive_partitioning=True).to_dicts()""",
    "export, pandas": """
import pandas
rows = pandas.read_parquet(f"{PATH}/articles").to_dict("records")""",
}
PRINT = """
import json
print(json.dumps(sorted([[str(row[name]) for name in COLUMNS] for row in rows])))"""


def read(reader: str, path: Path) -> list[list[str]]:
    """Rows as that reader sees them."""
    script = f"PATH, COLUMNS = {str(path)!r}, {COLUMNS!r}\n{READERS[reader]}\n{PRINT}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=True)
    rows: list[list[str]] = json.loads(done.stdout)
    return rows


def export(lake: Path, out: Path) -> Path:
    done = wiretrace("export", "parquet", out, "--lake", lake)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo corpus, its two halves in a run each, so that partitions have several files."""
    lake = tmp_path_factory.mktemp("readers") / "lake"
    for half in ("feeds", "drops"):
        ledger_of(wiretrace("run", "--lake", lake, "--drop", CORPUS / half, "--json"))
    return lake


def test_all_readers_see_the_same(lake: Path, tmp_path: Path) -> None:
    """Seven ways, one set of rows."""
    out = export(lake, tmp_path / "out")
    seen = {name: read(name, out if name.startswith("export") else lake) for name in READERS}
    assert len(seen["deltalake"]) == 51
    assert [name for name, rows in seen.items() if rows != seen["deltalake"]] == []


def test_an_export_is_exact_after_a_crash_and_after_compact(lake: Path, tmp_path: Path) -> None:
    """What a killed run left behind, and files that were merged away, are in no export."""
    before = read("export, duckdb", export(lake, tmp_path / "before"))
    said = dump(lake)
    (tmp_path / "more.jsonl").write_text('{"headline": "Ferry", "url": "https://x.example/1"}')
    killed = wiretrace(
        "run", "--lake", lake, "--drop", tmp_path / "more.jsonl",
        start=(str(KILL_AT), "lake.commit:commit_table:2"),
    )  # fmt: skip
    assert killed.returncode == -9, "the fault did not fire"
    assert read("export, duckdb", export(lake, tmp_path / "crashed")) == before
    assert dump(lake) == said
    done = wiretrace("compact", "--lake", lake)
    assert done.returncode == 0, done.stderr
    # Compacting recovered the killed run first: its plan was durable.
    after = read("export, duckdb", export(lake, tmp_path / "after"))
    assert [row for row in after if row[3] != "Ferry"] == before
    assert len(after) == len(before) + 1
    assert read("deltalake", lake) == read("polars", lake) == read("pandas", lake) == after
