"""`wiretrace stream --subscription` from messages to rows, with the Pub/Sub emulator."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lake.tables import LakeNotFound, Snapshot, open_lake, snapshot
from tests.e2e.command import ROOT
from tests.transforms.read.pubsub_emulator import ABSENT, Emulator, find_program, started

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
NITF = b"""<?xml version="1.0"?><nitf><body><body.head><hedline><hl1>A bridge opens</hl1></hedline>
</body.head><body.content><p>It opened on Monday, TASS reported.</p></body.content></body></nitf>"""
MESSAGES = 40


def looked_up(lake: Path) -> Snapshot | None:
    try:
        return snapshot(open_lake(lake))
    except LakeNotFound:
        return None


def seen(lake: Path) -> int:
    pinned = looked_up(lake)
    return sum(pinned.read("runs", ["seen"])["seen"].to_pylist()) if pinned else 0


def wait_for(lake: Path, items: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 150
    while seen(lake) < items:
        assert process.poll() is None, "the stream ended"
        assert time.monotonic() < until, f"{seen(lake)} of {items} seen"
        time.sleep(0.5)


def publish(emulator: Emulator, first: int) -> None:
    records = [
        {
            "headline": f"Bridge {number} opens",
            "body_text": f"Bridge {number} was opened on Monday, TASS reported.",
            "url": f"https://example.org/{number}",
        }
        for number in range(first, first + MESSAGES)
    ]
    emulator.publish("wires", [(json.dumps(one).encode(), {}) for one in records])


def test_messages_become_articles(tmp_path: Path) -> None:
    """Records, raw bytes with attributes, one that is broken, one that is published twice."""
    program = find_program()
    if program is None:
        pytest.skip(ABSENT)
    lake = tmp_path / "lake"
    with started(program, tmp_path) as emulator:
        subscription = emulator.subscribe("wires")
        command = [
            sys.executable, "-m", "pipeline.cli", "stream", "--lake", lake,
            "--subscription", subscription, "--window", "5", "--every", "1", "--runner", "direct",
        ]  # fmt: skip
        with open(tmp_path / "log", "wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)}
            )
        try:
            publish(emulator, 0)
            wait_for(lake, MESSAGES, process)
            publish(emulator, 0)
            emulator.publish(
                "wires",
                [
                    (NITF, {"outlet": "agency.example", "format": "nitf"}),
                    (b'{"headline": "cut', {"source_uri": "https://example.org/broken"}),
                ],
            )
            wait_for(lake, 2 * MESSAGES + 2, process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(120) == 0, (tmp_path / "log").read_text()[-3000:]
        finally:
            process.kill()
            process.wait()
    pinned = looked_up(lake)
    assert pinned
    runs = pinned.read("runs").to_pylist()
    totals = {name: sum(row[name] for row in runs) for name in ("seen", "new", "duplicate")}
    assert totals == {"seen": 2 * MESSAGES + 2, "new": MESSAGES + 1, "duplicate": MESSAGES}
    articles = pinned.read("articles", ["outlet", "source_uri", "source_format"]).to_pylist()
    assert len(articles) == MESSAGES + 1
    (piece,) = [row for row in articles if row["source_format"] == "nitf"]
    assert piece["outlet"] == "agency.example"
    assert piece["source_uri"].startswith(f"pubsub://{subscription}/")
    (reject,) = pinned.read("rejects").to_pylist()
    assert reject["source_uri"].startswith("https://example.org/broken")
    assert pinned.read("citations").num_rows >= MESSAGES
