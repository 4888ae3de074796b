"""What commands that ask feeds have in common: hosts they may ask, pages, lists in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

allow_host_option = click.option(
    "--allow-host", multiple=True, metavar="HOST[:PORT]", help="Do not check its address."
)
full_text_option = click.option(
    "--full-text", is_flag=True, help="Fetch the pages of entries with a summary only."
)


def read_list_file(named: str) -> Any:
    """A feed list from the file or `gs://BUCKET/NAME` named; what is wrong is a usage error."""
    from lake.store import StoreRefused
    from transforms.feeds.feed_list import BadFeedList, read_list

    try:
        return read_list(_read_bytes(named), named)
    except (OSError, BadFeedList, StoreRefused) as error:
        raise click.UsageError(str(error)) from None


def _read_bytes(named: str) -> bytes:
    from lake.store import is_address, open_store

    if not is_address(named):
        return Path(named).read_bytes()
    folder, _, name = named.rpartition("/")
    found = open_store(folder).get(name)
    if found is None:
        raise FileNotFoundError(f"{named} is not there")
    return found.data


def allow_hosts(polling: Any, named: tuple[str, ...]) -> Any:
    """The list's way of asking, with the hosts that the command line allows beside its own."""
    from dataclasses import replace

    from transforms.fetch.addresses import AllowedHosts

    try:
        AllowedHosts.parse(named)
    except ValueError as error:
        raise click.UsageError(f"--allow-host: {error}") from None
    return replace(polling, allow_hosts=(*polling.allow_hosts, *named))
