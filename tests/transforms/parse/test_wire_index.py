"""Every file of `wires/index.tsv` against its row: the title, and what peers' tests assert."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections.abc import Callable
from pathlib import Path

from schemas.article import Article
from tests.conftest import CLOSING_LINE, ROOT
from tests.transforms.parse.wire_claims import Claim, find_claims
from transforms.normalize import Provenance, normalize
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext

SEEN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
# Rows about a feed's health and about lists of feeds: test_hostile.py and test_opml.py read them.
OTHER_TESTS = ("feeds_hostile", "opml")
# Below it a reader has broken. What is asked is .95; docs/index_misses.toml says of each miss why.
LEAST_MET = 0.9


def rows(shared: Path) -> list[dict[str, str]]:
    with open(shared / "wires" / "index.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def articles_of(path: Path) -> list[Article]:
    provenance = Provenance(
        source=path.name, source_uri=path.name, raw_sha256="", seen_at=SEEN, run_id="r"
    )
    found = parse_document(path.read_bytes(), ParseContext(source_uri=path.name), None)
    return [normalize(one, provenance).article for one in found if isinstance(one, Item)]


def explained_misses() -> list[dict[str, str]]:
    """The reviewable table that docs/formats.md prints."""
    table = tomllib.loads((ROOT / "docs" / "index_misses.toml").read_text("utf-8"))
    assert all(miss["why"].endswith(".") for miss in table.get("miss", ()))
    return table.get("miss", [])


def is_gold(row: dict[str, str]) -> bool:
    """A text beside a page, which is no input."""
    return row["format"] == "html_gold" and row["file"].endswith((".json", ".txt"))


def title_claim(row: dict[str, str]) -> list[Claim]:
    """The headline; in a feed its title; none where the row has it in brackets."""
    title = row["title_expected"]
    if title.startswith("("):
        return []
    column = "outlet_name" if row["format"] == "feeds_real" else "headline"
    cut = len(title) == 100  # the index cuts there
    return [
        Claim(
            f"title {title}",
            lambda articles: any(
                one_line.startswith(title) if cut else one_line == " ".join(title.split())
                for a in articles
                for one_line in [" ".join((getattr(a, column) or "").split())]
            ),
        )
    ]


def test_every_row_of_the_index(
    shared: Path, record_property: Callable[[str, object], None]
) -> None:
    """Every value is met, or docs/formats.md says why it is not."""
    checked, missed = 0, []
    for row in rows(shared):
        if row["format"] in OTHER_TESTS or is_gold(row):
            continue
        articles = articles_of(shared / "wires" / row["file"])
        for claim in title_claim(row) + find_claims(row["asserted_by_peer_test"]):
            checked += 1
            if not claim.check(articles):
                missed.append((row["file"], claim.text))
    met = checked - len(missed)
    record_property(CLOSING_LINE, f"wires/index.tsv: {met} of {checked} values met")
    assert met >= LEAST_MET * checked, missed
    assert checked > 200
    # A value that is met again has to leave the table, and a new miss needs a reason.
    assert sorted(set(missed)) == sorted(
        (miss["file"], miss["claim"]) for miss in explained_misses()
    )
