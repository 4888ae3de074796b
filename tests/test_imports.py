"""Imports go one way (DESIGN.md §2), and reading a lake never loads Beam.

The layers, lowest first: `schemas`, `lake` and the pure modules of `transforms`, the modules of
`transforms` that hold a PTransform, `pipeline`. `tracing` stands beside them, on `lake` and what is
pure.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("schemas", "lake", "transforms", "tracing", "pipeline")
# Which of our packages each may import; beside this, a pure module of `transforms` must not import
# one that uses Beam, nor `lake`.
MAY_IMPORT = {
    "schemas": {"schemas"},
    "lake": {"schemas", "lake"},
    "tracing": {"schemas", "lake", "tracing", "transforms"},
    "transforms": {"schemas", "lake", "transforms"},
    "pipeline": set(PACKAGES),
}
WITHOUT_BEAM = ("schemas", "lake", "tracing")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    module_name(path): ast.parse(path.read_text("utf-8"))
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(module, name) of every import, also those inside functions; the name may be empty."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide which layer is meant"
            yield from ((node.module or "", alias.name) for alias in node.names)


def imported_modules(tree: ast.AST) -> set[str]:
    """Full names of modules; `from package import module` counts as the module."""
    return {
        f"{module}.{name}" if f"{module}.{name}" in SOURCES else module
        for module, name in imported(tree)
    }


def uses_beam(module: str) -> bool:
    return any(name.split(".")[0] == "apache_beam" for name in imported_modules(SOURCES[module]))


def breaches(module: str) -> list[str]:
    """What a module imports against the rules, as sentences."""
    package = module.split(".")[0]
    ours = {name for name in imported_modules(SOURCES[module]) if name.split(".")[0] in PACKAGES}
    found = [
        f"{module} imports {name}: {package} may not"
        for name in sorted(ours)
        if name.split(".")[0] not in MAY_IMPORT[package]
    ]
    if package in WITHOUT_BEAM and uses_beam(module):
        found.append(f"{module} imports apache_beam")
    if package == "tracing":
        beam = [name for name in sorted(ours) if name in SOURCES and uses_beam(name)]
        found += [f"{module} imports {name}, which uses apache_beam" for name in beam]
    if package == "transforms" and not uses_beam(module):
        found += [
            f"{module} is pure but imports {name}"
            for name in sorted(ours)
            if name.split(".")[0] == "lake" or (name in SOURCES and uses_beam(name))
        ]
    return found


@pytest.mark.parametrize("module", SOURCES)
def test_imports_go_one_way(module: str) -> None:
    """A module imports only from its own layer and those below."""
    assert breaches(module) == []


def private_reaches(tree: ast.AST) -> list[str]:
    """Private names of our other modules, imported or taken through the module."""
    ours = {m for m in imported_modules(tree) if m.split(".")[0] in PACKAGES}
    aliases = {
        alias.asname or alias.name.split(".")[-1]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if any(m.endswith(f".{alias.name}") or m == alias.name for m in ours)
    }
    names = [
        f"{module}.{name}"
        for module, name in imported(tree)
        if module.split(".")[0] in PACKAGES and is_private(name)
    ]
    attributes = [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in aliases
        and is_private(node.attr)
    ]
    return names + attributes


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@pytest.mark.parametrize("module", SOURCES)
def test_no_module_reaches_for_a_private_name(module: str) -> None:
    """What starts with an underscore stays in its module."""
    assert private_reaches(SOURCES[module]) == []


@pytest.mark.parametrize(
    "source",
    [
        "from lake.tables import _create_or_extend",
        "from lake import tables\ntables._create_or_extend",
        "import lake.tables as tables\ntables._create_or_extend",
    ],
)
def test_a_private_reach_is_found(source: str) -> None:
    """The check above can fail."""
    assert len(private_reaches(ast.parse(source))) == 1


def loaded_by(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after a statement."""
    script = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["tracing", "lake.tables", "lake.commit", "schemas.catalog", "pipeline.cli"]
)
def test_reading_does_not_load_beam(module: str) -> None:
    """`import apache_beam` takes seconds and installs a log handler: the reading side has none."""
    loaded = loaded_by(f"import {module}")
    assert module.split(".")[0] in loaded
    assert "apache_beam" not in loaded


def test_a_trace_does_not_load_pandas_nor_numpy() -> None:
    """pyarrow would, only to know whether they are there; who asks for one later still gets it."""
    begin = "from pipeline.cli.load_pyarrow import load_pyarrow; load_pyarrow()"
    actions = "import pyarrow; pyarrow.table(pyarrow.table([]).to_reader())"
    loaded = loaded_by(f"{begin}; import tracing.trace, tracing.story; {actions}")
    assert "pyarrow" in loaded
    assert loaded & {"pandas", "numpy", "duckdb", "tldextract"} == set()
    assert {"pandas", "numpy"} <= loaded_by(f"{begin}; import pandas, lake.keys")


def test_a_run_does_not_load_word_frequencies_before_it_tells_stories() -> None:
    """They take half a second, and most runs from cron bring nothing new."""
    loaded = loaded_by("import pipeline.batch")
    assert "apache_beam" in loaded
    assert "wordfreq" not in loaded


def test_schemas_load_nothing_but_arrow() -> None:
    """The tables can be described without any engine or storage."""
    heavy = {"apache_beam", "deltalake", "duckdb", "pandas", "polars", "click"}
    assert loaded_by("import schemas.catalog") & heavy == set()
