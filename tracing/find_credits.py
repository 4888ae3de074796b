"""Which articles the credits of others may mean, among those of one story or with one rare name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from schemas.citation import CREDITING
from tracing.trace_model import Credit, Words
from transforms.citations.same_source import same_source

Row = dict[str, Any]
# A story of thousands has few outlets, and sources are few.
_is_source = lru_cache(maxsize=1 << 16)(same_source)


class Neighbours:
    """Articles by what they have in common, and by outlet."""

    def __init__(self, articles: Iterable[tuple[Row, Iterable[str]]]) -> None:
        """`articles`: rows of `articles`, each with the names and stories that it shares."""
        self._near: dict[str, dict[tuple[str, str | None], list[Row]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row, shared in articles:
            for each in shared:
                self._near[each][row["outlet"], row["outlet_name"]].append(row)

    def credits_of(
        self, mine: Row, shared: Iterable[str], citations: Sequence[Row]
    ) -> Iterator[Credit]:
        """The citations of a version, each with the articles that it may mean."""
        near = [self._near[each] for each in sorted(shared) if each in self._near]
        for row in sorted(citations, key=lambda row: (row["field"], row["start"])):
            cited = {
                one["article_id"]
                for outlets in near
                for (outlet, name), rows in outlets.items()
                if row["kind"] in CREDITING and _is_source(row["agency"], outlet, name)
                for one in rows
                if one["article_id"] != mine["article_id"] and not _is_younger(one, mine)
            }
            yield Credit(
                row["agency"],
                row["kind"],
                row["phrase"],
                words_of(row),
                row["score"],
                tuple(sorted(cited)),
            )


def is_cited(citation: Row, citing: Row, cited: Row) -> bool:
    """Whether the source of a citation is the outlet of an article that is not younger."""
    return not _is_younger(cited, citing) and is_source(citation["agency"], cited)


def is_source(agency: str, article: Row) -> bool:
    """Whether the outlet of an article is that source."""
    return _is_source(agency, article["outlet"], article["outlet_name"])


def crediting(citations: Mapping[str, Sequence[Row]], version: str) -> list[Row]:
    """Those of a version that credit their source."""
    return [row for row in citations.get(version, ()) if row["kind"] in CREDITING]


def words_of(row: Row) -> Words:
    """Where a row of `citations` or `entities` stands, and what stands there."""
    return Words(row["field"], row["start"], row["end"], row["surface"])


def _is_younger(one: Row, other: Row) -> bool:
    claimed = (one["published"], other["published"])
    return None not in claimed and claimed[0] > claimed[1]
