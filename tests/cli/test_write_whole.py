"""`write_whole`: a file is replaced when the new one is whole; what is not plain stays."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from pipeline.cli.write_whole import write_whole


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "story.csv"
    path.write_text("old")
    write_whole(path, "«нов»\r\n")
    assert path.read_bytes() == "«нов»\r\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_put_in_place_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full, or a name that is refused, leaves the file that was there."""
    path = tmp_path / "story.csv"
    path.write_text("old")

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(click.UsageError, match=r"story\.csv cannot be written: No space left"):
        write_whole(path, "new")
    assert [one.name for one in tmp_path.iterdir()] == ["story.csv"]
    assert path.read_text() == "old"


def test_a_link_laid_where_the_unfinished_file_goes_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("kept")
    (tmp_path / f".story.csv.{os.getpid()}").symlink_to(other)
    with pytest.raises(click.UsageError, match="File exists"):
        write_whole(tmp_path / "story.csv", "new")
    assert other.read_text() == "kept"
