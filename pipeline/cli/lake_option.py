"""`--lake`: a folder, or the address of a lake in an object store; and `--wait` for a busy one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class LakePath(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.1
    """A folder as it is; an address (`s3://bucket/prefix`) as the folder of its mirror."""

    name = "folder|url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The folder to open."""
        if not isinstance(value, str) or "://" not in value:
            return Path(value)
        from lake.present import mirror_of
        from lake.store import StoreRefused

        try:
            return mirror_of(value)
        except StoreRefused as error:
            raise click.BadParameter(str(error), ctx=ctx, param=param) from error


LAKE = LakePath()
lake_option = click.option(
    "--lake", required=True, type=LAKE, help="Folder or address of the lake."
)
wait_option = click.option(
    "--wait", type=click.FloatRange(0), default=0.0, help="Seconds for a busy lake."
)
