"""How `wiretrace serve` holds up: so many requests a second of mixed pages, over a real socket.

    python bench/serve.py LAKE [--rate 50] [--seconds 60] [--stories 20]

Starts the command, measures its first page from the start of the process, then asks for pages as
readers do: the front page most, stories of the newest days and their articles, lists, twins. Front
page and stories have been made once before, the others have not. Errors are answers other than 200,
and none at all. Memory is the server's VmRSS.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
# An installed package keeps its bytecode, also where the environment says not to write any.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
# How often each kind is asked for, of a hundred.
SHARES = {"front": 30, "story": 30, "article": 15, "evidence": 5, "list": 10, "twin": 10}
LISTS = ["/outlets", "/runs", "/search?q=minister", "/search?q=bank+rate"]
_LINK = re.compile(r'href="(/(story|article|evidence|outlet)/[^"#]+)"')


@dataclass
class Measured:
    """Seconds of each answer, by kind, and what was no answer."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, seconds: float) -> None:
        """One answer."""
        self.seconds.setdefault(kind, []).append(seconds)


def main() -> None:
    """Start, measure, print, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--stories", type=int, default=20)
    options = parser.parse_args()
    for path in ("/", None):
        with_first_page(options.lake, path)
    process, address, _ = start(options.lake)
    try:
        asyncio.run(measure(options, process.pid, address))
    finally:
        process.send_signal(signal.SIGTERM)
        print(f"stopped: exit {process.wait(30)}")


def start(lake: Path) -> tuple[subprocess.Popen[str], str, float]:
    """The server, its address, and when it was started."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "serve", "--lake", str(lake), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=ENVIRONMENT,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip().rstrip("/"), began


def with_first_page(lake: Path, path: str | None) -> None:
    """How long a fresh process takes to the first byte of a page; None: of the first story."""
    if path is None:
        process, address, _ = start(lake)
        found = links(httpx.get(address, trust_env=False, timeout=60).text, "story")
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        if not found:
            return
        path = found[0]
    took = []
    for _ in range(3):
        process, address, began = start(lake)
        with httpx.stream("GET", address + path, trust_env=False, timeout=60) as answer:
            took.append(time.perf_counter() - began)
            status = answer.status_code
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    shown = ", ".join(f"{one:.2f}" for one in sorted(took))
    print(f"cold {path} ({status}): {shown} s from the start of the process to the first byte")


async def measure(options: argparse.Namespace, pid: int, address: str) -> None:
    """Ask at a steady rate, whether or not earlier answers are there."""
    async with httpx.AsyncClient(
        base_url=address, trust_env=False, timeout=60, limits=httpx.Limits(max_connections=200)
    ) as client:
        pages = await choose(client, options.stories)
        print(", ".join(f"{len(found)} of {kind}" for kind, found in pages.items()))
        measured, chance, began = Measured(), random.Random(1), time.perf_counter()
        print(f"memory at start: {memory(pid):.0f} MB")
        asked: list[asyncio.Task[None]] = []
        kinds = [kind for kind in SHARES if pages[kind]]
        weights = [SHARES[kind] for kind in kinds]
        next_report = 10.0
        for number in range(int(options.rate * options.seconds)):
            due = number / options.rate
            await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
            [kind] = chance.choices(kinds, weights)
            path = chance.choice(pages[kind])
            asked.append(asyncio.create_task(ask(client, kind, path, measured)))
            if due >= next_report:
                print(f"memory at {next_report:.0f} s: {memory(pid):.0f} MB")
                next_report += 10
        await asyncio.gather(*asked)
        print(f"memory at the end: {memory(pid):.0f} MB, peak {memory(pid, 'VmHWM'):.0f} MB")
        report(measured, time.perf_counter() - began)


async def choose(client: httpx.AsyncClient, stories: int) -> dict[str, list[str]]:
    """Addresses of each kind, as the front page and its stories link them."""
    front = (await client.get("/")).text
    story = links(front, "story")[:stories]
    article, evidence = [], []
    for path in story:
        page = (await client.get(path)).text
        article += links(page, "article")[:4]
        evidence += links(page, "evidence")[:2]
    article, evidence = article[:40], evidence[:10]
    twin = [f"{path}.{form}" for path in story[:4] for form in ("json", "csv", "rss")]
    return {
        "front": ["/"], "story": story, "article": article, "evidence": evidence, "list": LISTS,
        "twin": twin,
    }  # fmt: skip


def links(page: str, kind: str) -> list[str]:
    """Where a page leads, each once, in order."""
    return list(dict.fromkeys(path for path, one in _LINK.findall(page) if one == kind))


async def ask(client: httpx.AsyncClient, kind: str, path: str, measured: Measured) -> None:
    """One request."""
    began = time.perf_counter()
    try:
        answer = await client.get(path)
    except httpx.HTTPError as error:
        measured.errors[type(error).__name__] += 1
        return
    if answer.status_code != 200:
        measured.errors[f"{answer.status_code} {path}"] += 1
    measured.add(kind, time.perf_counter() - began)


def report(measured: Measured, took: float) -> None:
    """Latencies of each kind and of all, in milliseconds."""
    every = [one for found in measured.seconds.values() for one in found]
    print(f"{len(every)} answers in {took:.1f} s; errors: {dict(measured.errors) or 'none'}")
    for kind, found in [*measured.seconds.items(), ("all", every)]:
        cuts = statistics.quantiles(found, n=100) if len(found) > 1 else found * 99
        told = {"median": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(found)}
        shown = ", ".join(f"{name} {value * 1_000:.0f}" for name, value in told.items())
        print(f"{kind:8} {len(found):5} answers: {shown} ms")


def memory(pid: int, which: str = "VmRSS") -> float:
    """In megabytes."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(rf"{which}:\s+(\d+)", text)[0]) / 1_024


if __name__ == "__main__":
    main()
