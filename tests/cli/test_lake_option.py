"""`--lake`: a folder stays one, an address becomes the folder of its mirror."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from lake.present import is_mirror, remote_url, shown
from pipeline.cli.lake_option import LAKE


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WIRETRACE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("folder", ["lake", "./a/b", "s3:/not-an-address", "/nowhere"])
def test_a_folder(folder: str) -> None:
    found = LAKE.convert(folder, None, None)
    assert found == Path(folder)
    assert not is_mirror(found)
    assert shown(found) == str(found)


def test_an_address(cache: Path) -> None:
    """One folder for each lake, however it is written; nothing is asked of the network."""
    found = LAKE.convert("s3://bucket/wires", None, None)
    assert found.is_relative_to(cache)
    assert is_mirror(found)
    assert remote_url(found) == shown(found) == "s3://bucket/wires"
    assert LAKE.convert("s3://bucket/wires/", None, None) == found
    assert LAKE.convert("s3://bucket/other", None, None) != found
    assert LAKE.convert("gs://bucket/wires", None, None) != found


@pytest.mark.parametrize("address", ["http://x/y", "s3://", "s3://bucket/../x", "://x"])
def test_what_is_neither(address: str) -> None:
    with pytest.raises(click.BadParameter, match=r"s3://BUCKET/PREFIX|prefix"):
        LAKE.convert(address, None, None)


def test_a_path_below_a_file_is_no_mirror(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not is_mirror(tmp_path / "file" / "lake")


def test_nothing_large_is_loaded() -> None:
    """A thread that a library started now would take the signals that stop a watch."""
    code = """if True:
        import sys, threading
        from pipeline.cli.lake_option import LAKE
        LAKE.convert("s3://bucket/x", None, None)
        loaded = {name.split(".")[0] for name in sys.modules}
        print(sorted(loaded & {"pyarrow", "numpy", "deltalake", "boto3"}), threading.active_count())
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] 1\n"
