"""Where the shared data lies: real wires, hostile inputs and labelled sets, nobody's to copy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "WIRETRACE_SHARED"
BESIDE: Final = Path(__file__).resolve().parents[2] / "shared"
SHARED: Final = Path(os.environ.get(VARIABLE) or BESIDE)
"""The folder that the environment names, else the one beside the checkout; it may be absent."""
