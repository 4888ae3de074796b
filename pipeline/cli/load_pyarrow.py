"""pyarrow loads NumPy, and all of pandas where it is installed, only to know if they are there: 0.1
and 0.2 of the 0.5 seconds that a trace may take. No reading command gives it anything of theirs.
"""

from __future__ import annotations

import sys


class _Absent:
    """Finds neither, whatever is installed."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name in ("numpy", "pandas"):
            raise ModuleNotFoundError("not wanted while pyarrow looks for it", name=name)


def load_pyarrow() -> None:
    """Let pyarrow look for them once, in vain; others still find them."""
    if "pyarrow" in sys.modules:
        return
    sys.meta_path.insert(0, _Absent)
    try:
        import pyarrow
        import pyarrow.dataset
        import pyarrow.parquet

        pyarrow.table(pyarrow.table([]).to_reader())  # as Delta's actions are given to it
    finally:
        sys.meta_path.remove(_Absent)
