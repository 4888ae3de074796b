"""Stories over languages of the invented corpus, for report only: nothing is tuned on it.

    python -m eval.crosslingual             ../shared/eval/crosslingual (or $WIRETRACE_SHARED)
    python -m eval.crosslingual -v          with what was joined wrongly and what was not found

Twice: with clusters within a language as labelled, which leaves only what this tells across, and as
found by `place`. Articles without a time have none here either. `pairs found`: of pairs of articles
of one story in two languages, those in one found story. Hard negatives: pairs of stories that the
corpus names as such, and items of one recurring template. All of the corpus that a run makes of it,
stories included: `eval.crosslingual_lake`.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from eval.clusters import b_cubed, components
from eval.story_items import Labelled, crosslingual, kept
from transforms.stories.across import Tie
from transforms.stories.across_link import Cluster, link
from transforms.stories.cluster import place
from transforms.stories.gather import gather_claims
from transforms.stories.profile import Profile, make_profile

HARD = (
    ("S01", "S02"), ("S03", "S04"), ("S05", "S06"), ("S08", "S09"), ("S11", "S12"), ("S01", "X15"),
    ("S02", "X15"), ("X01", "X02", "X03"), ("X04", "X05", "X06"), ("X07", "X08", "X09"),
)  # fmt: skip


def labelled_clusters(profiles: Sequence[Profile], gold: Mapping[str, str]) -> list[list[Profile]]:
    """The articles of a story and language."""
    found: dict[tuple[str, str], list[Profile]] = defaultdict(list)
    for one in profiles:
        found[one.language, gold[one.article_id]].append(one)
    return list(found.values())


def placed_clusters(profiles: Sequence[Profile]) -> list[list[Profile]]:
    """What `place` finds of articles that all are new, no copies told."""
    by_id = {one.article_id: one for one in profiles}
    founds = place((), profiles, {}).founds
    return [[by_id[article] for article, _ in group] for group in founds]


def cluster_of(members: Sequence[Profile]) -> Cluster:
    """A cluster named by its first article."""
    times = [one.published for one in members if one.published is not None]
    return Cluster(
        id=min(one.article_id for one in members),
        language=members[0].language,
        first=min(times, default=None),
        last=max(times, default=None),
        claims=gather_claims(members),
    )


def main() -> None:
    """Prints the figures of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is wrong")
    arguments = parser.parse_args()
    corpus = kept(crosslingual)
    profiles = [make_profile(item) for item in corpus.items]
    for name, found in (
        ("labelled", labelled_clusters(profiles, corpus.story_of)),
        ("placed", placed_clusters(profiles)),
    ):
        began = dt.datetime.now(tz=dt.UTC)
        links = link([cluster_of(members) for members in found])
        seconds = (dt.datetime.now(tz=dt.UTC) - began).total_seconds()
        print(f"clusters within a language {name}: {len(found)}, {seconds:.1f} s")
        _report(corpus, found, links, verbose=arguments.verbose)


def _report(
    corpus: Labelled,
    clusters: Iterable[Sequence[Profile]],
    links: Sequence[tuple[str, str, Tie]],
    *,
    verbose: bool,
) -> None:
    gold = corpus.story_of
    language = {item.article_id: item.language for item in corpus.items}
    within = [(members[0].article_id, one.article_id) for members in clusters for one in members]
    found = components(gold, [*within, *((one, other) for one, other, _ in links)])
    missed = print_stories(gold, language, found)
    print(f"  links {len(links)}, right {sum(gold[one] == gold[other] for one, other, _ in links)}")
    if verbose:
        for one, other, given in links:
            if gold[one] != gold[other]:
                print("  wrong", gold[one], language[one], gold[other], language[other], given)
        print("  missed", *missed)


def print_stories(
    gold: Mapping[str, str], language: Mapping[str, str], found: Mapping[str, str]
) -> list[str]:
    """Print how well found stories agree with the labels; which stories' languages are apart."""
    score = b_cubed(gold, found)
    pairs = list(combinations(sorted(gold), 2))
    across = [
        (one, other)
        for one, other in pairs
        if gold[one] == gold[other] and language[one] != language[other]
    ]
    hit = sum(found[one] == found[other] for one, other in across)
    wrong = [
        {gold[one], gold[other]}
        for one, other in pairs
        if gold[one] != gold[other] and found[one] == found[other]
    ]
    hard = sum(any(stories <= set(row) for row in HARD) for stories in wrong)
    print(
        f"  B-cubed P {score.precision:.3f} R {score.recall:.3f} F1 {score.f1:.3f}\n"
        f"  pairs found across languages {hit} of {len(across)} ({hit / len(across):.2f})\n"
        f"  pairs wrongly in one story {len(wrong)}, of hard negatives {hard}"
    )
    apart = {
        (gold[one], *sorted((language[one], language[other])))
        for one, other in across
        if found[one] != found[other]
    }
    return [f"{story} {a}-{b}" for story, a, b in sorted(apart)]


if __name__ == "__main__":
    main()
