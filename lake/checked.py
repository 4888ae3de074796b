"""Data files opened so that no damage is read: ends are checked at once, pages as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from lake.ends import check_end
from lake.present import make_present


def checked_dataset(paths: Sequence[str], **options: Any) -> ds.Dataset:
    """The dataset of some Parquet files; `options` as of `pyarrow.dataset.dataset`.

    Raises:
        FileNotFoundError: one is not there.
        LakeDamaged: the end of one has changed.
    """
    make_present(paths)
    for path in paths:
        check_end(path)
    scan = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
    parquet = ds.ParquetFileFormat(default_fragment_scan_options=scan)
    return ds.dataset(list(paths), format=parquet, **options)


def checked_file(path: str | Path) -> pq.ParquetFile:
    """One Parquet file.

    Raises:
        FileNotFoundError, LakeDamaged: as `checked_dataset`.
    """
    make_present([path])
    check_end(path)
    return pq.ParquetFile(path, page_checksum_verification=True)
