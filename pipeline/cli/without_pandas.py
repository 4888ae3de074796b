"""Where pandas is installed, pyarrow loads all of it as soon as it makes an array, only to know
whether it is there: 0.2 of the 0.5 seconds that a trace may take. No reading command uses it.
"""

from __future__ import annotations

import sys


class _Absent:
    """Finds no pandas, whatever is installed."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("not wanted while pyarrow looks for it", name=name)


def load_pyarrow() -> None:
    """Let pyarrow look for pandas once, in vain; `to_pandas` would still find it later."""
    if "pandas" in sys.modules:
        return
    import pyarrow

    sys.meta_path.insert(0, _Absent)
    try:
        pyarrow.array([0])
    finally:
        sys.meta_path.remove(_Absent)
