"""`web_address`: what a publisher gives for an address becomes a link only if it is one."""

from __future__ import annotations

import pytest

from tracing.web_address import web_address


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=c#d", "http://example.org", "HTTPS://EXAMPLE.ORG/",
        "https://пример.рф/путь", "http://192.0.2.1:8080/",
    ],
)  # fmt: skip
def test_an_address_of_the_web_is_taken_as_it_is(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "JAVASCRIPT://example.org/%0aalert(1)", "data:text/html,x",
        "//example.org/", "/path", "example.org", "https:///path", "https://", "file:///etc/passwd",
        "ftp://example.org/", "https://example.org/ onclick=x", "java\tscript:alert(1)",
        "https://example.org/\u202e", "https://user:secret@example.org/", "https://[::1",
        "https://example.org/" + "a" * 5000, " https://example.org/", "https://example.org/\x00",
    ],
)  # fmt: skip
def test_anything_else_is_none(url: str | None) -> None:
    assert web_address(url) is None
