"""Help, version, formats, and how fast the reading side starts."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from pipeline.cli import COMMANDS, wiretrace
from tests.cli.conftest import Wiretrace
from transforms.parse.sniff import FORMATS

ROOT = Path(__file__).parents[2]


def all_commands() -> list[list[str]]:
    context = click.Context(wiretrace)
    found: list[list[str]] = []
    for name in COMMANDS:
        command = wiretrace.get_command(context, name)
        found.append([name])
        if isinstance(command, click.Group):
            found += [[name, inner] for inner in command.list_commands(context)]
    return found


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
def test_every_command_has_help_with_an_example(wiretrace: Wiretrace, words: list[str]) -> None:
    """Also those that are groups; the example is of that command."""
    done = wiretrace(*words, "--help")
    assert done.code == 0
    (example,) = [line for line in done.out.splitlines() if line.strip().startswith("Example: ")]
    assert f"wiretrace {words[0]}" in example


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
def test_every_option_is_explained(words: list[str]) -> None:
    """A sentence for each."""
    command: click.Command = wiretrace
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_help_lists_every_command(wiretrace: Wiretrace) -> None:
    """With its sentence."""
    done = wiretrace("--help")
    assert done.code == 0
    for name, sentence in COMMANDS.items():
        assert f"  {name} " in done.out
        assert sentence[:40] in done.out


def test_an_unknown_command_is_2(wiretrace: Wiretrace) -> None:
    """And is named."""
    done = wiretrace("runn")
    assert (done.code, done.out) == (2, "")
    assert "runn" in done.err


def test_version(wiretrace: Wiretrace) -> None:
    """The one that is installed."""
    assert wiretrace("version").out == f"{version('wiretrace')}\n"


def test_formats_are_those_that_run_takes(wiretrace: Wiretrace) -> None:
    """A name a line, or a JSON list."""
    lines = wiretrace("formats").out.splitlines()
    listed = [one["format"] for one in wiretrace("formats", "--json").json]
    assert [line.split()[0] for line in lines[1:]] == listed
    assert {*listed, "auto", "rss", "atom", "rdf"} == set(FORMATS)


def test_the_module_is_the_command() -> None:
    """`python -m pipeline.cli` is `wiretrace`, its exit code included."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "sql", "SELECT 1", "--lake", "/nowhere"],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("wiretrace: no lake at /nowhere")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"], ["run", "--help"], ["sql", "SELECT 1", "--lake", "LAKE"],
        ["trace", "Headline", "--lake", "LAKE"], ["entity", "Paris", "--lake", "LAKE", "--json"],
        ["agencies", "--lake", "LAKE", "--json"], ["quotes", "--lake", "LAKE", "--json"],
        ["dump", "--lake", "LAKE"], ["runs", "list", "--lake", "LAKE"],
    ],
)  # fmt: skip
def test_reading_commands_do_not_load_beam(lake: Path, arguments: list[str]) -> None:
    """`import apache_beam` takes seconds: a fresh interpreter does without where nothing runs."""
    words = [str(lake) if word == "LAKE" else word for word in arguments]
    script = (
        "import json, sys\nfrom pipeline.cli import main\n"
        f"try: main({json.dumps(words)})\nexcept SystemExit as stop: assert not stop.code\n"
        "sys.stderr.write('beam' if 'apache_beam' in sys.modules else 'none')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout != ""
    assert done.stderr == "none"
