"""`docs/cli.md`: every command with its options, from the parser that reads them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from pipeline.cli import COMMANDS, load_command

_NOWHERE = click.Context(click.Command("wiretrace"))
_INTRODUCTION = """\
# Commands

<!-- Written by `make docs` from pipeline/cli/. Do not edit: `make lint` compares. -->

`wiretrace COMMAND --help` prints the same. Data goes to stdout, everything else to stderr; what a
command leaves with is in [exit_codes.md](exit_codes.md). An option that may be given more than once
says so.
"""


def write_cli_page() -> str:
    """The whole page as Markdown."""
    sections = (
        section
        for name in COMMANDS
        for section in _describe(f"wiretrace {name}", load_command(name), depth=2)
    )
    return "\n".join([_INTRODUCTION, *sections])


def _describe(path: str, command: click.Command, depth: int) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    usage = " ".join((path, *command.collect_usage_pieces(context)))
    lines = [f"{'#' * depth} {path}", "", f"`{usage}`", "", _text_of(command), ""]
    rows = [_describe_option(one) for one in command.params if isinstance(one, click.Option)]
    if rows:
        lines += ["| option | |", "|---|---|", *rows, ""]
    yield "\n".join(lines)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _describe(f"{path} {name}", inner, depth + 1)


def _text_of(command: click.Command) -> str:
    """The help of a command; its example as a code span, so that nothing in it is markup."""
    paragraphs = inspect.cleandoc(command.help or "").replace("\b\n", "").split("\n\n")
    return "\n\n".join(_example(text) or _escape(text) for text in paragraphs)


def _example(text: str) -> str | None:
    name, colon, example = text.partition(": ")
    return f"Example: `{' '.join(example.split())}`" if colon and name == "Example" else None


def _describe_option(option: click.Option) -> str:
    names = ", ".join((*option.opts, *option.secondary_opts))
    metavar = "" if option.is_flag else f" {option.make_metavar(_NOWHERE)}"
    notes = [_escape(option.help or "")]
    if option.required:
        notes.append("Required.")
    if option.multiple:
        notes.append("May be given more than once.")
    elif not option.is_flag and isinstance(option.default, str | int | float):
        notes.append(f"Default: `{option.default}`.")
    cells = (f"`{names}{metavar}`", " ".join(notes))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _escape(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*")
