"""Trains the weights of transforms/stories/weights.toml and prints them.

    python -m eval.story_weights       texts of ../shared (or $WIRETRACE_SHARED)

Logistic regression by Newton's method, L2 on standardized features. Two models: `text` on the pairs
as they are, `headline` on their headlines alone, tagged anew. Machine translations are trained on
too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.logistic import Floats, logistic, newton
from eval.story_items import Pair, headline_pairs, kept, semeval_within, telegram_pairs
from transforms.stories.item import Item
from transforms.stories.terms import make_terms
from transforms.stories.unit import Unit, unit_of
from transforms.stories.within import FEATURES, HEADLINE, TEXT, features

L2 = 1.0


@dataclass(frozen=True, slots=True)
class Model:
    """A weight for each feature, as they are (not standardized)."""

    intercept: float
    weights: Floats

    def probability(self, values: Floats) -> Floats:
        """Of each row."""
        return logistic(self.intercept + values @ self.weights)


def train(values: Floats, labels: Floats) -> Model:
    """The model of rows of features with their labels, 0 or 1."""
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    rows = np.column_stack([np.ones(len(values)), (values - mean) / spread])
    pull = np.array([0.0, *(L2 for _ in spread)])
    beta = newton(rows, labels, pull, np.zeros(rows.shape[1]))
    weights = beta[1:] / spread
    return Model(float(beta[0] - weights @ mean), weights)


def rows_of(pairs: Sequence[Pair], kind: str) -> Floats:
    """The features of pairs, a row each."""
    return np.array([features(_unit(pair.one), _unit(pair.other), kind) for pair in pairs])


def labels_of(pairs: Sequence[Pair]) -> Floats:
    """1 where both report one event."""
    return np.array([float(pair.same) for pair in pairs])


def _unit(item: Item) -> Unit:
    return unit_of(make_terms(item), item.published)


def main() -> None:
    """Print both models as they stand in the file of weights."""
    pairs = {TEXT: [*semeval_within(), *kept(telegram_pairs)], HEADLINE: kept(headline_pairs)}
    for kind, labelled in pairs.items():
        model = train(rows_of(labelled, kind), labels_of(labelled))
        print(f"# {len(labelled)} pairs, {sum(pair.same for pair in labelled)} of one event")
        print(f"[{kind}]\nintercept = {model.intercept:.3f}")
        for name, weight in zip(FEATURES[kind], model.weights, strict=True):
            print(f"{name} = {weight:.3f}")
        print()


if __name__ == "__main__":
    main()
