"""Fixtures for every test. The shared data is nobody's to copy: tests use it where it lies.

- `shared`: the folder of real wires, hostile inputs and evaluation sets. A test that asks for it is
  skipped where it is absent, and pytest's closing lines say how many were.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.shared import BESIDE, SHARED, VARIABLE
from tests.object_store import ObjectStore, object_store

ROOT = Path(__file__).resolve().parent.parent
# Part of the reason of every such skip, so that they can be counted; tests that are parametrized
# over the shared files cannot use the fixture and write it into their own skip mark.
ABSENT = "shared data absent"
# The property of a test's report that holds a line to be shown at the end, whoever ran the test.
CLOSING_LINE = "closing line"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; skips where there is none."""
    if not (SHARED / "DESIGN.md").is_file():
        pytest.skip(f"{ABSENT}: set {VARIABLE} or put it at {BESIDE}")
    return SHARED.resolve()


@pytest.fixture(scope="session")
def s3() -> Iterator[ObjectStore]:
    """An S3 of our own, for all tests of a process."""
    with object_store() as running:
        yield running


def pytest_collection_finish() -> None:
    """Keeps the tests themselves out of every later garbage collection: a run collects twice."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # else DuckDB's bindings report leaks at the end


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says how much was not tested because the shared data is not here."""
    missing = sum(1 for reason in _skip_reasons(terminalreporter) if _is_about_shared(reason))
    if missing:
        line = f"shared data: absent, {missing} tests skipped (set {VARIABLE})"
        terminalreporter.write_line(line, yellow=True, bold=True)
    else:
        terminalreporter.write_line("shared data: no test skipped for want of it")
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in report.user_properties:
                if name == CLOSING_LINE:
                    terminalreporter.write_line(value)


def _skip_reasons(terminalreporter: Any) -> Iterator[str]:
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple):
            yield report.longrepr[2]


def _is_about_shared(reason: str) -> bool:
    return any(word in reason for word in (ABSENT, VARIABLE, "../shared"))
