"""`wiretrace formats`."""

from __future__ import annotations

import click


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def command(as_json: bool) -> None:
    """List the wire formats that are read, with their versions and how many fields each keeps.

    The name is what `--format` takes, beside `auto`, and `rss`, `atom` and `rdf` for `feed`. With
    `--json` each has the columns of `articles` that it fills, and where the format keeps them.

    Example: wiretrace formats
    """
    from pipeline.cli.output import print_json, print_table
    from transforms.parse.formats import list_formats

    formats = list_formats()
    if as_json:
        print_json(formats)
        return
    print_table(
        ["format", "versions", "fields"],
        [(one["format"], one["versions"], len(one["fields"])) for one in formats],
    )
