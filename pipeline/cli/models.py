"""`wiretrace models`."""

from __future__ import annotations

import click


@click.command("models")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def command(as_json: bool) -> None:
    """List the models that `run --entities best` uses where they are installed.

    Each with its licence, and how to get it where it is missing. Without one a language has
    gazetteer and rules.

    Example: wiretrace models
    """
    from dataclasses import asdict

    from pipeline.cli.output import print_json, print_table
    from transforms.entities.backends import installed
    from transforms.entities.backends.known import list_models

    models = list_models(installed())
    if as_json:
        print_json([asdict(model) for model in models])
        return
    print_table(
        ["language", "model", "licence", "installed", "how to get it"],
        [(one.language, one.name, one.licence, one.installed or "no", one.get) for one in models],
    )
