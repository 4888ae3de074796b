"""The real command: it listens, says where, serves pages over a socket, and ends when asked to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from lake.forget import Selection, forget
from tests.e2e.command import ENVIRONMENT, ROOT, wiretrace
from tests.lake.builder import LakeBuilder, id_of
from tests.tracing.server.lakes import STORY, one_story

pytestmark = pytest.mark.e2e


@contextmanager
def serving(lake: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the address that it prints; killed if a test leaves it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "serve", "--lake", lake, "--port", "0", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env=ENVIRONMENT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def lake(builder_at: LakeBuilder) -> Path:
    return one_story(builder_at).root


@pytest.fixture
def builder_at(tmp_path: Path) -> LakeBuilder:
    return LakeBuilder(tmp_path / "lake")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_asked_to_stop(lake: Path, number: int) -> None:
    with serving(lake) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        with httpx.Client(base_url=address, trust_env=False) as client:
            page = client.get(f"/story/{STORY}")
            assert page.status_code == 200
            assert "Headline of a 1" in page.text
            assert page.headers["content-security-policy"].startswith("default-src 'none'")
            assert "server" not in page.headers
            forget(lake, Selection(article_ids=(id_of("b"),)))
            assert "Headline of b 1" not in client.get(f"/story/{STORY}").text
            assert client.head(f"/story/{STORY}").status_code == 200
            assert client.post(f"/story/{STORY}", content=b"x").status_code == 405
            rebound = client.get("/", headers={"Host": "rebound.example"})
            assert rebound.status_code == 421
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_idle_connections_keep_nobody_out_for_long(lake: Path) -> None:
    """More than are taken, none of which says anything."""
    with serving(lake) as (_, address):
        url = httpx.URL(address)
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
            assert client.get("/runs").status_code == 200
        idle = [socket.create_connection((url.host, url.port)) for _ in range(258)]
        assert httpx.get(f"{address}runs", trust_env=False, timeout=30).status_code == 503
        time.sleep(11)
        assert httpx.get(f"{address}runs", trust_env=False, timeout=30).status_code == 200
        for one in idle:
            one.close()


def test_what_was_asked_for_is_finished(lake: Path) -> None:
    """The signal comes while the first page is being made."""
    with serving(lake) as (process, address):
        url = httpx.URL(address)
        with socket.create_connection((url.host, url.port)) as connection:
            request = f"GET /story/{STORY} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\n\r\n"
            connection.sendall(request.encode())
            # Until it is under way: a connection that nothing came over is only closed.
            httpx.get(f"{address}none", trust_env=False)
            process.send_signal(signal.SIGTERM)
            connection.settimeout(30)
            received = b""
            while block := connection.recv(65_536):
                received += block
        assert process.wait(30) == 0
    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.rstrip().endswith(b"</html>")


def test_a_port_that_is_taken(lake: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = wiretrace("serve", "--lake", lake, "--port", port)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"cannot listen at 127.0.0.1, port {port}: Address already in use" in done.stderr


def test_no_lake(tmp_path: Path) -> None:
    done = wiretrace("serve", "--lake", tmp_path / "none", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no lake at" in done.stderr


def test_no_such_address(lake: Path) -> None:
    done = wiretrace("serve", "--lake", lake, "--host", "192.0.2.1", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "192.0.2.1" in done.stderr


def test_another_address_than_this_machines_is_warned_of(lake: Path) -> None:
    with serving(lake, "--host", "0.0.0.0") as (process, address):
        assert address.startswith("http://0.0.0.0:")
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert err == (
        "whoever reaches 0.0.0.0 can read this lake: there is no login;"
        " by which name or address: --allow-host NAME\n"
    )
