"""`wiretrace diff`: two texts side by side, what they share and what was rewritten."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from pipeline.cli.reading import pin
from tracing.harmless import harmless, minute, strip_controls

if TYPE_CHECKING:
    from tracing.find_copies import CopyLine
    from tracing.find_version import Version
    from transforms.copies.compare import Comparison

# Marks of `git diff --word-diff`, so that the text says it without colours too.
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}"), "moved": ("(", ") ")}
_COLOURS = {"same": None, "removed": "red", "added": "green", "moved": "cyan"}
Piece = tuple[str, str]


@click.command("diff")
@click.argument("a")
@click.argument("b")
@lake_option
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page.")
@click.option("--embargoed", is_flag=True, help="Also what is still under embargo.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(a: str, b: str, lake: Path, html: Path | None, embargoed: bool, as_json: bool) -> None:
    """Show what the texts of two articles share, and what B leaves out, adds and rewrites.

    A and B are ids or addresses of articles, whose current versions are compared, or ids of
    versions. Quotation marks, dashes, case and spaces make no difference. [-so-] is in A only,
    {+so+} in B only; a passage that stands elsewhere in A is marked as moved.

    Example: wiretrace diff 4efc51ed0c2b7a9e8d1f3a5b6c7d8e9f https://example.org/2 --lake LAKE
    """
    if html is not None and as_json:
        raise click.UsageError("--html writes a page, --json prints: give one of them")
    load_pyarrow()
    from pipeline.cli.output import print_json
    from tracing.find_version import find_version
    from transforms.copies.compare import compare
    from transforms.urls import normalize_url

    now = dt.datetime.now(dt.UTC)
    pinned, unseen = pin(lake, now, embargoed=embargoed)
    one, other = (find_version(pinned, asked, normalize_url(asked), unseen) for asked in (a, b))
    if html is not None:
        from pipeline.cli.write_whole import write_whole
        from tracing.evidence import read_evidence
        from tracing.page.evidence_page import evidence_page
        from tracing.page.links import Exported

        embargo_at = None if embargoed else now
        evidence = read_evidence(pinned, other.version_id, one.version_id, embargo_at=embargo_at)
        write_whole(html, evidence_page(evidence, Exported(()), now))
        return
    found = compare(one.text, other.text)
    if as_json:
        print_json(_as_json(one, other, found))
    else:
        _print(one, other, found)


def _as_json(one: Version, other: Version, found: Comparison) -> dict[str, Any]:
    sides = {name: asdict(side) for name, side in (("a", one), ("b", other))}
    for side in sides.values():
        del side["text"], side["date"]
    sides["a"] |= {"words": found.words, "contained": round(found.contained, 4)}
    sides["b"] |= {"words": found.other_words, "contained": round(found.other_contained, 4)}
    passages = [
        {
            "a": shared.one,
            "b": shared.other,
            "parts": [{"a": p.one, "b": p.other, "same": p.same} for p in shared.parts],
        }
        for shared in found.shared
    ]
    return {**sides, "equal": found.equal, "longest": found.longest, "passages": passages}


def _print(one: Version, other: Version, found: Comparison) -> None:

    for name, side in (("A", one), ("B", other)):
        click.echo(strip_controls(f"{name}  {title_of(side)}"))
        click.echo(f"   {side.article_id}  version {side.version_id}")
    click.echo("\n".join(summary(found)))
    click.echo()
    # click leaves colours out where stdout is no terminal.
    colours = False if os.environ.get("NO_COLOR") else None
    for kind, text in pieces(one.text, other.text, found):
        opened, closed = _MARKS[kind]
        click.secho(f"{opened}{harmless(text)}{closed}", nl=False, fg=_COLOURS[kind], color=colours)
    click.echo()


def title_of(side: Version) -> str:
    """Time, outlet, language and headline."""
    return f"{time_of(side)}  {side.outlet}  {side.language}  {side.headline or ''}"


def time_of(side: Version | CopyLine) -> str:
    """When it claims to be published."""
    return minute(side.published) if side.published else "no date claimed"


def summary(found: Comparison) -> Iterator[str]:
    """What they have in common, in words."""
    yield f"of A's {found.words} words {found.contained:.0%} are in B"
    yield f"of B's {found.other_words} words {found.other_contained:.0%} are in A"
    yield f"longest run {found.longest} words, passages {len(found.shared)}"


def pieces(one: str, other: str, found: Comparison) -> Iterator[Piece]:
    """B's text in its order, with what is in A only before the passage that it precedes there.

    A piece is `same`, `removed`, `added`, or `moved` where what follows stands elsewhere in A; and
    its text.
    """
    *before, (last, _) = _gaps(found, len(one))
    done, reached = 0, 0
    in_order = zip(found.shared, before, strict=True)
    for shared, (start, end) in sorted(in_order, key=lambda passage: passage[0].other):
        yield from _rewritten(one[start:end], other[done : shared.other[0]])
        if shared.one[0] < reached:
            yield "moved", "moved"
        for part in shared.parts:
            if part.same:
                yield "same", other[slice(*part.other)]
            else:
                yield from _rewritten(one[slice(*part.one)], other[slice(*part.other)])
        done, reached = shared.other[1], max(reached, shared.one[1])
    yield from _rewritten(one[last:], other[done:])


def _gaps(found: Comparison, length: int) -> Iterator[tuple[int, int]]:
    """What lies before each passage in A, and after the last."""
    done = 0
    for shared in found.shared:
        yield done, shared.one[0]
        done = shared.one[1]
    yield done, length


def _rewritten(removed: str, added: str) -> Iterator[Piece]:
    from transforms.copies.words import find_words

    if find_words(removed).folded == find_words(added).folded:
        yield "same", added
        return
    # White space around is no part of what was rewritten.
    around = added or removed
    yield "same", around[: len(around) - len(around.lstrip())]
    for kind, text in (("removed", removed.strip()), ("added", added.strip())):
        if text:
            yield kind, text
    yield "same", around[len(around.rstrip()) :]
