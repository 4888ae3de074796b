"""How likely two articles, or two groups of them, of one language report one event.

Logistic regression on what they share. Which features: what both have. With bodies on both sides,
the cosine of the bodies and how much of the openings stands in the other's texts; else, where there
is but a headline, the cosine of the openings, with and without the term that adds most to it: one
word that all the news is full of makes no story. Names and numbers in both cases.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any, Final

from transforms.stories.profile import Profile
from transforms.stories.unit import (
    Unit,
    body_cosine,
    opening_cosines,
    opening_coverage,
    shared,
    unit_of,
)

WEIGHTS: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("weights.toml").read_text("utf-8")
)
TEXT, HEADLINE = "text", "headline"
FEATURES: Final = {
    TEXT: ("body", "opening", "names", "numbers"),
    HEADLINE: ("headline", "rest", "names", "numbers"),
}
# Below this share bodies are alike by chance; keeps the logarithm finite.
BODY_FLOOR: Final = 0.03
DECIMALS: Final = 6
_DAY: Final = 86_400.0
_FREE_DAYS, _A_DAY, _MOST_OF_TIME = (
    float(WEIGHTS["time"][name]) for name in ("free_days", "a_day", "most")
)
_MODELS: Final = {
    kind: (WEIGHTS[kind]["intercept"], [WEIGHTS[kind][name] for name in FEATURES[kind]])
    for kind in FEATURES
}


def score(one: Profile, other: Profile) -> float:
    """How likely both report one event, 0 to 1; 0 across languages."""
    if one.language != other.language:
        return 0.0
    return likelihood(unit_of(one.terms, one.published), unit_of(other.terms, other.published))


def likelihood(one: Unit, other: Unit) -> float:
    """The same of units of one language."""
    kind = kind_of(one, other)
    intercept, weights = _MODELS[kind]
    values = features(one, other, kind)
    logit = intercept - lateness(one, other)
    for weight, value in zip(weights, values, strict=True):
        logit += weight * value
    return round(1 / (1 + math.exp(-logit)), DECIMALS)


def kind_of(one: Unit, other: Unit) -> str:
    """Which model judges them: `text` where both have a body, else `headline`."""
    return TEXT if one.bodies and other.bodies else HEADLINE


def features(one: Unit, other: Unit, kind: str) -> tuple[float, ...]:
    """What the regression weighs, in the order of `FEATURES`."""
    names = math.log1p(shared(one.names, one.count, other.names, other.count))
    numbers = math.log1p(shared(one.numbers, one.count, other.numbers, other.count))
    if kind == HEADLINE:
        whole, rest = opening_cosines(one, other)
        return math.sqrt(whole), math.sqrt(rest), names, numbers
    body = math.log(body_cosine(one, other) + BODY_FLOOR)
    return body, opening_coverage(one, other), names, numbers


def lateness(one: Unit, other: Unit) -> float:
    """What the days between two units take off the logit; nothing where one states no time."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return 0.0
    apart = max(
        (other.first - one.last).total_seconds(), (one.first - other.last).total_seconds(), 0.0
    )
    days = max(0.0, apart / _DAY - _FREE_DAYS)
    return min(days * _A_DAY, _MOST_OF_TIME)
