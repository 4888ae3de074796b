"""A quotation as one table: every place where it stands, is changed, or may be told elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from tracing.quote_model import QuotePage
from tracing.quote_occurrences import Occurrence
from tracing.twins.csv_text import csv_text

_OCCURRENCE: Final = tuple(field.name for field in fields(Occurrence))


def quote_csv(quote: QuotePage) -> str:
    """`row` says what a row is: `carries`, `changed` or `elsewhere`, in another language."""
    return csv_text(("row", *_OCCURRENCE), _rows(quote))


def _rows(quote: QuotePage) -> Iterator[list[Any]]:
    for travel in quote.travels:
        changed = (one for variant in travel.variants for one in variant.occurrences)
        elsewhere = (one for other in travel.translated for one in other.occurrences)
        for row, places in (
            ("carries", travel.occurrences), ("changed", changed), ("elsewhere", elsewhere),
        ):  # fmt: skip
            for place in places:
                yield [row, *(getattr(place, name) for name in _OCCURRENCE)]
