"""A Flink cluster for the tests that need one: `make flink-test`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from deploy.flink.cluster import Cluster
from deploy.flink.settings import JARS, ROOT, Settings, free_ports


@pytest.fixture(scope="session")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One TaskManager with two slots, on free ports; skips without Java or jars."""
    settings = Settings(tmp_path_factory.mktemp("flink"), ports=free_ports())
    if shutil.which("java") is None:
        pytest.skip("no java: Flink needs Java 17")
    if not all((settings.jars / folder).is_dir() for folder in JARS):
        pytest.skip(f"no jars in {settings.jars.relative_to(ROOT)}: run make flink-jars")
    cluster = Cluster(settings)
    cluster.up()
    yield cluster
    cluster.down()


@pytest.fixture
def options(flink: Cluster) -> list[str]:
    """What `wiretrace run` is told, to run on the cluster."""
    settings = flink.settings
    places = (f"job_endpoint={settings.job_endpoint}", f"environment_config={settings.pool}")
    return ["--runner", "flink", *(word for one in places for word in ("--runner-option", one))]
