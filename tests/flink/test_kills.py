"""Each kind of process is killed with -9 once: the job goes on where it was, nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.flink import processes
from deploy.flink.cluster import Cluster
from deploy.flink.settings import job_manager, task_manager, worker_pool
from tests.e2e.command import ROOT
from tests.flink.counting import TICK_SECONDS

pytestmark = [pytest.mark.flink, pytest.mark.timeout(300)]
MORE = 10  # lines that show that it counts again
RECOVERY_SECONDS = 90.0
# Some jobs never count once (docs/flink.md, "What was learned"): they are handed in again.
BEGIN_SECONDS = 45.0
ATTEMPTS = 3


Count = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "counted"


@pytest.fixture
def count(flink: Cluster, output: Path) -> Iterator[Count]:
    """Starts the counting pipeline; ends it, and its jobs, after the test."""
    drivers: list[subprocess.Popen[bytes]] = []

    def begin(*savepoint: str) -> subprocess.Popen[bytes]:
        settings = flink.settings
        program = [sys.executable, ROOT / "tests" / "flink" / "counting.py"]
        places = [settings.job_endpoint, settings.pool, output, *savepoint]
        with (output.parent / "driver.log").open("a") as log:
            driver = subprocess.Popen([*program, *places], stderr=log)
        drivers.append(driver)
        return driver

    yield begin
    for driver in drivers:
        driver.kill()
        driver.wait()
    flink.cancel_jobs()


def counted(output: Path) -> list[tuple[int, int]]:
    """(count, event time in ms) of every line so far."""
    if not output.exists():
        return []
    lines = output.read_text().splitlines()
    return [(int(number), int(at)) for number, at in (line.split() for line in lines)]


def begin(flink: Cluster, count: Count, output: Path) -> subprocess.Popen[bytes]:
    """A job that counts."""
    for attempt in range(1, ATTEMPTS + 1):
        driver = count()
        deadline = time.monotonic() + BEGIN_SECONDS
        while time.monotonic() < deadline:
            if counted(output):
                wait_for_more(output)
                return driver
            time.sleep(0.2)
        print(f"attempt {attempt}: a job that runs and never counts")
        driver.kill()
        flink.cancel_jobs()
        log = job_manager(flink.settings).log
        ended = lambda: "RUNNING" not in flink.jobs().values()  # noqa: E731
        processes.wait_until(ended, 60, "the job is cancelled", log)
        output.unlink(missing_ok=True)
    pytest.fail(f"no job counted in {ATTEMPTS} attempts")


def wait_for_more(output: Path) -> None:
    """Until counts are seen that were not before: replayed ones do not count."""
    highest = max((number for number, _ in counted(output)), default=0) + MORE
    deadline = time.monotonic() + RECOVERY_SECONDS
    while max((number for number, _ in counted(output)), default=0) < highest:
        log = processes.tail(output.parent / "driver.log")
        assert time.monotonic() < deadline, f"no count {highest}: {counted(output)[-3:]}\n{log}"
        time.sleep(0.2)


def wait_for_checkpoint(flink: Cluster) -> Path:
    """The newest one, of the job that runs."""
    (job,) = [job for job, state in flink.jobs().items() if state == "RUNNING"]
    log = job_manager(flink.settings).log
    found = lambda: flink.newest_checkpoint(job) is not None  # noqa: E731
    processes.wait_until(found, 60, "a checkpoint", log)
    newest = flink.newest_checkpoint(job)
    assert newest
    return newest


def assert_nothing_lost(output: Path) -> None:
    """Counts without a gap, each for one tick, ticks without a gap: state and source went on."""
    lines = set(counted(output))
    assert sorted(number for number, _ in lines) == list(range(1, len(lines) + 1))
    times = sorted(at for _, at in lines)
    steps = {later - earlier for earlier, later in pairwise(times)}
    assert steps == {round(TICK_SECONDS * 1000)}


def test_a_task_manager(flink: Cluster, count: Count, output: Path) -> None:
    """Seen dead by the JobManager, started again, the job goes on from its checkpoint."""
    begin(flink, count, output)
    wait_for_checkpoint(flink)
    flink.kill_task_manager()
    assert not processes.is_alive(task_manager(flink.settings, 1))
    assert flink.task_managers() == set()
    flink.start_task_manager()
    assert flink.task_managers() == {"taskmanager-1"}
    wait_for_more(output)
    assert_nothing_lost(output)


def test_a_worker_pool(flink: Cluster, count: Count, output: Path) -> None:
    """With the workers that it had started."""
    begin(flink, count, output)
    wait_for_checkpoint(flink)
    flink.kill_worker_pool()
    assert not processes.is_alive(worker_pool(flink.settings, 1))
    before = counted(output)
    time.sleep(3 * TICK_SECONDS)
    assert counted(output) == before  # the workers are dead too
    flink.start_worker_pool()
    wait_for_more(output)
    assert_nothing_lost(output)


def test_the_job_manager(flink: Cluster, count: Count, output: Path) -> None:
    """Its jobs are gone; handed in again with the newest retained checkpoint, one goes on."""
    driver = begin(flink, count, output)
    wait_for_checkpoint(flink)
    flink.kill_job_manager()
    assert not processes.is_alive(job_manager(flink.settings))
    flink.start_job_manager()
    assert flink.jobs() == {}
    newest = flink.newest_checkpoint()
    assert newest
    driver.kill()
    count(newest.as_uri())
    wait_for_more(output)
    assert_nothing_lost(output)
