"""The bounded child: each fault is caused on purpose, and seen to have fired."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
import threading
import time
import zipfile

import pytest

from transforms.parse.child import ParserChild, SourceBytes
from transforms.parse.containers import _ParseBatch, close_idle
from transforms.parse.item import Item, ParseContext

GOOD = b'{"headline":"good"}'


def source(data, **context):
    return SourceBytes(data, ParseContext(source_uri="x", **context))


def faulty(directory, body):
    """A template whose reader of plain text does `body` when the text holds FAULT."""
    (directory / "sitecustomize.py").write_text(
        "import os, signal, time\n"
        "def _fault(data):\n"
        f"    {body}\n"
        "import transforms.parse.plaintext as p\n"
        "_parse = p.parse\n"
        "def parse(data, context):\n"
        "    if b'FAULT' in data: _fault(data)\n"
        "    return _parse(data, context)\n"
        "p.parse = parse\n"
    )


@pytest.fixture
def child_with_fault(tmp_path, monkeypatch):
    """Starts a child whose reader fails as told."""
    children = []

    def start(body, **limits):
        faulty(tmp_path, body)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.getcwd()]))
        children.append(ParserChild(**limits))
        return children[-1]

    yield start
    for child in children:
        child.close()


def outcome(results):
    return [r.headline if isinstance(r, Item) else r.reason for r in results]


BATCH = (source(GOOD), source(b"FAULT in this text"), source(GOOD))


def test_results_cross_whole():
    """What the child sends is what the reader yields, types included."""
    from transforms.parse.document import parse_document

    data = json.dumps(
        {"headline": "h", "keywords": ["a"], "media": [{"url": "u"}], "odd": 1}
    ).encode()
    with ParserChild() as child:
        (found,) = child.parse([source(data, first_record=7)])
    assert found == list(parse_document(data, ParseContext(source_uri="x", first_record=7), None))
    assert found[0].raw_span == (0, len(data))


def test_timeout_kills_and_spares_the_neighbours(child_with_fault):
    """A reader that loops is killed at the deadline; the others are read."""
    child = child_with_fault("while True: pass", deadline_seconds=0.5)
    start = time.monotonic()
    found = child.parse(BATCH)
    assert [outcome(r) for r in found] == [["good"], ["timeout"], ["good"]]
    assert child.restarts == 1
    assert time.monotonic() - start < 10


def test_crash_is_retried_alone_then_rejected(child_with_fault):
    """A reader that takes the process down is tried twice, and named."""
    child = child_with_fault("os.kill(os.getpid(), signal.SIGSEGV)")
    found = child.parse(BATCH)
    assert [outcome(r) for r in found] == [["good"], ["parser_crashed"], ["good"]]
    assert "-11" in found[1][0].message
    assert child.restarts == 2


def test_crash_that_does_not_come_back_is_no_reject(child_with_fault, tmp_path):
    """A second chance in a fresh worker: the fault was not the source's."""
    flag = tmp_path / "fired"
    child = child_with_fault(
        f"os.path.exists({str(flag)!r}) or (open({str(flag)!r}, 'w').close(), os._exit(9))"
    )
    found = child.parse(BATCH)
    assert [outcome(r) for r in found] == [["good"], ["FAULT in this text"], ["good"]]
    assert (flag.exists(), child.restarts) == (True, 1)


def test_memory_limit_is_enforced(child_with_fault):
    """A reader that allocates 300 MiB under a limit of 100 is `out_of_memory`."""
    child = child_with_fault("bytearray(300 << 20)", memory_bytes=100 << 20)
    found = child.parse(BATCH)
    assert [outcome(r) for r in found] == [["good"], ["out_of_memory"], ["good"]]
    assert child.restarts == 2


def test_memory_under_the_limit_is_granted(child_with_fault):
    """The limit is on what a worker adds, not on what its imports mapped."""
    child = child_with_fault("bytearray(50 << 20)", memory_bytes=100 << 20)
    assert outcome(child.parse(BATCH)[1]) == ["FAULT in this text"]


def test_fault_of_ours_is_unexpected(child_with_fault):
    """An exception that no reader should raise is counted as our bug; nothing restarts."""
    child = child_with_fault("raise KeyError('\\ud800')")
    assert [outcome(r) for r in child.parse(BATCH)] == [["good"], ["unexpected"], ["good"]]
    assert child.restarts == 0


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.02)
    return condition()


def test_close_ends_the_processes_and_may_be_called_twice():
    """No process is left, and a closed child opens again when used."""
    child = ParserChild()
    child.parse([source(GOOD)])
    template = child._template.pid
    workers = children_of(template)
    child.close()
    child.close()
    assert len(workers) == 1
    assert until(lambda: not any(map(alive, [template, *workers])))


def test_an_interrupted_batch_leaves_no_answers_behind(monkeypatch):
    """The next batch gets its own."""
    other = b'{"headline": "other"}'
    with ParserChild() as child:
        with monkeypatch.context() as patched:
            patched.setattr(child, "_receive_answer", interrupt)
            with pytest.raises(KeyboardInterrupt):
                child.parse([source(GOOD)])
        ((found,),) = child.parse([source(other)])
    assert found.headline == "other"


def interrupt(*given):
    raise KeyboardInterrupt


def test_a_child_waits_for_the_next_chunk():
    """It is started once for all chunks of a run, and ends with it."""
    first, second = (_ParseBatch(dt.datetime(2024, 5, 6, tzinfo=dt.UTC), "run") for _ in range(2))
    first.setup()
    child = first.child
    child.parse([source(GOOD)])
    template = child._template.pid
    first.teardown()
    second.setup()
    assert second.child is child
    assert alive(template)
    second.teardown()
    close_idle()
    assert until(lambda: not alive(template))


@pytest.mark.parametrize("data", ["{}", "FAULT"], ids=["idle", "busy"])
def test_no_orphan_when_the_parent_is_killed(tmp_path, data):
    """SIGKILL of the parent ends template and worker, also one that loops."""
    faulty(tmp_path, "while True: pass")
    program = (
        "import sys, threading, time\n"
        "from transforms.parse.child import *\n"
        "from transforms.parse.item import ParseContext\n"
        "c = ParserChild(deadline_seconds=60)\n"
        "c.parse([SourceBytes(b'x', ParseContext(source_uri='x'))])\n"
        f"s = SourceBytes({data!r}.encode(), ParseContext(source_uri='x'))\n"
        "threading.Thread(target=c.parse, args=([s],), daemon=True).start()\n"
        "time.sleep(0.3); print(c._template.pid, flush=True); time.sleep(60)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.getcwd()])}
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=env)
    template = int(parent.stdout.readline())
    family = [template, *children_of(template)]
    assert len(family) == 2
    assert all(map(alive, family))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert until(lambda: not any(map(alive, family)))


def test_threads_share_one_child():
    """Answers go to whoever asked."""
    found = {}
    with ParserChild() as child:

        def ask(name):
            batch = [source(b'{"headline":"%d"}' % name)] * 20
            found[name] = {outcome(r)[0] for r in child.parse(batch)}

        threads = [threading.Thread(target=ask, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {name: {str(name)} for name in range(8)}


def test_killed_template_is_started_again():
    """Whoever kills the template loses nothing."""
    with ParserChild() as child:
        child.parse([source(GOOD)])
        child._template.kill()
        child._template.wait()
        assert [outcome(r) for r in child.parse([source(GOOD)] * 2)] == [["good"], ["good"]]


def test_child_loads_no_engine():
    """The child imports neither Beam nor DuckDB nor Delta: it starts fast and stays small."""
    program = "import transforms.parse.worker, sys; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "feedparser" in loaded
    assert not {"apache_beam", "duckdb", "deltalake", "trafilatura"} & set(loaded)


def to_zip(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, data in members:
            target.writestr(name, data)
    return buffer.getvalue()


ARCHIVE = to_zip(("a", GOOD), ("b", b"FAULT in this text"), ("c", GOOD), ("d", GOOD))


def of_members(results):
    return [(r.member, *outcome([r]), r.raw) for r in results]


def test_members_cross_with_their_bytes():
    """A member's results bear its name and bytes, a reject of one that is locked has none."""
    data = to_zip(("a", GOOD + b"\n{}"), ("../b", GOOD), ("c", GOOD))
    with ParserChild() as child:
        (found, after) = child.parse([source(data), source(GOOD)])
    assert of_members(found) == [
        ("a", "good", GOOD + b"\n{}"), ("a", "empty", GOOD + b"\n{}"),
        ("../b", "unsafe_name", None), ("c", "good", GOOD),
    ]  # fmt: skip
    assert found[1].raw_span == (20, 22)
    assert of_members(after) == [(None, "good", None)]


def test_an_archive_without_members_is_one_reject():
    """A container that yields no item is a reject."""
    with ParserChild() as child:
        (found,) = child.parse([source(to_zip())])
    assert of_members(found) == [(None, "no_items", None)]


@pytest.mark.parametrize(
    ("body", "reason", "restarts"),
    [
        ("while True: pass", "timeout", 1),
        ("os._exit(9)", "parser_crashed", 2),
        ("bytearray(300 << 20)", "out_of_memory", 2),
        ("raise KeyError(1)", "unexpected", 0),
    ],
)
def test_a_member_that_kills_the_worker_spares_the_others(child_with_fault, body, reason, restarts):
    """Those before are not read twice, those behind are read; its reject has its bytes."""
    child = child_with_fault(body, deadline_seconds=0.5, memory_bytes=100 << 20)
    found, after = child.parse([source(ARCHIVE), source(GOOD)])
    assert of_members(found) == [
        ("a", "good", GOOD), ("b", reason, b"FAULT in this text"), ("c", "good", GOOD),
        ("d", "good", GOOD),
    ]  # fmt: skip
    assert outcome(after) == ["good"]
    assert child.restarts == restarts


def test_a_member_that_kills_only_once_is_read(child_with_fault, tmp_path):
    """The second chance begins at the member, not at the archive's first."""
    flag = tmp_path / "fired"
    child = child_with_fault(
        f"os.path.exists({str(flag)!r}) or (open({str(flag)!r}, 'w').close(), os._exit(9))"
    )
    (found,) = child.parse([source(ARCHIVE)])
    assert [name for name, *_ in of_members(found)] == ["a", "b", "c", "d"]
    assert outcome(found) == ["good", "FAULT in this text", "good", "good"]


def test_an_archive_of_killers_is_given_up(child_with_fault):
    """Each costs a deadline: after the third, one reject for the rest."""
    child = child_with_fault("os._exit(9)")
    bad = [(f"{n}", b"FAULT in this text") for n in range(6)]
    (found,) = child.parse([source(to_zip(("good", GOOD), *bad))])
    assert [r.member for r in found] == ["good", "0", "1", "2", None]
    assert outcome(found)[1:] == ["parser_crashed"] * 4
    assert child.restarts == 6
