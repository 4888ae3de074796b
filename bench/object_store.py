"""Requests and bytes that a lake in an object store takes: python bench/object_store.py

Runs commands over the example corpus against moto's S3, each in a process of its own, and prints a
table. Times are moto's, on this machine, and say nothing of a real store.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.lake.memory_store import Around  # noqa: E402
from tests.object_store import object_store  # noqa: E402

CORPUS = ROOT / "examples" / "corpus"
KINDS = ("list", "get", "download", "put", "delete")


def counted(cache: Path, arguments: list[str]) -> Counter[str]:
    """Requests of one command by kind, and bytes fetched and written."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ["WIRETRACE_CACHE"] = str(cache)
        _run(write, arguments)
    os.close(write)
    with os.fdopen(read) as answer:
        counts: Counter[str] = Counter(json.loads(answer.read()))
    os.waitpid(child, 0)
    return counts


def _run(write: int, arguments: list[str]) -> None:
    from lake import mirror
    from lake.store import Store
    from pipeline.cli import main

    counts: Counter[str] = Counter()
    opened = mirror.open_store

    class Counting(Around):
        def get(self, name):  # type: ignore[no-untyped-def]
            found = super().get(name)
            counts["bytes down"] += len(found.data) if found else 0
            return found

        def download(self, name, target):  # type: ignore[no-untyped-def]
            found = super().download(name, target)
            counts["bytes down"] += target.stat().st_size
            return found

        def put(self, name, data, **conditions):  # type: ignore[no-untyped-def]
            counts["bytes up"] += len(data) if isinstance(data, bytes) else data.stat().st_size
            return super().put(name, data, **conditions)

    def open_store(url: str) -> Store:
        return Counting(opened(url), lambda kind, name: counts.update([kind]))

    mirror.open_store = open_store
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    try:
        main(arguments)
    finally:
        os.write(write, json.dumps(counts).encode())
        os._exit(0)


def main() -> None:
    """Print the table."""
    import pipeline.batch  # noqa: F401  # loaded once

    folder = Path(tempfile.mkdtemp())
    one = folder / "one.jsonl"
    text = {"guid": "1", "outlet": "x.example", "headline": "One more", "published": "2024-03-06"}
    one.write_text(json.dumps(text))
    with object_store() as store:
        os.environ.update(store.environment)
        lake = ["--lake", store.fresh_url()]
        steps = [
            ("first run, corpus", "a", ["run", *lake, "--drop", str(CORPUS)]),
            ("second run, nothing new", "a", ["run", *lake, "--drop", str(CORPUS)]),
            ("run, one new article", "a", ["run", *lake, "--drop", str(one)]),
            ("the same, empty cache", "b", ["run", *lake, "--drop", str(one)]),
            ("compact --purge", "a", ["compact", *lake, "--purge"]),
            ("trace, empty cache", "c", ["trace", "fire", *lake]),
            ("trace again", "c", ["trace", "fire", *lake]),
            ("dump, empty cache", "d", ["dump", *lake]),
            ("feeds list", "a", ["feeds", "list", *lake]),
        ]
        print("| command | " + " | ".join(KINDS) + " | kB down | kB up |")
        print("|---|" + "---:|" * (len(KINDS) + 2))
        for name, cache, arguments in steps:
            counts = counted(folder / cache, arguments)
            cells = [str(counts[kind]) for kind in KINDS]
            cells += [str(counts[way] // 1000) for way in ("bytes down", "bytes up")]
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
