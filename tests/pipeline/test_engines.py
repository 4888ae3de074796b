"""What `--runner` and `--runner-option` mean, before any engine runs."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from apache_beam.options.pipeline_options import (
    DirectOptions,
    FlinkRunnerOptions,
    PortableOptions,
    PrismRunnerOptions,
    StandardOptions,
)

from pipeline import engines
from pipeline.engines import (
    EngineMissing,
    UnknownRunner,
    find_prism,
    find_runner,
    make_options,
    make_runner,
    read_counters,
    read_given,
)


@pytest.mark.parametrize(
    ("name", "runner"),
    [
        ("DirectRunner", "DirectRunner"),
        ("direct", "DirectRunner"),
        ("FnApiRunner", "DirectRunner"),
        ("FlinkRunner", "FlinkRunner"),
        ("flink", "FlinkRunner"),
        ("PRISM", "PrismRunner"),
        ("dataflowrunner", "DataflowRunner"),
    ],
)
def test_names_are_taken_as_beam_takes_them(name: str, runner: str) -> None:
    """In any case, with `Runner` or without; FnApiRunner is what DirectRunner means here."""
    assert find_runner(name) == runner


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("DaskRunner", "neither state nor timers"),
        ("dask", "neither state nor timers"),
        ("InteractiveRunner", "for notebooks"),
        ("BundleBasedDirectRunner", "for tests of streams"),
        ("SparkRunner", "is unknown"),
        ("apache_beam.runners.DirectRunner", "is unknown"),
        ("", "is unknown"),
    ],
)
def test_what_does_not_work_is_refused_with_the_reason(name: str, why: str) -> None:
    """The message names the runner, the reason, and those that work; code 2."""
    with pytest.raises(UnknownRunner, match=why) as error:
        make_runner(name)
    assert f"--runner={name} " in str(error.value)
    assert "use DirectRunner, FlinkRunner, PrismRunner, DataflowRunner" in str(error.value)
    assert error.value.exit_code == 2


def test_direct_runner_is_always_the_same_engine() -> None:
    """Not Beam's DirectRunner, which would try to download Prism."""
    assert type(make_runner("DirectRunner")).__name__ == "FnApiRunner"


@pytest.mark.parametrize(("workers", "mode"), [(1, "in_memory"), (3, "multi_processing")])
def test_workers_are_processes(workers: int, mode: str) -> None:
    """More than one is never threads."""
    options = make_options(workers).view_as(DirectOptions)
    assert (options.direct_num_workers, options.direct_running_mode) == (workers, mode)


def test_threads_are_refused() -> None:
    """They lost rows in 5 of 5 runs."""
    with pytest.raises(UnknownRunner, match="loses rows; use --workers"):
        make_options(2, given=["direct_running_mode=multi_threading"])


@pytest.mark.parametrize("option", ["--job_endpoint=h:1", "=h:1", "a b=c", "", "runner=flink"])
def test_an_option_that_is_none_is_refused(option: str) -> None:
    """`KEY=VALUE` with Beam's name; never the runner itself."""
    with pytest.raises(UnknownRunner, match="--runner"):
        read_given([option])


def test_options_keep_what_follows_the_first_equals_sign() -> None:
    """A value may hold one; a key alone is a switch."""
    assert read_given(["a=b=c", "streaming", "d="]) == {"a": "b=c", "streaming": "", "d": ""}


def test_flink_has_the_places_of_our_cluster() -> None:
    """Workers from the pool beside each TaskManager; nothing that Beam would start or fetch."""
    options = make_options(4, "flink")
    portable = options.view_as(PortableOptions)
    assert portable.job_endpoint == "localhost:8099"
    assert (portable.environment_type, portable.environment_config) == (
        "EXTERNAL",
        "localhost:50000",
    )
    assert options.view_as(FlinkRunnerOptions).parallelism == 4


def test_what_is_given_wins() -> None:
    """A user's cluster is elsewhere, and has more slots."""
    options = make_options(1, "flink", ["job_endpoint=flink:1", "parallelism=8"])
    assert options.view_as(PortableOptions).job_endpoint == "flink:1"
    assert options.view_as(FlinkRunnerOptions).parallelism == 8
    assert options.view_as(PortableOptions).environment_config == "localhost:50000"


def test_sources_of_a_stream_stay_up_on_flink() -> None:
    """Where they end, no checkpoint is ever completed; a bounded run has to end."""
    stream = make_options(1, "flink", streaming=True)
    assert stream.view_as(StandardOptions).streaming is True
    kept = "--shutdown_sources_after_idle_ms=9223372036854775807"
    assert kept in stream._flags
    bounded = make_options(1, "flink")
    assert bounded.view_as(StandardOptions).streaming is False
    assert kept not in bounded._flags
    assert kept not in make_options(1, streaming=True)._flags


def test_what_a_bundle_gave_is_sent_on_before_its_checkpoint_on_flink() -> None:
    """Else Flink sends the watermark first, and takes it for late: some streams never began."""
    sent_on = "--finish_bundle_before_checkpointing"
    assert sent_on in make_options(1, "flink", streaming=True)._flags
    assert sent_on not in make_options(1, "flink")._flags


def test_a_job_server_that_is_not_there_is_an_error_at_once() -> None:
    """Beam would wait five minutes, then say FutureTimeoutError."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))  # and does not listen
        place = f"127.0.0.1:{one.getsockname()[1]}"
        for runner in ("flink", "prism"):
            with pytest.raises(EngineMissing, match=f"(?s){place}.*make flink-up") as error:
                make_runner(runner, [f"job_endpoint={place}"])
            assert error.value.exit_code == 2


def test_a_job_server_that_listens_is_taken() -> None:
    """Flink's own page is not asked: only the job server has to be reachable."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        place = f"job_endpoint=127.0.0.1:{one.getsockname()[1]}"
        assert type(make_runner("flink", [place])).__name__ == "FlinkRunner"


@pytest.mark.parametrize("place", ["localhost", "localhost:", "localhost:http"])
def test_an_endpoint_without_a_port_is_named(place: str) -> None:
    """Not a traceback."""
    with pytest.raises(EngineMissing, match=f"no job server answers at {place} "):
        make_runner("flink", [f"job_endpoint={place}"])


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No Prism beside Python, none on PATH."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    (tmp_path / "path").mkdir()
    return tmp_path


def make_program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.mark.usefixtures("nowhere")
def test_prism_is_not_downloaded() -> None:
    """Beam would; here it is an error that says how to build it."""
    with pytest.raises(
        EngineMissing, match=r"go install github\.com/apache/beam/.*prism@v"
    ) as error:
        make_runner("prism")
    assert error.value.exit_code == 2


def test_a_prism_that_was_named_and_is_not_there_is_an_error(nowhere: Path) -> None:
    """Another one on PATH is not taken in its stead."""
    make_program(nowhere / "path" / "prism")
    with pytest.raises(EngineMissing, match="no Prism at /none: "):
        make_options(1, "prism", ["prism_location=/none"])


def test_prism_is_found_beside_python_then_on_the_path(nowhere: Path) -> None:
    """And Beam is given its place, so that it looks no further."""
    on_path = make_program(nowhere / "path" / "prism")
    assert find_prism() == str(on_path)
    beside = make_program(nowhere / "prism")
    options = make_options(1, "prism").view_as(PrismRunnerOptions)
    assert options.prism_location == str(beside)


def test_prism_that_runs_elsewhere_needs_no_program(nowhere: Path) -> None:
    """An endpoint is enough."""
    options = make_options(1, "prism", ["job_endpoint=localhost:8073"])
    assert options.view_as(PrismRunnerOptions).prism_location is None
    assert options.view_as(PortableOptions).job_endpoint == "localhost:8073"


def test_dataflow_without_its_libraries_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, "apache_beam.runners.dataflow.internal.apiclient", None)
    with pytest.raises(EngineMissing, match=r"apache-beam\[gcp\]"):
        make_runner("dataflow")


def test_dataflow_gets_what_is_given() -> None:
    """Options pass through; none of ours is among them."""
    options = make_options(3, "dataflow", ["project=p", "region=europe-west1"])
    assert set(options._flags) == {"--project=p", "--region=europe-west1"}


@dataclass
class _Key:
    metric: Any


@dataclass
class _Metric:
    name: str
    namespace: str = "wiretrace"


@dataclass
class _Counter:
    key: _Key
    committed: int | None
    attempted: int | None = None


@dataclass
class _Result:
    counters: list[_Counter] = field(default_factory=list)

    def metrics(self) -> _Result:
        return self

    def query(self) -> dict[str, list[_Counter]]:
        return {"counters": self.counters}


def counter(name: str, *counted: int | None, namespace: str = "wiretrace") -> _Counter:
    return _Counter(_Key(_Metric(name, namespace)), *counted)


def test_counters_are_ours_and_summed() -> None:
    """Flink lists Beam's own among them, one name in several steps, and attempts only."""
    result = _Result(
        [
            counter("pairs", 2),
            counter("pairs", None, 3),
            counter("lost", None, None),
            counter("metric:total_msecs:v1", 99, namespace="beam"),
        ]
    )
    assert read_counters(result) == {"pairs": 5, "lost": 0}
    assert read_counters(_Result()) == {}


def test_refused_runners_are_beams() -> None:
    """A name that Beam does not have would never be typed."""
    known = {*StandardOptions.KNOWN_RUNNER_NAMES, "DaskRunner"}
    assert set(engines.REFUSED) <= known
