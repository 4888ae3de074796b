"""What the page of a quotation is made of: plain values, ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass

from tracing.quote_travels import Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePage:
    """A quotation by its key as of a run: a `Travel` for each language that has these words.

    Each has its carriers by time, its variants (`changed`) and what may be it in other languages.
    """

    sequence: int
    quote_key: str
    travels: tuple[Travel, ...]
    missing: tuple[str, ...]
    left_out: int
