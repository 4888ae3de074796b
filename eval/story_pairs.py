"""How well ties tell pairs of texts of one story, in two languages, from others.

    python -m eval.story_pairs              ../shared/eval/pairs (or $WIRETRACE_SHARED)
    python -m eval.story_pairs -v           with the pairs most wrongly scored

Pairs across languages of SemEval-2022 task 8, the same story being overall ≤ 2. Five folds by the
digest of the text (pairs that share a text are in one fold), each scored by weights fitted on the
others and on the pairs within a language that are not in it (`eval/across_fit.py`). F1 is that of
the threshold best on the folds trained on; beside it the best there is on all scores, which is what
others report, and is too good. Native pairs are German and English as published; of the others one
side is a machine translation. `two_alphabets`: the weights for those, on the same pairs, without
what one alphabet gives.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.across_fit import FOLDS, MODELS, Sample, fit, fold_of, prior, samples, scores
from eval.logistic import Floats

AT_RECALL = 0.5


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some pairs: F1 by trained thresholds with its precision and recall; best; at recall .5."""

    pairs: int
    same: int
    precision: float
    recall: float
    f1: float
    best_f1: float
    precision_at: float


def curve(given: Floats, same: Sequence[bool]) -> tuple[Floats, Floats, Floats]:
    """Thresholds from high to low, precision and recall at each; scores below 0 are never links."""
    order = [n for n in np.argsort(-given, kind="stable") if given[n] >= 0]
    right = np.cumsum([same[n] for n in order], dtype=float)
    return given[order], right / np.arange(1, len(order) + 1), right / max(sum(same), 1)


def best_threshold(given: Floats, same: Sequence[bool]) -> tuple[float, float]:
    """The threshold of the best F1, and that."""
    thresholds, precision, recall = curve(given, same)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    best = int(f1.argmax())
    return float(thresholds[best]), float(f1[best])


def figures(given: Floats, linked: Sequence[bool], same: Sequence[bool]) -> Figures:
    """The figures of pairs by their scores and whether they were linked."""
    right = sum(a and b for a, b in zip(linked, same, strict=True))
    precision, recall = right / max(sum(linked), 1), right / max(sum(same), 1)
    _, precisions, recalls = curve(given, same)
    at = precisions[recalls >= AT_RECALL]
    return Figures(
        pairs=len(same),
        same=sum(same),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / max(precision + recall, 1e-9),
        best_f1=best_threshold(given, same)[1],
        precision_at=float(at.max()) if len(at) else 0.0,
    )


def cross_validated(
    everything: Sequence[Sample], model: str, *, two_kinds: bool
) -> tuple[Floats, list[bool]]:
    """Scores of the pairs across, each by the other folds, and whether they link; -1: abstained."""
    asked = [one for one in everything if one.across]
    given, linked = np.zeros(len(asked)), [False] * len(asked)
    for fold in range(FOLDS):
        train = [one for one in everything if fold_of(one) != fold]
        weights = fit(train, prior(), model)
        across = [one for one in train if one.across]
        trained = _ruled(scores(weights, across, model), across, two_kinds=two_kinds)
        threshold, _ = best_threshold(trained, [one.pair.same for one in across])
        held = [n for n, one in enumerate(asked) if fold_of(one) == fold]
        some = [asked[n] for n in held]
        for n, score in zip(
            held, _ruled(scores(weights, some, model), some, two_kinds=two_kinds), strict=True
        ):
            given[n], linked[n] = score, bool(score >= threshold)
    return given, linked


def _ruled(given: Floats, some: Sequence[Sample], *, two_kinds: bool) -> Floats:
    allowed = [one.two_kinds or not two_kinds for one in some]
    return np.where(allowed, given, -1.0)


def main() -> None:
    """Prints the figures, all and by languages, with the rule of two kinds and without."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is most wrong")
    arguments = parser.parse_args()
    everything = samples()
    asked = [one for one in everything if one.across]
    print(f"{'':24}  pairs same   P    R   F1  best  P at R {AT_RECALL}")
    for model, two_kinds in (*((MODELS[0], rule) for rule in (False, True)), (MODELS[1], True)):
        given, linked = cross_validated(everything, model, two_kinds=two_kinds)
        print(model, "two kinds of evidence" if two_kinds else "score alone")
        for name in ("all", *sorted({one.languages for one in asked})):
            some = [n for n, one in enumerate(asked) if name in ("all", one.languages)]
            native = not any(asked[n].pair.translated for n in some)
            found = figures(
                given[some], [linked[n] for n in some], [asked[n].pair.same for n in some]
            )
            label = f"  {name}" + (" native" if native else " translated" * (name != "all"))
            print(
                f"{label:24} {found.pairs:6} {found.same:4} {found.precision:5.2f}"
                f"{found.recall:5.2f}{found.f1:5.2f}{found.best_f1:6.2f}{found.precision_at:6.2f}"
            )
    if arguments.verbose:
        _show_wrong(asked, given)


def _show_wrong(asked: Sequence[Sample], given: Floats) -> None:
    for title, same, order in (("missed", True, 1), ("wrong", False, -1)):
        print(title)
        some = [n for n, one in enumerate(asked) if one.pair.same is same]
        for n in sorted(some, key=lambda n: (order * given[n], n))[:20]:
            one, other = asked[n].pair.one, asked[n].pair.other
            print(f"{given[n]:6.2f} {one.article_id} {_title(one)} | {_title(other)}")


def _title(item: object) -> str:
    text = getattr(item, "headline", "") or getattr(item, "body_text", "")
    return str(text)[:70].replace("\n", " ")


if __name__ == "__main__":
    main()
