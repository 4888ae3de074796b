"""Which items can be kept: those with a text, and messages about an article that they name."""

from __future__ import annotations

from typing import Final

from transforms.parse.item import Item
from transforms.signals import read_signals

CONTROL_SIGNALS: Final = ("kill", "withhold", "release", "embargo", "correction")
"""Signals that a message may be about alone; of several the first is its kind."""
_CONTROL_STATUS: Final = ("canceled", "withheld")


def says_something(item: Item) -> bool:
    """Has it a headline or a text, or, as a control message, no need of one?"""
    return bool(item.headline or item.body_text or item.description_text) or is_control(item)


def is_control(item: Item) -> bool:
    """Is it about an article that it names, rather than an article? (DESIGN §1, control)."""
    if not (item.uri or item.guid or item.url):
        return False
    status = (item.pubstatus or "").strip().casefold()
    signals = {signal.strip().casefold() for signal in item.signals} | read_signals(item).signals
    return status.endswith(_CONTROL_STATUS) or not signals.isdisjoint(CONTROL_SIGNALS)
