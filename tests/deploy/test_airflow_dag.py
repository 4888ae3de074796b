"""The DAG: what it is, and what becomes of a task at each exit code.

In Airflow itself where `make airflow` was run: its libraries clash with ours, so it has its own
Python. Everywhere its text is held against the command that it starts.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from pipeline.cli import load_command

ROOT = Path(__file__).parents[2]
DAG = ROOT / "deploy" / "airflow" / "wiretrace_dag.py"
AIRFLOW = ROOT / ".airflow" / "bin" / "python"
TREE = ast.parse(DAG.read_text("utf-8"))


def call_of(name: str) -> dict[str, ast.expr]:
    """The keywords of the one call of that name."""
    (call,) = (
        node
        for node in ast.walk(TREE)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    )
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def test_airflow_needs_none_of_our_libraries() -> None:
    """The file is loaded where wiretrace is not installed."""
    modules = {
        node.module for node in ast.walk(TREE) if isinstance(node, ast.ImportFrom) and node.module
    } | {
        alias.name
        for node in ast.walk(TREE)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    ours = {name for name in modules if name.split(".")[0] not in sys.stdlib_module_names}
    assert ours == {
        "airflow.providers.standard.hooks.subprocess", "airflow.sdk", "airflow.sdk.exceptions",
    }  # fmt: skip


def test_rounds_do_not_pile_up() -> None:
    """One at a time, none for the hours that were missed."""
    keywords = call_of("DAG")
    assert ast.literal_eval(keywords["max_active_runs"]) == 1
    assert ast.literal_eval(keywords["catchup"]) is False


def test_what_it_starts_is_a_command_with_such_options() -> None:
    """Every option exists; it waits for a lake that is busy."""
    (listed,) = (
        value for name, value in call_of("WiretraceOperator").items() if name == "arguments"
    )
    assert isinstance(listed, ast.List)
    words = [e.value if isinstance(e, ast.Constant) else "x" for e in listed.elts]
    command = load_command(str(words[0]))
    given, _, _ = command.make_parser(click.Context(command)).parse_args(list(map(str, words[1:])))
    assert given["once"] is True
    assert float(given["wait"]) > 0


@pytest.mark.skipif(not AIRFLOW.exists(), reason="no Airflow: `make airflow` installs it")
def test_airflow_loads_it_and_does_as_the_exit_codes_say(tmp_path: Path) -> None:
    """0 and 3 are a success; what may pass is tried again; the rest fails at once."""
    program = tmp_path / "wiretrace"
    program.write_text('#!/bin/sh\n[ "$1" = kill ] && kill -9 $$\nexit "$1"\n')
    program.chmod(0o755)
    done = subprocess.run(
        [AIRFLOW, Path(__file__).with_name("run_dag.py"), DAG, program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        # Unit tests may call an operator outside of the scheduler.
        env={
            "PATH": os.environ["PATH"],
            "AIRFLOW_HOME": str(tmp_path / "home"),
            "AIRFLOW__CORE__UNIT_TEST_MODE": "True",
        },
    )
    assert done.returncode == 0, done.stderr[-4000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    outcomes = said.pop("outcomes")
    assert outcomes == {
        **dict.fromkeys(("5", "7", "75", "130", "143", "kill"), "AirflowException"),
        **dict.fromkeys(("1", "2", "6"), "AirflowFailException"),
        "0": 0,
        "3": 3,
    }
    assert said == {
        "dag_id": "wiretrace",
        "max_active_runs": 1,
        "catchup": False,
        "timetable": "7 * * * *",
        "retries": 3,
        "task": "round",
    }
