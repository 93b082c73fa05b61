"""Whether what lies on the server and what the database says are the same mails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select, update

from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.store.inbound import InboundState, store_fetched
from mailflow.store.schema import cases, inbound, mailbox_cursors

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.keys.keyring import Keyring
    from mailflow.store.inbound import FetchedMail

_NEED_A_CASE = ("case", "reply", "note", "command")


def known_numberings(connection: Connection) -> frozenset[tuple[str, int]]:
    """(mailbox, UIDVALIDITY) of every numbering that was read to its end once."""
    rows = connection.execute(select(mailbox_cursors.c.mailbox, mailbox_cursors.c.uidvalidity))
    return frozenset((row.mailbox, row.uidvalidity) for row in rows)


def arrived_uids(connection: Connection, mailbox: str, *, uidvalidity: int) -> frozenset[int]:
    """The UIDs under which mails came in."""
    rows = connection.execute(
        select(inbound.c.uid).where(
            inbound.c.mailbox == mailbox, inbound.c.uidvalidity == uidvalidity
        )
    )
    return frozenset(rows.scalars())


def processed_uids(connection: Connection, mailbox: str, *, uidvalidity: int) -> frozenset[int]:
    """The UIDs that mails are known to have in the Processed folder."""
    rows = connection.execute(
        select(inbound.c.processed_uid).where(
            inbound.c.mailbox == mailbox, inbound.c.processed_uidvalidity == uidvalidity
        )
    )
    return frozenset(uid for uid in rows.scalars() if uid is not None)


def find_stored(
    connection: Connection, keyring: Keyring, raw: bytes, *, mailbox: str
) -> str | None:
    """The row of these very bytes, rather one of which it is not known where it lies now."""
    rows = connection.execute(
        select(inbound.c.id)
        .where(
            inbound.c.content_index == blind_index(keyring, IndexPurpose.CONTENT, raw),
            inbound.c.mailbox == mailbox,
        )
        .order_by(inbound.c.processed_uid.is_not(None), inbound.c.id)
        .limit(1)
    )
    found: str | None = rows.scalar()
    return found


def note_place(connection: Connection, row_id: str, *, uidvalidity: int, uid: int) -> None:
    """Where a mail lies in the Processed folder, unless that is known."""
    connection.execute(
        update(inbound)
        .where(inbound.c.id == row_id, inbound.c.processed_uid.is_(None))
        .values(moved=1, processed_uidvalidity=uidvalidity, processed_uid=uid)
    )


def store_found(
    connection: Connection, keyring: Keyring, mails: Sequence[FetchedMail], *, now: datetime
) -> None:
    """Store mails that were found in the Processed folder. Their ``uid`` is below zero, so that
    none is ever taken for one of the INBOX: servers may give both folders one UIDVALIDITY.
    """
    store_fetched(connection, keyring, mails, now=now)
    for mail in mails:
        connection.execute(
            update(inbound)
            .where(
                inbound.c.mailbox == mail.mailbox,
                inbound.c.uidvalidity == mail.uidvalidity,
                inbound.c.uid == mail.uid,
            )
            .values(moved=1, processed_uidvalidity=mail.uidvalidity, processed_uid=-mail.uid)
        )


@dataclass(frozen=True)
class LostRow:
    """A decided mail that says neither which case has it nor why none has."""

    id: str
    mailbox: str
    uid: int


def rows_without_case(connection: Connection, *, mailboxes: Collection[str]) -> tuple[LostRow, ...]:
    """Decided mails whose case is missing, and waiting ones of a mailbox that nobody reads."""
    has_case = exists().where(cases.c.uid == inbound.c.case_uid)
    is_decided = inbound.c.state != InboundState.STORED
    rows = connection.execute(
        select(inbound.c.id, inbound.c.mailbox, inbound.c.uid)
        .where(
            or_(
                and_(is_decided, inbound.c.disposition.is_(None)),
                and_(
                    is_decided,
                    inbound.c.case_uid.is_(None),
                    inbound.c.disposition.in_(_NEED_A_CASE),
                ),
                and_(inbound.c.case_uid.is_not(None), ~has_case),
                and_(~is_decided, inbound.c.mailbox.not_in(sorted(mailboxes))),
            )
        )
        .order_by(inbound.c.id)
    )
    return tuple(LostRow(row.id, row.mailbox, row.uid) for row in rows)
