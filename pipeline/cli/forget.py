"""`wiretrace forget`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("forget")
@click.argument("articles", nargs=-1)
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@click.option("--outlet", help="Forget everything of this outlet.")
@click.option("--before", help="Forget what is dated before this day, YYYY-MM-DD.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--wait", type=click.FloatRange(0), default=0.0, help="Seconds for a busy lake.")
def command(
    articles: tuple[str, ...],
    lake: Path,
    outlet: str | None,
    before: str | None,
    yes: bool,
    wait: float,
) -> None:
    """Remove articles from every table, state and file for good, and keep them out.

    Name their ids, or --outlet, or --before, not several of these.

    Example: wiretrace forget --lake LAKE 0123456789abcdef0123456789abcdef
    """
    from lake.forget import forget
    from lake.tables import open_lake
    from pipeline.rebuild import rebuild_state

    given = [bool(articles), outlet is not None, before is not None]
    if sum(given) != 1:
        raise click.UsageError("name article ids, or --outlet, or --before: one of the three")
    if articles:
        marks = ", ".join("?" * len(articles))
        where = f"article_id IN ({marks}) OR current_article_id IN ({marks})"
        values = [*articles, *articles]
    elif outlet is not None:
        where, values = "outlet = ?", [outlet]
    else:
        where, values = "date < CAST(? AS DATE)", [str(before)]
    if not yes:
        click.confirm("This cannot be undone. Forget these articles?", abort=True)
    count = forget(open_lake(lake).root, where, values, rebuild_state, wait)
    click.echo(f"{count} articles forgotten")
