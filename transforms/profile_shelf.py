"""`ProfileShelf`: the profiles of a language's data files, by the day that their articles claim."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

from transforms.profile_articles import ProfilesFile, profile
from transforms.stories.fold import WINDOW
from transforms.stories.profile import Profile
from transforms.stories.profile_rows import first_versions


class ProfileShelf:
    """Profiles are read when a day is asked for, and those of a window are kept in memory."""

    def __init__(
        self, files: Iterable[ProfilesFile], folder: Path, hidden: Collection[str]
    ) -> None:
        """`hidden`: articles that are not to be told."""
        by_day: dict[dt.date, list[ProfilesFile]] = defaultdict(list)
        for file in sorted(files, key=lambda file: file.path):
            by_day[file.date].append(file)
        self._files, self._folder, self._hidden = by_day, folder, hidden
        self._of = lru_cache(maxsize=WINDOW.days + 2)(self._read)

    @property
    def days(self) -> list[dt.date]:
        """The days that have files."""
        return sorted(self._files)

    def dated(self, day: dt.date) -> list[Profile]:
        """Of each article that claims the day its first version of that day."""
        return [one for one in self._of(day) if one.published is not None]

    def undated(self, since: dt.date) -> list[Profile]:
        """The articles that claim no day and were seen first on one `since`."""
        days = [day for day in self.days if day >= since]
        return [one for day in days for one in self._of(day) if one.published is None]

    def _read(self, day: dt.date) -> list[Profile]:
        rows = [row for file in self._files[day] for row in profile(file, self._folder)]
        return [one for one in first_versions(rows) if one.article_id not in self._hidden]
