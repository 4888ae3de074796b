"""What each `--runner` means here; one place for engines' differences (docs/engines.md).

`DirectRunner` is pinned to Beam's FnApiRunner: the plain name tries to download Prism first and
falls back silently, so that two runs of one command could be two engines. No other engine is
downloaded or started behind the user's back either: what is missing is an error that says how to
get it.
"""

from __future__ import annotations

import shutil
import socket
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.runners.portability.flink_runner import FlinkRunner
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.prism_runner import PrismRunner
from apache_beam.runners.runner import PipelineResult, PipelineRunner

RUNNERS = ("DirectRunner", "FlinkRunner", "PrismRunner", "DataflowRunner")
REFUSED = {
    "DaskRunner": "it has neither state nor timers, and no metrics",
    "InteractiveRunner": "it is for notebooks, and caches every collection",
    "BundleBasedDirectRunner": "it is for tests of streams; DirectRunner is FnApiRunner here",
}
"""Runners that Beam has, and why they are not taken."""

# Where Flink's job server and Beam's pool of workers listen, as deploy/flink starts them.
JOB_ENDPOINT = "localhost:8099"
POOL = "localhost:50000"
# Of a Java long. Where sources may end, an operator downstream of them cannot be checkpointed.
_NEVER = 2**63 - 1
_CONNECT_SECONDS = 5.0


class UnknownRunner(Exception):
    """A runner, or an option of one, that does not work here."""

    exit_code = 2


class EngineMissing(Exception):
    """The engine of a runner is not installed, or does not answer."""

    exit_code = 2


def find_runner(name: str) -> str:
    """The full name of a runner; like Beam, also of `flink` or `FLINKRUNNER`.

    Raises:
        UnknownRunner: why it is not taken, and which are.
    """
    for known in (*RUNNERS, *REFUSED):
        if name.lower() in (known.lower(), known.lower().removesuffix("runner")):
            if known in REFUSED:
                raise UnknownRunner(
                    f"--runner={name} does not work here: {REFUSED[known]}; {_use()}"
                )
            return known
    if name.lower() in ("fnapi", "fnapirunner"):
        return "DirectRunner"
    raise UnknownRunner(f"--runner={name} is unknown; {_use()}")


def read_given(given: Sequence[str]) -> dict[str, str]:
    """`KEY=VALUE` of `--runner-option`; a `KEY` alone is a switch that is on.

    Raises:
        UnknownRunner: no key; or threads, which lost rows in 5 of 5 runs.
    """
    found = {}
    for option in given:
        key, _, value = option.partition("=")
        if not key.isidentifier():
            raise UnknownRunner(f"--runner-option {option}: write KEY=VALUE, without dashes")
        found[key] = value
    if found.get("direct_running_mode") == "multi_threading":
        raise UnknownRunner("direct_running_mode=multi_threading loses rows; use --workers N")
    if "runner" in found:
        raise UnknownRunner("name the runner with --runner, not with --runner-option")
    return found


def make_runner(name: str, given: Sequence[str] = (), *, streaming: bool = False) -> PipelineRunner:
    """The engine of that name, which is there and answers.

    Of a pipeline without end the DirectRunner is another one: FnApiRunner never lets go of a
    window of such a source, and the one that does is the only one on a laptop that reads Pub/Sub.

    Raises:
        UnknownRunner: names the ones there are.
        EngineMissing: it is not there.
    """
    runner, options = find_runner(name), read_given(given)
    if runner == "FlinkRunner":
        _refuse_silent(options.get("job_endpoint", JOB_ENDPOINT))
        return FlinkRunner()
    if runner == "PrismRunner":
        if "job_endpoint" in options:
            _refuse_silent(options["job_endpoint"])
        else:
            find_prism(options)
        return PrismRunner()
    if runner == "DataflowRunner":
        return _make_dataflow_runner()
    return BundleBasedDirectRunner() if streaming else FnApiRunner()


def make_options(
    workers: int,
    runner: str = "DirectRunner",
    given: Sequence[str] = (),
    *,
    streaming: bool = False,
) -> PipelineOptions:
    """Beam's options for `workers` processes or slots; what is `given` wins over our defaults.

    What is given more than once reaches Beam as often: some of its options are lists.

    Raises:
        UnknownRunner, EngineMissing: see `make_runner`.
    """
    options = read_given(given)
    defaults = _defaults(find_runner(runner), workers, options, streaming=streaming)
    ours = [(key, value) for key, value in defaults.items() if key not in options]
    theirs = [(key, value) for key, _, value in (option.partition("=") for option in given)]
    flags = [f"--{key}={value}" if value else f"--{key}" for key, value in (*ours, *theirs)]
    if streaming:
        flags.append("--streaming")
    return PipelineOptions(flags=flags, save_main_session=False)


def read_counters(result: PipelineResult) -> dict[str, int]:
    """Our counters of a finished pipeline, by name, summed over its steps.

    Some engines add their own and count attempts only, some lose those of a worker that died.
    """
    found: Counter[str] = Counter()
    for counter in result.metrics().query()["counters"]:
        if counter.key.metric.namespace != "beam":
            value = counter.attempted if counter.committed is None else counter.committed
            found[counter.key.metric.name] += value or 0
    return dict(found)


def find_prism(options: Mapping[str, str] = {}) -> str:
    """The program of Prism: as given, else beside Python, else on PATH; never a download.

    Raises:
        EngineMissing: it is at none of these places.
    """
    given = options.get("prism_location")
    beside = Path(sys.executable).with_name("prism")
    found = given or (str(beside) if beside.exists() else shutil.which("prism"))
    if found is None or not Path(found).is_file():
        raise EngineMissing(
            f"no Prism {f'at {given}' if given else 'beside Python or on PATH'}: build it with "
            "go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0 "
            "and name it with --runner-option prism_location=PATH"
        )
    return found


def _defaults(
    runner: str, workers: int, given: Mapping[str, str], *, streaming: bool
) -> dict[str, str]:
    if runner == "FlinkRunner":
        # Sources that stay up, so that checkpoints are completed; and what a bundle gave goes on
        # before the watermark of its checkpoint, which it would follow as late (docs/flink.md).
        stays = {
            "shutdown_sources_after_idle_ms": str(_NEVER),
            "finish_bundle_before_checkpointing": "",
        }
        return {
            "job_endpoint": JOB_ENDPOINT,
            "environment_type": "EXTERNAL",
            "environment_config": POOL,
            "parallelism": str(workers),
            **(stays if streaming else {}),
        }
    if runner == "PrismRunner":
        start = {} if "job_endpoint" in given else {"prism_location": find_prism(given)}
        return {"prism_log_level": "warn", "environment_type": "LOOPBACK", **start}
    if runner == "DataflowRunner":
        return {}
    mode = "multi_processing" if workers > 1 else "in_memory"
    return {"direct_num_workers": str(workers), "direct_running_mode": mode}


def _make_dataflow_runner() -> PipelineRunner:
    try:
        import apache_beam.runners.dataflow.internal.apiclient  # noqa: F401, what the runner needs
        from apache_beam.runners.dataflow.dataflow_runner import DataflowRunner
    except ImportError:
        raise EngineMissing(
            "DataflowRunner needs Google's libraries: pip install 'apache-beam[gcp]'"
        ) from None
    return DataflowRunner()


def _refuse_silent(endpoint: str) -> None:
    host, _, port = endpoint.rpartition(":")
    try:
        socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        raise EngineMissing(
            f"no job server answers at {endpoint} ({error}): start one with make flink-up, "
            "or name yours with --runner-option job_endpoint=HOST:PORT"
        ) from None


def _use() -> str:
    return f"use {', '.join(RUNNERS)}"
