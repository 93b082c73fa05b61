"""Sensitive mails whose copy on the mail server is still to be removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from mailflow.store.schema import inbound, server_copies
from mailflow.store.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from mailflow.store.batch import Batch

_AT_ONCE = 200


def remove_copy(batch: Batch, inbound_id: str, *, mailbox: str) -> None:
    """Ask for the removal of one mail's copy."""
    batch.add(server_copies, {"inbound_id": inbound_id, "mailbox": mailbox})


def remove_copies_of_case(
    connection: Connection, case_uid: str, *, mailboxes: Collection[str]
) -> None:
    """Ask for the removal of all that came in before the case was sensitive."""
    rows = select(inbound.c.id, inbound.c.mailbox).where(
        inbound.c.case_uid == case_uid, inbound.c.mailbox.in_(list(mailboxes))
    )
    statement = insert_into(connection, server_copies).from_select(["inbound_id", "mailbox"], rows)
    connection.execute(statement.on_conflict_do_nothing())


def due_removals(connection: Connection, mailbox: str) -> dict[str, tuple[int, int]]:
    """Mail by mail where it lies now, (UIDVALIDITY, UID); those whose place is not known wait."""
    rows = connection.execute(
        select(inbound.c.id, inbound.c.processed_uidvalidity, inbound.c.processed_uid)
        .join(server_copies, server_copies.c.inbound_id == inbound.c.id)
        .where(server_copies.c.mailbox == mailbox, inbound.c.processed_uid > 0)
        .limit(_AT_ONCE)
    )
    return {row.id: (row.processed_uidvalidity, row.processed_uid) for row in rows}


def forget_removals(connection: Connection, inbound_ids: Collection[str]) -> None:
    connection.execute(
        delete(server_copies).where(server_copies.c.inbound_id.in_(list(inbound_ids)))
    )
