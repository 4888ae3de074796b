"""The table of links of a whole run, against the pairs of eval/copies.

    python -m eval.links                    texts from ../shared (or $WIRETRACE_SHARED); two minutes

Every item of Reuters-21578, February to April 1987, is taken in as a delivery of one outlet by one
`wiretrace run`, as a user would do it; then `links_now` is scored. What `eval.copies` says of two
texts, this says of the lake: a pair must also be met (seven days), and stand in the view.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.copies import COPIED, ROOT, read_items, share, time_of
from eval.shared import SHARED
from lake.tables import open_lake, snapshot
from lake.views import connect
from pipeline.batch import run_batch
from pipeline.options import RunOptions
from transforms.read.sources import Source

Links = Mapping[frozenset[str], tuple[str, str, str]]


def write_drop(items: Mapping[str, dict[str, Any]], path: Path) -> None:
    """The items as JSON lines, times as if in UTC."""
    with path.open("w", encoding="utf-8") as lines:
        for id_, item in items.items():
            row = {"guid": f"reuters-{id_}", "outlet": "reuters", "headline": item["title"]}
            row |= {"body_text": item["text"], "published": f"{time_of(item).isoformat()}Z"}
            lines.write(json.dumps(row) + "\n")


def read_links(lake: Path) -> tuple[Links, int]:
    """By two items: kind, direction and the later one; how many families there are."""
    with connect(snapshot(open_lake(lake))) as connection:
        rows = connection.execute(
            "SELECT later.guid, earlier.guid, links_now.kind, direction FROM links_now"
            " JOIN articles AS later ON later.version_id = from_version_id"
            " JOIN articles AS earlier ON earlier.version_id = to_version_id"
        ).fetchall()
        [(families,)] = connection.execute(
            "SELECT count(DISTINCT copy_id) FROM copy_families"
        ).fetchall()
    ids = [tuple(guid.removeprefix("reuters-") for guid in row[:2]) for row in rows]
    links = {
        frozenset(pair): (kind, direction, pair[0])
        for pair, (_, _, kind, direction) in zip(ids, rows, strict=True)
    }
    return links, families


def score(half: str, links: Links) -> None:
    """Print the figures of a half."""
    pairs = [json.loads(line) for line in (ROOT / f"eval/copies/{half}.jsonl").open("rb")]
    found = [(pair, links.get(frozenset((pair["earlier"], pair["later"])))) for pair in pairs]
    linked = [(pair, link) for pair, link in found if link]
    right = [(pair, link) for pair, link in linked if pair["label"] in COPIED]
    copies = sum(pair["label"] in COPIED for pair in pairs)
    templates = [link for pair, link in found if pair["label"] == "template"]
    within = [link for pair, link in found if pair["label"] in ("shortened", "embedded")]
    stated = [(pair, link) for pair, link in right if link[1] != "unknown"]
    ordered = sum(link[2] == pair["later"] for pair, link in stated)
    print(f"{half}: {len(pairs)} pairs")
    print(f"  precision            {share(len(right), len(linked))}")
    print(f"  recall               {share(len(right), copies)}")
    print(f"  embedded, shortened  {share(sum(map(bool, within)), len(within))}")
    print(f"  templates linked     {share(sum(map(bool, templates)), len(templates))}")
    print(f"  direction stated     {share(len(stated), len(right))}")
    print(f"  direction right      {share(ordered, len(stated))}")
    kinds = Counter((pair["label"], link[0] if link else "none") for pair, link in found)
    for label in (*COPIED, "template", "unrelated"):
        row = {kind: n for (one, kind), n in sorted(kinds.items()) if one == label}
        print(f"    {label:11} {row}")


def main() -> None:
    """Make the lake, score both halves."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    if not (SHARED / "eval" / "reuters21578").is_dir():
        print(f"skipped: links of 560 pairs of eval/copies; no {SHARED}")
        return
    items = read_items(SHARED)
    with tempfile.TemporaryDirectory() as folder:
        drop, lake = Path(folder) / "reuters.jsonl", Path(folder) / "lake"
        write_drop(items, drop)
        started = dt.datetime.now(dt.UTC)
        run_batch(RunOptions(lake=lake, sources=(Source(str(drop)),)))
        took = (dt.datetime.now(dt.UTC) - started).total_seconds()
        links, families = read_links(lake)
    kinds = dict(sorted(Counter(kind for kind, _, _ in links.values()).items()))
    print(f"{len(items)} items in {took:.0f} s: links {kinds}, {families} families")
    for half in ("dev", "test"):
        score(half, links)


if __name__ == "__main__":
    main()
