"""Received mails: sealed whole before anything else is done with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.keys.sealing import new_data_key, open_sealed, rewrap_key, seal, unwrap_key, wrap_key
from mailflow.store.prepared import insert_rows
from mailflow.store.schema import inbound, inbound_bodies, mailbox_cursors, signatures_seen
from mailflow.store.sealed import INTAKE, to_json
from mailflow.store.session import new_id
from mailflow.store.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from mailflow.keys.keyring import Keyring
    from mailflow.store.batch import Batch
    from mailflow.store.sealed import Vault


class InboundState(StrEnum):
    STORED = "stored"
    PROCESSED = "processed"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class FetchedMail:
    """One mail as the server gave it. ``message_id`` is without brackets, None when absent."""

    mailbox: str
    uidvalidity: int
    uid: int
    internal_date: datetime
    raw: bytes = field(repr=False)
    lane: int = 1
    message_id: str | None = None


@dataclass(frozen=True)
class StoredMail:
    """A stored mail that waits to be processed, opened."""

    id: str
    mailbox: str
    uidvalidity: int
    uid: int
    internal_date: datetime
    lane: int
    tries: int
    wrapped_under: str
    key_wrap: bytes = field(repr=False)
    content_index: bytes = field(repr=False)
    raw: bytes = field(repr=False)


def low_water(connection: Connection, mailbox: str, *, uidvalidity: int) -> int:
    """The UID up to which every mail is stored; 0 at first."""
    found = connection.execute(
        select(mailbox_cursors.c.low_water).where(
            mailbox_cursors.c.mailbox == mailbox, mailbox_cursors.c.uidvalidity == uidvalidity
        )
    ).scalar()
    return int(found or 0)


def raise_low_water(
    connection: Connection, mailbox: str, *, uidvalidity: int, low_water: int
) -> None:
    """Never lowers it."""
    row = {"mailbox": mailbox, "uidvalidity": uidvalidity, "low_water": low_water}
    statement = insert_into(connection, mailbox_cursors).values(row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["mailbox", "uidvalidity"],
            set_={"low_water": statement.excluded.low_water},
            where=mailbox_cursors.c.low_water < statement.excluded.low_water,
        )
    )


def known_uids(
    connection: Connection, mailbox: str, *, uidvalidity: int, above: int
) -> frozenset[int]:
    """The stored UIDs above the low-water mark."""
    rows = connection.execute(
        select(inbound.c.uid).where(
            inbound.c.mailbox == mailbox,
            inbound.c.uidvalidity == uidvalidity,
            inbound.c.uid > above,
        )
    )
    return frozenset(rows.scalars())


def store_fetched(
    connection: Connection, keyring: Keyring, mails: Sequence[FetchedMail], *, now: datetime
) -> int:
    """Insert sealed copies; a position that is stored already is left as it is.

    Returns how many were new. Each mail has its own key, wrapped under the intake bucket until
    a case takes it.
    """
    if not mails:
        return 0
    kek = keyring.kek(INTAKE)
    rows: list[dict[str, object]] = []
    bodies: list[dict[str, object]] = []
    for mail in mails:
        row_id = new_id(now)
        key = new_data_key()
        rows.append(
            {
                "id": row_id,
                "mailbox": mail.mailbox,
                "uidvalidity": mail.uidvalidity,
                "uid": mail.uid,
                "internal_date": mail.internal_date,
                "stored_at": now,
                "size": len(mail.raw),
                "lane": mail.lane,
                "state": InboundState.STORED,
                "moved": 0,
                "tries": 0,
                "content_index": blind_index(keyring, IndexPurpose.CONTENT, mail.raw),
                "message_id_index": blind_index(keyring, IndexPurpose.MESSAGE_ID, mail.message_id)
                if mail.message_id
                else None,
                "key_wrap": wrap_key(kek, key, context=("inbound", row_id)),
                "wrapped_under": INTAKE,
                "message_id": seal(
                    key,
                    to_json(mail.message_id),
                    table="inbound",
                    column="message_id",
                    row_id=row_id,
                ),
            }
        )
        bodies.append(
            {
                "inbound_id": row_id,
                "raw": seal(key, mail.raw, table="inbound_bodies", column="raw", row_id=row_id),
            }
        )
    return _insert_new(connection, rows, bodies)


def _insert_new(
    connection: Connection, rows: list[dict[str, object]], bodies: list[dict[str, object]]
) -> int:
    insert_rows(connection, inbound, rows, keeps_known=True)
    ids = [row["id"] for row in rows]
    new = set(connection.execute(select(inbound.c.id).where(inbound.c.id.in_(ids))).scalars())
    fresh = [body for body in bodies if body["inbound_id"] in new]
    if fresh:
        insert_rows(connection, inbound_bodies, fresh)
    return len(fresh)


def open_raw(
    connection: Connection, keyring: Keyring, inbound_id: str, *, vault: Vault | None
) -> bytes:
    """The original bytes; ``vault`` is the case's that holds it. Raises LookupError, SealError."""
    row = (
        connection.execute(with_bodies().where(inbound.c.id == inbound_id)).mappings().one_or_none()
    )
    if row is None:
        raise LookupError(inbound_id)
    wrapping = vault.wrapping if vault else keyring.known_kek(INTAKE)
    key = unwrap_key(wrapping, row["key_wrap"], context=("inbound", inbound_id))
    return open_sealed(key, row["raw"], table="inbound_bodies", column="raw", row_id=inbound_id)


def finish_mail(
    batch: Batch,
    keyring: Keyring,
    mail: StoredMail,
    *,
    disposition: str,
    reason: str,
    vault: Vault | None,
    fingerprint: bytes | None,
    now: datetime,
    state: InboundState = InboundState.PROCESSED,
) -> None:
    """Mark a waiting mail as decided, and put its key under the case that takes it."""
    key_wrap = mail.key_wrap
    if vault is not None:
        key_wrap = rewrap_key(
            keyring.known_kek(INTAKE), vault.wrapping, key_wrap, context=("inbound", mail.id)
        )
    batch.change(
        inbound,
        {
            "state": state,
            "disposition": disposition,
            "reason": reason[:200] or None,
            "case_uid": vault.case_uid if vault else None,
            "processed_at": now,
            "fingerprint_index": fingerprint,
            "key_wrap": key_wrap,
            "wrapped_under": vault.case_uid if vault else INTAKE,
        },
        expecting={"id": mail.id, "state": InboundState.STORED},
    )


def record_failed_try(
    connection: Connection, inbound_id: str, *, not_before: datetime, reason: str
) -> None:
    """Put a mail back for a later try; ``reason`` is a neutral word."""
    connection.execute(
        update(inbound)
        .where(inbound.c.id == inbound_id, inbound.c.state == InboundState.STORED)
        .values(tries=inbound.c.tries + 1, not_before=not_before, reason=reason[:200])
    )


def with_bodies() -> Select[Any]:
    """Received mails with their sealed bytes."""
    return select(inbound, inbound_bodies.c.raw).join(
        inbound_bodies, inbound_bodies.c.inbound_id == inbound.c.id
    )


def find_copies(
    connection: Connection, content_indexes: Collection[bytes], fingerprints: Collection[bytes]
) -> dict[bytes, str]:
    """Which of these bytes or fingerprints were handled before: index to the case, or "".

    What lies in quarantine was not: a copy that can be read must not be lost to it.
    """
    rows = connection.execute(
        select(inbound.c.content_index, inbound.c.fingerprint_index, inbound.c.case_uid).where(
            inbound.c.state == InboundState.PROCESSED,
            or_(
                inbound.c.content_index.in_(list(content_indexes)),
                inbound.c.fingerprint_index.in_(list(fingerprints)),
            ),
        )
    )
    copies: dict[bytes, str] = {}
    for row in rows:
        for index in (row.content_index, row.fingerprint_index):
            if index is not None and not copies.get(index):
                copies[index] = row.case_uid or ""
    return copies


def unmoved(connection: Connection, mailbox: str, *, uidvalidity: int) -> dict[str, int]:
    """Stored mails that still lie where they arrived: row id to UID."""
    rows = connection.execute(
        select(inbound.c.id, inbound.c.uid)
        .where(
            inbound.c.moved == 0,
            inbound.c.mailbox == mailbox,
            inbound.c.uidvalidity == uidvalidity,
        )
        .order_by(inbound.c.uid)
        .limit(1000)
    )
    return {row.id: row.uid for row in rows}


def record_moved(connection: Connection, moved: Mapping[str, tuple[int, int] | None]) -> None:
    """Where each mail lies now, (UIDVALIDITY, UID); None when the server did not tell."""
    connection.execute(
        update(inbound)
        .where(inbound.c.id == bindparam("row_id"))
        .values(
            moved=1,
            processed_uidvalidity=bindparam("new_validity"),
            processed_uid=bindparam("new_uid"),
        ),
        [
            {
                "row_id": row_id,
                "new_validity": place[0] if place else None,
                "new_uid": place[1] if place else None,
            }
            for row_id, place in moved.items()
        ],
    )


def is_signature_known(connection: Connection, index: bytes, *, except_for: str) -> bool:
    """Whether a DKIM signature came in with another mail before: then it is a replay."""
    found = connection.execute(
        select(signatures_seen.c.inbound_id).where(signatures_seen.c.signature == index)
    ).scalar()
    return found is not None and found != except_for


def remember_signature(batch: Batch, index: bytes, *, inbound_id: str, now: datetime) -> None:
    batch.add(signatures_seen, {"signature": index, "inbound_id": inbound_id, "at": now})
