"""One writer at a time, numbers that only rise, and a lock that dies with its holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lake.fsync import rename_durably, write_durably
from lake.lease import LakeBusy, acquire, current_holder

REPOSITORY = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from lake.lease import acquire
with acquire(Path(sys.argv[1]), command="compact") as lease:
    print(lease.sequence, flush=True)
    time.sleep(float(sys.argv[2]))
"""
COUNT = """
import sys
from pathlib import Path
from lake.lease import acquire
root = Path(sys.argv[1])
counter, log = root / "counter", root / "log"
for _ in range(50):
    with acquire(root, wait_seconds=60) as lease:
        seen = int(counter.read_text())
        with log.open("a") as handle:
            handle.write(f"{lease.sequence}\\n")
        counter.write_text(str(seen + 1))
"""


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )


def hold_elsewhere(root: Path, seconds: float) -> subprocess.Popen[str]:
    holder = python(HOLD, root, seconds)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip().isdigit()
    return holder


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_two_processes_lose_no_update_and_numbers_rise(tmp_path: Path) -> None:
    """Fifty contended rounds in each of two processes: every update kept, every number higher."""
    (tmp_path / "counter").write_text("0")
    writers = [python(COUNT, tmp_path) for _ in range(2)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    for writer in writers:
        writer.communicate()
    assert (tmp_path / "counter").read_text() == "100"
    sequences = [int(line) for line in (tmp_path / "log").read_text().split()]
    assert sequences == list(range(1, 101))


def test_kill_of_the_holder_frees_the_lease_at_once(tmp_path: Path) -> None:
    """After kill -9 the next writer gets in without waiting, with a higher number."""
    holder = hold_elsewhere(tmp_path, 60)
    end(holder)
    with acquire(tmp_path) as lease:
        assert lease.sequence == 2


def test_busy_lake_is_left_at_once_and_names_its_holder(tmp_path: Path) -> None:
    """Without a wait the refusal comes in well under a second and says who, where, what, when."""
    holder = hold_elsewhere(tmp_path, 60)
    try:
        started = time.monotonic()
        with pytest.raises(LakeBusy) as refused, acquire(tmp_path):
            pass
        assert time.monotonic() - started < 0.5
    finally:
        end(holder)
    sentence = str(refused.value)
    assert f"process {holder.pid} on {os.uname().nodename} (wiretrace compact, since 20" in sentence
    assert refused.value.exit_code == 5


def test_waiting_long_enough_succeeds(tmp_path: Path) -> None:
    """A writer that may wait gets the lease when the other one lets go."""
    holder = hold_elsewhere(tmp_path, 0.5)
    with acquire(tmp_path, wait_seconds=30) as lease:
        assert lease.sequence == 2
    holder.communicate()


def test_waiting_too_short_fails_after_the_wait(tmp_path: Path) -> None:
    """`wait_seconds` is waited out, not cut short, before the refusal."""
    with acquire(tmp_path):
        started = time.monotonic()
        with pytest.raises(LakeBusy), acquire(tmp_path, wait_seconds=0.3):
            pass
        assert 0.3 <= time.monotonic() - started < 2


def test_threads_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    """flock holds per open file, so a second thread is refused too."""
    refusals: list[str] = []

    def try_to_write() -> None:
        try:
            with acquire(tmp_path):
                pass
        except LakeBusy as busy:
            refusals.append(busy.holder)

    with acquire(tmp_path) as lease:
        thread = threading.Thread(target=try_to_write)
        thread.start()
        thread.join()
    assert refusals == [lease.holder]


def test_lease_is_free_after_an_error_in_the_block(tmp_path: Path) -> None:
    """An exception in the block passes through and the lease is given back."""
    with pytest.raises(ZeroDivisionError), acquire(tmp_path):
        raise ZeroDivisionError
    with acquire(tmp_path) as lease:
        assert lease.sequence == 2


@pytest.mark.parametrize(
    "damage",
    [None, b"", b"\xff\xfe", b"[]", b"{}", b'{"sequence": "9"}', b'{"sequence": true}',
     b'{"sequence": -4}', b'{"sequence": 1e400}', b'{"sequence": 9999999999999}', b"[" * 99999],
)  # fmt: skip
def test_floor_stands_in_for_a_lost_or_damaged_file(tmp_path: Path, damage: bytes | None) -> None:
    """Numbers go on above the floor, whatever became of `lease.json`."""
    with acquire(tmp_path):
        pass
    stored = tmp_path / "_state" / "lease.json"
    stored.unlink() if damage is None else stored.write_bytes(damage)
    with acquire(tmp_path, floor=41) as lease:
        assert lease.sequence == 42
    with acquire(tmp_path, floor=7) as lease:
        assert lease.sequence == 43


def test_holder_is_known_while_held_and_nobody_after(tmp_path: Path) -> None:
    """`current_holder` names the holder during the block only, not what a killed one left."""
    assert current_holder(tmp_path) is None
    with acquire(tmp_path, command="watch") as lease:
        assert current_holder(tmp_path) == lease.holder
    assert current_holder(tmp_path) is None
    end(hold_elsewhere(tmp_path, 60))
    assert (tmp_path / "_state" / "lease.lock").read_text() != ""
    assert current_holder(tmp_path) is None


@pytest.mark.parametrize("way", ["exec", "fork"])
def test_child_of_the_holder_does_not_keep_the_lease(tmp_path: Path, way: str) -> None:
    """A holder that starts a child, by exec or by fork, and is killed frees the lease."""
    code = {
        "exec": "import subprocess; child = subprocess.Popen(['sleep', '60']).pid",
        "fork": "child = os.fork()\n    if not child: time.sleep(60); os._exit(0)",
    }[way]
    holder = python(
        "import os, sys, time\nfrom pathlib import Path\nfrom lake.lease import acquire\n"
        f"with acquire(Path(sys.argv[1])):\n    {code}\n    print(child, flush=True)\n"
        "    time.sleep(60)",
        tmp_path,
    )
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    holder.kill()
    holder.wait()
    try:
        with acquire(tmp_path) as lease:
            assert lease.sequence == 2
    finally:
        os.kill(child, signal.SIGKILL)
        holder.communicate()


def test_forked_child_that_leaves_the_block_does_not_release(tmp_path: Path) -> None:
    """The lease is the parent's: a forked child that unwinds through the block changes nothing."""
    holder = python(
        "import os, sys, time\nfrom pathlib import Path\nfrom lake.lease import acquire\n"
        "with acquire(Path(sys.argv[1])):\n    child = os.fork()\n"
        "    if not child: sys.exit(0)\n    print(os.waitpid(child, 0)[1], flush=True)\n"
        "    time.sleep(60)",
        tmp_path,
    )
    assert holder.stdout is not None
    status_of_child = holder.stdout.readline().strip()
    try:
        assert status_of_child == "0"
        assert (current_holder(tmp_path) or "").startswith(f"process {holder.pid} ")
    finally:
        end(holder)


def test_durable_write_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    """The new content is there, and no temporary file."""
    target = tmp_path / "a.json"
    write_durably(target, b"old")
    write_durably(target, b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"new")]


def test_create_only_refuses_a_taken_name(tmp_path: Path) -> None:
    """The second plan of one sequence is refused and the first one stays."""
    target = tmp_path / "a.json"
    write_durably(target, b"first", create_only=True)
    with pytest.raises(FileExistsError):
        write_durably(target, b"second", create_only=True)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"first")]


def test_rename_moves_over_what_was_there(tmp_path: Path) -> None:
    """Between folders too, the source is gone and the target holds its bytes."""
    (tmp_path / "staging").mkdir()
    source, target = tmp_path / "staging" / "x", tmp_path / "x"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    rename_durably(source, target)
    assert (source.exists(), target.read_bytes()) == (False, b"new")
