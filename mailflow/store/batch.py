"""Rows written together: one statement a table, not one a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, update

from mailflow.errors import ConflictError
from mailflow.store import schema
from mailflow.store.prepared import insert_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

Row = dict[str, Any]

# Parents before children, so that foreign keys hold at every statement.
_INSERT_ORDER: tuple[Table, ...] = (
    schema.cases,
    schema.participants,
    schema.reply_tokens,
    schema.message_ids,
    schema.messages,
    schema.attachments,
    schema.case_events,
    schema.decisions,
    schema.clocks,
    schema.timers,
    schema.outbox,
    schema.outbox_bodies,
    schema.outbox_attempts,
    schema.held_items,
    schema.confirmations,
    schema.server_copies,
    schema.signatures_seen,
)

# Facts that two mails may state alike: the first one stands.
_KNOWN_ALREADY = (
    schema.message_ids,
    schema.signatures_seen,
    schema.confirmations,
    schema.server_copies,
    schema.timers,
)


class Batch:
    """Collects inserts and updates of one transaction and writes them set-wise.

    An update names the values it expects to find; when a row has changed meanwhile, ``flush``
    raises ConflictError and the transaction must be given up.
    """

    def __init__(self) -> None:
        self._inserts: dict[Table, list[Row]] = {}
        self._updates: dict[tuple[Table, tuple[str, ...], tuple[str, ...]], list[Row]] = {}

    def add(self, table: Table, row: Row) -> None:
        self._inserts.setdefault(table, []).append(row)

    def change(
        self, table: Table, values: Mapping[str, Any], *, expecting: Mapping[str, Any]
    ) -> None:
        """Set ``values`` in the one row that has all of ``expecting``."""
        shape = (table, tuple(sorted(values)), tuple(sorted(expecting)))
        row = {f"set_{name}": value for name, value in values.items()}
        row |= {f"was_{name}": value for name, value in expecting.items()}
        self._updates.setdefault(shape, []).append(row)

    def flush(self, connection: Connection) -> None:
        for table in _INSERT_ORDER:
            rows = self._inserts.pop(table, None)
            if not rows:
                continue
            insert_rows(connection, table, rows, keeps_known=table in _KNOWN_ALREADY)
        if self._inserts:
            unknown = ", ".join(table.name for table in self._inserts)
            raise LookupError(f"no insert order for {unknown}")
        for (table, values, expecting), rows in self._updates.items():
            statement = (
                update(table)
                .where(*(table.c[name] == bindparam(f"was_{name}") for name in expecting))
                .values({name: bindparam(f"set_{name}") for name in values})
            )
            changed = connection.execute(statement, rows).rowcount
            if changed != len(rows):
                raise ConflictError(f"{table.name}: {len(rows) - changed} rows changed meanwhile")
        self._updates.clear()
