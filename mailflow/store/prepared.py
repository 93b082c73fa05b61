"""Inserts of many rows whose text and conversions are worked out once, not for every row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from mailflow.store.upsert import insert_as

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect, Table

    Conversion = Callable[[Any], Any]


@dataclass(frozen=True)
class PreparedInsert:
    """``columns`` in the order of the text, each with what the driver needs done to a value."""

    text: str
    columns: tuple[tuple[str, Conversion | None], ...]
    is_positional: bool

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        columns = self.columns
        values = [
            [row[name] if convert is None else convert(row[name]) for name, convert in columns]
            for row in rows
        ]
        parameters: list[Any] = [tuple(row) for row in values]
        if not self.is_positional:
            names = [name for name, _ in columns]
            parameters = [dict(zip(names, row, strict=True)) for row in values]
        connection.exec_driver_sql(self.text, parameters)


def insert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keeps_known: bool = False,
) -> None:
    """All rows have the columns of the first. With ``keeps_known`` a row whose unique key is there
    already stays as it is.
    """
    columns = tuple(rows[0])
    prepared = _prepare(connection.dialect, table, columns, keeps_known=keeps_known)
    prepared.execute(connection, rows)


@lru_cache(maxsize=256)
def _prepare(
    dialect: Dialect, table: Table, columns: tuple[str, ...], *, keeps_known: bool
) -> PreparedInsert:
    statement = insert_as(dialect, table).on_conflict_do_nothing() if keeps_known else insert(table)
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    names = compiled.positiontup if compiled.positional else columns
    return PreparedInsert(
        text=str(compiled),
        columns=tuple(
            (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in names or columns
        ),
        is_positional=compiled.positional,
    )
