"""The pages made of settings are complete: exit codes, variables of the environment, metrics."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from docs.describe_settings import PACKAGES, find_coded_errors, read_environment
from pipeline.cli.exit_codes import EXIT_CODES

ROOT = Path(__file__).resolve().parent.parent


def strings_in(*packages: str) -> Iterator[str]:
    """Every string of the code that is no docstring."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def read_variables() -> set[str]:
    """Names of variables that the code asks `os.environ` for, and of our own."""
    found = {text for text in strings_in(*PACKAGES) if re.fullmatch(r"WIRETRACE_[A-Z_]+", text)}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            asked = r"\benviron(?:\.get\(|\.setdefault\(|\[)\s*\"([A-Z_]+)\""
            found |= set(re.findall(asked, path.read_text("utf-8")))
    return found


def test_every_variable_of_the_environment_has_a_sentence() -> None:
    """And none that nothing reads."""
    told = {name.replace("<NAME>", "") for name in read_environment()}
    assert read_variables() == told


def test_every_code_that_an_error_has_is_explained() -> None:
    """A new error takes one of the codes, or explains its own."""
    codes = {code for code, _, sentence in find_coded_errors() if sentence}
    assert codes <= EXIT_CODES.keys()
    assert {2, 5, 6, 75} <= codes


def test_the_readme_lists_the_same_exit_codes() -> None:
    """In its table."""
    section = (ROOT / "README.md").read_text("utf-8").split("## Exit codes")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([\d, ]+) \|", section, re.MULTILINE)
    assert [int(code) for row in rows for code in row.split(", ")] == list(EXIT_CODES)
