"""Rows as one block of bytes: between two steps they travel, or wait in a file, as columns."""

from __future__ import annotations

import pyarrow as pa

_PACKED = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


def pack(rows: pa.Table) -> pa.Buffer:
    """A stream of Arrow that holds these rows."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=_PACKED) as stream:
        stream.write_table(rows)
    return sink.getvalue()


def unpack(block: bytes) -> pa.Table:
    """The rows of a block, with the metadata of their schema."""
    with pa.ipc.open_stream(block) as stream:
        return stream.read_all()
