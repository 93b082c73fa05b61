"""Mails of the outbox as those look for them who ask what a bounce is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from mailflow.store.outbox import OutboxState, open_row
from mailflow.store.schema import outbox

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from mailflow.keys.keyring import Keyring
    from mailflow.store.outbox import OutboxMail
    from mailflow.store.sealed import Vault


def find_outbox_mails(
    connection: Connection, keyring: Keyring, ids: Collection[str], vaults: Mapping[str, Vault]
) -> dict[str, OutboxMail]:
    """The mails with these ids, of the cases whose vaults are given."""
    if not ids:
        return {}
    rows = connection.execute(select(outbox).where(outbox.c.id.in_(sorted(ids)))).mappings()
    return {
        row["id"]: open_row(keyring, row, vaults[row["case_uid"]])
        for row in rows
        if row["case_uid"] in vaults
    }


def last_sent_to(
    connection: Connection,
    keyring: Keyring,
    participant_ids: Collection[str],
    vaults: Mapping[str, Vault],
) -> dict[str, OutboxMail]:
    """The mail that each of these participants was sent last, by participant."""
    if not participant_ids:
        return {}
    rows = connection.execute(
        select(outbox)
        .where(
            outbox.c.participant_id.in_(sorted(participant_ids)),
            outbox.c.case_uid.in_(sorted(vaults)),
            outbox.c.state == OutboxState.SENT,
        )
        .order_by(outbox.c.sent_at, outbox.c.id)
    ).mappings()
    latest = {row["participant_id"]: row for row in rows}
    return {who: open_row(keyring, row, vaults[row["case_uid"]]) for who, row in latest.items()}
