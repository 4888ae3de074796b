"""What a trace is made of: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """Evidence: a stretch of a field, `start` to `end` in code points, and what stands there."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Credit:
    """A citation in an article. `cited` are the articles of the lake that it may mean.

    They are of that source, not younger, and in the citing article's story, or within the window
    with a rare name in common; if there is none the citation dangles.
    """

    agency: str
    kind: str
    phrase: str
    words: Words
    score: float
    cited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article is in the trace: `by`, of or with which other article, and the evidence.

    `by` is one of `asked`, `words`, `same_text`, `take`, `cited`, `cites`, `story`, `entity`,
    `quote`; where no story was told `same_agency` and `names`, too. `score`: of `story`, how sure
    it is that the article is in it, 0 to 1.
    """

    by: str
    other: str | None = None
    what: tuple[str, ...] = ()
    evidence: tuple[Words, ...] = ()
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Unreached:
    """That an article has text of another which was `corrected` or `killed` since.

    `version_id` is the other's version whose text it has, `outlet` the other's.
    """

    what: str
    article_id: str
    version_id: str
    outlet: str


@dataclass(frozen=True, slots=True)
class Line:
    """One article of a trace: who published what, when, in which language, crediting whom.

    `published` is what it claims, None if it claims nothing; `first_seen` is when we saw it.
    `is_embargo_open`: it is under an embargo that states no end. `claimed`: in a story, the first
    that any of its versions claims, by which it is judged, and whether its zone is known.
    """

    article_id: str
    version_id: str
    outlet: str
    outlet_name: str | None
    language: str
    headline: str | None
    url: str | None
    published: dt.datetime | None
    published_tz_known: bool | None
    first_seen: dt.datetime
    genre: str | None
    pubstatus: str
    embargoed: dt.datetime | None
    is_embargo_open: bool
    credits: tuple[Credit, ...] = ()
    reasons: tuple[Reason, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    claimed: dt.datetime | None = None
    claimed_tz_known: bool | None = None

    @property
    def time(self) -> dt.datetime:
        """By what lines are ordered: the claim, else when it was first seen."""
        return self.claimed or self.published or self.first_seen


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer: lines by time, and what was asked for.

    `left_out` is how many articles would be lines but for their embargo.
    """

    asked: str
    sequence: int
    lines: tuple[Line, ...] = field(default=())
    left_out: int = 0
