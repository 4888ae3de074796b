"""Which addresses of a lake may become links: whoever publishes an article chooses its address."""

from __future__ import annotations

from urllib.parse import urlsplit

from tracing.harmless import acts
from transforms.urls import host_of


def web_address(url: str | None) -> str | None:
    """The address if it is one of http or https, with a host, no user and nothing that acts."""
    if not url or any(acts(c) or c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_plain = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return url if is_plain and host_of(url) else None
