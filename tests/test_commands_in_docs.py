"""Commands that README.md and docs/ show are run, or stand in `docs_commands.toml` with a reason.

A command is a line of a block marked `sh`; a query a block marked `sql` that begins with
`-- wiretrace sql`. The tutorial's are run in their order, from an empty folder, and what they print
is compared with the page; the others' on a copy of the lake that the tutorial made.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import structlog

from pipeline.cli import COMMANDS, load_command, main

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
TUTORIAL = "docs/tutorial.md"
GIVEN: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("docs_commands.toml").read_text("utf-8")
)
_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# How a line begins that is a command, whatever the block is called.
_LOOKS_LIKE_ONE = re.compile(
    r"(?:wiretrace [a-z]|\.venv/bin/|make [a-z]|pip install|gcloud )", re.MULTILINE
)
_RECORD = '{"guid": "g1", "headline": "Ferry resumes", "body_text": "The ferry sails again."}\n'


@dataclass(frozen=True)
class Command:
    """A command of a page, its lines joined; `output` is what the page says its block prints."""

    page: str
    block: int
    text: str
    output: str | None = None

    @property
    def words(self) -> list[str]:
        """As a shell would cut it, with what the test puts in place of a page's placeholders."""
        text = self.text
        for name, value in GIVEN["placeholders"].items():
            text = re.sub(rf"(?<![\w\"]){re.escape(name)}(?![\w\"])", lambda _, v=value: v, text)
        words = shlex.split(text, comments=True)
        return ["wiretrace", *words[1:]] if words[0] == ".venv/bin/wiretrace" else words


def commands_of(page: str) -> Iterator[Command]:
    """In order."""
    blocks = _BLOCK.findall((ROOT / page).read_text("utf-8"))
    for number, (kind, text) in enumerate(blocks):
        if kind == "sh":
            next_kind, output = (*blocks[number + 1 :], ("", ""))[0]
            shown = output if next_kind == "text" else None
            yield from (Command(page, number, line, shown) for line in _joined(text))
        elif kind == "sql" and text.startswith("-- wiretrace sql --lake LAKE"):
            query = text.split("\n", 1)[1]
            yield Command(page, number, f"wiretrace sql --lake LAKE {shlex.quote(query)}")


def _joined(block: str) -> Iterator[str]:
    """The commands of a block: a line goes on after a backslash, and within quotes."""
    whole = ""
    for line in block.splitlines():
        whole += line
        if whole.endswith("\\"):
            whole = whole[:-1]
            continue
        try:
            shlex.split(whole, comments=True)
        except ValueError:  # a quotation that goes on
            whole += "\n"
            continue
        yield whole
        whole = ""
    assert not whole, block


ALL = [command for page in PAGES for command in commands_of(page)]


def reason_of(command: Command) -> str | None:
    """Why it is not run, if so."""
    return next((row["reason"] for row in GIVEN["not_run"] if _is_about(row, command)), None)


def _is_about(row: dict[str, str], command: Command) -> bool:
    return row["page"] == command.page and command.text.startswith(row["begins"])


def is_run_by_ci(command: Command) -> bool:
    """`make TARGET`, which `.ci/run` calls in a fresh clone."""
    steps = re.findall(r"^step(?:_tests)? (make .+)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    return command.text in steps


RUN = [one for one in ALL if reason_of(one) is None and not is_run_by_ci(one)]


def test_every_command_is_run_or_has_a_reason() -> None:
    """What is run is a command of ours; nothing else is let through."""
    strange = [(one.page, one.text) for one in RUN if one.words[0] != "wiretrace"]
    assert strange == []
    assert len(RUN) >= 30


def test_every_reason_is_needed() -> None:
    """One whose command is gone, or that another one hides, is stale."""
    found = {id(row): 0 for row in GIVEN["not_run"]}
    for command in ALL:
        about = [row for row in GIVEN["not_run"] if _is_about(row, command)]
        assert len(about) <= 1, command
        for row in about:
            found[id(row)] += 1
    assert [row for row in GIVEN["not_run"] if not found[id(row)]] == []
    for row in GIVEN["not_run"]:
        named = re.findall(r"tests/[\w/]+\.py", row["reason"])
        assert [name for name in named if not (ROOT / name).exists()] == [], row


def test_every_placeholder_is_needed() -> None:
    """One that no page has is stale."""
    texts = "\n".join(command.text for command in ALL)
    assert [name for name in GIVEN["placeholders"] if name not in texts] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_command_hides_in_another_block(page: str) -> None:
    """A block that holds one is marked `sh`, else nothing would look at it."""
    blocks = _BLOCK.findall((ROOT / page).read_text("utf-8"))
    hidden = [text for kind, text in blocks if kind in ("", "text") and _LOOKS_LIKE_ONE.match(text)]
    assert hidden == []


@pytest.mark.parametrize("page", PAGES)
def test_options_that_a_page_names_exist(page: str) -> None:
    """Of every command of ours, run or not, in blocks and within sentences."""
    text = (ROOT / page).read_text("utf-8")
    shown = [one.words for one in ALL if one.page == page]
    within = re.findall(r"`(?:\.venv/bin/)?(wiretrace [a-z][^`]*)`", _BLOCK.sub("", text))
    for words in (*shown, *(line.split() for line in within)):
        if words[0] == "wiretrace":
            assert unknown_options(words[1:]) == [], " ".join(words)


def unknown_options(words: list[str]) -> list[str]:
    """What of it is no command or option of ours."""
    name, *rest = words
    if name not in COMMANDS:
        return [name]
    command = load_command(name)
    known = {"--help", *_options(command)}
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command = command.commands[rest[0]]
        known |= set(_options(command))
        rest = rest[1:]
    given = [word.partition("=")[0] for word in rest if re.match(r"--[a-z]", word)]
    return [option for option in given if option.rstrip(",.…") not in known]


def _options(command: click.Command) -> list[str]:
    return [name for one in command.params for name in (*one.opts, *one.secondary_opts)]


def run(command: Command) -> str:
    """What it printed; it leaves with 0."""
    handlers, level = logging.root.handlers[:], logging.root.level
    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(command.words[1:])
        except SystemExit as stop:
            code = stop.code
        finally:
            logging.root.handlers[:], logging.root.level = handlers, level
            structlog.reset_defaults()
    assert not code, (command, code, err.getvalue())
    return out.getvalue()


def missing_lines(shown: str, printed: str) -> list[str]:
    """The lines of a page that were not printed, in this order; `…` stands for anything."""
    rest = iter(line.rstrip() for line in printed.splitlines())
    missing = []
    for line in shown.splitlines():
        if line != "…":
            pattern = re.compile(".*".join(map(re.escape, line.rstrip().split("…"))))
            if not any(pattern.fullmatch(found) for found in rest):
                missing.append(line)
                break
    return missing


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with the examples of the checkout."""
    place = tmp_path_factory.mktemp("tutorial")
    (place / "examples").symlink_to(ROOT / "examples")
    return place


@pytest.fixture(scope="module")
def printed(folder: Path) -> dict[Command, str]:
    """What each command of the tutorial printed, in its order."""
    with contextlib.chdir(folder):
        return {command: run(command) for command in RUN if command.page == TUTORIAL}


def test_the_tutorial_prints_what_it_says(printed: dict[Command, str]) -> None:
    """Line by line; the block of output after several commands is about all of them."""
    shown = {command.block: command.output for command in printed if command.output}
    assert len(shown) >= 10
    for block, output in shown.items():
        all_of_it = "".join(text for command, text in printed.items() if command.block == block)
        assert missing_lines(output, all_of_it) == [], all_of_it


@pytest.mark.parametrize("page", sorted({one.page for one in RUN} - {TUTORIAL}))
def test_the_commands_of_a_page_work(
    page: str, printed: dict[Command, str], folder: Path, tmp_path: Path
) -> None:
    """In their order, on a copy of the tutorial's lake."""
    shutil.copytree(folder / "lake", tmp_path / "LAKE")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "wire.jsonl").write_text(_RECORD)
    with contextlib.chdir(tmp_path):
        for command in RUN:
            if command.page == page:
                run(command)
