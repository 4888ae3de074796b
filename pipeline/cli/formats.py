"""`wiretrace formats`."""

from __future__ import annotations

import json

import click


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def command(as_json: bool) -> None:
    """List the wire formats that are read, as `--format` takes them.

    Example: wiretrace formats
    """
    from transforms.parse.sniff import FORMATS

    if as_json:
        click.echo(json.dumps(list(FORMATS)))
        return
    for name in FORMATS:
        click.echo(name)
