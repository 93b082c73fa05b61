"""Received mails that wait to be decided, in their order, and opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, or_, select

from mailflow.keys.blind_index import IndexPurpose, blind_indexes
from mailflow.keys.sealing import open_sealed, unwrap_key
from mailflow.store.inbound import InboundState, StoredMail, with_bodies
from mailflow.store.schema import inbound
from mailflow.store.sealed import INTAKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from mailflow.keys.keyring import Keyring

# What is held in memory of a queue, however many mails are asked for.
_BYTES_AT_ONCE = 64 * 1024 * 1024


def waiting_mails(
    connection: Connection,
    keyring: Keyring,
    *,
    mailbox: str,
    now: datetime,
    limit: int,
    known: Mapping[str, StoredMail] | None = None,
) -> tuple[StoredMail, ...]:
    """The next mails to process, in order: lane, then UID. Those ``known`` and unchanged are not
    read again.
    """
    places = connection.execute(
        select(inbound.c.id, inbound.c.tries, inbound.c.key_wrap, inbound.c.size)
        .where(
            inbound.c.mailbox == mailbox,
            inbound.c.state == InboundState.STORED,
            or_(inbound.c.not_before.is_(None), inbound.c.not_before <= now),
        )
        .order_by(inbound.c.lane, inbound.c.uidvalidity, inbound.c.uid)
        .limit(limit)
    ).all()
    ids = _that_fit(places)
    tries_and_wraps = {place.id: (place.tries, place.key_wrap) for place in places}
    found = {
        mail.id: mail
        for mail in map((known or {}).get, ids)
        if mail is not None and (mail.tries, mail.key_wrap) == tries_and_wraps[mail.id]
    }
    missing = [mail_id for mail_id in ids if mail_id not in found]
    if missing:
        still_waits = inbound.c.state == InboundState.STORED
        query = with_bodies().where(inbound.c.id.in_(missing), still_waits)
        rows = connection.execute(query).mappings()
        found |= {row["id"]: _open(keyring, row) for row in rows}
    return tuple(found[mail_id] for mail_id in ids if mail_id in found)


def _that_fit(places: Sequence[Any]) -> list[str]:
    """The first ones that together are within bounds, at least one."""
    ids: list[str] = []
    total = 0
    for place in places:
        total += place.size
        if ids and total > _BYTES_AT_ONCE:
            break
        ids.append(place.id)
    return ids


def waiting_by_message_id(
    connection: Connection, keyring: Keyring, *, mailbox: str, message_ids: Iterable[str]
) -> tuple[StoredMail, ...]:
    """Stored but unprocessed mails with one of these Message-IDs: their answers wait for them."""
    indexes = blind_indexes(keyring, IndexPurpose.MESSAGE_ID, message_ids)
    if not indexes:
        return ()
    rows = connection.execute(
        with_bodies()
        .where(
            inbound.c.mailbox == mailbox,
            inbound.c.state == InboundState.STORED,
            inbound.c.message_id_index.in_(indexes),
        )
        .order_by(inbound.c.uidvalidity, inbound.c.uid)
    ).mappings()
    return tuple(_open(keyring, row) for row in rows)


def next_waiting_at(connection: Connection) -> datetime | None:
    """When the earliest mail that is held back by a failed try becomes due."""
    return connection.execute(
        select(func.min(inbound.c.not_before)).where(inbound.c.state == InboundState.STORED)
    ).scalar()


def has_waiting(connection: Connection, *, now: datetime) -> bool:
    return bool(
        connection.execute(
            select(
                exists().where(
                    inbound.c.state == InboundState.STORED,
                    or_(inbound.c.not_before.is_(None), inbound.c.not_before <= now),
                )
            )
        ).scalar()
    )


def _open(keyring: Keyring, row: RowMapping) -> StoredMail:
    key = unwrap_key(keyring.known_kek(INTAKE), row["key_wrap"], context=("inbound", row["id"]))
    return StoredMail(
        id=row["id"],
        mailbox=row["mailbox"],
        uidvalidity=row["uidvalidity"],
        uid=row["uid"],
        internal_date=row["internal_date"],
        lane=row["lane"],
        tries=row["tries"],
        wrapped_under=row["wrapped_under"],
        key_wrap=row["key_wrap"],
        content_index=row["content_index"],
        raw=open_sealed(key, row["raw"], table="inbound_bodies", column="raw", row_id=row["id"]),
    )
