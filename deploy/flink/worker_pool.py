"""Beam's pool of Python workers at one address, for the TaskManager that asks it.

Beam's own `worker_pool_main` listens at every address of the machine, so that two pools there need
two ports, while a pipeline names one for all TaskManagers. Here each has its loopback address.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading

import grpc
from apache_beam.portability.api import beam_fn_api_pb2_grpc
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer
from apache_beam.utils import thread_pool_executor


def serve(address: str) -> grpc.Server:
    """A pool that starts a process for each worker that is asked for."""
    # Without the last, a second pool could listen at the same address and get half of the calls.
    options = [
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.http2.max_ping_strikes", 0),
        ("grpc.so_reuseport", 0),
    ]
    server = grpc.server(thread_pool_executor.shared_unbounded_instance(), options=options)
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(
        BeamFnExternalWorkerPoolServicer(use_process=True), server
    )
    server.add_insecure_port(address)
    server.start()
    return server


def main() -> None:
    """Serve until asked to end; the workers are of our group and end with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True, help="HOST:PORT to listen at")
    server = serve(parser.parse_args().address)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: ended.set())
    ended.wait()
    server.stop(0)
    sys.exit(0)


if __name__ == "__main__":
    main()
