"""Joins what a model found to what gazetteer and rules found, which win wherever they touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from transforms.entities.gazetteer import Mention
from transforms.entities.lexicon import limits
from transforms.entities.names import name_key, public_figure
from transforms.entities.person_names import plain_id
from transforms.spans import Spans

_LONGEST = 80


def add_model_spans(
    text: str, mentions: Sequence[Mention], spans: Sequence[Mention]
) -> list[Mention]:
    """`mentions` and `spans` without what touches another of more trust, with ids, in order.

    Both are in order and none overlaps another of its own. A longer name of the model around a
    place is one name (`Université de Lyon`); else gazetteer and rules win where they touch a span.
    A surname gets id and kind of the one full form in the text, whoever found it: a model calls
    "Wagner" a person where a rule knows the group.
    """
    named = [span for span in spans if _is_name(span, text)]
    touching = Spans.of(named)
    kept = []
    for mention in mentions:
        at = touching.first(mention.start, mention.end)
        if at is None or not _is_held(mention, named[at]):
            kept.append(mention)
    taken = Spans.of(kept)
    free = [span for span in named if not taken.meet(span.start, span.end)]
    full: dict[str, set[tuple[str, str]]] = defaultdict(set)
    organizations = [mention for mention in kept if mention.kind == "organization"]
    people = [one for one in (*kept, *free) if one.kind == "person" and " " in one.surface]
    for mention in (*organizations, *people):
        entity_id = mention.entity_id or plain_id(mention.surface)
        full[name_key(mention.surface.split()[-1])].add((mention.kind, entity_id))
    return sorted((*kept, *(_named(span, full) for span in free)), key=lambda one: one.start)


def without_guesses(found: Sequence[Mention], spans: Sequence[Mention]) -> list[Mention]:
    """What rules found without those that trust less than the model, as far as it found names."""
    read = spans[-1].end if spans else 0
    least = limits()["score"]["model"]
    return [mention for mention in found if mention.score >= least or mention.end > read]


def _is_held(mention: Mention, span: Mention) -> bool:
    """Whether a span is a longer name around a place, or around a firm known by name only."""
    may_be_part = mention.kind == "place" or mention.method == "gazetteer:name"
    return may_be_part and mention.is_within(span)


def _named(span: Mention, full: dict[str, set[tuple[str, str]]]) -> Mention:
    if " " not in span.surface:
        meant = full.get(name_key(span.surface), set())
        if len(meant) == 1:
            kind, entity_id = next(iter(meant))
            return replace(span, kind=kind, entity_id=entity_id)
        figure = public_figure(span.surface) if span.kind == "person" else None
        if figure is not None:
            return replace(span, entity_id=figure)
    if span.kind == "place":
        return span
    return replace(span, entity_id=plain_id(span.surface))


def _is_name(span: Mention, text: str) -> bool:
    surface = span.surface
    return (
        len(surface) <= _LONGEST
        and surface[:1].isupper()
        and "\n" not in surface
        and text[span.start : span.end] == surface
    )
