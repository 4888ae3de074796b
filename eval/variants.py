"""Whether the variants of a name get one id, and the names of others another: pairs of rows.

    python -m eval.variants                 figures of both halves
    python -m eval.variants --errors        what is wrong in the half that may be looked at

The table `eval/variants/` has names with a sentence each that contains them, and who is meant. A
row's id is that of the mention at the name when the sentence is tagged as an article; where nothing
is found there, a person's or body's is the id of the written name (`seen` is the share that is
found). Two rows are one if they have one id, or if they are persons whom `tracing.spellings` joins
with the sentences as their articles. Precision is over all pairs of rows, recall over the pairs of
one kind.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.citations import article_of
from schemas.entity import Entity
from tracing.spellings import Bearer, Near, judge, names_of
from transforms.entities.names import public_figure
from transforms.entities.person_names import person_ids, plain_id
from transforms.entities.tag import tag_article

FOLDER = Path(__file__).with_name("variants")
HALVES = ("dev", "test")
KINDS = ("person", "place", "agency", "organization")


@dataclass(frozen=True, slots=True)
class Row:
    """A variant with what was found at it; `around` are the other ids of its sentence."""

    number: str
    name: str
    language: str
    kind: str
    bearer: str
    context: str
    entity_id: str | None
    seen: bool
    around: Mapping[str, str]


def read_rows(half: str) -> Iterator[Row]:
    """The rows of a half, tagged."""
    for line in (FOLDER / f"{half}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        found = _entities(row["context"], row["lang"])
        entity_id, seen = _id_at(found, row)
        others = [one for one in found if one.entity_id not in (None, entity_id)]
        around = {one.entity_id: one.kind for one in others if one.entity_id is not None}
        yield Row(
            row["id"], row["name"], row["lang"], row["kind"], row["entity"], row["context"],
            entity_id, seen, around,
        )  # fmt: skip


def _entities(text: str, language: str) -> tuple[Entity, ...]:
    return tag_article(article_of(text, language)).entities


def _id_at(found: Sequence[Entity], row: Mapping[str, str]) -> tuple[str | None, bool]:
    start = row["context"].index(row["name"])
    end = start + len(row["name"])
    over = [one for one in found if one.start < end and start < one.end]
    if over:
        best = max(over, key=lambda one: min(end, one.end) - max(start, one.start))
        return best.entity_id, True
    if row["kind"] == "place":
        return None, False
    if row["kind"] == "person":
        return public_figure(row["name"]) or person_ids(row["name"], row["lang"])[0], False
    return plain_id(row["name"]), False


def predicted_same(rows: Sequence[Row]) -> set[tuple[str, str]]:
    """The pairs of rows with one id or joined ids."""
    people = _bearers(rows)
    named_in = Counter(one for row in rows for one in {*row.around, row.entity_id} - {None})
    joined = {
        frozenset((a, b))
        for a, b in itertools.combinations(sorted(people), 2)
        if judge(people[a], people[b], named_in, len(rows)) is not None
    }
    return {
        (one.number, other.number)
        for one, other in itertools.combinations(rows, 2)
        if one.entity_id is not None and other.entity_id is not None
        and (one.entity_id == other.entity_id
             or frozenset((one.entity_id, other.entity_id)) in joined)
    }  # fmt: skip


def _bearers(rows: Sequence[Row]) -> dict[str, Bearer]:
    of_id: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == "person" and row.entity_id is not None:
            of_id[row.entity_id].append(row)
    names = names_of(of_id)
    return {
        one: Bearer(
            one,
            names[one],
            frozenset(row.number for row in mine),
            _near(mine),
        )
        for one, mine in of_id.items()
    }


def _near(rows: Sequence[Row]) -> dict[str, Near]:
    counts = Counter(other for row in rows for other in row.around.items())
    return {other: Near(kind, count) for (other, kind), count in counts.items()}


def score(rows: Sequence[Row]) -> dict[str, float]:
    """`precision` over all pairs, and `recall <kind>`."""
    same = predicted_same(rows)
    by_number = {row.number: row for row in rows}
    right = {pair for pair in same if _is_one(*(by_number[each] for each in pair))}
    figures = {"precision": len(right) / len(same)}
    for kind in KINDS:
        of_kind = [row for row in rows if row.kind == kind]
        wanted = [p for p in itertools.combinations(of_kind, 2) if _is_one(*p)]
        got = [p for p in wanted if (p[0].number, p[1].number) in same]
        figures[f"recall {kind}"] = len(got) / len(wanted)
    return figures


def _is_one(one: Row, other: Row) -> bool:
    return one.bearer == other.bearer


def print_errors(rows: Sequence[Row]) -> None:
    """Bearers with their ids, and ids with their bearers, where these are not one to one."""
    ids: dict[str, Counter[str | None]] = defaultdict(Counter)
    for row in rows:
        ids[row.bearer][row.entity_id] += 1
    for row in sorted(rows, key=lambda row: row.bearer):
        usual = ids[row.bearer].most_common(1)[0][0]
        if row.entity_id is None or row.entity_id != usual or not row.seen:
            print(row.bearer, row.language, row.name, row.entity_id, "" if row.seen else "unseen",
                  "|", row.context)  # fmt: skip
    by_number = {row.number: row for row in rows}
    for a, b in sorted(predicted_same(rows)):
        if not _is_one(by_number[a], by_number[b]):
            print("WRONG", *(f"{by_number[n].bearer} {by_number[n].name} {by_number[n].entity_id}"
                             for n in (a, b)))  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--errors", action="store_true", help="of the half `dev`")
    options = parser.parse_args()
    if options.errors:
        print_errors(list(read_rows("dev")))
        return
    print("half  rows  seen  " + "  ".join(f"{name:>19}" for name in _columns()))
    for half in HALVES:
        rows = list(read_rows(half))
        figures = score(rows)
        seen = sum(row.seen for row in rows) / len(rows)
        print(f"{half:<4} {len(rows):>5} {seen:5.2f}  "
              + "  ".join(f"{figures[name]:>19.3f}" for name in _columns()))  # fmt: skip


def _columns() -> list[str]:
    return ["precision", *(f"recall {kind}" for kind in KINDS)]


if __name__ == "__main__":
    main()
