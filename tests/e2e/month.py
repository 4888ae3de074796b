"""Feeds over weeks of a fake clock: what each shows at any time, and what a poll of it did.

Two hundred feeds as they are: a fifth publishes hourly or more, by day and hardly by night; entries
come late and back-dated, are edited, share their guid or their link with others; hosts are down for
hours, or say "not modified" when it is not so.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import format_datetime

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
SHOWN = 15
GUIDS = ("own", "own", "own", "own", "none", "shared", "home", "home-link")


def at(seconds: float) -> dt.datetime:
    """A moment of the fake clock."""
    return START + dt.timedelta(seconds=seconds)


@dataclass
class Entry:
    """An item: when it appears, the date it claims, its texts from when on."""

    name: str
    appears: float
    claims: float
    guid: str | None
    link: str
    texts: list[tuple[float, str]]

    def text(self, now: float) -> str:
        """As it reads now."""
        return self.texts[bisect_right([since for since, _ in self.texts], now) - 1][1]


@dataclass
class SimulatedFeed:
    """All that a feed will ever publish; `down` and `stale` are stretches of time."""

    name: str
    gap: float
    entries: list[Entry]
    down: list[tuple[float, float]]
    stale: list[tuple[float, float]]
    ttl: int | None
    max_age: int | None
    conditional: bool
    polls: list[tuple[float, str]] = field(default_factory=list)

    def shows(self, now: float) -> list[Entry]:
        """The newest by the dates they claim, as publishers order them."""
        known = self.entries[: bisect_right([e.appears for e in self.entries], now)]
        return sorted(known[-4 * SHOWN :], key=lambda e: -e.claims)[:SHOWN]

    def body(self, now: float) -> bytes:
        """As RSS 2.0."""
        ttl = f"<ttl>{self.ttl}</ttl>" if self.ttl else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>{self.name}</title>{ttl}{''.join(self._items(now))}</channel></rss>"
        ).encode()

    def _items(self, now: float) -> Iterator[str]:
        for entry in self.shows(now):
            guid = f"<guid isPermaLink='false'>{entry.guid}</guid>" if entry.guid else ""
            yield (
                f"<item><title>{entry.name}</title>{guid}<link>{entry.link}</link>"
                f"<pubDate>{format_datetime(at(entry.claims), usegmt=True)}</pubDate>"
                f"<description>{entry.text(now)}</description></item>"
            )


def is_within(now: float, stretches: list[tuple[float, float]]) -> bool:
    """Is it in one of them?"""
    return any(start <= now < end for start, end in stretches)


def make_feeds(number: int, days: int, seed: int) -> list[SimulatedFeed]:
    """A fifth hourly or more, three tenths about daily, half rarer."""
    chance = random.Random(seed)
    return [_make_feed(n, number, days, chance) for n in range(number)]


def _make_feed(n: int, number: int, days: int, chance: random.Random) -> SimulatedFeed:
    share = n / number
    low, high = (
        (6 * MINUTE, HOUR) if share < 0.2 else (8 * HOUR, 36 * HOUR) if share < 0.5
        else (2 * DAY, 30 * DAY)
    )  # fmt: skip
    gap = math.exp(chance.uniform(math.log(low), math.log(high)))
    name = f"port-{n}"
    guids = GUIDS[n % len(GUIDS)]
    entries = [
        _make_entry(name, k, appears, guids, chance)
        for k, appears in enumerate(_appearances(gap, days * DAY, chance))
    ]
    return SimulatedFeed(
        name=name,
        gap=gap,
        entries=entries,
        down=_stretches(chance, 2, HOUR, DAY),
        stale=_stretches(chance, 3, HOUR, 3 * HOUR) if n % 10 == 7 else [],
        ttl=chance.choice([None, None, 15, 60]),
        max_age=chance.choice([None, None, 300, 600]),
        conditional=n % 10 != 3,
    )


def _appearances(gap: float, end: float, chance: random.Random) -> Iterator[float]:
    """A Poisson process, by day nine times as lively as by night; the first week's is known."""
    now = -SHOWN * gap * chance.random()
    while (now := now + chance.expovariate(1 / gap) * 0.63) < end:
        by_day = 6 <= now % DAY / HOUR < 22
        if by_day or chance.random() < 1 / 9:
            yield now


def _make_entry(name: str, k: int, appears: float, guids: str, chance: random.Random) -> Entry:
    late = chance.uniform(MINUTE, 3 * HOUR) if chance.random() < 0.05 else 0.0
    home = f"https://{name}.example/"
    link = home if guids == "home-link" else f"{home}ferry-{k}"
    guid = {"none": None, "shared": f"{name}-{k % 3}", "home": home}.get(guids, f"{name}-{k}")
    text = f"Ferry {k} of {name} left the harbour at nine, says its crew of {k + 3}."
    texts = [(-math.inf, text)]
    if chance.random() < 0.1:
        texts.append((appears + chance.uniform(5 * MINUTE, 6 * HOUR), text.replace("nine", "ten")))
    return Entry(f"Ferry {k} of {name} sails", appears, appears - late, guid, link, texts)


def _stretches(
    chance: random.Random, number: int, low: float, high: float
) -> list[tuple[float, float]]:
    """So many in a month."""
    starts = [chance.uniform(0.5, 30) * DAY for _ in range(number)]
    return [(start, start + chance.uniform(low, high)) for start in starts]
