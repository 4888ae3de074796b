"""The one place where a reject is built: closed reasons, a bounded message, the original bytes."""

from __future__ import annotations

import datetime as dt
import hashlib

from schemas.reject import REASONS, STAGES, Reject
from transforms.urls import redact_text

MAX_RAW = 1 << 20
HEAD = 64 << 10
MAX_MESSAGE = 500


def build_reject(
    *,
    stage: str,
    reason: str,
    message: str,
    source_uri: str,
    raw: bytes | None,
    seen_at: dt.datetime,
    run_id: str,
    outlet: str | None = None,
) -> Reject:
    """A row of `rejects`.

    Up to `MAX_RAW` bytes are kept whole. Of more, the first `HEAD` bytes are kept, the hash is over
    all of them and `raw_uri` names the container, from which `wiretrace replay` reads them again as
    long as the hash agrees.

    Raises:
        KeyError: a stage or reason outside the closed lists: a fault of ours.
    """
    if stage not in STAGES or reason not in REASONS:
        raise KeyError(f"unknown stage or reason: {stage}/{reason}")
    too_long = raw is not None and len(raw) > MAX_RAW
    return Reject(
        stage=stage,
        reason=reason,
        message=redact_text(message)[:MAX_MESSAGE],
        source_uri=source_uri,
        raw=raw[:HEAD] if raw is not None and too_long else raw,
        raw_uri=source_uri if too_long else None,
        raw_sha256=hashlib.sha256(raw).hexdigest() if raw is not None else None,
        seen_at=seen_at,
        run_id=run_id,
        outlet=outlet,
        month=seen_at.strftime("%Y-%m"),
    )


def source_of(source_uri: str) -> str:
    """The container of a record: its address without `#n`."""
    base, mark, number = source_uri.rpartition("#")
    return base if mark and number.isdigit() else source_uri


def detail_of(reject: Reject) -> tuple[str, str, str]:
    """How the ledger counts it: source, outcome, reason."""
    return source_of(reject.source_uri), "rejected", f"{reject.stage}:{reject.reason}"
