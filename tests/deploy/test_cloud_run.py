"""The Cloud Run job: what it starts exists, and a round with rejects is no failure of it."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from pipeline.cli import load_command

ROOT = Path(__file__).parents[2]
JOB: dict[str, Any] = yaml.safe_load((ROOT / "deploy/cloud_run/job.yaml").read_text("utf-8"))
TASKS = JOB["spec"]["template"]["spec"]
(CONTAINER,) = TASKS["template"]["spec"]["containers"]
(SCRIPT,) = CONTAINER["args"]


def test_what_it_starts_is_a_command_with_such_options() -> None:
    """Every option of its command line exists; it waits for a lake that is busy."""
    program, name, *words = shlex.split(SCRIPT.partition("||")[0])
    assert program == "wiretrace"
    command = load_command(name)
    given, _, _ = command.make_parser(click.Context(command)).parse_args(words)
    assert given["once"] is True
    assert float(given["wait"]) > 0


@pytest.mark.parametrize(("code", "told"), [(0, 0), (3, 0), (5, 1), (6, 1), (7, 1), (75, 1)])
def test_only_rejects_are_no_failure(tmp_path: Path, code: int, told: int) -> None:
    """Its own shell line, with a program in the place of wiretrace that leaves with a code."""
    program = tmp_path / "wiretrace"
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run([*CONTAINER["command"], SCRIPT], env=path, check=False)
    assert done.returncode == told


def test_one_task_at_a_time() -> None:
    """Two would only wait for each other; a failed one is tried again."""
    assert (TASKS["taskCount"], TASKS["parallelism"]) == (1, 1)
    assert TASKS["template"]["spec"]["maxRetries"] > 0
