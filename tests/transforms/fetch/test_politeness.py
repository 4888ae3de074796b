"""Turns: how many at once, and how far apart, on a clock of the test's own."""

import asyncio
import itertools
from collections import Counter, defaultdict

import pytest

from transforms.fetch.politeness import SOCKETS, Politeness, TurnRefused


class Clock:
    """Time that passes only while everybody sleeps."""

    def __init__(self):
        self.now = 100.0
        self._sleepers = []

    def read(self):
        return self.now

    async def sleep(self, seconds):
        woken = asyncio.Event()
        self._sleepers.append((self.now + seconds, woken))
        await woken.wait()

    async def drive(self, work):
        task = asyncio.ensure_future(work)
        while not task.done():
            for _ in range(50):
                await asyncio.sleep(0)
            if self._sleepers and not task.done():
                self._sleepers.sort(key=lambda s: s[0])
                self.now, woken = self._sleepers.pop(0)
                woken.set()
        return await task


def visit(urls, *, delay, parallel, seconds):
    """Starts by URL, and the most requests at once by host."""
    clock = Clock()
    starts, running, most = defaultdict(list), Counter(), Counter()

    async def one(politeness, url):
        async with politeness.turn(url) as turn:
            turn.sent()
            host = url.split("/")[2]
            starts[host].append(clock.now)
            running[host] += 1
            running["all"] += 1
            most[host] = max(most[host], running[host])
            most["all"] = max(most["all"], running["all"])
            await clock.sleep(seconds)
            running[host] -= 1
            running["all"] -= 1

    async def everyone():
        politeness = Politeness(delay=delay, parallel=parallel, clock=clock.read, sleep=clock.sleep)
        await clock.drive(asyncio.gather(*(one(politeness, url) for url in urls)))

    asyncio.run(everyone())
    return starts, most, clock.now


def gaps(starts):
    return [later - earlier for earlier, later in itertools.pairwise(starts)]


def test_starts_are_a_delay_apart_and_two_run_at_once():
    starts, most, _ = visit(["http://127.0.0.1/"] * 6, delay=1, parallel=2, seconds=5)
    assert min(gaps(starts["127.0.0.1"])) >= 1
    assert most["127.0.0.1"] == 2
    # Pairs of five seconds, the second of each a second later.
    assert [s - 100 for s in starts["127.0.0.1"]] == [0, 1, 5, 6, 10, 11]


def test_hosts_do_not_wait_for_each_other():
    urls = [f"http://127.0.0.{n}/" for n in range(1, 51)]
    starts, most, ended = visit(urls, delay=1, parallel=2, seconds=5)
    assert most["all"] == 50
    assert ended == 105
    assert all(s == [100] for s in starts.values())


def test_hosts_of_one_registered_domain_wait_for_each_other():
    urls = ["http://rss.harbour-post.co.uk/", "http://www.harbour-post.co.uk/feed"]
    starts, _, _ = visit(urls, delay=3, parallel=2, seconds=0)
    assert sorted(s[0] for s in starts.values()) == [100, 103]


def test_sockets_are_bounded_and_the_delay_holds_all_the_same():
    """More hosts than sockets: who waited for a socket still starts a delay after its neighbour."""
    urls = [f"http://10.0.{n}.1/" for n in range(SOCKETS)] + ["http://10.9.9.9/"] * 2
    starts, most, _ = visit(urls, delay=1, parallel=2, seconds=5)
    assert most["all"] == SOCKETS
    assert min(gaps(starts["10.9.9.9"])) >= 1


def test_who_still_waits_when_there_is_no_time_left_is_refused():
    """What has begun goes on; nobody sleeps through the delay first."""
    clock = Clock()
    ended, refused = [], []

    async def one(politeness, number):
        try:
            async with politeness.turn("https://one.example/") as turn:
                turn.sent()
                await clock.sleep(8)
                ended.append(number)
        except TurnRefused:
            refused.append((number, clock.now))

    async def everyone():
        politeness = Politeness(
            delay=5,
            parallel=2,
            may_ask=lambda: clock.now < 107,
            clock=clock.read,
            sleep=clock.sleep,
        )
        await clock.drive(asyncio.gather(*(one(politeness, number) for number in range(6))))

    asyncio.run(everyone())
    assert ended == [0, 1]
    assert sorted(refused) == [(2, 108.0), (3, 108.0), (4, 108.0), (5, 108.0)]


@pytest.mark.parametrize(("ago", "start"), [(2.0, 103.0), (-60.0, 105.0), (9.0, 100.0)])
def test_a_request_of_before_counts_for_the_delay(ago, start):
    """Also if the clock was set back since then, so that it lies in the future."""
    clock = Clock()
    starts = []

    async def one():
        politeness = Politeness(delay=5, clock=clock.read, sleep=clock.sleep)
        politeness.remember("https://one.example/", ago)

        async def ask():
            async with politeness.turn("https://one.example/other"):
                starts.append(clock.now)

        await clock.drive(ask())

    asyncio.run(one())
    assert starts == [start]


def test_the_delay_begins_when_a_request_is_sent_not_when_it_is_allowed():
    """As the host sees it: a name that resolves slowly must not make two requests come together."""
    clock = Clock()
    sent = []

    async def one(politeness, seconds):
        async with politeness.turn("https://one.example/") as turn:
            await clock.sleep(seconds)
            turn.sent()
            sent.append(clock.now)
            turn.sent()

    async def everyone():
        politeness = Politeness(delay=5, parallel=2, clock=clock.read, sleep=clock.sleep)
        await clock.drive(asyncio.gather(one(politeness, 4), one(politeness, 0)))

    asyncio.run(everyone())
    assert sent == [104.0, 109.0]


def test_a_request_that_is_never_sent_frees_its_turn():
    """A name that does not resolve, a connection that is refused."""
    clock = Clock()
    starts = []

    async def one(politeness):
        async with politeness.turn("https://one.example/"):
            starts.append(clock.now)
            raise ConnectionRefusedError

    async def everyone():
        politeness = Politeness(delay=5, parallel=1, clock=clock.read, sleep=clock.sleep)
        await clock.drive(
            asyncio.gather(*(one(politeness) for _ in range(3)), return_exceptions=True)
        )

    asyncio.run(everyone())
    assert starts == [100.0, 105.0, 110.0]


def test_a_slower_host_is_asked_as_it_says_also_by_the_next_fetcher():
    """A crawl delay counts from what was sent before, by this fetcher or the last one."""
    clock = Clock()
    starts, sent = [], {}

    async def once(politeness):
        async with politeness.turn("https://one.example/") as turn:
            turn.sent()
            starts.append(clock.now)

    async def everyone():
        for _ in range(2):
            politeness = Politeness(delay=1, clock=clock.read, sleep=clock.sleep, sent=sent)
            await clock.drive(once(politeness))
            politeness.slow_down("https://www.one.example/a", 9)
            await clock.drive(once(politeness))

    asyncio.run(everyone())
    assert starts == [100.0, 109.0, 110.0, 119.0]
