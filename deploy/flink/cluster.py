"""Starts and stops a Flink cluster with Beam's job server on this machine.

    python -m deploy.flink.cluster up --task-managers 2
    python -m deploy.flink.cluster kill taskmanager-1
    python -m deploy.flink.cluster start taskmanager-1
    python -m deploy.flink.cluster down

A process that dies stays dead until it is started again: no supervisor stands behind it, and tests
want to see it. docs/flink.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.flink import processes
from deploy.flink.processes import NotUp, Process, wait_until, wait_up
from deploy.flink.settings import (
    HOST,
    JARS,
    Ports,
    Settings,
    free_ports,
    job_manager,
    job_server,
    load,
    pool_address,
    save,
    task_manager,
    worker_pool,
    write_configuration,
)
from deploy.flink.settings import processes as all_processes

UP_SECONDS = 60.0
# Longer than `heartbeat.timeout`, by which a TaskManager that said nothing is given up.
DEAD_SECONDS = 30.0
WORK = Path("out/flink")


class NoJars(Exception):
    """The folder of jars is not there."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of a work folder, up or not."""

    settings: Settings

    @classmethod
    def of(cls, work: Path) -> Cluster:
        """The one that was started in that folder.

        Raises:
            FileNotFoundError: there was none.
        """
        return cls(load(work.absolute()))

    def up(self, seconds: float = UP_SECONDS) -> None:
        """Start everything, and return when it takes pipelines.

        Raises:
            NoJars: they are to be fetched first.
            NotUp: something did not come up; what did was stopped again.
        """
        settings = self.settings
        for folder in JARS:
            if not any((settings.jars / folder).glob("*.jar")):
                raise NoJars(f"no jars in {settings.jars / folder}: run make flink-jars first")
        save(settings)
        write_configuration(settings)
        numbers = self._numbers()
        try:
            processes.start(job_manager(settings))
            for number in numbers:
                processes.start(worker_pool(settings, number))
                processes.start(task_manager(settings, number))
            processes.start(job_server(settings))
            self._wait_job_manager(seconds)
            for number in numbers:
                self._wait_pool(number, seconds)
                self._wait_task_manager(number, seconds)
            server = job_server(settings)
            wait_up(server, lambda: _listens(HOST, settings.ports.job), seconds, "job server up")
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        """Stop everything; what is killed is dead when this returns.

        Raises:
            NotUp: a process survived.
        """
        for process in reversed(all_processes(self.settings)):
            processes.stop(process)

    def clean(self) -> None:
        """Remove the work folder of a cluster that is down."""
        shutil.rmtree(self.settings.work, ignore_errors=True)

    def kill_task_manager(self, number: int = 1) -> float:
        """kill -9; gives the seconds until the JobManager has given it up."""
        process = task_manager(self.settings, number)
        _kill(process)
        return wait_until(
            lambda: process.name not in self.task_managers(),
            DEAD_SECONDS,
            f"{process.name} is given up",
            job_manager(self.settings).log,
        )

    def start_task_manager(self, number: int = 1, seconds: float = UP_SECONDS) -> float:
        """Start it; gives the seconds until it has registered."""
        processes.start(task_manager(self.settings, number))
        return self._wait_task_manager(number, seconds)

    def kill_worker_pool(self, number: int = 1) -> None:
        """kill -9 for the pool and its workers, as when their container dies."""
        _kill(worker_pool(self.settings, number))

    def start_worker_pool(self, number: int = 1, seconds: float = UP_SECONDS) -> float:
        """Start it; gives the seconds until it listens."""
        processes.start(worker_pool(self.settings, number))
        return self._wait_pool(number, seconds)

    def kill_job_manager(self) -> None:
        """kill -9; its jobs are gone with it, their retained checkpoints are not."""
        _kill(job_manager(self.settings))

    def start_job_manager(self, seconds: float = UP_SECONDS) -> float:
        """Start it; gives the seconds until all TaskManagers that live have come back to it."""
        processes.start(job_manager(self.settings))
        first = self._wait_job_manager(seconds)
        alive = [n for n in self._numbers() if processes.is_alive(task_manager(self.settings, n))]
        return first + sum(self._wait_task_manager(number, seconds) for number in alive)

    def task_managers(self) -> set[str]:
        """The names of those that the JobManager knows."""
        return {one["id"] for one in self.ask("/taskmanagers")["taskmanagers"]}

    def jobs(self) -> dict[str, str]:
        """The state of each job (`RUNNING`, `FINISHED` …) by its id."""
        return {job["id"]: job["status"] for job in self.ask("/jobs")["jobs"]}

    def ask(self, path: str) -> Any:
        """GET of the JobManager's REST interface.

        Raises:
            OSError: nobody answers there.
        """
        with urllib.request.urlopen(self.settings.rest + path, timeout=10) as answer:
            return json.loads(answer.read())

    def newest_checkpoint(self, job: str | None = None) -> Path | None:
        """The retained checkpoint that was completed last, of one job or of all."""
        found = self.settings.checkpoints.glob(f"{job or '*'}/chk-*/_metadata")
        newest = max(found, key=lambda path: path.stat().st_mtime_ns, default=None)
        return newest.parent if newest else None

    def _numbers(self) -> range:
        return range(1, self.settings.task_managers + 1)

    def _wait_job_manager(self, seconds: float) -> float:
        return wait_up(
            job_manager(self.settings), lambda: self._answers("/overview"), seconds, "JobManager up"
        )

    def _wait_task_manager(self, number: int, seconds: float) -> float:
        process = task_manager(self.settings, number)
        return wait_up(
            process,
            lambda: self._answers("/overview") and process.name in self.task_managers(),
            seconds,
            f"{process.name} registered",
        )

    def _wait_pool(self, number: int, seconds: float) -> float:
        process = worker_pool(self.settings, number)
        host, port = pool_address(self.settings, number).split(":")
        return wait_up(process, lambda: _listens(host, int(port)), seconds, f"{process.name} up")

    def _answers(self, path: str) -> bool:
        try:
            self.ask(path)
        except OSError:  # also HTTP 503: it is starting
            return False
        return True


def _kill(process: Process) -> None:
    if not processes.is_alive(process):
        raise NotUp(f"{process.name} is not up, so that it cannot be killed")
    processes.kill(process)


def _listens(host: str, port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex((host, port)) == 0


def _named(settings: Settings, name: str) -> Process:
    known = {process.name: process for process in all_processes(settings)}
    if name not in known:
        raise NotUp(f"no process {name}; there are {', '.join(known)}")
    return known[name]


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_AS_WRITTEN)
    parser.add_argument("--work", type=Path, default=WORK, help="its folder (default %(default)s)")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start a cluster")
    up.add_argument("--task-managers", type=int, default=1)
    up.add_argument("--slots", type=int, default=2, help="of each TaskManager")
    up.add_argument(
        "--free-ports", action="store_true", help="not the usual ones; see cluster.json"
    )
    commands.add_parser("down", help="stop it, wholly")
    commands.add_parser("status", help="what is up, and its jobs")
    commands.add_parser("checkpoint", help="print the newest retained checkpoint")
    for command in ("kill", "start"):
        one = commands.add_parser(command, help=f"{command} one process")
        one.add_argument("name", help="jobmanager, taskmanager-1, workerpool-1 or jobserver")
    asked = parser.parse_args(arguments)
    try:
        _do(asked)
    except (NoJars, NotUp) as error:
        print(f"flink: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except FileNotFoundError:
        print(f"flink: no cluster was started in {asked.work}", file=sys.stderr)
        sys.exit(0 if asked.command == "down" else 2)


def _do(asked: argparse.Namespace) -> None:
    if asked.command == "up":
        ports = free_ports() if asked.free_ports else Ports()
        cluster = Cluster(
            Settings(
                asked.work.absolute(),
                task_managers=asked.task_managers,
                slots=asked.slots,
                ports=ports,
            )
        )
        cluster.up()
        settings = cluster.settings
        print(f"up: pipelines to {settings.job_endpoint}, its page at {settings.rest}")
        return
    cluster = Cluster.of(asked.work)
    if asked.command == "down":
        cluster.down()
        print("down")
    elif asked.command == "kill":
        _kill(_named(cluster.settings, asked.name))
    elif asked.command == "start":
        processes.start(_named(cluster.settings, asked.name))
    elif asked.command == "checkpoint":
        print(cluster.newest_checkpoint() or "")
    else:
        for process in all_processes(cluster.settings):
            print(f"{process.name:16} {'up' if processes.is_alive(process) else 'down'}")
        if processes.is_alive(job_manager(cluster.settings)):
            for job, state in cluster.jobs().items():
                print(f"{job} {state}")


_AS_WRITTEN = argparse.RawDescriptionHelpFormatter

if __name__ == "__main__":
    main()
