"""Which story articles are in, by the rows of `story_members` and `story_aliases` around them.

What `members_now`, `story_aliases_now` and `story_parts` (lake/views.sql) say of whole lakes, said
of a few stories: read are the days around their articles, and not what came before. That suffices,
as each article of a story stands within `WINDOW` of another; but for those that claim no day, which
are looked for on all days.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lake.current import aliased, family_of, versions_of
from lake.data_file import DataFile
from lake.tables import Snapshot
from lake.where import is_any
from schemas.story_alias import STORY_ALIASES, Sign
from schemas.story_member import STORY_MEMBERS
from transforms.stories.connected import touching
from transforms.stories.newest import Row, standing_aliases, standing_members
from transforms.stories.window import WINDOW

_MEMBER = [
    "story_id", "article_id", "op", "score", "reason", "language", "day", "sequence", "date",
]  # fmt: skip
_ALIAS = [
    "story_id", "alias_of", "reason", "score", "evidence", "day", "withdrawn", "sequence",
]  # fmt: skip
_UNDATED = ["article_id", "story_id", "date"]
# Days that are read at once where a story is looked for from the newest day back.
_DAYS_AT_ONCE = 32


class NoSuchStory(Exception):
    """An id that no story has, nor an article that is in one."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Member:
    """An article where it stands: a row of the view `members_now`, without the whole's id."""

    article_id: str
    part_id: str
    language: str
    score: float
    reason: str
    day: dt.date | None


@dataclass(frozen=True, slots=True)
class Tie:
    """Why two parts are one: a row of the view `story_aliases_now`."""

    story_id: str
    alias_of: str
    reason: str
    score: float
    evidence: tuple[Sign, ...]
    day: dt.date | None


@dataclass(frozen=True, slots=True)
class Told:
    """A whole story: its parts by id, each with its language; members in order of day and id."""

    story_id: str
    parts: Mapping[str, str]
    members: tuple[Member, ...]
    ties: tuple[Tie, ...]


def has_stories(pinned: Snapshot) -> bool:
    """Whether any run has told stories of this lake."""
    return any(file.rows for file in pinned.files(STORY_MEMBERS.name))


def stories_of(pinned: Snapshot, article_ids: Collection[str]) -> list[Told]:
    """The stories that articles are in, or what they are aliases of, in order of id."""
    family = family_of(pinned, article_ids)
    days = {row["date"] for row in versions_of(pinned, family).values()}
    if not days:
        return []
    members = _Members(pinned)
    members.load(_around(days))
    places = _places(members.rows_of("article_id", family - aliased(pinned)))
    return _tell(pinned, members, {place.part_id for place in places})


def story_of(pinned: Snapshot, story_id: str) -> Told | None:
    """The story that has an id, or of which a part has it; None if there is none.

    An id says nothing of a day: the column is looked through, from the newest day back.
    """
    found = _tell(pinned, _Members(pinned), {story_id})
    return found[0] if found else None


def stories_near(
    pinned: Snapshot, article_ids: Collection[str], days: Collection[dt.date]
) -> list[Told]:
    """The stories that articles are in which are dated these days; ids of aliases are in none."""
    members = _Members(pinned)
    members.load(_around({*days, *members.undated_days("article_id", article_ids)}))
    places = _places(members.rows_of("article_id", set(article_ids) - aliased(pinned)))
    return _tell(pinned, members, {place.part_id for place in places})


def story_by_article(
    pinned: Snapshot, article_ids: Collection[str], days: Collection[dt.date] | None = None
) -> Mapping[str, str]:
    """The story of each article that is in one, and of all others of these stories.

    `days`: those that the articles are dated, where that is known; then nothing need be looked up.
    """
    if not article_ids or not has_stories(pinned):
        return {}
    if days is None:
        told = stories_of(pinned, article_ids)
    else:
        told = stories_near(pinned, article_ids, days)
    return {member.article_id: one.story_id for one in told for member in one.members}


class _Members:
    """Rows of `story_members` of the days read so far, and on which days others claim none."""

    def __init__(self, pinned: Snapshot) -> None:
        self.pinned = pinned
        self.loaded: set[dt.date] = set()
        self.rows: list[pa.Table] = []

    def load(self, days: Collection[dt.date]) -> bool:
        """Read these days; whether there is any that was not read yet."""
        new = set(days) - self.loaded
        files = self.pinned.files_on(STORY_MEMBERS.name, new)
        if files:
            self.rows.append(self.pinned.read(STORY_MEMBERS.name, _MEMBER, None, files))
        self.loaded |= new
        return bool(files)

    def rows_of(self, column: str, values: Collection[str]) -> list[Row]:
        """The rows read whose `column` is one of `values`."""
        asked = pa.array(sorted(values), pa.string())
        found = (table.filter(pc.is_in(table[column], asked)).to_pylist() for table in self.rows)
        return [row for rows in found for row in rows]

    def undated_days(self, column: str, values: Collection[str]) -> set[dt.date]:
        """The days under which articles stand that claim none, of these articles or stories."""
        undated = self.pinned.once("undated members", self._read_undated)
        asked = pa.array(sorted(values), pa.string())
        days = undated.filter(pc.is_in(undated[column], asked))["date"]
        return set(days.to_pylist())

    def _read_undated(self) -> pa.Table:
        """Files without such rows say so; of the others few columns are read."""
        undated = pc.field("day").is_null()
        return self.pinned.read(STORY_MEMBERS.name, _UNDATED, undated)

    def locate(self, story_ids: Collection[str]) -> set[dt.date]:
        """Days of these stories, the newest of each at least, if it has any."""
        found: set[dt.date] = set()
        missing = set(story_ids)
        files = self.pinned.files(STORY_MEMBERS.name)
        days = sorted({dt.date.fromisoformat(file.partition["date"]) for file in files})[::-1]
        for at in range(0, len(days), _DAYS_AT_ONCE):
            if missing:
                some = self.pinned.files_on(STORY_MEMBERS.name, days[at : at + _DAYS_AT_ONCE])
                asked = is_any("story_id", missing)
                columns = ["story_id", "day", "date"]
                rows = self.pinned.read(STORY_MEMBERS.name, columns, asked, some).to_pylist()
                found |= {row["date"] for row in rows}
                missing -= {row["story_id"] for row in rows if row["day"] is not None}
        return found


class _Aliases:
    """Rows of `story_aliases` about some stories and whatever these lead to."""

    def __init__(self, pinned: Snapshot) -> None:
        self.pinned = pinned
        self.asked: set[str] = set()
        self.files: dict[str, DataFile] = {}

    def follow(self, story_ids: Collection[str]) -> set[str]:
        """These stories and all that rows lead to from them, also rows that were withdrawn."""
        new = set(story_ids) - self.asked
        while new:
            self.asked |= new
            found: set[str] = set()
            for file, ends in _ends_of_aliases(self.pinned):
                near = touching(ends, new)
                if len(near):
                    self.files[file.path] = file
                    found |= {*near["story_id"].to_pylist(), *near["alias_of"].to_pylist()}
            new = found - self.asked
        return self.asked

    @property
    def standing(self) -> list[Tie]:
        """Of each pair the newest row, if it was not withdrawn."""
        where = is_any("story_id", self.asked) | is_any("alias_of", self.asked)
        files = list(self.files.values())
        rows = self.pinned.read(STORY_ALIASES.name, _ALIAS, where, files).to_pylist()
        return [_tie(row) for row in standing_aliases(rows)]


def _ends_of_aliases(pinned: Snapshot) -> list[tuple[DataFile, pa.Table]]:
    """By file, which stories were ever said to be which: all of the lake, but two columns."""

    def read() -> list[tuple[DataFile, pa.Table]]:
        columns = ["story_id", "alias_of"]
        files = pinned.files(STORY_ALIASES.name)
        return [(file, pinned.read(STORY_ALIASES.name, columns, None, [file])) for file in files]

    return pinned.once("ends of story aliases", read)


def _tell(pinned: Snapshot, members: _Members, asked: Collection[str]) -> list[Told]:
    """The wholes that have these parts."""
    if not asked:
        return []
    aliases = _Aliases(pinned)
    located: set[str] = set()
    while True:
        parts = aliases.follow(asked)
        rows = members.rows_of("story_id", parts)
        # Of a story whose articles were taken in by another, rows may be further apart.
        days = {day for row in rows for day in (row["date"], row["day"]) if day}
        days |= members.undated_days("story_id", parts)
        if members.load(_around(days)):
            continue
        unknown = parts - {row["story_id"] for row in rows if row["day"]} - located
        if not unknown:
            break
        located |= unknown
        if not members.load(members.locate(unknown)):
            break
    rows = members.rows_of("story_id", parts)
    articles = {row["article_id"] for row in rows}
    places = [p for p in _places(members.rows_of("article_id", articles)) if p.part_id in parts]
    return _wholes(asked, rows, places, aliases.standing, aliased(pinned))


def _wholes(
    asked: Collection[str],
    rows: Iterable[Row],
    places: Sequence[Member],
    ties: Sequence[Tie],
    aliased: Collection[str],
) -> list[Told]:
    """As `story_parts`: what ties connect goes by the part founded first that has a member.

    As in `members_now` what is an alias stands where the article stands that it is.
    """
    founded, languages = _founded(rows)
    alive = {place.part_id for place in places}
    near: dict[str, set[str]] = defaultdict(set)
    tied: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.story_id in founded and tie.alias_of in founded:
            near[tie.story_id].add(tie.alias_of)
            near[tie.alias_of].add(tie.story_id)
            tied[tie.story_id].append(tie)
    held: dict[str, list[Member]] = defaultdict(list)
    for place in places:
        if place.article_id not in aliased:
            held[place.part_id].append(place)
    found: dict[str, Told] = {}
    done: set[str] = set()
    for part in sorted(founded.keys() & set(asked)):
        if part in done:
            continue
        reached, new = {part}, {part}
        while new:
            new = {other for one in new for other in near[one]} - reached
            reached |= new
        done |= reached
        root = min(reached, key=lambda one: (one not in alive, founded[one] or dt.date.max, one))
        found[root] = Told(
            root,
            {one: languages[one] for one in sorted(reached)},
            tuple(sorted((p for one in reached for p in held[one]), key=_place)),
            tuple(sorted((t for one in reached for t in tied[one]), key=_pair)),
        )
    return [found[root] for root in sorted(found)]


def _founded(rows: Iterable[Row]) -> tuple[dict[str, dt.date | None], dict[str, str]]:
    """By story: the earliest day of its first run's rows, and its language."""
    first: dict[str, int] = {}
    days: dict[str, list[dt.date]] = {}
    languages = {}
    for row in sorted(rows, key=lambda row: row["sequence"]):
        story_id = row["story_id"]
        if first.setdefault(story_id, row["sequence"]) == row["sequence"]:
            languages[story_id] = row["language"]
            days.setdefault(story_id, [])
            if row["day"] is not None:
                days[story_id].append(row["day"])
    return {one: min(found, default=None) for one, found in days.items()}, languages


def _places(rows: Sequence[Row]) -> list[Member]:
    """As `places_now`: of an article's rows those of its newest run hold."""
    places = {
        Member(
            row["article_id"],
            row["story_id"],
            row["language"],
            row["score"],
            row["reason"],
            row["day"],
        )
        for row in standing_members(rows)
    }
    return sorted(places, key=_place)


def _place(one: Member) -> tuple[dt.date, str, str]:
    return one.day or dt.date.max, one.article_id, one.part_id


def _pair(tie: Tie) -> tuple[str, str, str]:
    return tie.story_id, tie.alias_of, tie.reason


def _tie(row: Row) -> Tie:
    signs = tuple(Sign(**sign) for sign in row["evidence"])
    return Tie(row["story_id"], row["alias_of"], row["reason"], row["score"], signs, row["day"])


def _around(days: Iterable[dt.date]) -> set[dt.date]:
    steps = range(-WINDOW.days, WINDOW.days + 1)
    return {day + dt.timedelta(step) for day in days for step in steps}
