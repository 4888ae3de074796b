"""The page of `wiretrace diff --html`: both texts side by side, no script, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.cli.diff import summary, time_of
from tracing.find_version import Version
from tracing.harmless import harmless
from transforms.copies.compare import Comparison, Shared, Span


def make_page(one: Version, other: Version, found: Comparison) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    numbers = {shared: number for number, shared in enumerate(found.shared, 1)}
    by_place = sorted(found.shared, key=lambda shared: shared.other)
    sides = [
        _side(one, "A", "B", "del", [(s.one, numbers[s], _parts(s, "one")) for s in found.shared]),
        _side(
            other, "B", "A", "ins", [(s.other, numbers[s], _parts(s, "other")) for s in by_place]
        ),
    ]
    template = environment.get_template("diff_page.html.j2")
    return template.render(sides=sides, summary=list(summary(found)))


def _side(
    version: Version, name: str, other: str, tag: str, passages: Sequence[tuple[Span, int, Any]]
) -> dict[str, Any]:
    return {
        "name": name,
        "other": other,
        "tag": tag,
        "headline": harmless(version.headline or "without a headline"),
        "outlet": version.outlet,
        "language": version.language,
        "time": time_of(version),
        "article_id": version.article_id,
        "version_id": version.version_id,
        "pieces": list(_pieces(version.text, passages)),
    }


def _pieces(text: str, passages: Sequence[tuple[Span, int, Any]]) -> Iterator[dict[str, Any]]:
    done = 0
    for (start, end), number, parts in passages:
        yield {"number": 0, "text": harmless(text[done:start])}
        shown = [{"same": same, "text": harmless(text[slice(*span)])} for span, same in parts]
        yield {"number": number, "parts": shown}
        done = end
    yield {"number": 0, "text": harmless(text[done:])}


def _parts(shared: Shared, side: str) -> list[tuple[Span, bool]]:
    return [(getattr(part, side), part.same) for part in shared.parts]
