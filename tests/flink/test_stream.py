"""`wiretrace stream` on Flink: killed, drained and begun again, nothing lost or doubled."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from deploy.flink import processes
from deploy.flink.cluster import Cluster
from deploy.flink.settings import job_manager, task_manager, worker_pool
from tests.conftest import CLOSING_LINE
from tests.flink.streaming import Feeder, Newsdesk, faults, repeated_windows

pytestmark = [pytest.mark.flink, pytest.mark.timeout(1500)]
PER_SECOND = 5.0
# A file is complete when nothing of it has changed for so long (transforms/read/drop_folder.py).
SETTLED = 6.0


def test_killed_drained_and_begun_again(
    flink: Cluster, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    """A TaskManager, its worker pool and the JobManager die in turn while files come in."""
    desk = Newsdesk(flink, tmp_path)
    feeder = Feeder(desk.inbox, PER_SECOND)
    desk.start()
    feeder.start()
    desk.wait_for_commit()

    flink.kill_task_manager()
    assert not processes.is_alive(task_manager(flink.settings, 1))
    assert flink.task_managers() == set()
    flink.start_task_manager()
    desk.wait_for_commit()

    flink.kill_worker_pool()
    assert not processes.is_alive(worker_pool(flink.settings, 1))
    flink.start_worker_pool()
    desk.wait_for_commit()

    flink.kill_job_manager()
    assert not processes.is_alive(job_manager(flink.settings))
    desk.kill()
    flink.start_job_manager()
    assert flink.jobs() == {}
    checkpoint = flink.newest_checkpoint()
    assert checkpoint
    desk.start(checkpoint)
    desk.wait_for_commit()

    # Drained while files still come, and begun again without a checkpoint: the lake is enough.
    assert desk.drain() == 0
    assert set(flink.jobs().values()) <= {"CANCELED", "FAILED"}
    between = desk.pinned.sequence
    desk.start()
    desk.wait_for_commit()
    feeder.stop()
    time.sleep(SETTLED)
    desk.wait_for_commit()
    assert desk.drain() == 0
    assert desk.pinned.sequence > between
    assert faults(desk, feeder.written) == []
    assert not desk.progress["untold"]
    assert desk.pinned.read("story_members").num_rows >= feeder.written.articles
    commits = [row for row in desk.pinned.read("runs").to_pylist() if row["seen"]]
    record_property(
        CLOSING_LINE,
        f"stream on Flink: {feeder.written.records} records, {len(commits)} commits, "
        f"{repeated_windows(desk)} of them added to a window that had one",
    )
