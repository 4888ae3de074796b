"""The process that commits windows: `pipeline.committer_process LAKE ENTITIES STORIES SOURCE…`.

It is told of windows on its standard input and answers there; it ends when nobody listens any more.
A commit that has begun is finished first, so that a killed worker does not leave half of one.
"""

from __future__ import annotations

import datetime as dt
import pickle
import socket
import sys
import traceback

from pipeline.cli.beam_import import silence_beam_import
from pipeline.memory import keep_flat


def main(arguments: list[str]) -> None:
    """Commit one window after the other."""
    keep_flat()
    silence_beam_import()
    # Only now: Arrow, which they load, looks at once where it may allocate.
    from lake.present import root_of
    from pipeline.commit_window import WindowOptions, commit_window, open_window
    from pipeline.committer import STORIES, Committed
    from schemas.run import OUTCOMES
    from transforms.parse.messages import Closed, Inbox, send

    lake, entities, stories, *sources = arguments
    options = WindowOptions(root_of(lake), entities, frozenset(sources), stories == STORIES)

    def commit(end: float, packed: list[bytes]) -> Committed | str:
        """What was done, or why it was not: the engine tries again, and its log says this."""
        window_end = dt.datetime.fromtimestamp(end, dt.UTC)
        try:
            row = commit_window(options, open_window(window_end, packed))
        except Exception:
            return traceback.format_exc()
        if row is None:
            return Committed(None, {})
        return Committed(row.sequence, {name: getattr(row, name) for name in OUTCOMES})

    sock = socket.socket(fileno=sys.stdin.fileno())
    inbox = Inbox(sock)
    while True:
        try:
            end, parts = pickle.loads(inbox.receive())
            packed = [one for _ in range(parts) for one in pickle.loads(inbox.receive())]
            send(sock, pickle.dumps(commit(end, packed)))
        except Closed:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
