"""Who publishes an item: which rule names the outlet, and in which order the rules are asked."""

from __future__ import annotations

import pytest

from transforms.outlets import find_outlet
from transforms.parse.item import Item


@pytest.mark.parametrize(
    ("fields", "told", "url", "expected"),
    [
        ({"provider": "Reuters"}, "Daily.example", None, ("daily.example", "option")),
        ({"outlet": "WWW.Daily.example"}, None, None, ("daily.example", "record")),
        ({"provider": "Agence France-Presse"}, None, None, ("afp", "provider")),
        ({"provider": "wire.example.org"}, None, None, ("example.org", "provider")),
        ({"provider": "afp.com"}, None, "https://a.example.com/1", ("afp", "provider")),
        ({"provider": "nprov:REUTERS"}, None, None, ("reuters", "provider")),
        ({"provider": "nprov:nobody"}, None, "https://a.example.com/1", ("example.com", "url")),
        ({"source_url": "https://news.example.net/x"}, None, None, ("example.net", "source")),
        ({"feed": "https://example.net/feed"}, None, None, ("example.net", "feed")),
        ({"uri": "urn:newsml:acme-news.com:20240506:X"}, None, None, ("acme-news.com", "uri")),
        ({"guid": "tag:wire.example.org,2011:abc"}, None, None, ("example.org", "uri")),
        ({"uri": "urn:newsml:afp.com:20240506:X"}, None, None, ("afp", "uri")),
        ({"uri": "urn:newsml:nodomain:20240506:X"}, None, None, ("local", "local")),
        (
            {"uri": "urn:newsml:acme-news.com:20240506:X"},
            None,
            "https://daily.example.com/1",
            ("example.com", "url"),
        ),
    ],
)
def test_outlet(
    fields: dict[str, str], told: str | None, url: str | None, expected: tuple[str, str]
) -> None:
    """The first rule that has an answer gives it."""
    assert find_outlet(Item(source_format="x", record=None, **fields), told, url) == expected
