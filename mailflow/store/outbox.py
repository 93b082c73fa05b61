"""Mails to be sent: a row is the truth, whatever a broker forgets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.keys.sealing import new_data_key, open_sealed, seal, unwrap_key, wrap_key
from mailflow.store.people import address_index
from mailflow.store.schema import outbox, outbox_attempts, outbox_bodies
from mailflow.store.sealed import INTAKE, to_json

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from mailflow.core.mail.compose import Enclosure
    from mailflow.keys.keyring import Keyring
    from mailflow.keys.sealing import DataKey, WrappingKey
    from mailflow.store.batch import Batch
    from mailflow.store.sealed import Vault


class OutboxState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    AMBIGUOUS = "ambiguous"
    DEAD = "dead"
    CANCELLED = "cancelled"


LIVE_STATES = (
    OutboxState.QUEUED,
    OutboxState.DEFERRED,
    OutboxState.AMBIGUOUS,
    OutboxState.SENDING,
)


class Stage(StrEnum):
    """How far an attempt came. After DATA_ENDED the server may have taken the mail."""

    CLAIMED = "claimed"
    DATA_ENDED = "data_ended"
    ENDED = "ended"


@dataclass(frozen=True)
class Addressing:
    """The secrets of one mail: made when it is ordered, the same at every retry."""

    message_id: str
    reply_token: str = field(repr=False)
    bounce_token: str = field(repr=False)


@dataclass(frozen=True)
class OutboxMail:
    """A row of the outbox, opened. ``body`` is None until the first claim renders it, with the
    ``enclosures`` that were fetched for it.
    """

    id: str
    case_uid: str | None
    order: MailOrder
    participant_id: str | None
    addressing: Addressing
    state: OutboxState
    created_at: datetime
    due_at: datetime
    tries: int
    fence: int
    sent_at: datetime | None = None
    error: str | None = None
    key: DataKey | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)
    enclosures: tuple[Enclosure, ...] = ()


def add_mail(
    batch: Batch,
    keyring: Keyring,
    order: MailOrder,
    *,
    mail_id: str,
    vault: Vault | None,
    participant_id: str | None,
    addressing: Addressing,
    now: datetime,
) -> None:
    """Queue a mail. (case, purpose, cause, recipient) and the Message-ID are unique."""
    key = new_data_key()
    wrapping = _wrapping(keyring, vault)
    batch.add(
        outbox,
        {
            "id": mail_id,
            "case_uid": vault.case_uid if vault else None,
            "purpose": order.purpose,
            "cause": order.cause,
            "recipient_index": address_index(keyring, order.recipient),
            "participant_id": participant_id,
            "template": order.template,
            "lane": int(order.lane),
            "state": OutboxState.QUEUED,
            "created_at": now,
            "due_at": order.due_at,
            "tries": 0,
            "fence": 0,
            "message_id_index": blind_index(
                keyring, IndexPurpose.MESSAGE_ID, addressing.message_id
            ),
            "key_wrap": wrap_key(wrapping, key, context=("outbox", mail_id)),
            "details": seal(
                key,
                to_json(_sealed_details(order, addressing)),
                table="outbox",
                column="details",
                row_id=mail_id,
            ),
        },
    )


def _sealed_details(order: MailOrder, addressing: Addressing) -> dict[str, object]:
    return {
        "recipient": order.recipient,
        "recipient_name": order.recipient_name,
        "audience": order.audience,
        "reply_purpose": order.reply_purpose,
        "subject": order.subject,
        "in_reply_to": order.in_reply_to,
        "references": list(order.references),
        "shows": order.shows,
        "locale": order.locale,
        "auto_submitted": order.auto_submitted,
        "fields": dict(order.fields),
        "message_id": addressing.message_id,
        "reply_token": addressing.reply_token,
        "bounce_token": addressing.bounce_token,
    }


def open_claimed(
    connection: Connection,
    keyring: Keyring,
    rows: Sequence[RowMapping],
    vaults: Mapping[str, Vault],
) -> tuple[OutboxMail, ...]:
    """The claimed rows as mails, with their fence after the claim and their bytes, if any."""
    bodies: dict[str, bytes] = {}
    # A mail that was claimed and put back has no try and has its bytes.
    started = [row["id"] for row in rows if row["fence"]]
    if started:
        found = connection.execute(
            select(outbox_bodies.c.outbox_id, outbox_bodies.c.mail).where(
                outbox_bodies.c.outbox_id.in_(started)
            )
        )
        bodies = {row.outbox_id: row.mail for row in found}
    return tuple(
        _open(keyring, row, vaults.get(row["case_uid"] or ""), body=bodies.get(row["id"]), claims=1)
        for row in rows
    )


def _open(
    keyring: Keyring, row: RowMapping, vault: Vault | None, *, body: bytes | None, claims: int
) -> OutboxMail:
    key = unwrap_key(_wrapping(keyring, vault), row["key_wrap"], context=("outbox", row["id"]))
    details: dict[str, Any] = json.loads(
        open_sealed(key, row["details"], table="outbox", column="details", row_id=row["id"])
    )
    mail = None
    if body is not None:
        mail = open_sealed(key, body, table="outbox_bodies", column="mail", row_id=row["id"])
    return OutboxMail(
        id=row["id"],
        case_uid=row["case_uid"],
        order=_read_order(row, details),
        participant_id=row["participant_id"],
        addressing=Addressing(
            details["message_id"], details["reply_token"], details["bounce_token"]
        ),
        state=OutboxState(row["state"]),
        created_at=row["created_at"],
        due_at=row["due_at"],
        tries=row["tries"] + claims,
        fence=row["fence"] + claims,
        sent_at=row["sent_at"],
        error=row["error"],
        key=key,
        body=mail,
    )


def _read_order(row: RowMapping, details: Mapping[str, Any]) -> MailOrder:
    return MailOrder(
        template=Template(row["template"]),
        purpose=row["purpose"],
        cause=row["cause"],
        recipient=details["recipient"],
        recipient_name=details["recipient_name"],
        audience=Audience(details["audience"]),
        reply_purpose=Purpose(details["reply_purpose"]),
        lane=Lane(row["lane"]),
        due_at=row["due_at"],
        subject=details["subject"],
        in_reply_to=details["in_reply_to"],
        references=tuple(details["references"]),
        shows=details["shows"],
        locale=details["locale"],
        auto_submitted=details["auto_submitted"],
        fields=details["fields"],
    )


def store_bodies(connection: Connection, mails: Mapping[str, tuple[DataKey, bytes]]) -> None:
    """Freeze the rendered bytes: every retry sends exactly these."""
    if mails:
        rows = [
            {
                "outbox_id": mail_id,
                "mail": seal(key, body, table="outbox_bodies", column="mail", row_id=mail_id),
            }
            for mail_id, (key, body) in mails.items()
        ]
        connection.execute(insert(outbox_bodies), rows)


def mark_data_ended(
    connection: Connection, mails: Collection[tuple[str, int]]
) -> frozenset[tuple[str, int]]:
    """Note, just before the final dot, that from here on the outcome may be unknown.

    ``mails`` are (id, fence); returns those whose fence still stands.
    """
    ids = [mail_id for mail_id, _ in mails]
    rows = connection.execute(
        select(outbox.c.id, outbox.c.fence)
        .where(outbox.c.id.in_(ids), outbox.c.state == OutboxState.SENDING)
        .order_by(outbox.c.id)
        .with_for_update()
    )
    held = {(row.id, row.fence) for row in rows}.intersection(mails)
    if held:
        rows_of_attempts = [{"mail": mail_id, "claim": fence} for mail_id, fence in held]
        connection.execute(_MARK_DATA_ENDED, rows_of_attempts)
    return frozenset(held)


_MARK_DATA_ENDED = (
    update(outbox_attempts)
    .where(
        outbox_attempts.c.outbox_id == bindparam("mail"),
        outbox_attempts.c.fence == bindparam("claim"),
    )
    .values(stage=Stage.DATA_ENDED)
)


def settle_mail(
    batch: Batch,
    mail: OutboxMail,
    *,
    state: OutboxState,
    now: datetime,
    due_at: datetime | None = None,
    error: str | None = None,
    reply: str | None = None,
) -> None:
    """Record how an attempt ended. The flush raises ConflictError when the lease was lost."""
    batch.change(
        outbox,
        {
            "state": state,
            "due_at": due_at or now,
            "lease_until": None,
            "sent_at": now if state is OutboxState.SENT else None,
            "error": error[:200] if error else None,
        },
        expecting={"id": mail.id, "fence": mail.fence, "state": OutboxState.SENDING},
    )
    batch.change(
        outbox_attempts,
        # An attempt whose outcome is unknown stays where it was last seen.
        {
            "stage": Stage.DATA_ENDED if state is OutboxState.AMBIGUOUS else Stage.ENDED,
            "ended_at": now,
            "reply": reply[:200] if reply else None,
        },
        expecting={"outbox_id": mail.id, "fence": mail.fence},
    )


def due_lanes(connection: Connection, *, now: datetime) -> tuple[int, ...]:
    """The lanes in which some mail is due."""
    rows = connection.execute(
        select(outbox.c.lane)
        .where(outbox.c.state.in_(LIVE_STATES), outbox.c.due_at <= now)
        .distinct()
    )
    return tuple(sorted(rows.scalars()))


def next_mail_at(connection: Connection) -> datetime | None:
    return connection.execute(
        select(func.min(outbox.c.due_at)).where(outbox.c.state.in_(LIVE_STATES))
    ).scalar()


def list_rows(connection: Connection, *, limit: int | None = None) -> Sequence[RowMapping]:
    """Oldest first, still sealed."""
    query = select(outbox).order_by(outbox.c.created_at, outbox.c.id).limit(limit)
    return connection.execute(query).mappings().all()


def open_row(keyring: Keyring, row: RowMapping, vault: Vault | None) -> OutboxMail:
    return _open(keyring, row, vault, body=None, claims=0)


def retry_mail(connection: Connection, mail_id: str, *, now: datetime) -> bool:
    """Queue a dead or deferred mail at once; False when it is in no such state."""
    changed = connection.execute(
        update(outbox)
        .where(
            outbox.c.id == mail_id,
            outbox.c.state.in_((OutboxState.DEAD, OutboxState.DEFERRED, OutboxState.AMBIGUOUS)),
        )
        .values(state=OutboxState.QUEUED, due_at=now, error=None)
    )
    return changed.rowcount == 1


def _wrapping(keyring: Keyring, vault: Vault | None) -> WrappingKey:
    return vault.wrapping if vault else keyring.kek(INTAKE)


def escalations_of(
    connection: Connection, keyring: Keyring, vault: Vault
) -> tuple[frozenset[str], frozenset[str]]:
    """The addresses that escalations of a case were ordered for, and those they reached."""
    rows = connection.execute(
        select(outbox).where(
            outbox.c.case_uid == vault.case_uid, outbox.c.template == Template.ESCALATION
        )
    ).mappings()
    mails = [open_row(keyring, row, vault) for row in rows]
    ordered = frozenset(mail.order.recipient for mail in mails)
    sent = frozenset(m.order.recipient for m in mails if m.state is OutboxState.SENT)
    return ordered, sent
