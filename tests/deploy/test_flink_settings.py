"""The local Flink cluster before it is started: ports, configuration, commands."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path

import pytest
import yaml

from deploy.flink import settings as flink
from deploy.flink.cluster import Cluster, NoJars, main
from deploy.flink.settings import Ports, Settings
from pipeline import engines


@pytest.fixture
def two(tmp_path: Path) -> Settings:
    """Two TaskManagers; its jars are empty files."""
    jars = tmp_path / "jars"
    for folder in flink.JARS:
        (jars / folder).mkdir(parents=True)
        (jars / folder / f"{folder}.jar").touch()
    return Settings(tmp_path / "work", jars, task_managers=2, slots=3)


def test_free_ports_differ() -> None:
    """Each part gets a port of its own."""
    ports = dataclasses.astuple(flink.free_ports())
    assert len(set(ports)) == len(dataclasses.fields(Ports))
    assert all(1024 <= port <= 65535 for port in ports)


def test_pipelines_look_where_the_cluster_is(tmp_path: Path) -> None:
    """The defaults of `--runner=FlinkRunner` are those of `make flink-up`."""
    usual = Settings(tmp_path)
    assert (usual.job_endpoint, usual.pool) == (engines.JOB_ENDPOINT, engines.POOL)


def test_settings_survive_their_file(two: Settings) -> None:
    """Who stops a cluster later knows all that it was started with."""
    other = dataclasses.replace(two, ports=flink.free_ports())
    flink.save(other)
    assert flink.load(two.work) == other


def test_configuration_is_yaml_that_says_the_same(two: Settings) -> None:
    """Flink reads back what was set, ports and slots included."""
    flink.write_configuration(two)
    written = yaml.safe_load((two.conf / "config.yaml").read_text())
    assert written.keys() == flink.flink_options(two).keys()
    assert written["taskmanager.numberOfTaskSlots"] == 3
    assert written["parallelism.default"] == 6
    assert written["rest.port"] == two.ports.rest
    assert written["state.checkpoints.dir"] == two.checkpoints.as_uri()


def test_each_task_manager_finds_a_pool_of_its_own(two: Settings) -> None:
    """`localhost` is another address for each, at which its pool listens."""
    flink.write_configuration(two)
    addresses = []
    for number in (1, 2):
        manager = flink.task_manager(two, number)
        hosts = next(one for one in manager.command if one.startswith("-Djdk.net.hosts.file="))
        names = dict(
            reversed(line.split(" ", 1))
            for line in Path(hosts.split("=", 1)[1]).read_text().splitlines()
        )
        address = f"{names['localhost']}:{two.ports.pool}"
        assert f"--address={address}" in flink.worker_pool(two, number).command
        addresses.append(address)
    assert len(set(addresses)) == 2


def test_workers_run_in_the_environment_of_the_project(two: Settings) -> None:
    """A pool starts `python`, which has to be this one, with this checkout."""
    environment = flink.worker_pool(two, 1).environment
    assert environment["PATH"].split(":")[0] == str(Path(sys.executable).parent)
    assert Path(environment["PYTHONPATH"]) == Path(engines.__file__).absolute().parents[1]


def test_the_job_server_carries_few_jars(two: Settings) -> None:
    """It sends its class path with every job; only a client's part of Flink has to be on it."""
    command = list(flink.job_server(two).command)
    carried = command[command.index("-cp") + 1].split(":")
    assert [Path(path).name for path in carried] == ["runner.jar", "client.jar"]


def test_everything_is_started_with_another_name(two: Settings) -> None:
    """Logs and ids of processes are files of their names."""
    names = [process.name for process in flink.processes(two)]
    assert names == [
        "jobmanager", "workerpool-1", "workerpool-2", "taskmanager-1", "taskmanager-2", "jobserver",
    ]  # fmt: skip


def test_missing_jars_are_named(tmp_path: Path) -> None:
    """Without jars nothing is started, and the message says how to get them."""
    with pytest.raises(NoJars, match="make flink-jars"):
        Cluster(Settings(tmp_path / "work", tmp_path)).up()
    assert not (tmp_path / "work").exists()


def test_the_newest_checkpoint_is_a_complete_one(tmp_path: Path) -> None:
    """One without its `_metadata` was under way when the cluster died."""
    cluster = Cluster(Settings(tmp_path))
    assert cluster.newest_checkpoint() is None
    for job, number, complete in (("a", 1, True), ("a", 2, True), ("b", 1, True), ("a", 3, False)):
        folder = tmp_path / "checkpoints" / job / f"chk-{number}"
        folder.mkdir(parents=True)
        if complete:
            (folder / "_metadata").touch()
    for age, name in enumerate(("b/chk-1", "a/chk-2", "a/chk-1")):
        path = tmp_path / "checkpoints" / name / "_metadata"
        seconds = 1_700_000_000 - age
        os.utime(path, (seconds, seconds))
    assert cluster.newest_checkpoint() == tmp_path / "checkpoints/b/chk-1"
    assert cluster.newest_checkpoint("a") == tmp_path / "checkpoints/a/chk-2"


def test_down_without_a_cluster_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make flink-down` may be said twice; another command needs a cluster."""
    with pytest.raises(SystemExit) as down:
        main(["--work", str(tmp_path), "down"])
    with pytest.raises(SystemExit) as status:
        main(["--work", str(tmp_path), "status"])
    assert (down.value.code, status.value.code) == (0, 2)
    assert "no cluster was started" in capsys.readouterr().err
