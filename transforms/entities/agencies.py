"""News agencies by name and by host, for the outlet rule and for citations (`agencies.toml`)."""

from __future__ import annotations

import functools
import unicodedata

from transforms.entities.lexicon import all_aliases, read_named


def agency_by_name(name: str) -> str | None:
    """The id (`tass`) of the agency whose name or credit form `name` is, whatever its case.

    Brackets, dashes and points around a credit are ignored: `(AFP)`, `– Reuters`.
    """
    return _by_name().get(_credit_key(name))


def agency_by_domain(host: str) -> str | None:
    """The id of the agency that publishes on `host` or a host above it (`fr.tass.ru`: `tass`)."""
    labels = host.casefold().strip(".").split(".")[-_MOST_LABELS:]
    known = _by_domain()
    hosts = (".".join(labels[first:]) for first in range(len(labels) - 1))
    return next((known[name] for name in hosts if name in known), None)


def country_of_agency(agency_id: str) -> str | None:
    """Where an agency has its head office, ISO 3166-1 alpha-2; None if it is none of the list."""
    return _countries().get(agency_id)


def names_of_agency(agency_id: str) -> tuple[str, ...]:
    """What an agency is called, its whole name first; nothing if it is none of the list."""
    return _names().get(agency_id, ())


_MOST_LABELS = 6
AROUND_A_CREDIT = " \t\n()[]（）【】«»\"'“”‘’-–—/.,:;©"


def _credit_key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(AROUND_A_CREDIT)


@functools.cache
def _by_name() -> dict[str, str]:
    rows = read_named("agencies.toml", "agency")
    return {
        _credit_key(name): row["id"]
        for row in rows
        for name in (row["id"].replace("-", " "), row["id"], *all_aliases(row))
    }


@functools.cache
def _by_domain() -> dict[str, str]:
    rows = read_named("agencies.toml", "agency")
    return {domain: row["id"] for row in rows for domain in row["domains"]}


@functools.cache
def _countries() -> dict[str, str]:
    return {row["id"]: row["country"] for row in read_named("agencies.toml", "agency")}


@functools.cache
def _names() -> dict[str, tuple[str, ...]]:
    rows = read_named("agencies.toml", "agency")
    return {row["id"]: tuple(dict.fromkeys((row["name"], *all_aliases(row)))) for row in rows}
