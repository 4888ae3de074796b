"""No connection to a denied address is ever opened: observed at the socket, not inferred."""

import asyncio
import ipaddress
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.transforms.fetch.fault_server import FEED, FaultServer, redirect
from transforms.fetch.addresses import AllowedHosts, denied, read_url
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Fetcher, Limits, Request
from transforms.fetch.politeness import Politeness

_ROWS = Path(__file__).with_name("hostile_urls.tsv").read_text("utf-8").splitlines()[1:]
HOSTILE = [tuple(row.split("\t")) for row in _ROWS]
_connected: list[tuple] = []
_watching = False


def _watch(event: str, arguments: tuple) -> None:
    if _watching and event == "socket.connect":
        _connected.append(arguments[1])


# A hook of the interpreter: it sees every connect of the process, whichever library asks for it.
sys.addaudithook(_watch)


@contextmanager
def observed():
    """The addresses that sockets were connected to meanwhile."""
    global _watching
    _connected.clear()
    _watching = True
    try:
        yield _connected
    finally:
        _watching = False


def resolver(*answers: str):
    """A name server that gives one answer after the other, the last one again and again."""
    asked = []

    async def resolve(host, port):
        asked.append(host)
        answer = answers[min(len(asked), len(answers)) - 1]
        if answer == "-":
            raise OSError("no such name")
        return [ipaddress.ip_address(address) for address in answer.split()]

    resolve.asked = asked
    return resolve


def fetch(url, resolve, allowed=()):
    async def ask():
        async with Fetcher(
            user_agent="t",
            allowed=AllowedHosts.parse(allowed),
            limits=Limits(connect_seconds=1, read_seconds=1, total_seconds=3),
            resolve=resolve,
            politeness=Politeness(delay=0),
        ) as fetcher:
            return await fetcher.fetch(Request(url=url))

    return asyncio.run(ask())


def test_the_table_is_long_enough():
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize(("url", "answer", "reason"), HOSTILE)
def test_a_hostile_url_connects_to_nothing(url, answer, reason):
    with observed() as connected, pytest.raises(FetchFailed) as failed:
        fetch(url, resolver(answer))
    assert failed.value.reason == reason
    assert connected == []


def test_the_observer_sees_a_connection():
    """Else the tests around it would prove nothing."""
    with FaultServer() as server, observed() as connected:
        port = server.port
        assert fetch(server.url("/feed"), resolver("-"), [f"127.0.0.1:{port}"]).body == FEED
    assert connected == [("127.0.0.1", port)]


def test_a_name_is_resolved_once_and_connected_to_as_checked():
    """DNS rebinding: what a second answer would have been never matters."""
    rebinding = resolver("192.0.2.1", "127.0.0.1")
    with FaultServer() as server, observed() as connected:
        # Allowed, so that the first answer may be connected to; nothing listens there.
        port = server.port
        with pytest.raises(FetchFailed):
            fetch(f"http://rebind.example:{port}/feed", rebinding, [f"rebind.example:{port}"])
        assert server.connections == 0
    assert rebinding.asked == ["rebind.example"]
    assert [address for address, *_ in connected] == ["192.0.2.1"]


def test_a_name_that_changes_its_answer_is_checked_for_each_redirect():
    """The first hop is allowed and redirects to a name that is good at first, then inner."""
    with FaultServer() as server:
        port = server.port
        server.pages["/start"] = redirect("http://turns.example/feed")
        turning = resolver("127.0.0.1 93.184.215.14")
        with observed() as connected, pytest.raises(FetchFailed) as failed:
            fetch(server.url("/start"), turning, [f"127.0.0.1:{port}"])
        assert server.played["/start"] == 1
    assert failed.value.reason == "denied_address"
    assert turning.asked == ["turns.example"]
    assert connected == [("127.0.0.1", port)]


def test_an_allowed_host_is_allowed_on_its_port_only():
    with FaultServer() as server, FaultServer() as other:
        named = [f"127.0.0.1:{server.port}"]
        assert fetch(server.url("/feed"), resolver("-"), named).body == FEED
        with pytest.raises(FetchFailed) as failed:
            fetch(other.url("/feed"), resolver("-"), named)
        assert failed.value.reason == "denied_address"
        assert f"--allow-host 127.0.0.1:{other.port}" in failed.value.message
        assert other.connections == 0
        assert fetch(other.url("/feed"), resolver("-"), ["127.0.0.1"]).body == FEED


def test_an_allowed_name_does_not_allow_its_address():
    """`--allow-host intranet.example` says nothing of 127.0.0.1, or of another name for it."""
    with FaultServer() as server:
        for url in (server.url("/feed"), f"http://other.example:{server.port}/feed"):
            with pytest.raises(FetchFailed) as failed:
                fetch(url, resolver("127.0.0.1"), ["intranet.example"])
            assert failed.value.reason == "denied_address"
        assert server.connections == 0


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"],
)
def test_public_addresses_are_not_denied(address):
    assert denied(ipaddress.ip_address(address)) is None


def test_what_python_calls_global_is_denied_all_the_same():
    """DESIGN.md §7: `is_global` says yes to these."""
    for text in ("64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "fec0::1", "224.0.0.1"):
        assert denied(ipaddress.ip_address(text)) is not None


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://Example.ORG/feed", "example.org", 443),
        ("http://example.org.:8080/", "example.org", 8080),
        ("https://kölner-bote.example/", "xn--klner-bote-ecb.example", 443),
        ("http://[2606:4700:0:0::1111]/", "2606:4700::1111", 80),
        ("http://under_score.example/", "under_score.example", 80),
    ],
)
def test_who_is_asked(url, host, port):
    target = read_url(url)
    assert (target.host, target.port) == (host, port)


@pytest.mark.parametrize(
    "text", ["", "a b", "http://x", "x/y", "x:0", "x:70000", "u@x", "[::1", "*"]
)
def test_a_host_to_allow_is_written_plainly(text):
    with pytest.raises(ValueError, match="HOST"):
        AllowedHosts.parse([text])


def test_hosts_to_allow_may_be_addresses_of_both_kinds():
    allowed = AllowedHosts.parse(["::1", "[fd00::1]:81", "10.0.0.1:80", "Intranet.example"])
    for url, allows in (
        ("http://[::1]:9/", True),
        ("http://[fd00::1]:81/", True),
        ("http://[fd00::1]:82/", False),
        ("http://10.0.0.1/", True),
        ("https://10.0.0.1/", False),
        ("https://intranet.example/", True),
    ):
        assert allowed.allows(read_url(url)) is allows, url
