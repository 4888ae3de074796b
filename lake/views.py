"""The lake in DuckDB: pinned tables as views, the views of the current state, nothing else.

DuckDB gets lists of files, never `DeltaTable.to_pyarrow_dataset()`: both in one process abort at
exit now and then (DESIGN §5). What a user's SQL can open is those files only, and only to read.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from lake.tables import LakeDamaged, Snapshot
from schemas.catalog import TABLES
from schemas.definition import Table

_VIEW = re.compile(r"^CREATE VIEW (\w+) AS", re.MULTILINE)
_VIEWS = Path(__file__).with_name("views.sql")


class NotAQuery(Exception):
    """SQL that is more than one statement, or something else than a query."""

    exit_code = 2


def connect(pinned: Snapshot) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with every table and view of a snapshot, locked: no other file opens.

    Times are UTC. Columns that were added after a file was written read as null.

    Raises:
        LakeDamaged: a data file is missing, or its Parquet footer is damaged.
    """
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    spill = Path(tempfile.gettempdir()) / "wiretrace-duckdb"
    connection.execute("SET temp_directory = ?", [str(spill)])
    allowed: list[str] = []
    for table in TABLES:
        paths = pinned.paths(table.name)
        try:
            _register(connection, table, paths)
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0]  # then follows our own SQL
            raise LakeDamaged(
                f"table {table.name} cannot be read: {reason}; run `wiretrace doctor`"
            ) from error
        allowed += paths
    connection.execute(_VIEWS.read_text("utf-8"))
    connection.execute("SET allowed_paths = ?", [allowed])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def connect_rows(rows: Mapping[str, pa.Table], *views: str) -> duckdb.DuckDBPyConnection:
    """What some of the same views give over some rows of some tables; no file opens.

    Only what the named views are made of is there: to make all of them, and to have every table, as
    when none is named, costs more than to ask one. Each is worked out once, as a table: to plan a
    query over views of views takes half a second.
    """
    connection = duckdb.connect(":memory:", config={"threads": 1})  # 10 ms less to start
    connection.execute("SET TimeZone = 'UTC'")
    statements = _statements_of(views)
    for table in TABLES:
        if not views or _is_named(table.name, statements):
            connection.register(table.name, rows.get(table.name, table.schema.empty_table()))
    for statement in statements:
        connection.execute(statement)
    connection.execute("SET enable_external_access = false")
    return connection


def _statements_of(views: Sequence[str]) -> list[str]:
    """Makes tables of these views, or all, and those they are made of: each names earlier ones."""
    _, *pieces = _VIEW.split(_VIEWS.read_text("utf-8"))
    found: list[str] = []
    for name, text in zip(pieces[-2::-2], pieces[-1::-2], strict=True):
        if not views or name in views or _is_named(name, found):
            found.append(f"CREATE TABLE {name} AS{text}")
    return found[::-1]


def _is_named(name: str, statements: Iterable[str]) -> bool:
    return any(re.search(rf"\b{name}\b", statement) for statement in statements)


def query(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyRelation:
    """One query, run when its result is asked for.

    Other statements are refused: `COPY … TO` a registered file would be allowed, and destroy it.

    Raises:
        NotAQuery: it is no single SELECT (FROM, WITH, DESCRIBE, SUMMARIZE and SHOW count as such).
        duckdb.Error: DuckDB does not understand or cannot do it.
    """
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise NotAQuery("one query, please: SELECT …, FROM …, WITH …, DESCRIBE … or SHOW TABLES")
    return connection.sql(statements[0])


def _register(connection: duckdb.DuckDBPyConnection, table: Table, paths: Sequence[str]) -> None:
    empty = f"_empty_{table.name}"
    connection.register("_schema", table.schema.empty_table())
    connection.execute(f"CREATE TABLE {empty} AS FROM _schema")
    connection.unregister("_schema")
    columns = ", ".join(f'"{name}"' for name in table.schema.names)
    source = f"{empty}"
    if paths:
        # The empty table lends the columns that none of these files has.
        source = f"({_scan(table, paths)} UNION ALL BY NAME FROM {empty})"
    connection.execute(f"CREATE VIEW {table.name} AS SELECT {columns} FROM {source}")


def _scan(table: Table, paths: Sequence[str]) -> str:
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    options = "union_by_name = true"
    if table.partition_by:
        types = ", ".join(
            f"'{name}': {'DATE' if name == 'date' else 'VARCHAR'}" for name in table.partition_by
        )
        options += f", hive_partitioning = true, hive_types = {{{types}}}"
    else:
        options += ", hive_partitioning = false"
    return f"FROM read_parquet([{files}], {options})"
