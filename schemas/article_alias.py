"""`article_aliases`: two article ids that turned out to be one article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleAlias:
    """The newer id of a joined pair, pointing to the older one."""

    article_id: A[str, C("The newer id, kept only as an alias.", "DESIGN §4.2")]
    alias_of: A[str, C("The older id, which stays.", "DESIGN §4.2")]
    reason: A[str, C("The kind of key that joined them.", "DESIGN §4.2")]
    run_id: A[str, C("The run that joined them.", "DESIGN §3")]
    month: A[str, C("Month of the run, YYYY-MM.", "DESIGN §3")]


ARTICLE_ALIASES = Table(
    name="article_aliases",
    row=ArticleAlias,
    version=1,
    partition_by=("month",),
    sort_by=("article_id", "alias_of"),
)
