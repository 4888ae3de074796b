"""Measures `wiretrace run` on generated articles: speed, CPU, peak memory, and cost on a full lake.

    python bench/run.py                       20,000 and 100,000 articles, then 1,000 on top
    python bench/run.py --articles 2000 10000 --repeat 5 --json

Memory is the sum of PSS (proportional set size: a page that several processes share counts once)
over the command and all its descendants, sampled every 50 ms; a shorter peak is missed. CPU is user
and system time of the command and its descendants as the kernel counted them (`wait4`).
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
from generate import DAYS, write_articles

SAMPLE_SECONDS = 0.05
ON_TOP = 1_000
PACKAGES = ("wiretrace", "apache-beam", "pyarrow", "deltalake")


@dataclass(frozen=True, slots=True)
class Measure:
    """One run of the command; memory in MB (10^6 bytes) of PSS over the whole process tree."""

    articles: int
    seconds: float
    cpu_seconds: float
    peak_mb: float

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured: each size, then the same new articles on the full and an empty lake."""

    versions: dict[str, str]
    sizes: tuple[Measure, ...]
    on_top: Measure
    on_empty: Measure

    @property
    def memory_ratio(self) -> float:
        """Peak memory of the largest size over that of the smallest."""
        return self.sizes[-1].peak_mb / self.sizes[0].peak_mb


def measure_run(lake: Path, drop: Path, articles: int, options: Sequence[str]) -> Measure:
    """Run `wiretrace run` once; raises as `measure_command` does."""
    command = [str(Path(sys.executable).with_name("wiretrace")), "run"]
    command += ["--lake", str(lake), "--drop", str(drop), *options]
    return measure_command(command, articles)


def measure_command(command: Sequence[str], articles: int = 0) -> Measure:
    """Run a command once.

    Raises:
        subprocess.CalledProcessError: it left neither with 0 nor with 3, which says that something
            was rejected; its stderr was shown.
    """
    with tempfile.TemporaryFile() as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
        peak = 0
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            peak = max(peak, tree_bytes(process.pid))
            time.sleep(SAMPLE_SECONDS)
        seconds = time.perf_counter() - started
        code = process.returncode = os.waitstatus_to_exitcode(ended[1])
        if code not in (0, 3):
            stderr.seek(0)
            sys.stderr.buffer.write(stderr.read()[-4_000:])
            raise subprocess.CalledProcessError(code, command)
    usage = ended[2]
    return Measure(articles, seconds, usage.ru_utime + usage.ru_stime, peak / 1e6)


def tree_bytes(pid: int) -> int:
    """PSS of a process and its descendants; those that end meanwhile count nothing."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for member in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += member.memory_full_info().pss
    return total


def median_of(measures: Sequence[Measure]) -> Measure:
    """The median of each figure by itself."""
    return Measure(
        measures[0].articles,
        *(
            statistics.median(getattr(measure, name) for measure in measures)
            for name in ("seconds", "cpu_seconds", "peak_mb")
        ),
    )


def measure_all(
    folder: Path, sizes: Sequence[int], repeat: int, days: int, options: Sequence[str]
) -> Report:
    """Every measurement in a folder; medians of `repeat` runs."""
    full: list[Path] = []
    measured = []
    for articles in sorted(sizes):
        drop = folder / f"{articles}.jsonl"
        write_articles(drop, articles, days=days)
        lakes = [folder / f"lake-{articles}-{turn}" for turn in range(repeat)]
        runs = [measure_run(lake, drop, articles, options) for lake in lakes]
        measured.append(median_of(runs))
        say(f"{articles} articles: {measured[-1].seconds:.1f} s")
        full = lakes
        drop.unlink()
    drop = folder / "more.jsonl"
    write_articles(drop, ON_TOP, start_id=max(sizes), days=days)
    empty = [folder / f"lake-empty-{turn}" for turn in range(repeat)]
    # In turns, so that a machine that grows slower or faster does so for both.
    pairs = [
        (measure_run(lake, drop, ON_TOP, options), measure_run(other, drop, ON_TOP, options))
        for lake, other in zip(full, empty, strict=True)
    ]
    on_top, on_empty = zip(*pairs, strict=True)
    return Report(read_versions(), tuple(measured), median_of(on_top), median_of(on_empty))


def read_versions() -> dict[str, str]:
    """What was measured on."""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        **{package: version(package) for package in PACKAGES},
    }


def format_report(report: Report) -> str:
    """The report as a table for people."""
    rows = [("on an empty lake", measure) for measure in report.sizes]
    rows += [("1 run more, full lake", report.on_top), ("same, empty lake", report.on_empty)]
    return "\n".join(
        [
            ", ".join(f"{name} {value}" for name, value in report.versions.items()),
            f"{'':22}{'articles':>9}{'seconds':>9}{'per s':>8}{'CPU s':>8}{'peak MB (PSS)':>15}",
            *(
                f"{name:22}{m.articles:9}{m.seconds:9.1f}{m.rate:8.0f}{m.cpu_seconds:8.1f}"
                f"{m.peak_mb:15.0f}"
                for name, m in rows
            ),
            f"memory, largest over smallest: {report.memory_ratio:.2f} (asked: at most 1.20)",
            f"full lake less empty lake: {report.on_top.seconds - report.on_empty.seconds:+.2f} s "
            "(asked: at most +1.00)",
        ]
    )


def to_json(report: Report) -> str:
    """The report for programs."""
    return json.dumps(
        dataclasses.asdict(report) | {"memory_ratio": report.memory_ratio, "memory": "PSS"},
        indent=1,
    )


def say(line: str) -> None:
    """Progress, apart from the data on stdout."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """The command line; what follows `--` is given to `wiretrace run`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--repeat", type=int, default=1, help="medians of so many runs")
    parser.add_argument("--days", type=int, default=DAYS, help="dates are spread over so many")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("options", nargs="*", help="after `--`: options for `wiretrace run`")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wiretrace-bench-") as folder:
        report = measure_all(Path(folder), given.articles, given.repeat, given.days, given.options)
    print(to_json(report) if given.json else format_report(report))


if __name__ == "__main__":
    main()
