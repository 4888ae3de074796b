"""Fits the weights of ties across languages and writes them to `across_weights.toml`.

    python -m eval.across_fit            writes the weights, and says what the threshold would be
    python -m eval.across_fit --dry      says only

Logistic regression with a prior: each weight is drawn to the one of the table `prior`, reasoned by
hand, as by a Gaussian of variance 1 / `PRIOR`, and none may turn its sign: evidence never speaks
against. What the set has too little of to learn from keeps its prior (`KEPT`). Pairs of
SemEval-2022 task 8 within a language are trained on beside those across, each counting
`OF_WITHIN`: what they share is of the same kinds.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.clusters import components
from eval.logistic import Floats, logistic, newton
from eval.story_items import Pair, kept, semeval_pairs
from transforms.stories import across
from transforms.stories.across import FEATURES, families, features
from transforms.stories.claims import make_claims
from transforms.stories.evidence import find_common

TABLE = Path(across.__file__).with_name("across_weights.toml")
PRIOR = 3.0
# What a pair within a language counts: there are five times as many of them.
OF_WITHIN = 0.3
FOLDS = 5
MODELS = ("one_alphabet", "two_alphabets")
OF_ALPHABET = ("words", "shared_words")
# Contradictions, too: its pairs are not those of two like events in a country on one day.
KEPT = (
    "quotes",
    "sources",
    "credits",
    "urls",
    "days",
    "tolls_apart",
    "numbers_apart",
    "days_apart",
)
# The precision, cross-validated, from which on a tie is a link.
LEAST_PRECISION = 0.85


@dataclass(frozen=True, slots=True)
class Sample:
    """A pair by what is learned of it; `group`: pairs that share a text are one."""

    pair: Pair
    features: tuple[float, ...]
    two_kinds: bool
    group: str

    @property
    def across(self) -> bool:
        """Whether its languages differ."""
        return self.pair.one.language != self.pair.other.language

    @property
    def languages(self) -> str:
        """Its two languages, `de-en`."""
        return "-".join(sorted((self.pair.one.language, self.pair.other.language)))


def samples() -> list[Sample]:
    """All pairs of SemEval."""
    pairs = kept(semeval_pairs)
    groups = _groups(pairs)
    return [_sample(pair, group) for pair, group in zip(pairs, groups, strict=True)]


def fold_of(sample: Sample) -> int:
    """The fold of a group, by its digest: the same in every run."""
    return int(hashlib.sha256(sample.group.encode()).hexdigest(), 16) % FOLDS


def fit(train: Sequence[Sample], prior: Mapping[str, Any], model: str) -> Floats:
    """Intercept and weights: by Newton's method, those that would turn their sign held at 0."""
    left_out = OF_ALPHABET if model == "two_alphabets" else ()
    drawn_to = [0.0 if name in left_out else prior[name] for name in FEATURES]
    mean = np.array([prior["intercept"], *drawn_to])
    rows = _rows(train, model)
    same = np.array([one.pair.same for one in train], dtype=float)
    counts = np.array([1.0 if one.across else OF_WITHIN for one in train])
    free = np.array([True, *(name not in KEPT for name in FEATURES)])
    pull = np.array([1e-9, *(PRIOR for _ in FEATURES)])
    found = mean.copy()
    while True:
        found = newton(rows, same, pull, found, mean=mean, counts=counts, free=free)
        turned = free & (found * mean < 0)
        turned[0] = False
        if not turned.any():
            return found
        found[turned] = 0.0
        free &= ~turned


def scores(found: Floats, some: Sequence[Sample], model: str) -> Floats:
    """The probability of each sample."""
    return logistic(_rows(some, model) @ found)


def held_out_scores(everything: Sequence[Sample], prior: Mapping[str, Any], model: str) -> Floats:
    """Scores of the pairs across, each by weights fitted without its fold, in their order."""
    asked = [one for one in everything if one.across]
    found = np.zeros(len(asked))
    for fold in range(FOLDS):
        held = [n for n, one in enumerate(asked) if fold_of(one) == fold]
        trained = fit([one for one in everything if fold_of(one) != fold], prior, model)
        found[held] = scores(trained, [asked[n] for n in held], model)
    return found


def precision_threshold(given: Floats, some: Sequence[Sample], least: float) -> float:
    """The lowest score from which on, of pairs with two kinds of evidence, so many are right."""
    order = [n for n in np.argsort(-given, kind="stable") if some[n].two_kinds]
    right = np.cumsum([some[n].pair.same for n in order]) / np.arange(1, len(order) + 1)
    enough = np.nonzero(right >= least)[0]
    return float(given[order[enough[-1]]]) if len(enough) else 1.0


def prior() -> Mapping[str, Any]:
    """The weights that the fit is drawn to."""
    found: Mapping[str, Any] = across.weights()["prior"]
    return found


def main() -> None:
    """Fits and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    everything = samples()
    asked = [one for one in everything if one.across]
    for model in MODELS:
        found = fit(everything, prior(), model)
        held_out = held_out_scores(everything, prior(), model)
        table = {"score": precision_threshold(held_out, asked, LEAST_PRECISION)}
        table |= dict(zip(("intercept", *FEATURES), map(float, found), strict=True))
        lines = "".join(f"{name} = {value:.3f}\n" for name, value in table.items())
        print(f"[{model}]\n{lines}")
        if not arguments.dry:
            text = TABLE.read_text("utf-8")
            block = re.compile(rf"\[{model}\]\n.*?\n(?=\n)", re.DOTALL)
            TABLE.write_text(block.sub(f"[{model}]\n{lines}", text, count=1), "utf-8")


def _rows(some: Sequence[Sample], model: str) -> Floats:
    rows = np.array([(1.0, *one.features) for one in some])
    if model == "two_alphabets":
        rows[:, [1 + FEATURES.index(name) for name in OF_ALPHABET]] = 0.0
    return rows


def _sample(pair: Pair, group: str) -> Sample:
    common = find_common(make_claims(pair.one), make_claims(pair.other))
    return Sample(pair, features(common), len(families(common.evidence)) >= 2, group)


def _groups(pairs: Sequence[Pair]) -> list[str]:
    """The name of the component of each pair, joined by equal texts."""
    texts = [[f"{one.headline}\n{one.body_text}" for one in (p.one, p.other)] for p in pairs]
    found = components(
        (text for both in texts for text in both), ((both[0], both[1]) for both in texts)
    )
    return [found[both[0]] for both in texts]


if __name__ == "__main__":
    main()
