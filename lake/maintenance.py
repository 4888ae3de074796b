"""The commit of a command that maintains a lake rather than reads sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib.metadata import version

from lake.commit import Plan, commit
from lake.data_file import DataFile
from lake.tables import Lake
from schemas.run import Run


def maintenance_run(command: str, sequence: int, started: dt.datetime) -> Run:
    """The ledger row of a run that saw no items."""
    return Run(
        sequence=sequence,
        run_id=f"{started:%Y%m%dT%H%M%SZ}-{sequence:06d}",
        command=command,
        config_hash="",
        code_version=version("wiretrace"),
        started=started,
        ended=dt.datetime.now(dt.UTC),
        status="complete",
    )


def commit_rewrite(
    lake: Lake,
    run: Run,
    added: Sequence[DataFile],
    removed: Sequence[DataFile],
    *,
    data_change: bool,
    purge: Sequence[str] = (),
) -> None:
    """Replace files by others in one commit; a file that would replace itself stays."""
    kept = {(file.table, file.path) for file in added} & {(f.table, f.path) for f in removed}
    commit(
        lake,
        Plan(
            run.sequence,
            run,
            [file for file in added if (file.table, file.path) not in kept],
            [file for file in removed if (file.table, file.path) not in kept],
            data_change,
            purge,
        ),
    )
