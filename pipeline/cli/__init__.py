"""The command line: one file per command, loaded when it is called.

Data goes to stdout, everything else to stderr. `exit_codes.py` says what each exit code means.
"""

from __future__ import annotations

import gc
import importlib
import sys
from typing import Any

import click

from pipeline.memory import keep_flat

COMMANDS = {
    "run": "Read feeds and drops once and commit them to a lake.",
    "watch": "Poll feeds when they are due, and take in what is dropped, until stopped.",
    "stream": "The same without end on Flink or Dataflow, one commit for each window.",
    "feeds": "Keep the list of feeds, and see how each is doing.",
    "trace": "Show who published what about one thing, by time, crediting whom.",
    "alerts": "Show what changed in stories since a run.",
    "story": "Show one story: who was first, who credits, copies and derives, in which language.",
    "serve": "Show stories, articles and outlets as pages in a browser.",
    "copies": "Show who else carries an article's text, whole or in part.",
    "uncredited": "List what an outlet carries of others and names nobody for.",
    "diff": "Show what the texts of two articles share, and what was rewritten.",
    "entity": "Show where a person, place or organization is named.",
    "quotes": "List quotations with their speakers and carriers.",
    "agencies": "Count which outlet cites which agency.",
    "sql": "Query the lake with DuckDB, through its pinned tables and views.",
    "runs": "List runs, or show the ledger of one.",
    "dump": "Print the canonical dump, equal for equal lakes.",
    "doctor": "Check every file, log and state of a lake.",
    "compact": "Merge small files of each partition into one.",
    "export": "Write tables as plain folders of Parquet, or one story as CSV, a graph or a feed.",
    "forget": "Remove articles for good and keep them out.",
    "replay": "Process the rejects again.",
    "formats": "List the wire formats that are read.",
    "models": "List the models of `--entities best`: installed, missing, how to get them.",
    "demo": "Run the pipeline over the example corpus and show what it made of it.",
    "version": "Print the version.",
}


# Short reads of the few rows they need: keeping memory flat would only slow them (6 % of a trace).
SHORT = {
    "trace", "story", "alerts", "diff", "entity", "quotes", "agencies", "models", "version",
}  # fmt: skip


# Objects between two collections of garbage, of which a short read makes none (4 % of a trace).
_COLLECT_RARELY = 100_000


def load_command(name: str) -> click.Command:
    """One of `COMMANDS`; its file is loaded."""
    command: click.Command = importlib.import_module(f"pipeline.cli.{name}").command
    return command


class _Commands(click.Group):
    """Loads `pipeline.cli.<command>` on demand, so that `--help` and reading stay fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in SHORT:
            gc.set_threshold(_COLLECT_RARELY)
        else:
            keep_flat()
        return load_command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def wiretrace() -> None:
    """Trace one news story across outlets and languages."""


def main(arguments: list[str] | None = None) -> Any:
    """Entry point: errors with an `exit_code` of their own print one sentence and leave with it.

    So does what the system refused (`pipeline.cli.refusals`); any other error is a bug of ours.
    """
    try:
        return wiretrace.main(arguments, prog_name="wiretrace", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if code is not None:
            click.echo(f"wiretrace: {error}", err=True)
            sys.exit(code)
        from pipeline.cli.refusals import find_refusal

        refusal = find_refusal(error)
        if refusal is None:
            raise
        click.echo(f"wiretrace: {refusal.sentence}", err=True)
        sys.exit(refusal.exit_code)
