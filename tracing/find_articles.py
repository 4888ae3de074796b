"""From what a user gives to the articles it means: an id, an address, or words."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.checked import checked_file
from lake.current import family_of, read_versions
from lake.search import Hit, find
from lake.search_terms import UNDATED, content_term, id_term, query_terms
from lake.tables import LakeDamaged, Snapshot
from schemas.article import is_notice
from tracing.trace_model import Reason

MOST_HITS = 20
# A hit holds at least this share of the weight of the words asked for, and of what the best has.
LEAST_SHARE, LEAST_OF_BEST = 0.34, 0.6
# Rare words that are looked for; a whole article given as text has hundreds.
_MOST_TERMS = 40
_ID = re.compile(r"[0-9a-f]{32}")
# What a relation between two articles is told by.
ARTICLE_COLUMNS = [
    "article_id", "version_id", "outlet", "outlet_name", "published", "first_seen", "content_hash",
    "genre", "slugline", "date",
]  # fmt: skip
Row = dict[str, Any]


class NoSuchArticle(Exception):
    """An article id that the lake does not know."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """Version id to row of `articles`, and why it was found, if not for its own id or address.

    `left_out` are articles that were found and are not to be seen.
    """

    rows: Mapping[str, Row]
    reasons: Mapping[str, Reason]
    left_out: frozenset[str] = frozenset()

    def without(self, unseen: frozenset[str]) -> Asked:
        """The same without some articles."""
        rows = {v: row for v, row in self.rows.items() if row["article_id"] not in unseen}
        left_out = unseen & {row["article_id"] for row in self.rows.values()}
        return replace(self, rows=rows, left_out=left_out)


def is_article_id(text: str) -> bool:
    """Whether it has the form of an article's id."""
    return _ID.fullmatch(text) is not None


def by_id(pinned: Snapshot, article_id: str) -> Asked:
    """Every version of an article, or of what its id is an alias of.

    Raises:
        NoSuchArticle: there is none of that id.
    """
    family = family_of(pinned, [article_id])
    found = read_versions(pinned, family, ARTICLE_COLUMNS)
    rows = {row["version_id"]: row for row in found.sort_by("version_id").to_pylist()}
    if not rows:
        raise NoSuchArticle(
            f"no article {article_id} in {pinned.lake.root}; `wiretrace sql` lists ids"
        )
    return Asked(rows, {})


def by_address(pinned: Snapshot, url: str, normalized: str | None) -> Asked:
    """Versions whose address is `url`, as received or in the normalized form."""
    return Asked(with_address(pinned, url, normalized), {})


def with_address(pinned: Snapshot, url: str, normalized: str | None) -> Mapping[str, Row]:
    """The same, by version id, and nothing beside them."""
    forms = pa.array(sorted({url, normalized or url}), pa.string())
    fields = ("url", "canonical_url", "normalized_url")
    same = [pc.field(name).isin(forms) for name in fields]
    return _rows(pinned, same[0] | same[1] | same[2])


def by_words(pinned: Snapshot, text: str, unseen: frozenset[str]) -> Asked:
    """Versions that hold the rarest words of a text, the best first.

    Articles that are `unseen` are not found, and no measure for those that are.
    """
    asked = query_terms(text)
    hidden = {id_term(article_id): article_id for article_id in unseen}
    found = find(pinned.lake, pinned, [*asked, *hidden])
    weights = {
        term: math.log((found.rows + 1) / (found.frequencies.get(term, 0) + 1)) for term in asked
    }
    rarest = sorted(weights, key=lambda term: (-weights[term], term))[:_MOST_TERMS]
    total = sum(weights[term] for term in rarest) or 1.0
    scored = [(sum(weights[t] for t in hit.terms if t in weights), hit) for hit in found.hits]
    seen = [one for one in scored if one[1].terms.isdisjoint(hidden)]
    seen.sort(key=lambda one: (-one[0], one[1].path, one[1].row))
    least = max(LEAST_SHARE * total, LEAST_OF_BEST * seen[0][0] if seen else 0.0)
    hits = [hit for score, hit in seen[:MOST_HITS] if score >= least]
    rows, reasons = {}, {}
    for hit, row in _rows_of_hits(pinned, hits):
        if not is_notice(row):
            rows[row["version_id"]] = row
            words = sorted(asked[term] for term in hit.terms if term in asked)
            reasons[row["version_id"]] = Reason("words", what=tuple(words))
    left_out = {
        hidden[t] for score, hit in scored if score >= least for t in hit.terms & hidden.keys()
    }
    return Asked(rows, reasons, frozenset(left_out))


def with_texts(pinned: Snapshot, content_hashes: Collection[str]) -> Mapping[str, Row]:
    """Versions that have one of these texts, letter by letter."""
    return _by_version(pinned, find(pinned.lake, pinned, map(content_term, content_hashes)).hits)


def undated(pinned: Snapshot) -> Mapping[str, Row]:
    """Every version of the lake that claims no time of publication."""
    return _by_version(pinned, find(pinned.lake, pinned, [UNDATED]).hits)


def undated_files(pinned: Snapshot) -> frozenset[str]:
    """The paths of the files of `articles` that hold such a version; nothing of them is read."""
    return frozenset(hit.path for hit in find(pinned.lake, pinned, [UNDATED]).hits)


def _by_version(pinned: Snapshot, hits: Sequence[Hit]) -> Mapping[str, Row]:
    return {row["version_id"]: row for _, row in _rows_of_hits(pinned, hits)}


def _rows_of_hits(pinned: Snapshot, hits: Sequence[Hit]) -> list[tuple[Hit, Row]]:
    """The ids that stand at the hits, then their rows."""
    at: dict[str, list[Hit]] = {}
    for hit in hits:
        at.setdefault(hit.path, []).append(hit)
    found: dict[str, Hit] = {}
    for path, here in at.items():
        file = pinned.lake.table_path("articles") / path
        try:
            with checked_file(file) as parquet:
                ids = parquet.read(["version_id"])
        except (OSError, pa.ArrowException) as error:
            raise LakeDamaged(f"{file} cannot be read: {error}; run `wiretrace doctor`") from error
        found |= {ids["version_id"][hit.row].as_py(): hit for hit in here}
    versions = pa.array(sorted(found), pa.string())
    files = [file for file in pinned.files("articles") if file.path in at]
    rows = _rows(pinned, pc.field("version_id").isin(versions), files)
    return [(found[version], row) for version, row in rows.items()]


def _rows(
    pinned: Snapshot, where: pc.Expression, files: Sequence[Any] | None = None
) -> Mapping[str, Row]:
    rows = pinned.read("articles", ARTICLE_COLUMNS, where, files).to_pylist()
    return {row["version_id"]: row for row in sorted(rows, key=lambda row: row["version_id"])}
