"""The country of an outlet: of an agency's head office, or by the top-level domain of its host."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from babel.core import get_global

from transforms.entities.agencies import country_of_agency

UNKNOWN = "unknown"
_DOMAINS = Path(__file__).with_name("country_domains.toml")
_LETTERS = 2


def country_of(outlet: str) -> str:
    """ISO 3166-1 alpha-2 of an outlet's id (`tass`, `example.fr`), or `unknown`.

    What is sold to anybody (`.tv`, `.io`) says nothing, nor does `.com`.
    """
    return country_of_agency(outlet) or _of_host(outlet) or UNKNOWN


def _of_host(host: str) -> str | None:
    _, dot, domain = host.rpartition(".")
    generic, other_code = _read()
    if not dot or len(domain) != _LETTERS or domain in generic:
        return None
    code = other_code.get(domain, domain.upper())
    return code if code in _territories() else None


@functools.cache
def _read() -> tuple[frozenset[str], dict[str, str]]:
    data = tomllib.loads(_DOMAINS.read_text("utf-8"))
    return frozenset(data["no_country"]["generic"]), data["other_code"]


@functools.cache
def _territories() -> frozenset[str]:
    """Those of CLDR where people live; ZZ, its unknown one, has languages too."""
    return frozenset(get_global("territory_languages")) - {"ZZ"}
