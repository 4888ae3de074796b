"""Data files as a dataset, every page's checksum verified while it is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lake.present import make_present


def checked_dataset(paths: Sequence[str], **options: Any) -> ds.Dataset:
    """The dataset of some Parquet files; `options` as of `pyarrow.dataset.dataset`.

    Raises:
        FileNotFoundError: one is not there.
    """
    make_present(paths)
    scan = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
    parquet = ds.ParquetFileFormat(default_fragment_scan_options=scan)
    return ds.dataset(list(paths), format=parquet, **options)


def is_any(column: str, values: Collection[str]) -> pc.Expression:
    """Rows of which a column of text is one of `values`."""
    return pc.field(column).isin(pa.array(sorted(values), pa.string()))
