"""Fetch URL with the default limits and print how it ended and what it cost: URL HOST:PORT."""

import asyncio
import json
import resource
import sys
import time

from transforms.fetch.addresses import AllowedHosts
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Fetcher, Limits, Request


async def main(url: str, allowed: str) -> dict[str, object]:
    async with Fetcher(user_agent="test", allowed=AllowedHosts.parse([allowed])) as fetcher:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # The packed bomb itself takes its time to be made.
        started = time.monotonic()
        try:
            await fetcher.fetch(Request(url=url))
            reason = None
        except FetchFailed as failure:
            reason = failure.reason
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "reason": reason,
            "grown_mb": (after - before) / 1024,
            "seconds": time.monotonic() - started,
            "deadline": Limits().total_seconds,
        }


print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
