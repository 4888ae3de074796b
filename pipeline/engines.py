"""What each `--runner` means here; one place for engines' differences (DESIGN.md §6).

`DirectRunner` is pinned to Beam's FnApiRunner: the plain name tries to download Prism first and
falls back silently, so that two runs of one command could be two engines.
"""

from __future__ import annotations

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner

RUNNERS = ("DirectRunner",)


class UnknownRunner(Exception):
    """A runner that this version does not support."""

    exit_code = 2


def make_runner(name: str) -> PipelineRunner:
    """The engine of that name.

    Raises:
        UnknownRunner: names the ones there are.
    """
    if name not in RUNNERS:
        raise UnknownRunner(
            f"--runner={name} is not supported in this version; use {', '.join(RUNNERS)}"
        )
    return FnApiRunner()


def make_options(workers: int) -> PipelineOptions:
    """Options for `workers` processes. Threads are refused: they lost rows in 5 of 5 runs."""
    mode = "multi_processing" if workers > 1 else "in_memory"
    return PipelineOptions(
        flags=[], direct_num_workers=workers, direct_running_mode=mode, save_main_session=False
    )
