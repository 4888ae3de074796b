"""Logistic regression by Newton's method, its weights drawn to given ones (a Gaussian prior)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_STEPS = 60


def newton(
    rows: Floats,
    labels: Floats,
    pull: Floats,
    start: Floats,
    *,
    mean: Floats | None = None,
    counts: Floats | None = None,
    free: Flags | None = None,
) -> Floats:
    """The weights of the columns of `rows` for `labels` of 0 and 1.

    `pull`: how much each is drawn to its `mean`, 0 if not given. `counts`: what each row counts.
    Weights that are not `free` stay as they start.
    """
    mean = np.zeros(len(start)) if mean is None else mean
    counts = np.ones(len(rows)) if counts is None else counts
    free = np.ones(len(start), dtype=bool) if free is None else free
    found = start.copy()
    for _ in range(_STEPS):
        given = logistic(rows @ found)
        slope = rows[:, free].T @ (counts * (given - labels)) + (pull * (found - mean))[free]
        weighed = rows[:, free] * (counts * given * (1 - given))[:, None]
        curve = rows[:, free].T @ weighed + np.diag(pull[free])
        found[free] -= np.linalg.solve(curve, slope)
    return found


def logistic(logits: Floats) -> Floats:
    """The probability of each logit."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float64)
