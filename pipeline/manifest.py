"""What one chunk's pipeline made, as one file that the driver reads when the pipeline is done.

Everything that the driver needs comes through PCollections and not from listing folders: a bundle
that an engine retried leaves orphans behind, which no manifest names.
"""

from __future__ import annotations

import os
import pickle
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam

Manifest = Mapping[str, list[Any]]


class _WriteManifest(beam.DoFn):
    def __init__(self, path: str, names: tuple[str, ...]) -> None:
        self.path = Path(path)
        self.names = names

    def process(self, element: tuple[None, Iterable[tuple[str, Any]]]) -> None:
        manifest: dict[str, list[Any]] = {name: [] for name in self.names}
        for name, value in element[1]:
            if name:
                manifest[name].append(value)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_name(f".{uuid.uuid4().hex}")
        temporary.write_bytes(pickle.dumps(manifest))
        os.replace(temporary, self.path)


@dataclass
class WriteManifest(beam.PTransform):
    """Named PCollections of small records to one run-private file; an empty chunk has one too."""

    path: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, named: dict[str, beam.PCollection]) -> beam.PCollection:
        """Name each record, gather all of them in one place."""
        pipeline = next(iter(named.values())).pipeline
        empty = pipeline | "Empty" >> beam.Create([(None, ("", None))])
        tagged = [
            records | f"Name {name}" >> beam.Map(lambda value, name: (None, (name, value)), name)
            for name, records in named.items()
        ]
        return (
            (*tagged, empty)
            | beam.Flatten()
            | beam.GroupByKey()
            | "WriteFile" >> beam.ParDo(_WriteManifest(self.path, tuple(named)))
        )


def read_manifest(path: str) -> Manifest:
    """The manifest of a finished pipeline; the file is this run's own."""
    manifest: Manifest = pickle.loads(Path(path).read_bytes())
    return manifest
