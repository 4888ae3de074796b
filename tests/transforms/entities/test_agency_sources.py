"""Every row of `agencies.toml` says where its names were seen, and the shared texts hold them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms.entities.lexicon import all_aliases, read_named, read_rows

NOT_SEEN = {False: "", True: "; other names: usual press form"}
_SOURCE = re.compile(r"page-\S+|\S+ [1-9][0-9]*")
# Sets with a token a line: a sentence goes on to the next empty line.
_TOKENS = ".tsv"


def test_every_agency_has_a_source():
    """A known key, and a line in whatever is no page of its own."""
    keys = {key for key, *_ in read_rows("name_sources.tsv")}
    for row in read_named("agencies.toml", "agency"):
        sources = sources_of(row)
        assert all(_SOURCE.fullmatch(one) for one in sources), row["id"]
        assert {one.partition(" ")[0] for one in sources} <= keys, row["id"]


def test_names_that_were_seen_are_told_from_the_rest():
    """`seen` lists names of the row, and the source says whether there are others."""
    for row in read_named("agencies.toml", "agency"):
        seen = row.get("seen", [])
        names = list(all_aliases(row))
        assert seen, row["id"]
        assert [name for name in names if name in seen] == seen, row["id"]
        assert row["source"] == "|".join(sources_of(row)) + NOT_SEEN[len(seen) < len(names)]


def test_shared_texts_hold_the_names(shared: Path):
    """Each named line holds a name that was seen; together they hold all, if there is no page."""
    folders = {key: address for key, address, *_ in read_rows("name_sources.tsv")}
    lines: dict[Path, list[str]] = {}
    looked_at = 0
    for row in read_named("agencies.toml", "agency"):
        found: set[str] = set()
        sources = sources_of(row)
        for key, _, number in (one.partition(" ") for one in sources):
            address = folders.get(key, "")
            if address.startswith("../shared/"):
                path = shared / address.removeprefix("../shared/")
                text = text_at(path, int(number), lines).casefold()
                held = {name for name in row["seen"] if name.casefold() in text}
                assert held, (row["id"], key, number)
                found |= held
                looked_at += 1
        if all(folders.get(one.partition(" ")[0], "").startswith("../") for one in sources):
            assert found == set(row["seen"]), row["id"]
    assert looked_at >= 30


def sources_of(row: dict[str, Any]) -> list[str]:
    """`key line` or `page-…` of each source, without the words on the other names."""
    text: str = row["source"]
    return text.partition(";")[0].split("|")


def text_at(path: Path, number: int, lines: dict[Path, list[str]]) -> str:
    """The text of a line, counted from 1; `lines` keeps what was read."""
    if path not in lines:
        data = path.read_bytes()
        raw = gzip.decompress(data) if path.suffix == ".gz" else data
        lines[path] = raw.decode("utf-8").split("\n")
    line = lines[path][number - 1]
    if line.startswith("{"):
        return " ".join(" ".join(strings_in(json.loads(line))).split())
    if path.suffix == _TOKENS:
        rest = lines[path][number - 1 :]
        sentence = rest[: rest.index("")]
        return " ".join(token.split("\t")[1] for token in sentence)
    return line


def strings_in(value: Any) -> Iterator[str]:
    """Every string of a parsed JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings_in(part)
