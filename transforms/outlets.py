"""Who publishes an item: the rules of DESIGN.md §4.1, in their order.

`--outlet` or the record's own outlet; the wire's provider or creator through the agency table;
`<source>` in an aggregator's feed; the registrable domain of the article's address, then of the
feed's; the domain that the wire's own id names; else `local`. Each answer carries the name of its
rule.
"""

from __future__ import annotations

import re

from transforms.entities.agencies import agency_by_domain, agency_by_name
from transforms.parse.item import Item
from transforms.urls import registrable_domain

MAX_OUTLET = 255
# RFC 3085 (urn:newsml:PROVIDER:DATE:…) and RFC 4151 (tag:AUTHORITY,DATE:…): who minted the id.
_MINTED_BY = re.compile(r"(?:urn:newsml:|tag:(?:[^@,:]+@)?)([a-z0-9.-]+\.[a-z]{2,})[:,]", re.I)
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}", re.I)
_UNSAFE = re.compile(r"[\x00-\x20\x7f/\\]+")


def find_outlet(item: Item, told: str | None, url: str | None) -> tuple[str, str]:
    """The outlet and the rule that named it; `told` is `--outlet`, `url` the item's address."""
    if told:
        return clean_outlet(told), "option"
    if item.outlet and clean_outlet(item.outlet):
        return clean_outlet(item.outlet), "record"
    for name in (item.provider, item.creditline):
        agency = agency_by_name(name) or agency_by_name(name.rpartition(":")[2]) if name else None
        if agency:
            return agency, "provider"
    if item.provider and _HOST.fullmatch(item.provider):
        return _agency_or(registrable_domain(item.provider) or item.provider), "provider"
    domain = registrable_domain(item.source_url or "")
    if domain and domain != registrable_domain(item.feed or ""):
        return _agency_or(domain), "source"
    for address, rule in ((url, "url"), (item.feed, "feed")):
        domain = registrable_domain(address or "")
        if domain:
            return _agency_or(domain), rule
    minter = _minter(item.uri or item.guid or "")
    return (minter, "uri") if minter else ("local", "local")


def reaches_any_outlet(name: str, outlet: str, rule: str) -> bool:
    """Whether a message about `name`, of an outlet found by `rule`, reaches whoever has that name.

    A bare number is each outlet's own. Of an absolute URI (with a colon) it does if the message
    does not tell whose it is, or its outlet minted it: nobody withdraws what another has named.
    """
    if ":" not in name:
        return False
    domain = registrable_domain(name) if "//" in name else None
    minter = _agency_or(domain) if domain else _minter(name)
    return rule == "local" or minter == outlet


def clean_outlet(name: str) -> str:
    """Lower case, no `www.`, no white space or path separators; empty if nothing is left."""
    name = _UNSAFE.sub("-", name.strip().casefold()).strip("-")
    return name.removeprefix("www.")[:MAX_OUTLET]


def _minter(name: str) -> str | None:
    minted = _MINTED_BY.match(name)
    domain = registrable_domain(minted[1]) if minted else None
    return _agency_or(domain) if domain else None


def _agency_or(domain: str) -> str:
    return agency_by_domain(domain) or domain
