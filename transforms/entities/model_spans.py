"""Joins what a model found to what gazetteer and rules found, which win wherever they touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from transforms.entities.gazetteer import Mention
from transforms.entities.names import name_id, name_key, public_figure

_LONGEST = 80


def add_model_spans(
    text: str, mentions: Sequence[Mention], spans: Sequence[Mention]
) -> list[Mention]:
    """`mentions` and those `spans` that touch none of them, with ids, in order.

    A surname gets id and kind of the one full form in the text, whoever found it: a model calls
    "Wagner" a person where a rule knows the group.
    """
    free = [span for span in spans if _is_name(span, text) and not _touches(span, mentions)]
    full: dict[str, set[tuple[str, str]]] = defaultdict(set)
    organizations = [mention for mention in mentions if mention.kind == "organization"]
    people = [one for one in (*mentions, *free) if one.kind == "person" and " " in one.surface]
    for mention in (*organizations, *people):
        entity_id = mention.entity_id or name_id(mention.surface)
        full[name_key(mention.surface.split()[-1])].add((mention.kind, entity_id))
    named = [_named(span, full) for span in free]
    return sorted((*mentions, *named), key=lambda mention: mention.start)


def _named(span: Mention, full: dict[str, set[tuple[str, str]]]) -> Mention:
    if " " not in span.surface:
        meant = full.get(name_key(span.surface), set())
        if len(meant) == 1:
            kind, entity_id = next(iter(meant))
            return replace(span, kind=kind, entity_id=entity_id)
        figure = public_figure(span.surface) if span.kind == "person" else None
        if figure is not None:
            return replace(span, entity_id=figure)
    return replace(span, entity_id=name_id(span.surface))


def _is_name(span: Mention, text: str) -> bool:
    surface = span.surface
    return (
        len(surface) <= _LONGEST
        and surface[:1].isupper()
        and "\n" not in surface
        and text[span.start : span.end] == surface
    )


def _touches(span: Mention, mentions: Sequence[Mention]) -> bool:
    return any(span.start < mention.end and mention.start < span.end for mention in mentions)
