"""Writes the pages of docs/ that are made from the code: tables, formats, commands, settings.

python docs/generate.py            write them
python docs/generate.py --check    leave with 1 if one is stale (`make lint`)
"""

from __future__ import annotations

import argparse
import difflib
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

import pyarrow as pa

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs.describe_commands import write_cli_page  # noqa: E402
from docs.describe_settings import (  # noqa: E402
    write_configuration_page,
    write_exit_codes_page,
    write_metrics_page,
)
from schemas.catalog import TABLES  # noqa: E402
from schemas.definition import Table  # noqa: E402
from schemas.parse_warning import WARNINGS  # noqa: E402
from schemas.reject import REASONS, STAGES  # noqa: E402
from transforms.parse import archive, warc  # noqa: E402
from transforms.parse.formats import COLUMNS, kept_by_column  # noqa: E402
from transforms.parse.sniff import READERS, Reader  # noqa: E402

DOCS = ROOT / "docs"
_INTRODUCTION = """\
# The tables of a lake

<!-- Written by `make docs` from schemas/. Do not edit: `make lint` compares. -->

Each table is the Delta table `LAKE/<name>/`; the first run creates all of them. Rows are never
rewritten: what changes later (the current version, the effective `pubstatus`) is in the views of
`lake/views.sql`. Ids are lower-case hex of a 128-bit hash. Times are UTC, in microseconds. Offsets
are Unicode code points into the named field, end exclusive. How to read the tables from other
tools: [reading.md](reading.md).
"""
_FORMATS_INTRODUCTION = """\
# Wire formats

<!-- Written by `make docs` from transforms/parse/. Do not edit: `make lint` compares. -->

The content decides which reader is asked, in this order; a file's name never does. Each may come
gzipped, or in an archive, which the last section describes. `wiretrace formats` lists the names
that `--format` takes.
"""


def main() -> int:
    """Write or check the pages; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="leave with 1 if a page is stale")
    pages = {
        "schema.md": write_schema_page(),
        "formats.md": write_formats_page(),
        "cli.md": write_cli_page(),
        "configuration.md": write_configuration_page(),
        "exit_codes.md": write_exit_codes_page(),
        "metrics.md": write_metrics_page(),
    }
    if parser.parse_args().check:
        return int(sum(_is_stale(DOCS / name, page) for name, page in pages.items()) > 0)
    for name, page in pages.items():
        (DOCS / name).write_text(page, "utf-8")
    return 0


def _is_stale(path: Path, page: str) -> bool:
    found = path.read_text("utf-8") if path.exists() else ""
    sys.stderr.writelines(
        difflib.unified_diff(found.splitlines(True), page.splitlines(True), path.name, "source")
    )
    if found != page:
        print(f"docs/{path.name} is stale: run `make docs`", file=sys.stderr)
    return found != page


def write_schema_page() -> str:
    """The whole page as Markdown."""
    blocks = [_INTRODUCTION, *(_describe_table(table) for table in TABLES), _describe_rejects()]
    return "\n".join(blocks)


def _describe_table(table: Table) -> str:
    return "\n".join(
        [
            f"## {table.name}",
            "",
            table.doc,
            "",
            f"Version {table.version}. {_describe_layout(table)}",
            "",
            "| column | type | meaning | source |",
            "|---|---|---|---|",
            *_describe_columns(table),
            "",
        ]
    )


def _describe_layout(table: Table) -> str:
    folders = ", then ".join(f"`{name}`" for name in table.partition_by)
    rows = ", ".join(f"`{name}`" for name in table.sort_by)
    return f"{f'Folders by {folders}' if folders else 'No folders'}; rows sorted by {rows}."


def _describe_columns(table: Table) -> Iterator[str]:
    for name, column in table.columns.items():
        field = table.schema.field(name)
        kind = describe_type(field.type) + (" or null" if field.nullable else "")
        yield f"| `{name}` | {kind} | {_cell(column.doc)} | {_cell(column.source)} |"


def describe_type(kind: pa.DataType) -> str:
    """An Arrow type in words that fit a table cell."""
    if pa.types.is_list(kind):
        return f"list of {describe_type(kind.value_type)}"
    if pa.types.is_struct(kind):
        inner = ", ".join(f"{field.name}: {describe_type(field.type)}" for field in kind)
        return f"struct({inner})"
    return {"timestamp[us, tz=UTC]": "timestamp", "date32[day]": "date"}.get(str(kind), str(kind))


def _describe_rejects() -> str:
    rows = [f"| `{reason}` | {_cell(meaning)} |" for reason, meaning in REASONS.items()]
    return "\n".join(
        [
            "## Reasons of rejects",
            "",
            "A closed list. Stages, in the order of the road: "
            + ", ".join(f"`{stage}`" for stage in STAGES)
            + ".",
            "",
            "| reason | meaning |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def write_formats_page() -> str:
    """The wire formats, by their readers' own words, and the warnings of reading."""
    warnings = [f"| `{name}` | {_cell(meaning)} |" for name, meaning in WARNINGS.items()]
    return "\n".join(
        [
            _FORMATS_INTRODUCTION,
            *(_describe_reader(reader) for reader in READERS),
            _describe_module(", ".join(archive.FORMATS), archive),
            _describe_module("warc in particular", warc),
            _describe_coverage(),
            _describe_misses(),
            "## Warnings",
            "",
            "`articles.parse_warnings` holds what was odd about an item that was still read; "
            "some have a detail after a colon. A closed list.",
            "",
            "| warning | meaning |",
            "|---|---|",
            *warnings,
            "",
        ]
    )


def _describe_reader(reader: Reader) -> str:
    text = _describe_module(reader.FORMAT, cast(ModuleType, reader))
    return text.replace("\n\n", f"\n\nVersions: {reader.VERSIONS}.\n\n", 1)


def _describe_coverage() -> str:
    """Field by field, where each format keeps it."""
    kept = {reader.FORMAT: kept_by_column(reader) for reader in READERS}
    rows = []
    for column in COLUMNS:
        where = (f"`{name}`: {_cell(one[column])}" for name, one in kept.items() if column in one)
        rows.append(f"| `{column}` | {'<br>'.join(where)} |")
    return "\n".join(
        [
            "## Where each format keeps a field",
            "",
            "The columns of `articles` that a delivery can state; a format that is not named keeps "
            "nothing of it.",
            "",
            "| column | where |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def _describe_misses() -> str:
    """What peers' tests assert of the shared wires and we see otherwise."""
    table = tomllib.loads((DOCS / "index_misses.toml").read_text("utf-8"))
    rows = [
        f"| `{miss['file']}` | {_cell(miss['claim'])} | {_cell(miss['why'])} |"
        for miss in table.get("miss", ())
    ]
    return "\n".join(
        [
            "## Seen otherwise than by others",
            "",
            "The shared wires come with values that other readers' tests assert; "
            "`pytest tests/transforms/parse/test_wire_index.py` counts them. These are not met:",
            "",
            "| file | asserted | why not |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _describe_module(title: str, module: ModuleType) -> str:
    text = (module.__doc__ or "").strip().replace("{", "\\{")
    return f"## {title}\n\n{text}\n\nRead by `{module.__name__.replace('.', '/')}.py`.\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
