"""Logging: structlog events through stdlib logging, as JSON lines with the run's id.

`import apache_beam` installs a root handler at WARNING, and a structlog configuration does not
exist in worker processes, so `configure` replaces the root's handlers and is called again by every
worker's `DoFn.setup()` (DESIGN.md §7); it is idempotent.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import structlog


def configure(run_id: str | None, *, json: bool) -> None:
    """Everything from INFO up to stderr, with `run_id`; JSON lines, or plain ones for people."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.INFO)
    logging.getLogger("apache_beam").setLevel(logging.ERROR)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    if run_id:
        structlog.contextvars.bind_contextvars(run_id=run_id)


class LogBatches(beam.DoFn):
    """Passes batches on and logs one line per bundle, from whichever process works on it."""

    def __init__(self, run_id: str, json: bool) -> None:
        self.run_id = run_id
        self.json = json

    def setup(self) -> None:
        """Configure logging where no command has done it: in worker processes."""
        configure(self.run_id, json=self.json)

    def start_bundle(self) -> None:
        """Begin to count."""
        self.containers = 0

    def process(self, batch: Any) -> Iterator[Any]:
        """Count and pass on."""
        self.containers += len(batch)
        yield batch

    def finish_bundle(self) -> None:
        """Say what this bundle read."""
        structlog.contextvars.bind_contextvars(run_id=self.run_id)
        structlog.get_logger("wiretrace").info("bundle read", segments=self.containers)
