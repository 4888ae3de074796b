"""Reading of XML formats against a bare lxml parse of the same bytes, and what the child adds.

    python bench/parse.py            medians of 9 rounds, a minute
    python bench/parse.py --rounds 3

Each format's document is one of its samples, with a paragraph or an entry repeated until it has
about 4 kB and 1 MB. Bare is `lxml.etree.fromstring` of the same bytes with a parser that recovers,
since NITF's entities are in a DTD that nobody loads. Garbage is collected as in the worker. The
child is compared with the same reader in this process: batches of 200 files of 4 kB, and a feed of
30 items.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from transforms.parse.child import ParserChild, SourceBytes
from transforms.parse.document import parse_document
from transforms.parse.item import ParseContext
from transforms.parse.worker import COLLECT_AFTER

SAMPLES = Path(__file__).parents[1] / "tests" / "transforms" / "parse" / "samples"
FORMATS = {
    "nitf": "full_document",
    "newsml_g2": "message_with_package",
    "newsml1": "two_items",
    "agency_xml": "list_of_items_in_german",
    "sitemap_news": "two_entries",
    "wxr": "posts_pages_attachments",
    "rss": "aggregator_source_and_media",
    "atom": "xml_lang_inherited",
}
CONTEXT = ParseContext(source_uri="bench.xml")
SMALL, LARGE, BATCH, ITEMS = 4_000, 1_000_000, 200, 30
# A process that has waited starts slowly: short rounds would measure that.
CHILD_SECONDS = 0.5
PARAGRAPH = b"<p>" + b"The port said that it would reopen when the crane is away. " * 4 + b"</p>"
ENTRY = (
    b"<item><title>Crane falls</title><link>https://x.example/%d</link><description>"
    b"A crane fell in the port on Monday, and nobody was hurt.</description></item>"
)


def grown(name: str, size: int) -> bytes:
    """A sample of the format with its last paragraph, or its last entry, repeated up to `size`."""
    data = (SAMPLES / name / f"{FORMATS[name]}.xml").read_bytes()
    if name in ("rss", "atom", "sitemap_news"):
        start = data.find({"rss": b"<item", "atom": b"<entry"}.get(name, b"<url>"))
        end = data.find({"rss": b"</item>", "atom": b"</entry>"}.get(name, b"</url>"))
        end = data.find(b">", end) + 1
        return (
            data[:end] + data[start:end] * (max(0, size - len(data)) // (end - start)) + data[end:]
        )
    place = data.find(b"]]></content:encoded>") if name == "wxr" else data.rfind(b"</p>") + 4
    times = max(0, size - len(data)) // len(PARAGRAPH)
    return data[:place] + PARAGRAPH * times + data[place:]


def timed(call: Callable[[], object], times: int) -> float:
    """Seconds of a call, the mean of `times`."""
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


def pairs_of(
    rounds: int, one: Callable[[], object], other: Callable[[], object], seconds: float
) -> list[tuple[float, float]]:
    """Seconds of both, in alternation, `seconds` each: what else the machine does falls on both."""
    times = [max(1, int(seconds / max(timed(call, 2), 1e-6))) for call in (one, other)]
    return [(timed(one, times[0]), timed(other, times[1])) for _ in range(rounds)]


def compare(name: str, size: int, rounds: int) -> str:
    """One line: bytes, bare, whole reader, ratio, its spread over the rounds."""
    data = grown(name, size)
    parser = etree.XMLParser(recover=True)
    pairs = pairs_of(
        rounds,
        lambda: etree.fromstring(data, parser),
        lambda: list(parse_document(data, CONTEXT, None)),
        0.05,
    )
    bare, whole = (statistics.median(one) for one in zip(*pairs, strict=True))
    ratios = [whole / bare for bare, whole in pairs]
    spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
    return (
        f"{name:13} {len(data):9,} {bare * 1e6:10.0f} {whole * 1e6:10.0f}"
        f" {statistics.median(ratios):7.1f}   {spread}"
    )


def child_adds(name: str, sources: list[SourceBytes], rounds: int) -> str:
    """One line: what the child takes for a source beyond the same reader in this process."""

    def here() -> None:
        for source in sources:
            list(parse_document(source.data, source.context, None))

    with ParserChild() as child:
        pairs = pairs_of(rounds, here, lambda: child.parse(sources), CHILD_SECONDS)
    added = [(beyond - within) / len(sources) * 1e6 for within, beyond in pairs]
    share = statistics.median((beyond - within) / within for within, beyond in pairs)
    spread = f"{min(added):.0f} to {max(added):.0f}"
    return f"{name:22} {statistics.median(added):8.0f} {share:8.1%}   {spread}"


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rounds", type=int, default=9)
    rounds = asked.parse_args().rounds
    gc.set_threshold(COLLECT_AFTER)
    print(f"Python {platform.python_version()}, lxml {version('lxml')}, {platform.machine()}")
    print(f"{'format':13} {'bytes':>9} {'bare µs':>10} {'whole µs':>10} {'ratio':>7}   from, to")
    for size in (SMALL, LARGE):
        for name in FORMATS:
            print(compare(name, size, rounds))
    small = SourceBytes(grown("nitf", SMALL), CONTEXT)
    feed = b"<rss version='2.0'><channel><title>F</title>%s</channel></rss>" % b"".join(
        ENTRY % number for number in range(ITEMS)
    )
    print(f"{'the child adds':22} {'µs each':>8} {'share':>8}   from, to")
    print(child_adds(f"{BATCH} files of 4 kB", [small] * BATCH, rounds))
    print(child_adds(f"a feed of {ITEMS} items", [SourceBytes(feed, CONTEXT)] * 8, rounds))


if __name__ == "__main__":
    main()
