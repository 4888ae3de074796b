"""The command line in process: what a shell would see of it, and lakes to call it on."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from pipeline.cli import main
from schemas.reject import Reject
from tests.lake.builder import NOON, LakeBuilder, article, at, place, sha256, sighting


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """All of stdout as one JSON value, strictly: NaN and Infinity are no JSON."""
        return json.loads(self.out, parse_constant=pytest.fail)


Wiretrace = Callable[..., Done]


@pytest.fixture
def wiretrace(capsys: pytest.CaptureFixture[str]) -> Iterator[Wiretrace]:
    """Calls the entry point as a shell does; a traceback would be a failure of the test."""
    handlers, level = logging.root.handlers[:], logging.root.level

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        try:
            main([str(argument) for argument in arguments])
            code: Any = 0
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return Done(code or 0, captured.out, captured.err)

    yield call
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def builder(tmp_path: Path) -> LakeBuilder:
    """An empty lake to fill."""
    return LakeBuilder(tmp_path / "lake")


def fill(builder: LakeBuilder) -> None:
    """Two runs: three articles of two outlets, one of them revised, and a reject."""
    first, second = article("a"), article("b", published=at(2), outlet="post.example")
    third = article("c", published=at(3), headline="Tab\there, bell\x07 and \u202eturned")
    reject = Reject(
        stage="parse", reason="malformed", message="cut", source_uri="broken.jsonl#1", raw=b"{",
        raw_sha256=sha256("{"), seen_at=NOON, run_id="", month="2024-05",
    )  # fmt: skip
    builder.run(first, sighting(first), place(first, "Paris"), second, sighting(second))
    again = article("a", "2", published=at(1, 18))
    builder.run(
        third, sighting(third), again, sighting(again), reject, new=1, revised=1, rejected=1
    )


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake for commands that only read; built once, without an engine."""
    root = tmp_path_factory.mktemp("reading") / "lake"
    fill(LakeBuilder(root))
    return root


@pytest.fixture
def own_lake(builder: LakeBuilder) -> Path:
    """The same, for commands that write or for damage."""
    fill(builder)
    return builder.root


def write_jsonl(path: Path, *records: dict[str, Any]) -> Path:
    """A drop file of records."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def record(number: int, **fields: Any) -> dict[str, Any]:
    """A record of a fictional outlet."""
    return {
        "guid": f"g{number}", "outlet": "herald.example", "headline": f"Ferry number {number}",
        "body_text": f"Ferry number {number} sails from Lyon again, the port office said.",
        "published": "2024-05-01T06:30:00Z", **fields,
    }  # fmt: skip
