"""Joins what a model found to what gazetteer and rules found, which win wherever they touch."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from transforms.entities.gazetteer import Mention
from transforms.entities.lexicon import limits
from transforms.entities.names import name_key, public_figure
from transforms.entities.person_names import plain_id

_LONGEST = 80


def add_model_spans(
    text: str, mentions: Sequence[Mention], spans: Sequence[Mention]
) -> list[Mention]:
    """`mentions` and `spans` without what touches another of more trust, with ids, in order.

    Both are in order and none overlaps another of its own. A longer name of the model around a
    place is one name (`Université de Lyon`); else gazetteer and rules win where they touch a span.
    A rule that trusts less than the model does is left out as far as the model has found names. A
    surname gets id and kind of the one full form in the text, whoever found it: a model calls
    "Wagner" a person where a rule knows the group.
    """
    named = [span for span in spans if _is_name(span, text)]
    read = named[-1].end if named else 0
    ends = [span.end for span in named]
    kept = [
        mention
        for mention in mentions
        if not (_is_guess(mention) and mention.end <= read)
        and not _is_held(mention, _touched(mention, named, ends))
    ]
    ends = [mention.end for mention in kept]
    free = [span for span in named if _touched(span, kept, ends) is None]
    full: dict[str, set[tuple[str, str]]] = defaultdict(set)
    organizations = [mention for mention in kept if mention.kind == "organization"]
    people = [one for one in (*kept, *free) if one.kind == "person" and " " in one.surface]
    for mention in (*organizations, *people):
        entity_id = mention.entity_id or plain_id(mention.surface)
        full[name_key(mention.surface.split()[-1])].add((mention.kind, entity_id))
    return sorted((*kept, *(_named(span, full) for span in free)), key=lambda one: one.start)


def _is_guess(mention: Mention) -> bool:
    return mention.method.startswith("rule:") and mention.score < limits()["score"]["model"]


def _touched(one: Mention, among: Sequence[Mention], ends: Sequence[int]) -> Mention | None:
    """The first of `among`, whose ends are `ends`, that shares a character with `one`."""
    at = bisect.bisect_right(ends, one.start)
    return among[at] if at < len(among) and among[at].start < one.end else None


def _is_held(mention: Mention, span: Mention | None) -> bool:
    """Whether a span is a longer name around a place, or around a firm known by name only."""
    return (
        span is not None
        and (mention.kind == "place" or mention.method == "gazetteer:name")
        and span.start <= mention.start
        and mention.end <= span.end
        and len(span.surface) > len(mention.surface)
    )


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
