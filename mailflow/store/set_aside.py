"""Mails in quarantine: found again, put back to be processed, or discarded with bytes kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from mailflow.errors import ConflictError, SealError
from mailflow.keys.sealing import open_sealed, rewrap_key, unwrap_key
from mailflow.store.inbound import InboundState, StoredMail
from mailflow.store.schema import attachments, inbound, inbound_bodies, messages
from mailflow.store.sealed import INTAKE

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from mailflow.keys.keyring import Keyring
    from mailflow.store.sealed import Vault

IN_QUARANTINE = (InboundState.QUARANTINED,)
MENDABLE = (InboundState.QUARANTINED, InboundState.DISCARDED)
_DISCARDED = "discarded"
BROKEN_SEAL = "broken_seal"


@dataclass(frozen=True)
class InboundRow:
    """A received mail, still sealed. ``disposition`` is None while it waits."""

    id: str
    mailbox: str
    uidvalidity: int
    uid: int
    internal_date: datetime
    processed_at: datetime | None
    size: int
    lane: int
    tries: int
    state: InboundState
    disposition: str | None
    reason: str | None
    case_uid: str | None
    wrapped_under: str
    key_wrap: bytes = field(repr=False)
    content_index: bytes = field(repr=False)


def list_set_aside(
    connection: Connection, *, states: Collection[InboundState] = IN_QUARANTINE
) -> tuple[InboundRow, ...]:
    """Oldest first."""
    rows = connection.execute(
        select(inbound).where(inbound.c.state.in_(list(states))).order_by(inbound.c.id)
    ).mappings()
    return tuple(read_row(row) for row in rows)


def count_set_aside(connection: Connection) -> int:
    query = select(func.count()).where(inbound.c.state == InboundState.QUARANTINED)
    return connection.execute(query).scalar_one()


def find_inbound(connection: Connection, inbound_id: str) -> InboundRow | None:
    row = connection.execute(select(inbound).where(inbound.c.id == inbound_id)).mappings().first()
    return read_row(row) if row else None


def read_row(row: RowMapping) -> InboundRow:
    return InboundRow(
        id=row["id"],
        mailbox=row["mailbox"],
        uidvalidity=row["uidvalidity"],
        uid=row["uid"],
        internal_date=row["internal_date"],
        processed_at=row["processed_at"],
        size=row["size"],
        lane=row["lane"],
        tries=row["tries"],
        state=InboundState(row["state"]),
        disposition=row["disposition"],
        reason=row["reason"],
        case_uid=row["case_uid"],
        wrapped_under=row["wrapped_under"],
        key_wrap=row["key_wrap"],
        content_index=row["content_index"],
    )


def open_stored(
    connection: Connection, keyring: Keyring, row: InboundRow, *, vault: Vault | None
) -> StoredMail:
    """The mail as processing knows it; ``vault`` is the case's that holds it. Raises SealError."""
    wrapping = keyring.known_kek(INTAKE) if vault is None else vault.wrapping
    key = unwrap_key(wrapping, row.key_wrap, context=("inbound", row.id))
    sealed = connection.execute(
        select(inbound_bodies.c.raw).where(inbound_bodies.c.inbound_id == row.id)
    ).scalar_one()
    return StoredMail(
        id=row.id,
        mailbox=row.mailbox,
        uidvalidity=row.uidvalidity,
        uid=row.uid,
        internal_date=row.internal_date,
        lane=row.lane,
        tries=row.tries,
        wrapped_under=row.wrapped_under,
        key_wrap=row.key_wrap,
        content_index=row.content_index,
        raw=open_sealed(key, sealed, table="inbound_bodies", column="raw", row_id=row.id),
    )


def set_broken_aside(
    connection: Connection, keyring: Keyring, *, mailbox: str, now: datetime
) -> tuple[str, ...]:
    """Put waiting mails whose seal does not open into quarantine, as they are; returns their ids.

    They can be put under no case's key, so no case tells of them: an operator has to.
    """
    query = select(inbound).where(
        inbound.c.mailbox == mailbox, inbound.c.state == InboundState.STORED
    )
    broken: list[str] = []
    for found in connection.execute(query.order_by(inbound.c.id)).mappings().all():
        row = read_row(found)
        try:
            open_stored(connection, keyring, row, vault=None)
        except SealError:
            broken.append(row.id)
    if broken:
        connection.execute(
            update(inbound)
            .where(inbound.c.id.in_(broken), inbound.c.state == InboundState.STORED)
            .values(
                state=InboundState.QUARANTINED,
                disposition=InboundState.QUARANTINED,
                reason=BROKEN_SEAL,
                processed_at=now,
            )
        )
    return tuple(broken)


def put_back(
    connection: Connection, keyring: Keyring, row: InboundRow, *, vault: Vault | None
) -> bytes:
    """Let a decided mail wait again as if it had just come in; its key leaves the case.

    Returns the new wrap. Raises ConflictError when somebody else decided about it first.
    """
    key_wrap = row.key_wrap
    if vault is not None:
        key_wrap = rewrap_key(
            vault.wrapping, keyring.kek(INTAKE), key_wrap, context=("inbound", row.id)
        )
    changed = connection.execute(
        update(inbound)
        .where(inbound.c.id == row.id, inbound.c.state == row.state)
        .values(
            state=InboundState.STORED,
            tries=0,
            not_before=None,
            disposition=None,
            reason=None,
            case_uid=None,
            processed_at=None,
            fingerprint_index=None,
            key_wrap=key_wrap,
            wrapped_under=INTAKE,
        )
    )
    if changed.rowcount != 1:
        raise ConflictError(f"inbound {row.id} was decided meanwhile")
    return key_wrap


def forget_empty_message(connection: Connection, inbound_id: str) -> None:
    """Take the empty message of an unreadable mail out of its case, so that the mail, once it
    is read, can be filed where it belongs.
    """
    connection.execute(delete(attachments).where(attachments.c.message_id == inbound_id))
    connection.execute(delete(messages).where(messages.c.id == inbound_id))


def discard(connection: Connection, inbound_id: str) -> bool:
    """Out of the list, with its bytes kept; False when it is in no quarantine."""
    changed = connection.execute(
        update(inbound)
        .where(inbound.c.id == inbound_id, inbound.c.state == InboundState.QUARANTINED)
        .values(state=InboundState.DISCARDED, reason=_DISCARDED)
    )
    return changed.rowcount == 1


def say_why(connection: Connection, inbound_id: str, *, reason: str) -> None:
    """``reason`` is the neutral word that the ledger shows from now on."""
    connection.execute(update(inbound).where(inbound.c.id == inbound_id).values(reason=reason))
