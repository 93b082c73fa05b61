"""Mails to the employee that have not left yet, and calling them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from mailflow.core.case.content import Template
from mailflow.core.case.dossier import PendingReply
from mailflow.store.outbox import OutboxState, open_row
from mailflow.store.schema import outbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.keys.keyring import Keyring
    from mailflow.store.batch import Batch
    from mailflow.store.sealed import Vault

_HELD = (OutboxState.QUEUED, OutboxState.DEFERRED)


def pending_replies(
    connection: Connection, keyring: Keyring, vault: Vault
) -> tuple[PendingReply, ...]:
    """In the order in which they are to leave."""
    rows = connection.execute(
        select(outbox)
        .where(
            outbox.c.case_uid == vault.case_uid,
            outbox.c.template == Template.REPLY,
            outbox.c.state.in_(_HELD),
        )
        .order_by(outbox.c.due_at, outbox.c.id)
    ).mappings()
    found = []
    for row in rows:
        mail = open_row(keyring, row, vault)
        by = str(mail.order.fields.get("by", ""))
        found.append(
            PendingReply(
                mail.id, mail.order.cause, mail.order.recipient, mail.due_at, by, mail.state
            )
        )
    return tuple(found)


def call_back(batch: Batch, replies: Mapping[str, str], *, now: datetime) -> None:
    """``replies`` are ids with the state they were seen in. The flush raises ConflictError when
    one of them is being sent already.
    """
    for mail_id, state in replies.items():
        batch.change(
            outbox,
            {"state": OutboxState.CANCELLED, "error": "called_back", "due_at": now},
            expecting={"id": mail_id, "state": state},
        )
