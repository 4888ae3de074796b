"""Documents that cannot go stale: generated, run, or checked against what they describe."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from deltalake import write_deltalake

from pipeline.cli import COMMANDS, load_command
from schemas.article import ARTICLES, Article
from schemas.catalog import TABLES
from schemas.definition import Column, to_arrow
from schemas.reject import REASONS
from tests.tracing.twins.told import hostile_story
from tracing.twins.csv_rows import story_csv

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COLUMNS = [
    pytest.param(column, id=f"{table.name}.{name}")
    for table in TABLES
    for name, column in table.columns.items()
]


def is_sentence(text: str | None) -> bool:
    return text is not None and text.endswith((".", "…")) and len(text.split()) > 0


def blocks_of(page: str, language: str) -> list[str]:
    """Code blocks of a page that are marked with exactly that language."""
    text = (ROOT / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_schema_page_is_fresh() -> None:
    """docs/schema.md is what `make docs` writes."""
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_has_a_sentence_and_a_source(column: Column) -> None:
    """A reader of a data file learns what a column means and who defined it."""
    assert is_sentence(column.doc)
    assert column.source.strip() != ""


@pytest.mark.parametrize("reason", REASONS)
def test_every_reject_reason_has_a_sentence(reason: str) -> None:
    """A reason is a promise to whoever filters on it."""
    assert is_sentence(REASONS[reason])


def options_of(path: str, command: click.Command) -> Iterator[tuple[str, click.Option]]:
    """Every option of a command and of its subcommands, with its name for people."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from options_of(f"{path} {name}", inner)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield f"{path} {parameter.opts[-1]}", parameter


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_a_sentence(name: str) -> None:
    """`--help` explains all that can be given."""
    command = load_command(name)
    assert is_sentence(COMMANDS[name])
    assert is_sentence((command.help or "").strip().split("\n\n")[0])
    silent = [option for option, given in options_of(name, command) if not is_sentence(given.help)]
    assert silent == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """A relative link names a file of the repository."""
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


NAMING_PAGES = ["docs/threats.md", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]


@pytest.mark.parametrize("page", NAMING_PAGES)
def test_files_that_a_page_names_exist(page: str) -> None:
    """A defence whose file is gone is no defence, and a road through it leads nowhere."""
    named = set(re.findall(r"`((?:\w+/)+[\w.]*)`", (ROOT / page).read_text("utf-8")))
    assert len(named) >= 10
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_the_readme_lists_every_table() -> None:
    """In its table of tables, and none that there is not."""
    section = (ROOT / "README.md").read_text("utf-8").split("## Tables")[1].split("##")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {table.name for table in TABLES}


def test_the_test_of_a_transform_runs() -> None:
    """The test that docs/testing.md shows passes as it stands."""
    (block,) = blocks_of("docs/testing.md", "python")
    names: dict[str, Any] = {"__name__": "shown"}
    exec(compile(block, "docs/testing.md", "exec"), names)
    names["test_a_bad_item_is_a_reject_and_its_neighbours_live"]()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with two articles in two partitions."""
    root = tmp_path_factory.mktemp("lake")
    seen = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    rows = [
        Article(
            article_id=language * 16,
            version_id=language * 16,
            outlet="example.org",
            outlet_rule="option",
            headline=headline,
            language=language,
            first_seen=seen,
            content_hash="0" * 32,
            source_uri="a.jsonl#1",
            source_format="jsonl",
            raw_sha256="0" * 64,
            run_id="r1",
            date=seen.date(),
        )
        for language, headline in (("fr", "Le bac repart"), ("ru", "Паром вышел"))
    ]
    write_deltalake(
        (root / "articles").as_uri(),
        to_arrow(ARTICLES, rows),
        partition_by=list(ARTICLES.partition_by),
    )
    return root


# Prints language and headline of every row, whichever library gave the table.
PRINT_ROWS = """
import json
pair = ["language", "headline"]
rows = {
    "pyarrow": lambda: table.select(pair).to_pylist(),
    "pandas": lambda: table[pair].to_dict("records"),
    "polars": lambda: table.select(pair).to_dicts(),
    "duckdb": lambda: table.select(*pair).df().to_dict("records"),
}[type(table).__module__.split(".")[0].lstrip("_")]()
print(json.dumps(sorted([row["language"], row["headline"]] for row in rows)))
"""


@pytest.mark.parametrize("block", blocks_of("docs/reading.md", "python"))
def test_one_liners_read_the_table(block: str, lake: Path) -> None:
    """Each Python block of docs/reading.md gives all rows, partition columns included.

    In an interpreter of its own, so that one that aborts at exit fails (docs/reading.md).
    """
    script = f"LAKE = {str(lake)!r}\n{block}\n{PRINT_ROWS}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(done.stdout) == [["fr", "Le bac repart"], ["ru", "Паром вышел"]]


def test_a_story_is_read_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python block of docs/export.md, on the file that the command writes."""
    (tmp_path / "story.csv").write_text(story_csv(hostile_story("=1+1")), "utf-8")
    monkeypatch.chdir(tmp_path)
    (block,) = blocks_of("docs/export.md", "python")
    names: dict[str, Any] = {}
    exec(compile(block, "docs/export.md", "exec"), names)
    assert list(names["articles"]["headline"]) == ["=1+1", "=1+1"]
    assert str(names["articles"]["published"].dtype).startswith("datetime64[")
    assert names["credits"].to_dict() == {("'=1+1", "one.example"): 1}


UNITS = sorted((ROOT / "deploy").glob("wiretrace-*"))


@pytest.mark.parametrize("path", [*UNITS, ROOT / "deploy" / "crontab"], ids=lambda path: path.name)
def test_what_a_unit_starts_is_a_command_with_such_options(path: Path) -> None:
    """Every option of its command line exists, and the watch is asked to stop as it can be."""
    lines = [
        line.partition("/.venv/bin/wiretrace ")[2]
        for line in path.read_text("utf-8").splitlines()
        if "/.venv/bin/wiretrace " in line
    ]
    if path.suffix == ".timer":
        assert not lines
    for line in lines:
        name, *words = line.partition(" 2>>")[0].split()
        command = load_command(name)
        command.make_parser(click.Context(command)).parse_args(words)
    if path.suffix == ".service":
        assert len(lines) == 1
        assert "KillMode=mixed" in path.read_text("utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """What it says of the units themselves: that the paths are not there is no fault of theirs."""
    for path in UNITS:
        text = path.read_text("utf-8").replace("/opt/wiretrace/.venv/bin/wiretrace", "/bin/true")
        (tmp_path / path.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        env={"SYSTEMD_LOG_LEVEL": "warning", "PATH": "/usr/bin:/bin"},
    )
    said = [line for line in done.stderr.splitlines() if "wiretrace-" in line]
    assert not [line for line in said if "docs/watch.md" not in line]
