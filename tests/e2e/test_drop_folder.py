"""A drop folder as people leave it: the good files land, each bad one is a reject that says why."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.e2e.command import assert_healthy, ledger_of, rows, wiretrace

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

GOOD = {
    "good.jsonl": json.dumps({"guid": "1", "headline": "Ferry returns", "body_text": "It does."}),
    "good.txt": "The bridge is open\n\nThe bridge opened on Monday after two years of work.\n",
    "deep/good.xml": (
        "<rss version='2.0'><channel><title>t</title><item><guid>9</guid>"
        "<title>Market opens</title></item></channel></rss>"
    ),
}
# name: (bytes, reason of its reject)
BAD = {
    "empty.txt": (b"", "empty"),
    "spaces.txt": (b" \n\t\n", "empty"),
    "binary.txt": (bytes(range(256)) * 40, "binary"),
    "cut.json": (b'{"headline": "half', None),
    "page.pdf": (b"%PDF-1.7\n%\xe2\xe3", "unknown_format"),
    "bomb.gz": (gzip.compress(b"\0" * (300 << 20), 1), "decompression_failed"),
    "cut.gz": (gzip.compress(b"The bridge\n\nis open again today.")[:-12], "decompression_failed"),
    "deep.json": (b"[" * 200_000, None),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good, bad and impossible things beside each other."""
    root = tmp_path / "in"
    (root / "deep").mkdir(parents=True)
    for name, text in GOOD.items():
        (root / name).write_text(text, "utf-8")
    for name, (data, _) in BAD.items():
        (root / name).write_bytes(data)
    with (root / "huge.txt").open("wb") as file:
        file.truncate(3 << 30)  # sparse: no disk is used
    (root / "secret.txt").symlink_to("/etc/passwd")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.xml")
    (root / os.fsdecode(b"name-\xff\x1b[31m.txt")).write_bytes(b"")
    return root


def test_good_files_land_and_bad_ones_say_why(folder: Path, tmp_path: Path) -> None:
    """Exit code 3; nothing hangs, nothing is read through a link; each reject has a sentence."""
    lake = tmp_path / "lake"
    done = wiretrace("run", "--lake", lake, "--drop", folder, "--json")
    ledger = ledger_of(done, code=3)
    assert ledger["new"] == len(GOOD)
    found = rows(lake, "SELECT headline FROM articles_now ORDER BY 1")
    assert [row["headline"] for row in found] == [
        "Ferry returns",
        "Market opens",
        "The bridge is open",
    ]
    rejects = rows(
        lake, "SELECT source_uri, stage, reason, message, octet_length(raw) AS kept FROM rejects"
    )
    reasons = {name_of(row["source_uri"], folder): row["reason"] for row in rejects}
    assert len(rejects) == ledger["rejected"] == len(BAD) + 5
    for name, (_, reason) in BAD.items():
        assert reasons[name] == reason or (reason is None and reasons[name]), name
    assert reasons["huge.txt"] == "too_large"
    assert reasons["secret.txt"] == reasons["loop"] == reasons["pipe.xml"] == "not_regular"
    assert [name for name in reasons if name.startswith("name-")] == ["name-\\xff\x1b[31m.txt"]
    for row in rejects:
        assert len(row["message"].split()) >= 3, row
    assert "root:x:0" not in json.dumps(rows(lake, "FROM articles")) + json.dumps(rejects)
    assert "\x1b" not in wiretrace("run", "--lake", lake, "--drop", folder).stdout
    assert_healthy(lake)


def name_of(source_uri: str, folder: Path) -> str:
    """The file, without `#n` of a record."""
    return source_uri.removeprefix(f"{folder}/").split("#")[0]


def test_only_bad_sources_leave_with_seven(tmp_path: Path) -> None:
    """A mistyped path is no quiet success: committed as a reject, and 7."""
    lake = tmp_path / "lake"
    done = wiretrace("run", "--lake", lake, "--drop", tmp_path / "nosuch", "--json")
    assert ledger_of(done, code=7)["rejected"] == 1
    (reject,) = rows(lake, "SELECT stage, reason FROM rejects")
    assert reject == {"stage": "read", "reason": "not_found"}
