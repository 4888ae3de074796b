"""`wiretrace demo`: the main job over the example corpus, offline."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.lake_option import LAKE
from pipeline.cli.trace import print_trace

if TYPE_CHECKING:
    from lake.tables import Snapshot
    from tracing.story_model import Story
    from tracing.uncredited_line import UncreditedLine

# In a checkout the corpus lies beside the packages, in a wheel inside this one.
CORPORA = (
    Path(__file__).parents[2] / "examples" / "corpus",
    Path(__file__).parents[1] / "corpus",
)
TABLES = {
    "By language": """
        SELECT language, count(*) AS articles, count(DISTINCT outlet) AS outlets
        FROM articles_now WHERE is_current GROUP BY ALL ORDER BY articles DESC, language""",
    "By outlet": """
        SELECT outlet, count(DISTINCT current_article_id) AS articles, count(*) AS versions,
               count(*) FILTER (is_current AND effective_pubstatus = 'canceled') AS killed
        FROM articles_now GROUP BY ALL ORDER BY articles DESC, outlet""",
    "Whose text": """
        SELECT strftime(later.published, '%Y-%m-%d %H:%M') AS published, later.outlet,
               links_now.kind, earlier.outlet AS "of",
               format('{:.0f} %', 100 * containment_from) AS share, coalesce(credit, '') AS credit
        FROM links_now
        JOIN articles AS later ON later.version_id = from_version_id
        JOIN articles AS earlier ON earlier.version_id = to_version_id
        WHERE links_now.kind <> 'excerpt'
        ORDER BY later.published, later.outlet, earlier.outlet""",
    "Stories": """
        SELECT story_id[:8] AS story, count(*) AS articles, count(DISTINCT outlet) AS outlets,
               list_sort(list_distinct(list(articles_now.language))) AS languages,
               strftime(min(published), '%Y-%m-%d %H:%M') AS first,
               arg_min(headline, coalesce(published, first_seen)) AS headline
        FROM members_now JOIN articles_now ON current_article_id = members_now.article_id
        WHERE is_current GROUP BY ALL HAVING count(*) > 1 ORDER BY first""",
    "By place": """
        SELECT entity_id AS place, list_sort(list_distinct(list(surface)))[:6] AS written,
               count(DISTINCT article_id) AS articles
        FROM entities WHERE kind = 'place' AND entity_id IS NOT NULL
        GROUP BY ALL ORDER BY articles DESC, place LIMIT 12""",
}


TRACES = {
    "From a French piece to the Russian original": (
        "Mali : Moscou reconnaît des contacts entre l’armée et la société Kretchet"
    ),
    "A credit that dangles": "法国电池商将在敦刻尔克建第二座工厂",
}


_STORIES = """
    SELECT story_id
    FROM members_now JOIN articles_now ON current_article_id = members_now.article_id
    WHERE is_current GROUP BY ALL HAVING count(*) > 1 ORDER BY min(published)"""


@click.command("demo")
@click.option("--lake", type=LAKE, help="Keep the lake there.")
@click.option(
    "--pages",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a page for each story there.",
)
def command(lake: Path | None, pages: Path | None) -> None:
    """Ingest the example corpus into a lake, show the ledger, what was found, and two traces.

    The corpus is ours: fictional outlets and agencies, six stories, six languages. The first trace
    goes from a French piece without date and outlet to the Russian original; the second shows a
    credit that dangles, as the agency's name is a translation that leads to no outlet. Last comes
    who had each story first and who copied without credit, with pages to look at.

    Example: wiretrace demo --pages demo-pages
    """
    corpus = next((folder for folder in CORPORA if folder.is_dir()), None)
    if corpus is None:
        raise click.ClickException("the example corpus is not installed; run it from a checkout")
    if lake is not None:
        sys.exit(_show(corpus, lake, pages))
    with tempfile.TemporaryDirectory(prefix="wiretrace-demo-") as folder:
        sys.exit(_show(corpus, Path(folder) / "lake", pages))


def _show(corpus: Path, lake: Path, pages: Path | None) -> int:
    from lake.tables import open_lake, snapshot
    from lake.views import connect
    from pipeline.cli.run import execute, exit_code, print_ledger
    from pipeline.options import RunOptions
    from transforms.read.segment import Source

    terminal = sys.stderr.isatty()
    options = RunOptions(lake=lake, sources=(Source(str(corpus)),), log_json=not terminal)
    result = execute(options, terminal=terminal)
    print_ledger(result, as_json=False)
    connection = connect(snapshot(open_lake(lake)))
    for title, query in TABLES.items():
        _print_table(title, connection.execute(query))
    pinned = snapshot(open_lake(lake))
    for title, headline in TRACES.items():
        _trace(pinned, title, headline)
    _stories(pinned, pages)
    return exit_code(result)


def _trace(pinned: Any, title: str, headline: str) -> None:
    """The command and its answer for the article of that headline."""
    from tracing.trace import trace

    rows = pinned.read("articles", ["article_id", "headline"]).to_pylist()
    article_id = next(row["article_id"] for row in rows if row["headline"] == headline)
    click.echo(f"{title}\n$ wiretrace trace {article_id} --lake LAKE")
    now = dt.datetime.now(dt.UTC)
    print_trace(trace(pinned, article_id, embargo_at=now), now)
    click.echo()


def _stories(pinned: Snapshot, pages: Path | None) -> None:
    """Of each story who had it first and who copied without credit; its page, if asked for."""
    from lake.views import connect
    from tracing.story import read_story

    if pages is not None:
        pages.mkdir(parents=True, exist_ok=True)
    click.echo("Who had it first, who copied without credit")
    for (story_id,) in connect(pinned).execute(_STORIES).fetchall():
        story = read_story(pinned, story_id, embargo_at=dt.datetime.now(dt.UTC))
        first = story.first_claimed
        copied = ", ".join(sorted({_outlet_of(story, one) for one in story.missing_credit}))
        click.echo(f"{story_id[:8]}  {_title_of(story)}")
        doubts = f" (in doubt: {', '.join(first.doubts)})" if first and first.doubts else ""
        click.echo(f"    claims to be first: {first.outlet if first else 'nobody'}{doubts}")
        click.echo(f"    copied without credit: {copied or 'nobody that we can show'}")
        if pages is not None:
            click.echo(f"    {_write_page(pinned, story, pages / f'{story_id[:8]}.html')}")
    if pages is None:
        click.echo("wiretrace demo --pages FOLDER writes a page for each, for any browser")


def _outlet_of(story: Story, one: UncreditedLine) -> str:
    return next(line.outlet for line in story.lines if line.article_id == one.article_id)


def _title_of(story: Story) -> str:
    return next((line.headline for line in story.lines if line.headline), "")


def _write_page(pinned: Snapshot, story: Story, path: Path) -> str:
    """Its address."""
    from pipeline.cli.export_story import page_for_disk
    from pipeline.cli.write_whole import write_whole

    write_whole(path, page_for_disk(pinned, story, dt.datetime.now(dt.UTC), full_texts=False))
    return path.resolve().as_uri()


def _print_table(title: str, result: object) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in result.description:  # type: ignore[attr-defined]
        table.add_column(column[0])
    for row in result.fetchall():  # type: ignore[attr-defined]
        cells = (", ".join(v) if isinstance(v, list) else str(v) for v in row)
        table.add_row(*cells)
    Console(width=110).print(table)
    click.echo()
