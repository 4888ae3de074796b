"""Recall and spans of copies on syndicated copies that are made by rule, and false ones.

    python -m eval.syndicated               figures of both halves
    python -m eval.syndicated --errors      also each miss in the half that may be looked at

Recall is over copies with 40 words in common and more. Spans are over blocks of 40 words and more
that were copied in one, found or not: a passage must begin, and one must end, within five code
points of the block in both texts, where white space, quotation marks and dashes do not count; the
same passage, if nothing was rewritten inside. Where a reworded sentence adjoins, a passage may go
on into it. How copies are made: eval/made_copies.py. Intervals: Wilson, 95 %; copies of one
original are not independent, so they are too narrow.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence

from eval.copies import share
from eval.desk import DESK, Span
from eval.made_copies import (
    Block,
    Copy,
    Original,
    WrappedPair,
    make_copies,
    make_wrapped,
    read_originals,
)
from transforms.copies.compare import Comparison, compare
from transforms.copies.verify import is_copy, verify

LEAST_COMMON = 40
MOST_OFF = 5
_NOTHING = " \t\n\u00a0\u202f\"'“”‘’„«»‹›「」-–—"


def is_found(one: str, other: str, hours: float) -> bool:
    """Whether two texts are taken for copies, with no form known."""
    match = verify(one, other, hours)
    return match is not None and is_copy(match, 0, hours)


def find_ends(block: Block, texts: tuple[str, str], found: Comparison) -> tuple[bool, bool]:
    """Whether passages have the block's ends, and whether a single one has both."""
    starts, ends = set(), set()
    for number, shared in enumerate(found.shared):
        spans = [
            (_inner(text, span), _inner(text, inner), _inner(text, widest))
            for text, span, inner, widest in zip(
                texts, (shared.one, shared.other), block.spans, block.widest, strict=True
            )
        ]
        if all(wide[0] - MOST_OFF <= at[0] <= own[0] + MOST_OFF for at, own, wide in spans):
            starts.add(number)
        if all(own[1] - MOST_OFF <= at[1] <= wide[1] + MOST_OFF for at, own, wide in spans):
            ends.add(number)
    in_one = bool(starts & ends)
    return in_one or (not block.is_whole and bool(starts and ends)), in_one


def _inner(text: str, span: Span) -> Span:
    """Without what does not count at its ends."""
    start, end = span
    while start < end and text[start] in _NOTHING:
        start += 1
    while end > start and text[end - 1] in _NOTHING:
        end -= 1
    return start, end


def score(half: str, originals: Sequence[Original], errors: bool) -> None:
    """Print the figures of a half."""
    ours = [original for original in originals if original.half == half]
    copies = [copy for original in ours for copy in make_copies(original, ours)]
    long = [copy for copy in copies if copy.words >= LEAST_COMMON]
    found = {id(copy): is_found(copy.original.text, copy.text, copy.hours) for copy in long}
    print(f"{half}: {len(copies)} copies of {len(ours)} originals", end="")
    print(f", {len(long)} with {LEAST_COMMON} words in common")
    print("  recall")

    def row(name: str, these: Iterable[Copy]) -> None:
        hits = [found[id(copy)] for copy in these]
        print(f"    {name:24} {share(sum(hits), len(hits))}")

    for name in DESK:
        row(name, (copy for copy in long if copy.made == (name,)))
    row("two to five of them", (copy for copy in long if len(copy.made) > 1))
    for language in sorted({original.language for original in ours}):
        row(language, (copy for copy in long if copy.original.language == language))
    row("scripts with capitals", (copy for copy in long if _is_cased(copy)))
    row("a block of so many", (copy for copy in long if _has_block(copy)))
    row("all", long)
    _score_spans(copies, errors)
    _score_wrapped(list(make_wrapped(ours)), errors)
    if errors:
        for copy in long:
            if not found[id(copy)]:
                print(f"  missed: {_describe(copy)}")


def _is_cased(copy: Copy) -> bool:
    return copy.original.language not in ("ar", "zh")


def _has_block(copy: Copy) -> bool:
    return any(block.words >= LEAST_COMMON for block in copy.blocks)


def _describe(copy: Copy) -> str:
    what = compare(copy.original.text, copy.text)
    longest = [round(shared.equal) for shared in what.shared]
    return (
        f"{copy.original.id} {'+'.join(copy.made)}: {copy.words:.0f} words in common, "
        f"{copy.hours:.0f} h; run {what.longest}, passages {longest}, "
        f"contained {what.contained:.2f} {what.other_contained:.2f}"
    )


def _score_spans(copies: Sequence[Copy], errors: bool) -> None:
    names = ("nothing rewritten", "something rewritten", "  of these in one passage")
    names = (*names, "scripts with capitals", "ar, zh", "all")
    rows: dict[str, Counter[bool]] = {name: Counter() for name in names}
    for copy in copies:
        texts = copy.original.text, copy.text
        passages = compare(*texts)
        for block in copy.blocks:
            if block.words < LEAST_COMMON:
                continue
            is_right, in_one = find_ends(block, texts, passages)
            kind = "nothing rewritten" if block.is_whole else "something rewritten"
            script = "scripts with capitals" if _is_cased(copy) else "ar, zh"
            for name in (kind, script, "all"):
                rows[name][is_right] += 1
            if not block.is_whole:
                rows["  of these in one passage"][in_one] += 1
            if errors and not is_right:
                spans = [(shared.one, shared.other) for shared in passages.shared]
                print(f"  ends: {_describe(copy)}: {block.spans} {block.widest}, found {spans}")
    print(f"  spans of blocks of {LEAST_COMMON} words")
    for name, row in rows.items():
        print(f"    {name:24} {share(row[True], row.total())}")


def _score_wrapped(pairs: Sequence[WrappedPair], errors: bool) -> None:
    rows: dict[str, Counter[bool]] = {}
    for pair in pairs:
        is_taken = is_found(*pair.texts, pair.hours)
        frame = "under" if pair.words < LEAST_COMMON else "from"
        topic = "one topic" if pair.is_same_topic else "two topics"
        rows.setdefault(f"{topic}, {frame} {LEAST_COMMON} words", Counter())[is_taken] += 1
        if errors and is_taken:
            what = compare(*pair.texts)
            shared = f"{pair.words:.0f} words of the frame, run {what.longest}"
            print(f"  false: {pair.ids} {pair.frame}: {shared}, {pair.hours:.0f} h")
    print("  false copies among different originals in one frame, by the frame's longest paragraph")
    for name, row in sorted(rows.items()):
        print(f"    {name:24} {share(row[True], row.total())}")


def main() -> None:
    """Score both halves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--errors", action="store_true", help="Show what is wrong where it may be looked at."
    )
    asked = parser.parse_args()
    originals = read_originals()
    score("dev", originals, asked.errors)
    score("test", originals, errors=False)


if __name__ == "__main__":
    main()
