"""Where nothing is to be decided, the current state is what was stated, as the views have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from lake.current import by_views, undisputed, whole_rows
from schemas.article_alias import ArticleAlias
from schemas.catalog import BY_NAME
from schemas.control import Control
from schemas.definition import to_arrow
from tests.lake.builder import article, at, id_of

TABLES = ("articles", "sightings", "controls", "article_aliases", "runs")
KILL = Control(
    uri="one", article_id=id_of("one"), kind="kill", source_uri="k", run_id="", month="2024-05"
)
ALIAS = ArticleAlias(
    article_id=id_of("one"), alias_of=id_of("zero"), reason="shared_key", run_id="", month="2024-05"
)


def tables(*rows: Any) -> dict[str, pa.Table]:
    of: dict[str, list[Any]] = {name: [] for name in TABLES}
    names = {BY_NAME[name].row: name for name in TABLES}
    for row in rows:
        of[names[type(row)]].append(row)
    return {name: whole_rows(to_arrow(BY_NAME[name], of[name]), name) for name in TABLES}


@pytest.mark.parametrize(
    "articles",
    [
        [article("one")],
        [article("one"), article("two", pubstatus="usable", signals=())],
        [article("one", published=None, versioncreated=at(3), genre="test", url="https://e.org/1")],
    ],
)
def test_plain_articles_are_as_stated(articles: Sequence[Any]) -> None:
    """Column by column, so that a column the views come to decide is not forgotten here."""
    rows = tables(*articles)
    found = undisputed(rows)
    assert found is not None
    by_version = {row["version_id"]: row for row in by_views(rows)}
    assert {row["version_id"]: row for row in found} == by_version


@pytest.mark.parametrize(
    "more",
    [
        article("one", "2"),
        article("two", pubstatus="canceled"),
        article("two", pubstatus="withheld"),
        article("two", signals=("embargo",)),
        article("two", embargoed=at(9)),
        KILL,
        ALIAS,
    ],
    ids=["version", "canceled", "withheld", "signal", "embargo", "message", "alias"],
)
def test_whatever_is_to_be_decided_is_the_views(more: Any) -> None:
    """One such row among plain ones is enough."""
    assert undisputed(tables(article("one"), article("three"), more)) is None
