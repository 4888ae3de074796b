"""`wiretrace serve`: the pages over HTTP, read-only, until it is asked to stop."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import interrupts
from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from pipeline.cli.reading import embargoed_option
from tracing.harmless import strip_controls

if TYPE_CHECKING:
    import uvicorn

# Seconds that answers under way have to be finished when it is asked to stop.
_GRACE = 10
# Seconds in which a new connection has to have sent its first request.
_PATIENCE = 10
# Connections at once; those that come then are told so and closed.
_MOST_CONNECTIONS = 256
_WAITING_CONNECTIONS = 128
# How often an object store is asked whether there is a newer run.
_FOLLOW_SECONDS = 10


@click.command("serve")
@lake_option
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; there is no login.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8642,
    show_default=True,
    help="0: a free one.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME[:PORT]",
    help="Also answer to this name: that of a proxy before it.",
)
@embargoed_option
def command(lake: Path, host: str, port: int, allow_host: tuple[str, ...], embargoed: bool) -> None:
    """Show stories, articles and outlets as pages in a browser, and as data for programs.

    Prints the address once it listens. It reads the newest run of the lake, whatever else writes to
    it, and changes nothing. Ctrl-C or SIGTERM finish what was asked for and leave with 0.

    Example: wiretrace serve --lake LAKE
    """
    with interrupts.as_event() as stop:
        load_pyarrow()
        from lake.present import is_mirror
        from lake.tables import open_lake

        opened = open_lake(lake)
        if is_mirror(opened.root):
            following = threading.Thread(target=_follow, args=(opened.root, stop), daemon=True)
            following.start()
        listening, is_local = _listen(host, port)
        with listening:
            bound, bound_port = listening.getsockname()[:2]
            if not is_local:
                warning = f"whoever reaches {bound} can read this lake: there is no login"
                if ipaddress.ip_address(bound).is_unspecified and not allow_host:
                    warning += "; by which name or address: --allow-host NAME"
                click.echo(warning, err=True)
            from tracing.server.hosts import allowed_hosts, bracketed

            click.echo(f"http://{bracketed(bound)}:{bound_port}/")
            sys.stdout.flush()
            import uvicorn

            from tracing.server.app import App

            hosts = allowed_hosts((bound, host), bound_port, allow_host)
            app = App(opened, hosts, embargoed=embargoed, log=_say)
            server = uvicorn.Server(
                uvicorn.Config(
                    app, loop="asyncio", http=_closing_idle(), ws="none", lifespan="off",
                    interface="asgi3", log_config=None, access_log=False, proxy_headers=False,
                    server_header=False, limit_concurrency=_MOST_CONNECTIONS,
                    timeout_graceful_shutdown=_GRACE,
                )
            )  # fmt: skip
            logging.getLogger("uvicorn").addHandler(_OneLine(logging.ERROR))
            threading.Thread(target=_stop_server, args=(stop, server), daemon=True).start()
            server.run(sockets=[listening])
    if app.close():
        # A reading cannot be broken off, and nobody waits for it any more.
        sys.stderr.flush()
        os._exit(0)


def _closing_idle() -> type[asyncio.Protocol]:
    """Uvicorn's HTTP, but a connection over which no whole request comes is closed in time.

    Else so many idle ones as are taken would keep everybody out.
    """
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Closing(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.loop.call_later(_PATIENCE, self._close_idle)

        def _close_idle(self) -> None:
            if self.cycle is None:
                self.transport.close()

    return Closing


def _follow(mirror: Path, stop: threading.Event) -> None:
    """Bring what is new in an object store; while it does not answer, what is here is shown."""
    from lake.mirror import has_news, pull
    from lake.store import StoreRefused, StoreUnavailable
    from lake.tables import LakeDamaged

    told = ""
    while not stop.wait(_FOLLOW_SECONDS):
        try:
            if has_news(mirror):
                pull(mirror)
            told = ""
        except (StoreRefused, StoreUnavailable, LakeDamaged, OSError) as error:
            if str(error) != told:
                _say(strip_controls(str(error)))
            told = str(error)


def _stop_server(stop: threading.Event, server: uvicorn.Server) -> None:
    stop.wait()
    server.should_exit = True


def _say(line: str) -> None:
    click.echo(f"wiretrace serve: {line}", err=True)


class _OneLine(logging.Handler):
    """What goes wrong beside the answers, in a line; not that one was broken off at the end."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, asyncio.CancelledError):
            why = "" if error is None else f": {error!r}"
            _say(strip_controls(f"{record.getMessage()}{why}"))


def _listen(host: str, port: int) -> tuple[socket.socket, bool]:
    """A listening socket, and whether only this machine reaches it.

    Raises:
        click.UsageError: there is no such address here, or the port is taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise click.UsageError(f"--host {host}: {error.strerror or error}") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_WAITING_CONNECTIONS)
    except OSError as error:
        listening.close()
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise click.UsageError(
            f"cannot listen at {host}, port {port}: {reason}; --port 0 takes any free port"
        ) from error
    return listening, ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
