"""`wiretrace watch`: what it refuses before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Wiretrace


@pytest.mark.parametrize(
    ("drop", "says"),
    [
        ("https://harbour-post.example/rss", "a drop is a file or folder"),
        ("s3://newsroom/inbox", "s3://newsroom/inbox is no folder of this machine"),
    ],
)
def test_a_drop_that_is_no_folder_of_this_machine_is_2(
    wiretrace: Wiretrace, tmp_path: Path, drop: str, says: str
) -> None:
    """Else it would be looked for beside the current folder, and nothing found for ever."""
    done = wiretrace("watch", "--lake", tmp_path / "lake", "--drop", drop)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert not (tmp_path / "lake").exists()
