"""Fingerprints of the texts in data files of `articles`, committed or still staged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np

from lake.checked import checked_file
from lake.signatures import Signature, has_signature, read_signature, write_signature
from transforms.copies.fingerprints import find_all_fingerprints
from transforms.copies.link import TEXTS
from transforms.copies.strip import strip

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class TextsFile:
    """A data file of `articles`: `content` is the hash in its name; `is_new`: not linked yet."""

    path: str
    content: str
    date: dt.date
    rows: int
    is_new: bool


def sign(file: TextsFile, folder: Path) -> Signature:
    """The signature of a file, read from `folder`, or made and written there."""
    known = read_signature(folder, file.content)
    if known is not None:
        return known
    signature = make_signature(file.path)
    write_signature(folder, file.content, signature)
    return signature


def make_signature(path: str) -> Signature:
    """The fingerprints of every row of a file, rows counted in its own order."""
    prints: list[Any] = [np.empty(0, np.uint64)]
    rows: list[Any] = [np.empty(0, np.uint32)]
    number = 0
    with checked_file(path) as parquet:
        for batch in parquet.iter_batches(batch_size=_ROWS_AT_ONCE, columns=list(TEXTS)):
            columns = (batch[name].to_pylist() for name in TEXTS)
            texts = [body or description or "" for body, description in zip(*columns, strict=True)]
            found, numbers = find_all_fingerprints([strip(text) for text in texts])
            prints.append(found)
            rows.append(numbers + np.uint32(number))
            number += len(texts)
    fingerprints, numbers = np.concatenate(prints), np.concatenate(rows)
    order = np.argsort(fingerprints, kind="stable")
    return Signature(fingerprints[order], numbers[order])


class _Sign(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def process(self, file: TextsFile) -> Iterator[str]:
        if not has_signature(self.folder, file.content):  # a damaged one is seen when it is read
            sign(file, self.folder)
        yield file.content


@dataclass
class SignTexts(beam.PTransform):
    """`TextsFile`s to the content hashes of those whose signature is in `folder`: all of them."""

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, files: beam.PCollection) -> beam.PCollection:
        """Sign each."""
        return files | "Sign" >> beam.ParDo(_Sign(self.folder))
