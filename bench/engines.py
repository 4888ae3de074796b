"""Measures what a bounded run costs on each engine: wall clock, CPU of all processes, same rows?

    python bench/engines.py                             20,000 articles, medians of 3 runs each
    python bench/engines.py --articles 2000 --repeat 1 --engines DirectRunner FlinkRunner
    python bench/engines.py -- --chunk 50000            fewer, larger pipelines

CPU is user and system time, of the command and its descendants (Prism is one) as the kernel counted
them, and, on Flink, of the whole cluster between the beginning and the end of the run. The cluster
is started for this, after `make flink-jars`, with two slots; its first run is not counted: it warms
Java. Leaves with 1 when two engines wrote different rows.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from generate import write_articles

from deploy.flink.cluster import Cluster
from deploy.flink.processes import find_pid
from deploy.flink.settings import Settings, free_ports, processes

ENGINES = ("DirectRunner", "PrismRunner", "FlinkRunner")
WARM_ARTICLES = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: seconds on the clock, CPU seconds of the command and of the engine's servers."""

    seconds: float
    command_cpu: float
    server_cpu: float
    dump: str


def measure_run(engine: Sequence[str], lake: Path, drop: Path, cluster: Cluster | None) -> Cost:
    """Run the command once, and take the hash of what it wrote.

    Raises:
        subprocess.CalledProcessError: it did not leave with 0; its stderr is shown.
    """
    wiretrace = [sys.executable, "-m", "pipeline.cli"]
    before = cluster_cpu(cluster) if cluster else 0.0
    started = time.perf_counter()
    command = [*wiretrace, "run", "--lake", str(lake), "--drop", str(drop), *engine]
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            stderr.seek(0)
            sys.stderr.buffer.write(stderr.read()[-4_000:])
            raise subprocess.CalledProcessError(process.returncode, command)
    seconds = time.perf_counter() - started
    after = cluster_cpu(cluster) if cluster else 0.0
    dump = subprocess.run(
        [*wiretrace, "dump", "--lake", str(lake)], check=True, capture_output=True
    )
    rows = hashlib.sha256(dump.stdout).hexdigest()
    return Cost(seconds, usage.ru_utime + usage.ru_stime, after - before, rows)


def cluster_cpu(cluster: Cluster) -> float:
    """CPU seconds so far of all processes of a cluster and of their children, dead ones too."""
    total = 0.0
    for process in processes(cluster.settings):
        if pid := find_pid(process):
            root = psutil.Process(pid)
            for member in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    total += sum(member.cpu_times()[:4])
    return total


@contextlib.contextmanager
def flink(folder: Path) -> Iterator[Cluster]:
    """A cluster of our own."""
    cluster = Cluster(Settings(folder / "flink", ports=free_ports()))
    cluster.up()
    try:
        yield cluster
    finally:
        cluster.down()


def measure_engine(
    engine: str, folder: Path, drop: Path, repeat: int, options: Sequence[str]
) -> list[Cost]:
    """`repeat` runs on one engine, each into a new lake."""

    def measure(cluster: Cluster | None, more: Sequence[str]) -> list[Cost]:
        arguments = ["--runner", engine, *options, *more]
        if cluster:
            warm = folder / "warm.jsonl"
            write_articles(warm, WARM_ARTICLES)
            measure_run(arguments, folder / f"{engine}-warm", warm, cluster)
        lakes = [folder / f"{engine}-{turn}" for turn in range(repeat)]
        return [measure_run(arguments, lake, drop, cluster) for lake in lakes]

    if engine != "FlinkRunner":
        return measure(None, ())
    with flink(folder) as cluster:
        settings = cluster.settings
        places = (f"job_endpoint={settings.job_endpoint}", f"environment_config={settings.pool}")
        return measure(cluster, [word for place in places for word in ("--runner-option", place)])


def format_costs(engine: str, articles: int, costs: Sequence[Cost]) -> str:
    """A line of the table: medians."""

    def median(figure: Callable[[Cost], float]) -> float:
        return statistics.median(map(figure, costs))

    total = median(lambda cost: cost.command_cpu + cost.server_cpu)
    return (
        f"{engine:14}{median(lambda cost: cost.seconds):9.1f}"
        f"{median(lambda cost: cost.command_cpu):12.1f}{median(lambda cost: cost.server_cpu):12.1f}"
        f"{1000 * total / articles:12.2f}  {costs[0].dump[:12]}"
    )


def main() -> None:
    """The command line; what follows `--` is given to `wiretrace run`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3, help="medians of so many runs")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("options", nargs="*", help="after `--`: options for `wiretrace run`")
    given = parser.parse_args()
    print(f"{given.articles} articles, medians of {given.repeat}, {' '.join(given.options)}")
    print(f"{'':14}{'seconds':>9}{'command CPU':>12}{'server CPU':>12}{'ms/article':>12}  dump")
    dumps = set()
    with tempfile.TemporaryDirectory(prefix="wiretrace-engines-") as name:
        folder = Path(name)
        drop = folder / "articles.jsonl"
        write_articles(drop, given.articles)
        for engine in given.engines:
            costs = measure_engine(engine, folder, drop, given.repeat, given.options)
            print(format_costs(engine, given.articles, costs), flush=True)
            dumps |= {cost.dump for cost in costs}
    print("the same rows" if len(dumps) == 1 else f"{len(dumps)} DIFFERENT dumps")
    sys.exit(len(dumps) > 1)


if __name__ == "__main__":
    main()
