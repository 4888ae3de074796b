"""`python -m fuzz [TARGET …]`: fuzz each target for FUZZ_SECONDS (60), two at a time.

Started by `make fuzz`, with the Python of `.venv`; the targets themselves run in `.fuzz`. Leaves
with 1 if anything crashed, hung for 5 seconds or wanted more than 512 MiB. What it found lies in
`out/fuzz/found`; what was new to it is kept in `out/fuzz/corpus` for the next time. FUZZ_SEED makes
the same bytes up again, as far as the time carries.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fuzz.seeds import LARGEST, ROOT, dictionary, list_seeds
from fuzz.targets import CHECKS

PYTHON = ROOT / ".fuzz" / "bin" / "python"
FOUND = ROOT / "out" / "fuzz" / "found"
CORPUS = ROOT / "out" / "fuzz" / "corpus"
AT_ONCE = 2
# Imports and seeds take seconds, minutes on a busy machine, and a hang has to be seen.
_GRACE_SECONDS = 300
_EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERAGE = re.compile(r"cov: (\d+) ft: (\d+)")
_PEAK = re.compile(r"stat::peak_rss_mb:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of one target: counts, and what broke it, with what it printed."""

    target: str
    executions: int
    edges: int
    features: int
    peak_mib: int
    artifacts: tuple[str, ...]
    failed: bool
    printed: str

    def __str__(self) -> str:
        found = ", ".join(self.artifacts) or ("FAILED" if self.failed else "nothing found")
        return (
            f"{self.target:13} {self.executions:9} executions {self.edges:6} edges "
            f"{self.features:6} features {self.peak_mib:5} MiB  {found}"
        )


def fuzz(target: str, seconds: int) -> Fuzzed:
    """Fuzz one target in a process of its own."""
    found, corpus = FOUND / target, CORPUS / target
    shutil.rmtree(found, ignore_errors=True)
    for made in (found, corpus):
        made.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"fuzz-{target}-") as folder:
        seeds = Path(folder, "seeds")
        seeds.mkdir()
        for number, data in enumerate(list_seeds(target)):
            (seeds / f"{number:04}").write_bytes(data)
        words = Path(folder, "dictionary")
        words.write_text(dictionary(target), "utf-8")
        command = [
            str(PYTHON), "-m", "fuzz.harness", target, str(found), str(corpus), str(seeds),
            f"-dict={words}", f"-max_total_time={seconds}", f"-max_len={LARGEST}",
            "-print_final_stats=1", f"-seed={os.environ.get('FUZZ_SEED') or 0}",
        ]  # fmt: skip
        code, printed = _run(command, seconds + _GRACE_SECONDS)
    artifacts = tuple(str(path.relative_to(ROOT)) for path in sorted(found.iterdir()))
    return read_outcome(target, code, printed, artifacts)


def _run(command: list[str], seconds: int) -> tuple[int, str]:
    """Exit code and what was printed; -9 for what had to be killed."""
    env = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            printed, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            printed, _ = process.communicate()
    return process.returncode, printed.decode("utf-8", "replace")


def read_outcome(target: str, code: int, printed: str, artifacts: tuple[str, ...]) -> Fuzzed:
    """The counts in what libFuzzer printed; a target that tried nothing has failed too."""
    executions = _last(_EXECUTIONS, printed)
    return Fuzzed(
        target=target,
        executions=executions,
        edges=_last(_COVERAGE, printed),
        features=_last(_COVERAGE, printed, 2),
        peak_mib=_last(_PEAK, printed),
        artifacts=artifacts,
        failed=bool(code or artifacts or not executions),
        printed=printed,
    )


def _last(pattern: re.Pattern[str], text: str, group: int = 1) -> int:
    *_, last = [int(match[group]) for match in pattern.finditer(text)] or [0]
    return last


def main(targets: list[str]) -> int:
    """Fuzz these targets, or all."""
    seconds = int(os.environ.get("FUZZ_SECONDS") or 60)
    broken = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in pool.map(lambda target: fuzz(target, seconds), targets or sorted(CHECKS)):
            print(done, flush=True)
            broken += done.failed
            if done.failed:
                print(done.printed[-6000:], flush=True)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
