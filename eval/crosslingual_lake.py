"""All that a run makes of the invented corpus, against its labels, for report only.

    python -m eval.crosslingual_lake        ../shared/eval/crosslingual (or $WIRETRACE_SHARED)
    python -m eval.crosslingual_lake -v     with what is wrong and what was not found

One `wiretrace run` takes articles.jsonl in as it lies there, into a lake that is thrown away. What
the lake's views and `wiretrace story` say of it is scored. The labels are one author's: silver.

An agency's own copy does not cite itself. A link of which the later text holds more of the earlier
one than it has from it (`containment_to` above `containment_from`) and that is `embedded` says that
the earlier one is embedded; every other link that its text is copied. An update within an outlet is
both a copy and a correction, as in the labels.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.crosslingual import print_stories
from eval.shared import SHARED
from lake.tables import Snapshot, open_lake, snapshot
from lake.views import connect
from pipeline.batch import run_batch
from pipeline.options import RunOptions
from schemas.citation import CREDITING
from tracing.story import read_story
from transforms.read.sources import Source

Labels = Mapping[str, Mapping[str, Any]]
Pairs = set[tuple[str, str]]
Claims = dict[str, Pairs]


@dataclass(frozen=True, slots=True)
class Told:
    """What a lake says of its articles, all by guid.

    `story_of`, `language_of`: by article. `claims`: by what is claimed the article and what it is
    claimed of: another article, or an agency (`citations`, `dangling`). Dangling is what credits an
    agency that has no article in the story; `later originals` are of those that have a younger one.
    """

    story_of: dict[str, str] = field(default_factory=dict)
    language_of: dict[str, str] = field(default_factory=dict)
    claims: Claims = field(default_factory=dict)


def read_labels(folder: Path) -> Labels:
    """The rows of gold.jsonl by guid."""
    rows = map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines())
    return {row["guid"]: row for row in rows}


def labelled(labels: Labels) -> Claims:
    """What the labels claim, as `Told.claims`."""
    return {
        "citations": {(guid, agency) for guid, row in labels.items() for agency in row["cites"]},
        "copies": {(guid, row["copy_of"]) for guid, row in labels.items() if row["copy_of"]},
        "embeds": {(guid, other) for guid, row in labels.items() for other in row["embeds"]},
        "corrections": _single(labels, "corrects"),
        "derives": {(guid, other) for guid, row in labels.items() for other in row["derives_from"]},
        "dangling": {
            (guid, agency) for guid, row in labels.items() for agency in row.get("dangling", ())
        },
        "later originals": _single(labels, "cites_later_original"),
    }


def read_lake(pinned: Snapshot, labels: Labels) -> Told:
    """What a lake of the corpus says; of what an agency's own copy cites not that agency."""
    own = {(guid, row["own_agency"]) for guid, row in labels.items() if "own_agency" in row}
    with connect(pinned) as connection:
        members = connection.execute(
            "SELECT guid, article_id, story_id, members_now.language"
            " FROM members_now JOIN articles USING (article_id)"
        ).fetchall()
        citations = connection.execute(
            "SELECT DISTINCT guid, agency FROM citations JOIN articles USING (version_id)"
            " WHERE kind IN (SELECT unnest(?))",
            [list(CREDITING)],
        ).fetchall()
        links = connection.execute(
            "SELECT later.guid, earlier.guid, kind, containment_from < containment_to"
            " FROM links_now JOIN articles AS later ON later.version_id = from_version_id"
            " JOIN articles AS earlier ON earlier.version_id = to_version_id"
        ).fetchall()
    held = {row[:2] for row in links if row[2] == "embedded" and row[3]}
    return Told(
        {guid: story_id for guid, _, story_id, _ in members},
        {guid: language for guid, _, _, language in members},
        {
            "citations": set(citations) - own,
            "copies": {row[:2] for row in links} - held,
            "embeds": held,
            "corrections": {row[:2] for row in links if row[2] == "updates"},
            **_credits(pinned, {article_id: guid for guid, article_id, _, _ in members}),
        },
    )


def _single(labels: Labels, name: str) -> Pairs:
    return {(guid, row[name]) for guid, row in labels.items() if row.get(name)}


def _credits(pinned: Snapshot, guids: Mapping[str, str]) -> Claims:
    """What `wiretrace story` says of every story's credits; `guids`: by article."""
    found: Claims = {"derives": set(), "dangling": set(), "later originals": set()}
    told: set[str] = set()
    for article_id in sorted(guids):
        if article_id in told:
            continue
        story = read_story(pinned, article_id)
        told |= {line.article_id for line in story.lines}
        for one in story.derives:
            found["derives"].add((guids[one.article_id], guids[one.cited_id]))
        for loose in story.dangling:
            guid = guids[loose.article_id]
            if loose.later_original:
                found["later originals"].add((guid, guids[loose.later_original]))
            else:
                found["dangling"].add((guid, loose.agency))
    return found


def print_claims(gold: Claims, found: Claims, *, verbose: bool) -> None:
    """Print of each kind of claim how many are labelled, found and right."""
    for name, labels in gold.items():
        claims = found[name]
        right = len(labels & claims)
        either = len(labels) + len(claims)
        print(
            f"  {name:16} labelled {len(labels):2}, found {len(claims):2}, right {right:2}:"
            f" P {right / len(claims) if claims else 1.0:.3f}"
            f" R {right / len(labels) if labels else 1.0:.3f}"
            f" F1 {2 * right / either if either else 1.0:.3f}"
        )
        if verbose:
            for what, pairs in (("wrong", claims - labels), ("missed", labels - claims)):
                print(
                    *(f"    {what} {one} {other}\n" for one, other in sorted(pairs)), sep="", end=""
                )


def main() -> None:
    """Take the corpus in, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is wrong")
    verbose = parser.parse_args().verbose
    folder = SHARED / "eval" / "crosslingual"
    if not folder.is_dir():
        print(f"skipped: the invented corpus; no {folder}")
        return
    labels = read_labels(folder)
    with tempfile.TemporaryDirectory() as temporary:
        lake = Path(temporary) / "lake"
        began = dt.datetime.now(dt.UTC)
        run_batch(RunOptions(lake=lake, sources=(Source(str(folder / "articles.jsonl")),)))
        took = (dt.datetime.now(dt.UTC) - began).total_seconds()
        told = read_lake(snapshot(open_lake(lake)), labels)
    stories = {guid: row["story"] for guid, row in labels.items()}
    print(f"whole pipeline: {len(labels)} articles in {took:.0f} s")
    missed = print_stories(stories, told.language_of, told.story_of)
    if verbose:
        print("  missed", *missed)
    print_claims(labelled(labels), told.claims, verbose=verbose)


if __name__ == "__main__":
    main()
