"""A quotation by its key: who carries it, how its words changed, what may be it elsewhere."""

from __future__ import annotations
