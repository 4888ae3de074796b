"""One target under atheris: `python -m fuzz.harness TARGET FOUND [options and folders]`.

Runs in `.fuzz`, with the libraries of `.venv` on PYTHONPATH (`fuzz/__main__.py` starts it so). What
libFuzzer does not survive, a hang or too much memory, it writes to FOUND and leaves; exceptions are
written here, the shortest input of each place, and fuzzing goes on.
"""

from __future__ import annotations

import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import atheris

# Ours, and what is written in Python of the libraries that read; C code is not seen into.
with atheris.instrument_imports(include=["transforms", "schemas", "feedparser", "warcio"]):
    from fuzz.targets import CHECKS, HANG_SECONDS

MORE_MIB = 512
"""What an input may need beyond the imports; the parsing child has the same limit."""


def recorded(check: Callable[[bytes], None], found: Path) -> Callable[[bytes], None]:
    """The check, with what it raises written to a folder instead."""
    shortest: dict[str, int] = {}

    def checked(data: bytes) -> None:
        try:
            check(data)
        except Exception as fault:
            place = traceback.extract_tb(fault.__traceback__)[-1]
            name = f"{type(fault).__name__}-{Path(place.filename).stem}-{place.lineno}"
            if len(data) < shortest.get(name, sys.maxsize):
                if name not in shortest:
                    traceback.print_exc()
                shortest[name] = len(data)
                (found / name).write_bytes(data)

    return checked


def main() -> None:
    """Fuzz until libFuzzer's options say that it is enough; it leaves with 70 or 71 by itself."""
    name, found, *options = sys.argv[1:]
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    limit = (pages * resource.getpagesize() >> 20) + MORE_MIB
    bounds = [f"-rss_limit_mb={limit}", f"-timeout={HANG_SECONDS}", f"-artifact_prefix={found}/"]
    atheris.Setup([sys.argv[0], *bounds, *options], recorded(CHECKS[name], Path(found)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
