"""What a local Flink cluster consists of: ports, configuration, commands. Nothing is started here.

Java 17; the folders of jars are those of `make flink-jars`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.flink.processes import Process

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
# Folders of jars, as `make flink-jars` fills them: Flink itself, its loggers, Beam's runner, what
# that needs, and the parts of Flink by which a client hands in a job. What is mended comes first.
CLUSTER = ("mended", "flink", "log", "runner", "beam")
JARS = (*CLUSTER, "client")

# What Flink 1.19 and Beam reach into on Java 17; of Flink's own conf/config.yaml.
_EXPORTS = (
    "java.base/sun.net.util",
    "java.rmi/sun.rmi.registry",
    "java.security.jgss/sun.security.krb5",
)
_OPENS = (
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.io",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/sun.nio.ch",
    "java.base/java.text",
    "java.base/java.time",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/java.util.concurrent.locks",
)
_JAVA = (
    *(f"--add-exports={name}=ALL-UNNAMED" for name in _EXPORTS),
    *(f"--add-opens={name}=ALL-UNNAMED" for name in _OPENS),
    "-XX:+UseSerialGC",  # two cores: others' threads are not ours to take
)

_LOG4J = """\
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} %x - %m%n
logger.pekko.name = org.apache.pekko
logger.pekko.level = WARN
logger.metrics.name = org.apache.beam.runners.jobsubmission.InMemoryJobService
logger.metrics.level = WARN
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the parts listen; the defaults are those that their makers document."""

    rest: int = 8081
    rpc: int = 6123
    pool: int = 50000
    job: int = 8099
    artifact: int = 8098
    expansion: int = 8097


def free_ports() -> Ports:
    """Ports that nothing listens at now."""
    sockets = [socket.socket() for _ in dataclasses.fields(Ports)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return Ports(*(one.getsockname()[1] for one in sockets))
    finally:
        for one in sockets:
            one.close()


@dataclass(frozen=True, slots=True)
class Settings:
    """A cluster: `work` is its folder, `jars` has the folders of `JARS`.

    Every TaskManager has `slots` slots and a worker pool; memory is in MB of heap.
    """

    work: Path
    jars: Path = ROOT / "out" / "flink-jars"
    task_managers: int = 1
    slots: int = 2
    ports: Ports = Ports()
    checkpoint_seconds: int = 3
    task_heap: int = 1024

    @property
    def conf(self) -> Path:
        """The folder of Flink's configuration."""
        return self.work / "conf"

    @property
    def checkpoints(self) -> Path:
        """The folder of retained checkpoints."""
        return self.work / "checkpoints"

    @property
    def rest(self) -> str:
        """The JobManager's REST address."""
        return f"http://{HOST}:{self.ports.rest}"

    @property
    def job_endpoint(self) -> str:
        """Where pipelines are handed in."""
        return f"localhost:{self.ports.job}"

    @property
    def pool(self) -> str:
        """The address of the workers, as every TaskManager knows its own."""
        return f"localhost:{self.ports.pool}"


def save(settings: Settings) -> None:
    """Keep what the cluster was started with, for those who find the folder later."""
    settings.work.mkdir(parents=True, exist_ok=True)
    value = json.dumps(dataclasses.asdict(settings), default=str, indent=1)
    (settings.work / "cluster.json").write_text(value)


def load(work: Path) -> Settings:
    """What the cluster of that folder was started with.

    Raises:
        FileNotFoundError: there was none.
    """
    value = json.loads((work / "cluster.json").read_text())
    paths = {"work": Path(value["work"]), "jars": Path(value["jars"])}
    return Settings(**(value | paths | {"ports": Ports(**value["ports"])}))


def flink_options(settings: Settings) -> dict[str, str | int]:
    """Flink's configuration, by key.

    Checkpoints and restarts stand here, since Beam's Python options do not know them. A dead
    machine is noticed in 10 s, not 50. More than 60 failures in five minutes are a fault of the
    pipeline and not of a machine.
    """
    return {
        "jobmanager.rpc.address": HOST,
        "jobmanager.rpc.port": settings.ports.rpc,
        "jobmanager.bind-host": HOST,
        "jobmanager.execution.failover-strategy": "region",
        "rest.address": HOST,
        "rest.bind-address": HOST,
        "rest.port": settings.ports.rest,
        "taskmanager.bind-host": HOST,
        "taskmanager.host": HOST,
        "taskmanager.numberOfTaskSlots": settings.slots,
        "parallelism.default": settings.slots * settings.task_managers,
        "taskmanager.cpu.cores": settings.slots,
        "taskmanager.memory.task.heap.size": f"{settings.task_heap - 128}m",
        "taskmanager.memory.framework.heap.size": "128m",
        "taskmanager.memory.task.off-heap.size": "128m",
        "taskmanager.memory.framework.off-heap.size": "128m",
        "taskmanager.memory.jvm-metaspace.size": "512m",
        "taskmanager.memory.jvm-overhead.min": "192m",
        "taskmanager.memory.jvm-overhead.max": "192m",
        "taskmanager.memory.network.min": "128m",
        "taskmanager.memory.network.max": "128m",
        "taskmanager.memory.managed.size": "256m",
        "heartbeat.interval": "2000",
        "heartbeat.timeout": "10000",
        "cluster.registration.error-delay": "1000",
        "cluster.registration.refused-registration-delay": "1000",
        "restart-strategy.type": "failure-rate",
        "restart-strategy.failure-rate.max-failures-per-interval": 60,
        "restart-strategy.failure-rate.failure-rate-interval": "5 min",
        "restart-strategy.failure-rate.delay": "2 s",
        "execution.checkpointing.interval": f"{settings.checkpoint_seconds} s",
        "execution.checkpointing.timeout": "2 min",
        "execution.checkpointing.tolerable-failed-checkpoints": 100,
        "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
        "state.backend.type": "hashmap",
        "state.checkpoints.dir": settings.checkpoints.as_uri(),
        "state.checkpoints.num-retained": 3,
        "io.tmp.dirs": str(settings.work / "tmp"),
        # Beam's classes come with each job and from Flink's own class path: the latter are warm.
        "classloader.resolve-order": "parent-first",
        "classloader.check-leaked-classloader": "false",
    }


def write_configuration(settings: Settings) -> None:
    """Flink's files of configuration, and a file of hosts for each TaskManager."""
    for folder in (settings.conf, settings.checkpoints, settings.work / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{key}: {value}" for key, value in flink_options(settings).items()]
    (settings.conf / "config.yaml").write_text("\n".join([*lines, ""]))
    (settings.conf / "log4j.properties").write_text(_LOG4J)
    for number in range(1, settings.task_managers + 1):
        hosts = f"{_loopback(number)} localhost\n{HOST} {socket.gethostname()}\n"
        _hosts_file(settings, number).write_text(hosts)


def job_manager(settings: Settings) -> Process:
    """The JobManager of a session cluster."""
    return _java(
        settings,
        "jobmanager",
        512,
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        ("--configDir", str(settings.conf), "--executionMode", "cluster"),
    )


def task_manager(settings: Settings, number: int) -> Process:
    """The TaskManager of that number, from 1.

    A pipeline names one address of workers for all TaskManagers, and two of them on one pool hang:
    the ids of workers clash. So each resolves `localhost` to a loopback address of its own.
    """
    return _java(
        settings,
        f"taskmanager-{number}",
        settings.task_heap,
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        ("--configDir", str(settings.conf), "-D", f"taskmanager.resource-id=taskmanager-{number}"),
        (f"-Djdk.net.hosts.file={_hosts_file(settings, number)}",),
    )


def worker_pool(settings: Settings, number: int) -> Process:
    """The pool of Python workers of the TaskManager of that number."""
    return Process(
        settings.work,
        f"workerpool-{number}",
        [
            sys.executable,
            "-m",
            "deploy.flink.worker_pool",
            f"--address={pool_address(settings, number)}",
        ],
        _environment(),
    )


def job_server(settings: Settings) -> Process:
    """Beam's job server, which makes Flink jobs of pipelines.

    It sends every jar of its class path along with every job. The cluster has them already, so
    what can be is on the boot class path: 280 MB and 12 s a job became 20 MB and less than one.
    """
    ports = settings.ports
    return _java(
        settings,
        "jobserver",
        512,
        "org.apache.beam.runners.flink.FlinkJobServerDriver",
        (
            f"--flink-master={HOST}:{ports.rest}",
            f"--flink-conf-dir={settings.conf}",
            "--job-host=localhost",
            f"--job-port={ports.job}",
            f"--artifact-port={ports.artifact}",
            f"--expansion-port={ports.expansion}",
            f"--artifacts-dir={settings.work / 'artifacts'}",
        ),
        (f"-Xbootclasspath/a:{_jars(settings, 'beam')}:{_jars(settings, 'log')}",),
        _jars(settings, "runner", "client"),
    )


def processes(settings: Settings) -> list[Process]:
    """All of them, in the order in which they are started."""
    numbers = range(1, settings.task_managers + 1)
    return [
        job_manager(settings),
        *(worker_pool(settings, number) for number in numbers),
        *(task_manager(settings, number) for number in numbers),
        job_server(settings),
    ]


def pool_address(settings: Settings, number: int) -> str:
    """Where the pool of that number listens."""
    return f"{_loopback(number)}:{settings.ports.pool}"


def _loopback(number: int) -> str:
    return f"127.0.0.{number}"


def _hosts_file(settings: Settings, number: int) -> Path:
    return settings.conf / f"hosts-{number}"


def _jars(settings: Settings, *folders: str) -> str:
    found = (sorted((settings.jars / folder).glob("*.jar")) for folder in folders)
    return ":".join(str(path) for paths in found for path in paths)


def _java(
    settings: Settings,
    name: str,
    heap: int,
    main: str,
    arguments: tuple[str, ...],
    options: tuple[str, ...] = (),
    class_path: str = "",
) -> Process:
    command = [
        "java",
        *_JAVA,
        f"-Xmx{heap}m",
        "-XX:MaxMetaspaceSize=512m",
        f"-Dlog4j.configurationFile={settings.conf / 'log4j.properties'}",
        *options,
        "-cp",
        class_path or _jars(settings, *CLUSTER),
        main,
        *arguments,
    ]
    return Process(settings.work, name, command, _environment())


def _environment() -> Mapping[str, str]:
    """Ours, with this Python first: a pool starts its workers as `python`."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONPATH": str(ROOT),
    }
