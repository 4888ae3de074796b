"""Whether two articles, or two clusters, of different languages report one event.

A logistic model over what their claims have in common and what disagrees; its weights, how they
were got, and the thresholds are in `across_weights.toml`. A link needs two independent kinds of
evidence besides: ids and names are one, concepts and rare words another; a source is none.
"""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transforms.stories.claims import Claims
from transforms.stories.evidence import Common, Evidence, find_common

_TABLE: Final = Path(__file__).with_name("across_weights.toml")
FEATURES: Final = (
    "named", "share_named", "cities", "countries", "numbers", "concepts", "shared_concepts",
    "words", "shared_words", "quotes", "sources", "credits", "urls", "days", "tolls_apart",
    "numbers_apart", "days_apart",
)  # fmt: skip
# The kinds of evidence that are one, as they tell of the same thing.
FAMILIES: Final = {
    "id": "named", "name": "named", "number": "number", "date": "date", "quote": "quote",
    "concept": "about", "word": "about", "url": "url",
}  # fmt: skip
_COUNTRY: Final = "iso3166:"
_CITY: Final = "geonames:"
_HOURS_A_DAY: Final = 24.0


@dataclass(frozen=True, slots=True)
class Tie:
    """How likely two report one event, 0 to 1, and what says so, the most telling first."""

    score: float
    evidence: tuple[Evidence, ...]


def compare(one: Claims, other: Claims, hours_apart: float | None) -> Tie:
    """How likely two report one event; `hours_apart` None: not known."""
    return judge(one, other, hours_apart)[0]


def tie(one: Claims, other: Claims, hours_apart: float | None) -> Tie | None:
    """The tie of two that can be linked: over the threshold, by two independent kinds."""
    found, is_link = judge(one, other, hours_apart)
    return found if is_link else None


def judge(one: Claims, other: Claims, hours_apart: float | None) -> tuple[Tie, bool]:
    """The tie of two, and whether it can be a link."""
    table = weights()
    common = find_common(one, other)
    score = score_of(common, hours_apart)
    evidence = tuple(sorted(common.evidence, key=lambda piece: (-piece.weight, piece)))
    is_link = (
        score >= table[model_of(common)]["score"]
        and (hours_apart is None or hours_apart <= table["limits"]["hours"])
        and len(families(evidence)) >= table["limits"]["families"]
    )
    return Tie(score, evidence), is_link


def features(common: Common) -> tuple[float, ...]:
    """The values of `FEATURES`; sums of weights by ln(1 + sum), shares 0 to 1."""
    cities, countries = common.places(_CITY), common.places(_COUNTRY)
    named = common.total("id", "name") - cities - countries
    return (
        math.log1p(max(named, 0.0)),
        common.named,
        math.log1p(cities),
        math.log1p(countries),
        math.log1p(common.total("number")),
        common.concepts,
        math.log1p(common.total("concept")),
        common.words,
        math.log1p(common.total("word")),
        common.total("quote"),
        common.total("source"),
        float(common.total("credit") > 0),
        common.total("url"),
        common.total("date"),
        float(common.tolls_apart),
        common.numbers_apart,
        float(common.days_apart),
    )


def score_of(common: Common, hours_apart: float | None) -> float:
    """The probability; each day beyond the first takes the same from its logit."""
    table = weights()
    model = table[model_of(common)]
    logit = model["intercept"] + math.fsum(
        model[name] * value for name, value in zip(FEATURES, features(common), strict=True)
    )
    if hours_apart is not None:
        logit -= table["a_day"] * max(hours_apart / _HOURS_A_DAY - 1, 0.0)
    return round(1 / (1 + math.exp(-logit)), 4)


def model_of(common: Common) -> str:
    """Which weights: in two alphabets, that no words begin alike says nothing."""
    return "one_alphabet" if common.one_alphabet else "two_alphabets"


def families(evidence: tuple[Evidence, ...]) -> frozenset[str]:
    """The independent kinds that weigh enough to count; countries never do."""
    totals: dict[str, float] = {}
    for one in sorted(evidence):
        family = FAMILIES.get(one.kind)
        if family is not None and not one.what.startswith(_COUNTRY):
            totals[family] = totals.get(family, 0.0) + one.weight
    least = weights()["least"]
    return frozenset(family for family, total in totals.items() if total >= least[family])


@functools.cache
def weights() -> Mapping[str, Any]:
    """The numbers of `across_weights.toml`."""
    return tomllib.loads(_TABLE.read_text("utf-8"))
