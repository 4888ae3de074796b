"""How a quotation travels: who carries it when, how its words change, and who it may be elsewhere.

Variants and other languages are looked for in the stories of the articles that carry it
(`members_now`), and nowhere else: near words of another story are another quotation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from lake.tables import Snapshot
from tracing.quote_occurrences import Occurrence, credits_of, find_matching, find_of_articles
from tracing.story_rows import story_by_article
from transforms.quotes.variants import Variant, compare_quotes

# Quotations that are followed; a word that stands in more is no question.
MOST_TRAVELS = 50


@dataclass(frozen=True, slots=True)
class Changed:
    """A quotation of the same story and language whose words are near, and how they differ."""

    quote_key: str
    text: str
    variant: Variant
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A quotation of the same speaker in the same story in another language: maybe the same one."""

    quote_key: str
    language: str
    text: str
    speaker_entity_id: str
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Travel:
    """One quotation: `text` as it stands in the first article that has it."""

    quote_key: str
    language: str
    text: str
    story_ids: tuple[str, ...]
    occurrences: tuple[Occurrence, ...]
    variants: tuple[Changed, ...]
    translated: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Travels:
    """The answer, by time of the first article; `more` quotations match and are not followed."""

    travels: tuple[Travel, ...] = ()
    more: int = 0


def find_travels(
    connection: duckdb.DuckDBPyConnection,
    pinned: Snapshot,
    words: str,
    speaker: str | None,
    unseen: Sequence[str],
) -> Travels:
    """Where the quotations that are asked for stand; another's variant is told with that one."""
    matching = _by_quote(find_matching(connection, words, speaker, unseen))
    asked = dict(list(matching.items())[:MOST_TRAVELS])
    carriers = {one.article_id for places in asked.values() for one in places}
    stories = story_by_article(pinned, carriers)
    around = find_of_articles(connection, stories, unseen)
    told: list[Travel] = []
    done: set[tuple[str, str]] = set()
    for (key, language), places in asked.items():
        if (key, language) in done:
            continue
        mine = sorted({stories[one.article_id] for one in places if one.article_id in stories})
        near = [one for one in around if stories[one.article_id] in mine]
        variants = tuple(_variants(places[0], near))
        done |= {(one.quote_key, language) for one in variants}
        translated = tuple(_translated(places, near))
        text = places[0].text
        told.append(Travel(key, language, text, tuple(mine), places, variants, translated))
    return Travels(tuple(_with_credits(connection, told)), len(matching) - len(asked))


def _by_quote(found: Sequence[Occurrence]) -> Mapping[tuple[str, str], tuple[Occurrence, ...]]:
    """By key and language, in order of the first place."""
    places: dict[tuple[str, str], list[Occurrence]] = defaultdict(list)
    for one in found:
        places[one.quote_key, one.language].append(one)
    return {quote: tuple(mine) for quote, mine in places.items()}


def _variants(first: Occurrence, near: Sequence[Occurrence]) -> Iterator[Changed]:
    """The most similar first."""
    found = []
    for (key, language), places in _by_quote(near).items():
        if key != first.quote_key and language == first.language:
            variant = compare_quotes(first.text, places[0].text)
            if variant is not None:
                found.append(Changed(key, places[0].text, variant, places))
    yield from sorted(found, key=lambda one: (-one.variant.similarity, one.occurrences[0].order))


def _translated(places: Sequence[Occurrence], near: Sequence[Occurrence]) -> Iterator[Elsewhere]:
    speakers = {one.speaker_entity_id for one in places} - {None}
    theirs = [
        one
        for one in near
        if one.speaker_entity_id in speakers and one.language != places[0].language
    ]
    for (key, language), mine in _by_quote(theirs).items():
        yield Elsewhere(key, language, mine[0].text, mine[0].speaker_entity_id or "", mine)


def _with_credits(
    connection: duckdb.DuckDBPyConnection, travels: Sequence[Travel]
) -> Iterator[Travel]:
    every = {one for travel in travels for places in _places_of(travel) for one in places}
    credits = credits_of(connection, sorted(every, key=lambda one: one.order))

    def credited(places: tuple[Occurrence, ...]) -> tuple[Occurrence, ...]:
        return tuple(replace(one, credits=credits[one]) for one in places)

    for travel in travels:
        yield replace(
            travel,
            occurrences=credited(travel.occurrences),
            variants=tuple(
                replace(one, occurrences=credited(one.occurrences)) for one in travel.variants
            ),
            translated=tuple(
                replace(one, occurrences=credited(one.occurrences)) for one in travel.translated
            ),
        )


def _places_of(travel: Travel) -> Iterator[tuple[Occurrence, ...]]:
    yield travel.occurrences
    for variant in travel.variants:
        yield variant.occurrences
    for other in travel.translated:
        yield other.occurrences
