"""Which names are answered to: ours, with our port."""

from __future__ import annotations

import pytest

from tests.lake.builder import LakeBuilder
from tests.tracing.server.asking import site
from tests.tracing.server.lakes import STORY, one_story
from tracing.server.hosts import allowed_hosts, is_allowed


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:8642", True),
        ("localhost:8642", True),
        ("LocalHost:8642", True),
        ("[::1]:8642", True),
        ("192.0.2.7:8642", True),
        ("news.example", True),
        ("news.example:8642", True),
        ("wire.example:8443", True),
        ("[2001:db8::1]", True),
        ("127.0.0.1", False),
        ("localhost", False),
        ("127.0.0.1:80", False),
        ("127.0.0.1:86420", False),
        ("news.example:80", False),
        ("wire.example", False),
        ("evil.example:8642", False),
        ("127.0.0.1.evil.example:8642", False),
        ("localhost.:8642", False),
        ("127.0.0.1:8642@evil.example", False),
        (" 127.0.0.1:8642", False),
        ("", False),
    ],
)
def test_only_our_names_with_our_port(host: str, allowed: bool) -> None:
    named = ["news.example", "wire.example:8443", "2001:db8::1"]
    hosts = allowed_hosts(["192.0.2.7"], 8642, named)
    assert is_allowed([host.encode()], hosts) is allowed


def test_at_the_port_of_http_browsers_leave_it_out() -> None:
    hosts = allowed_hosts(["127.0.0.1"], 80)
    assert is_allowed([b"localhost"], hosts)
    assert is_allowed([b"localhost:80"], hosts)


def test_one_host_and_not_none_or_two() -> None:
    hosts = allowed_hosts(["127.0.0.1"], 8642)
    assert not is_allowed([], hosts)
    assert not is_allowed([b"127.0.0.1:8642", b"127.0.0.1:8642"], hosts)


def test_another_name_is_told_nothing(builder: LakeBuilder) -> None:
    """Not even whether a page is there, nor may it write."""
    served = site(one_story(builder))
    for address, method in ((f"/story/{STORY}", "GET"), ("/none", "GET"), ("/", "POST")):
        reply = served.get(address, method, Host="rebound.example:8642")
        assert reply.status == 421
        assert reply.headers["content-type"] == "text/plain; charset=utf-8"
        assert STORY not in reply.text
        assert "rebound" not in reply.text
