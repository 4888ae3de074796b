"""Made-up stories, the same in every run, for measuring.

Stories have log-normal sizes, five articles on average, over up to three days and three of five
languages; a story's words are drawn from its language's, its names and numbers are in all its
languages.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from wordfreq import top_n_list

from schemas.ids import hash_id

FIRST_DAY = dt.date(2024, 3, 1)
LANGUAGES = ("en", "fr", "de", "es", "ru")
OUTLETS = 40
# Of the articles of a story; of the days after its first on which they come; of its languages.
MEAN_SIZE, SIGMA = 5.0, 1.0
LATER = (0.72, 0.2, 0.08)
SPREAD = (0.75, 0.18, 0.07)
# A story's own words, in ranks of its language's; an article in so many claims no day.
WORDS, RANKS = 18, (400, 12_000)
UNDATED_IN = 5_000
SENTENCES = 7
SYLLABLES = (
    "ba", "lor", "ti", "men", "sa", "ru", "kel", "vo", "pin", "da", "fer", "gu", "sto", "mir", "an",
    "er", "tal", "wo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """An article; `part` names its story and language, `at` its place in this."""

    article_id: str
    part: str
    at: int
    founder: str
    language: str
    outlet: str
    day: dt.date
    published: dt.datetime | None
    headline: str
    body: str
    persons: tuple[str, ...]
    number: str

    @property
    def version_id(self) -> str:
        """Its only version."""
        return hash_id("bench", "version", self.article_id)

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://{self.outlet}/{self.day:%Y/%m/%d}/{self.article_id}"


@dataclass(frozen=True, slots=True)
class Bound:
    """Two parts of a story, by their founders, and the day on which both were there."""

    younger: Made
    older: Made


@cache
def words_of(language: str) -> tuple[list[str], list[str]]:
    """The words that all texts have, and those that stories are made of."""
    words = [word for word in top_n_list(language, RANKS[1]) if word.isalpha()]
    return words[: RANKS[0]], words[RANKS[0] :]


def make_story(number: str, day: dt.date) -> tuple[list[Made], list[Bound]]:
    """The articles of a story that begins on a day."""
    chance = random.Random(f"story {number}")
    mean = math.log(MEAN_SIZE) - SIGMA**2 / 2
    size = max(1, round(chance.lognormvariate(mean, SIGMA)))
    count = chance.choices((1, 2, 3), SPREAD)[0]
    languages = chance.sample(LANGUAGES, min(count, size))
    persons = tuple(f"{_name(chance)} {_name(chance)}" for _ in range(3))
    figure = str(chance.randrange(211, 9_900))
    own = {one: chance.sample(words_of(one)[1], WORDS) for one in languages}
    begin = dt.datetime.combine(day, dt.time(tzinfo=dt.UTC)) + chance.random() * dt.timedelta(0.9)
    made: list[Made] = []
    founders: dict[str, Made] = {}
    counts: dict[str, int] = defaultdict(int)
    for at in range(size):
        language = languages[at % len(languages)] if at < len(languages) else languages[0]
        language = language if at < len(languages) else chance.choice(languages)
        later = chance.choices((0, 1, 2), LATER)[0] if at >= len(languages) else 0
        time = begin + at * dt.timedelta(seconds=1)
        if later:
            midnight = dt.datetime.combine(day + dt.timedelta(later), dt.time(tzinfo=dt.UTC))
            time = midnight + chance.random() * dt.timedelta(0.99)
        is_dated = at > 0 or chance.randrange(UNDATED_IN) > 0
        article_id = hash_id("bench", "article", number, str(at))
        headline, body = _text(chance, own[language], words_of(language)[0], persons, figure)
        one = Made(
            article_id,
            f"{number} {language}",
            counts[language],
            founders[language].article_id if language in founders else article_id,
            language,
            f"outlet-{chance.randrange(OUTLETS):02}.example",
            time.date(),
            time if is_dated else None,
            headline,
            body,
            persons,
            figure,
        )
        counts[language] += 1
        founders.setdefault(language, one)
        made.append(one)
    older, *younger = founders.values()
    return made, [Bound(one, older) for one in younger]


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=3)).title()


def _text(
    chance: random.Random,
    own: Sequence[str],
    common: Sequence[str],
    persons: Sequence[str],
    figure: str,
) -> tuple[str, str]:
    headline = f"{persons[0]} {' '.join(chance.sample(own, 6))}"
    lines = []
    for at in range(SENTENCES):
        mixed = chance.choices(common, k=7) + chance.sample(own, 5)
        chance.shuffle(mixed)
        lines.append(f"{mixed[0].title()} {' '.join(mixed[1:])} {persons[at % len(persons)]}.")
    lines[1] = f"{lines[1][:-1]}, {figure} {common[at]}."
    return headline, "\n\n".join(lines)


@lru_cache(maxsize=4)
def begun_on(day: dt.date, per_day: int) -> tuple[list[Made], list[Bound]]:
    """The articles of the stories that begin on a day, and which of these are one."""
    articles: list[Made] = []
    bounds: list[Bound] = []
    for number in range(round(per_day / MEAN_SIZE)):
        made, bound = make_story(f"{day} {number}", day)
        articles += made
        bounds += bound
    return articles, bounds


def told_on(day: dt.date, per_day: int) -> list[Made]:
    """The articles of a day."""
    begun = [begun_on(day - dt.timedelta(later), per_day)[0] for later in range(len(LATER))]
    return [one for articles in begun for one in articles if one.day == day]
