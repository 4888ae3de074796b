"""The files for Docker and Kubernetes say what `make flink-up` does; they are not run here."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from deploy.flink.settings import Ports, Settings, flink_options

ROOT = Path(__file__).parents[2]
FLINK = ROOT / "deploy" / "flink"
COMPOSE = yaml.safe_load((FLINK / "docker-compose.yml").read_text())
OBJECTS = [
    one
    for path in sorted((FLINK / "kubernetes").glob("*.yaml"))
    for one in yaml.safe_load_all(path.read_text())
]
SERVICES = {one["metadata"]["name"]: one["spec"] for one in OBJECTS if one["kind"] == "Service"}
DEPLOYED = [one for one in OBJECTS if one["kind"] == "Deployment"]
PODS = {one["metadata"]["name"]: one["spec"]["template"] for one in DEPLOYED}
PINNED = re.compile(r"[\w./-]+:\d+\.\d+\.\d+(-\S+)?")
CONTAINERS = [container for pod in PODS.values() for container in pod["spec"]["containers"]]
PROPERTIES = {
    "compose": COMPOSE["services"]["jobmanager"]["environment"]["FLINK_PROPERTIES"],
    "kubernetes": next(one for one in OBJECTS if one["kind"] == "ConfigMap")["data"]["config.yaml"],
}


def images() -> list[str]:
    services = COMPOSE["services"].values()
    return [service["image"] for service in services] + [one["image"] for one in CONTAINERS]


def flag(arguments: list[str], name: str) -> str:
    return next(one.split("=", 1)[1] for one in arguments if one.startswith(f"--{name}="))


def test_images_are_pinned() -> None:
    """Every image names a full version."""
    assert len(images()) == 8
    assert [
        name for name in images() if not re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+(-\S+)?", name)
    ] == []


def test_versions_are_those_that_are_tested() -> None:
    """Flink, Beam's job server and Beam's SDK are of the versions that run here."""
    pom = ElementTree.parse(FLINK / "pom.xml").getroot()
    space = {"m": "http://maven.apache.org/POM/4.0.0"}
    runner = pom.findtext("m:properties/m:beam.version", namespaces=space)
    line = pom.findtext("m:properties/m:flink.line", namespaces=space)
    found = re.search(r"apache-flink-libraries==(\S+)", (FLINK / "requirements.txt").read_text())
    assert found
    flink = found[1]
    assert flink.startswith(f"{line}.")
    assert {name for name in images() if "wiretrace" not in name} == {
        f"flink:{flink}-scala_2.12-java17",
        f"apache/beam_flink{line}_job_server:{runner}",
    }
    assert f"beam_python3.11_sdk:{version('apache-beam')}\n" in (FLINK / "Dockerfile").read_text()
    ours = {name for name in images() if "wiretrace" in name}
    assert ours == {f"wiretrace-worker:{version('wiretrace')}"}


def test_each_task_manager_has_one_pool_of_its_own() -> None:
    """Two TaskManagers on one pool hang; the pool is at the TaskManager's localhost."""
    services = COMPOSE["services"]
    managers = {name for name, one in services.items() if one.get("command") == "taskmanager"}
    pools = [one for one in services.values() if one.get("command") == "--worker_pool"]
    assert {one["network_mode"] for one in pools} == {f"service:{name}" for name in managers}
    assert len(pools) == len(managers) == 1
    for pod in PODS.values():
        arguments = [container["args"][0] for container in pod["spec"]["containers"]]
        assert arguments.count("taskmanager") == arguments.count("--worker_pool")


def test_services_point_at_ports_that_containers_open() -> None:
    """Every service's port is a container's port of a pod that it selects."""
    assert len(SERVICES) == 2
    for name, service in SERVICES.items():
        pods = [
            pod
            for pod in PODS.values()
            if service["selector"].items() <= pod["metadata"]["labels"].items()
        ]
        assert len(pods) == 1, name
        open_ports = {
            port["containerPort"]
            for container in pods[0]["spec"]["containers"]
            for port in container.get("ports", ())
        }
        assert {port["targetPort"] for port in service["ports"]} <= open_ports


def test_selectors_find_their_pods() -> None:
    """A deployment whose labels differ from its selector is refused by Kubernetes."""
    for one in DEPLOYED:
        labels = one["spec"]["template"]["metadata"]["labels"]
        assert one["spec"]["selector"]["matchLabels"] == labels


def test_volumes_that_are_mounted_are_there() -> None:
    """Every mount names a volume of its pod, every claim and map exists."""
    made = {(one["kind"], one["metadata"]["name"]) for one in OBJECTS}
    for pod in PODS.values():
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        for container in pod["spec"]["containers"]:
            assert {mount["name"] for mount in container.get("volumeMounts", ())} <= volumes.keys()
        for volume in volumes.values():
            if claim := volume.get("persistentVolumeClaim"):
                assert ("PersistentVolumeClaim", claim["claimName"]) in made
            if names := volume.get("configMap"):
                assert ("ConfigMap", names["name"]) in made


@pytest.mark.parametrize("arguments", [
    COMPOSE["services"]["jobserver"]["command"],
    PODS["wiretrace-jobserver"]["spec"]["containers"][0]["args"],
], ids=["compose", "kubernetes"])  # fmt: skip
def test_the_job_server_finds_the_job_manager(arguments: list[str]) -> None:
    """It asks the JobManager by its name, and listens where our options look."""
    host, port = flag(arguments, "flink-master").split(":")
    assert host in COMPOSE["services"] or host in SERVICES
    assert int(port) == Ports().rest
    assert int(flag(arguments, "job-port")) == Ports().job
    assert int(flag(arguments, "artifact-port")) == Ports().artifact


@pytest.mark.parametrize("where", PROPERTIES)
def test_jobs_are_restarted_and_checkpointed_as_here(where: str, tmp_path: Path) -> None:
    """What keeps a job alive is the same as in the cluster that the tests kill."""
    given = yaml.safe_load(PROPERTIES[where])
    ours = flink_options(Settings(tmp_path))
    kept = ("restart-strategy", "execution.checkpointing", "heartbeat")
    shared = {key: str(value) for key, value in given.items() if key.startswith(kept)}
    assert len(shared) == 8
    assert shared == {key: str(ours[key]) for key in shared}
    assert given["state.checkpoints.num-retained"] == ours["state.checkpoints.num-retained"]


def test_the_pool_is_where_pipelines_look_for_it() -> None:
    """Beam's image listens at 50000; that is the port of our defaults."""
    pods = PODS["wiretrace-taskmanager"]["spec"]["containers"]
    pool = next(container for container in pods if container["name"] == "workerpool")
    assert pool["ports"][0]["containerPort"] == Ports().pool == 50000
