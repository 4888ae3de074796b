"""How right stories within a language are: pairs, and batches in clusters.

    python -m eval.stories                texts of ../shared (or $WIRETRACE_SHARED)
    python -m eval.stories --thresholds   how the thresholds were chosen, on SemEval and Telegram

Pairs: each language's are scored by weights trained on all other languages, and cut at the
threshold that is best for those; SemEval's sides are one story if overall ≤ 2. Telegram's Russian
is cut as well at the threshold best for nine tenths of it, for each tenth.

Batches: all items in one call of `place`, in random order, without time. UCI's stories are few: the
interval is a bootstrap over its stories. Beside it, everything apart, and each headline to the
nearest centroid of the same vectors, above the one threshold of seven that is best for this very
set. Silver: labelled by a model. Weights and thresholds are of SemEval and Telegram only.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import numpy as np

from eval.clusters import adjusted_rand, b_cubed, components, pairwise
from eval.logistic import Floats
from eval.story_items import (
    Labelled,
    Pair,
    headline_pairs,
    kept,
    openclaw,
    semeval_within,
    telegram_pairs,
    uci_headlines,
)
from eval.story_weights import labels_of, rows_of, train
from transforms.stories import unite
from transforms.stories.claims import Claims
from transforms.stories.cluster import place
from transforms.stories.item import Item
from transforms.stories.profile import Profile
from transforms.stories.terms import make_terms
from transforms.stories.unit import dot
from transforms.stories.within import HEADLINE, TEXT

SEED = 1
RESAMPLES = 1_000
JOINS = tuple(round(0.58 + 0.02 * step, 2) for step in range(12))
UNDECIDED = 0.1
CENTROID_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
Found = Mapping[str, str]


def profile_of(item: Item) -> Profile:
    """A profile without claims, which nothing looks at within a language."""
    return Profile(
        item.article_id, item.version_id, item.language, item.outlet, item.day, item.published,
        make_terms(item), cast(Claims, None),
    )  # fmt: skip


def placed(profiles: Sequence[Profile]) -> Found:
    """Article id to its story, all founded in one call, in random order."""
    shuffled = sorted(profiles, key=lambda profile: profile.article_id)
    random.Random(SEED).shuffle(shuffled)
    groups = place([], shuffled, {}).founds
    return {name: group[0][0] for group in groups for name, _ in group}


def area(labels: Floats, scores: Floats) -> float:
    """Area under the ROC curve: how often a pair of one story is above one of two."""
    above = scores[labels == 1][:, None] - scores[labels == 0][None, :]
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


def f1_at(labels: Floats, scores: Floats, threshold: float) -> float:
    """F1 of pairs at or above a threshold."""
    found = scores >= threshold
    right = float((labels * found).sum())
    return 2 * right / float(labels.sum() + found.sum())


def best_threshold(labels: Floats, scores: Floats) -> float:
    """Where F1 is best; the lowest of equals."""
    return max(map(float, np.linspace(0.2, 0.8, 61)), key=lambda at: f1_at(labels, scores, at))


def print_pairs() -> None:
    """Every language by the others: F1 at the threshold best for those, and AUC."""
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in semeval_within():
        groups[f"SemEval {pair.one.language}{' translated' * pair.translated}"].append(pair)
    for pair in kept(telegram_pairs):
        groups[f"Telegram {pair.one.language}"].append(pair)
    scored = {name: _held_out(name, groups) for name in groups}
    print("pairs, trained and cut on other languages        n  same  AUC   F1")
    for name in sorted(groups):
        _print_pairs(name, [scored[name]])
    labels, scores, _ = scored["Telegram ru"]
    decided = _cut_by_folds(labels, scores)
    _print_pairs("Telegram ru, cut by tenths", [(labels, scores, decided)])
    semeval = [name for name in sorted(groups) if name.startswith("SemEval")]
    for kind, names in (
        ("SemEval native", [name for name in semeval if "translated" not in name]),
        ("SemEval translated", [name for name in semeval if "translated" in name]),
        ("SemEval all", semeval),
    ):
        _print_pairs(kind, [scored[name] for name in names])


def _held_out(name: str, groups: Mapping[str, Sequence[Pair]]) -> tuple[Floats, Floats, Floats]:
    """Labels, scores and decisions of a group, by what other languages teach."""
    language = groups[name][0].one.language
    others = [pair for group in groups.values() for pair in group if pair.one.language != language]
    values, labels = rows_of(others, TEXT), labels_of(others)
    model = train(values, labels)
    taught = model.probability(values)
    threshold = best_threshold(labels, taught)
    scores = model.probability(rows_of(groups[name], TEXT))
    return labels_of(groups[name]), scores, (scores >= threshold).astype(float)


def _cut_by_folds(labels: Floats, scores: Floats) -> Floats:
    """Decisions on each tenth at the threshold that is best for the other nine."""
    fold = np.arange(len(labels)) % 10
    limits = [best_threshold(labels[fold != at], scores[fold != at]) for at in range(10)]
    return (scores >= np.array(limits)[fold]).astype(float)


def _print_pairs(name: str, groups: Sequence[tuple[Floats, Floats, Floats]]) -> None:
    labels, scores, decided = (np.concatenate(part) for part in zip(*groups, strict=True))
    print(
        f"{name:45} {len(labels):5} {int(labels.sum()):5}  {area(labels, scores):.3f}"
        f" {f1_at(labels, decided, 0.5):.3f}"
    )


def print_batch(name: str, labelled: Labelled) -> None:
    """A labelled set in one batch, beside baselines."""
    gold = labelled.story_of
    profiles = [profile_of(item) for item in labelled.items]
    found = placed(profiles)
    print(
        f"{name}: {len(gold)} in {len(set(gold.values()))} stories  B-cubed P R F1, ARI, pairs F1"
    )
    _print_agreement("all apart", gold, {item: item for item in gold})
    centroids = [centroid_clusters(profiles, at) for at in CENTROID_THRESHOLDS]
    best = max(centroids, key=lambda clusters: b_cubed(gold, clusters).f1)
    _print_agreement("nearest centroid, best of 7 thresholds", gold, best)
    _print_agreement("place", gold, found)
    low, high = bootstrap(gold, found)
    print(f"  {'place, 95 % over stories':40} B-cubed F1 {low:.3f} to {high:.3f}")


def _print_agreement(name: str, gold: Found, found: Found) -> None:
    cubed = b_cubed(gold, found)
    print(
        f"  {name:40} {cubed.precision:.3f} {cubed.recall:.3f} {cubed.f1:.3f}"
        f"  {adjusted_rand(gold, found):.3f}  {pairwise(gold, found).f1:.3f}"
    )


def bootstrap(gold: Found, found: Found) -> tuple[float, float]:
    """The middle 95 % of B-cubed F1 with stories drawn again, precision as in the whole set."""
    members: dict[str, list[str]] = defaultdict(list)
    for item, story in gold.items():
        members[story].append(item)
    sizes, both = Counter(found.values()), Counter((gold[item], found[item]) for item in gold)
    sums = {
        story: (
            sum(both[story, found[item]] / sizes[found[item]] for item in items),
            sum(both[story, found[item]] / len(items) for item in items),
            len(items),
        )
        for story, items in members.items()
    }
    drawn, names, values = random.Random(SEED), sorted(sums), []
    for _ in range(RESAMPLES):
        precision, recall, count = map(
            sum, zip(*(sums[name] for name in drawn.choices(names, k=len(names))), strict=True)
        )
        values.append(2 * precision * recall / (precision + recall) / count)
    values.sort()
    return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES)]


def centroid_clusters(profiles: Sequence[Profile], threshold: float) -> Found:
    """One pass in random order: each to the nearest centroid from a threshold on, or alone."""
    order = sorted(profiles, key=lambda profile: profile.article_id)
    random.Random(SEED).shuffle(order)
    sums: list[dict[str, float]] = []
    founders: list[str] = []
    holding: dict[str, set[int]] = defaultdict(set)
    found: dict[str, str] = {}
    for profile in order:
        vector = profile.terms.opening
        near = sorted({at for term in vector for at in holding[term]})
        cosines = [_cosine(vector, sums[at]) for at in near]
        if cosines and max(cosines) >= threshold:
            at = near[cosines.index(max(cosines))]
        else:
            at = len(sums)
            sums.append({})
            founders.append(profile.article_id)
        for term, value in vector.items():
            sums[at][term] = sums[at].get(term, 0.0) + value
            holding[term].add(at)
        found[profile.article_id] = founders[at]
    return found


def _cosine(vector: Mapping[str, float], total: Mapping[str, float]) -> float:
    return dot(vector, total) / math.sqrt(dot(total, total) or 1.0)


def print_thresholds() -> None:
    """Mean B-cubed F1 over languages by `join`; marked: within one standard error of the best."""
    pairs: dict[str, Callable[[], Sequence[Pair]]] = {
        HEADLINE: lambda: kept(headline_pairs),
        TEXT: lambda: [*semeval_within(), *kept(telegram_pairs)],
    }
    for kind, labelled in pairs.items():
        batches = _batches(labelled())
        chosen = unite.THRESHOLDS[kind]
        table = []
        for join in JOINS:
            unite.THRESHOLDS[kind] = {**chosen, "join": join, "undecided": join - UNDECIDED}
            table.append([b_cubed(gold, placed(profiles)).f1 for profiles, gold in batches])
        unite.THRESHOLDS[kind] = chosen
        figures = np.array(table)
        behind = figures[figures.mean(axis=1).argmax()] - figures
        errors = behind.std(axis=1, ddof=1) / math.sqrt(len(batches))
        for join, mean, lost, error in zip(
            JOINS, figures.mean(axis=1), behind.mean(axis=1), errors, strict=True
        ):
            print(f"{kind:9} {join:.2f} {mean:.3f} {'*' * int(lost <= error)}")


def _batches(pairs: Sequence[Pair]) -> list[tuple[list[Profile], Found]]:
    """The articles of each language, with the stories that its pairs make."""
    by_language: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_language[pair.one.language].append(pair)
    batches: list[tuple[list[Profile], Found]] = []
    for _, group in sorted(by_language.items()):
        items = {item.article_id: item for pair in group for item in (pair.one, pair.other)}
        links = [(pair.one.article_id, pair.other.article_id) for pair in group if pair.same]
        batches.append(([profile_of(item) for item in items.values()], components(items, links)))
    return batches


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--thresholds", action="store_true")
    if parser.parse_args().thresholds:
        print_thresholds()
        return
    print_pairs()
    print_batch("UCI headlines on technology", kept(uci_headlines))
    print_batch("openclaw en/zh, silver", kept(openclaw))


if __name__ == "__main__":
    main()
