"""The conversation of a case: messages in and out, notes, and the Message-IDs that join them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from mailflow.errors import SealError
from mailflow.keys.blind_index import IndexPurpose, blind_index, blind_indexes
from mailflow.keys.sealing import new_data_key, open_sealed, seal, unwrap_key, wrap_key
from mailflow.store.people import address_index
from mailflow.store.schema import attachments, message_ids, messages
from mailflow.store.sealed import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from mailflow.core.mail.message import Message
    from mailflow.keys.keyring import Keyring
    from mailflow.store.batch import Batch
    from mailflow.store.sealed import Vault


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    NOTE = "note"


class IdOrigin(StrEnum):
    """Where a known Message-ID comes from: a mail of ours, of theirs, or only named by one."""

    OURS = "ours"
    THEIRS = "theirs"
    ANCESTOR = "ancestor"


@dataclass(frozen=True)
class FiledAttachment:
    filename: str | None
    content_type: str
    size: int
    sha256: str
    inline: bool = False


@dataclass(frozen=True)
class FiledMessage:
    """One message of a case, as people read it. ``text`` is what was written then.

    ``case_uid`` is the case that has it now; None before it is filed.
    """

    id: str
    direction: Direction
    at: datetime
    sender: str
    sender_name: str | None
    to: tuple[str, ...]
    subject: str
    text: str = field(repr=False)
    full_text: str = field(repr=False, default="")
    message_id: str | None = None
    references: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    attachments: tuple[FiledAttachment, ...] = ()
    inbound_id: str | None = None
    outbox_id: str | None = None
    case_uid: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def add_message(batch: Batch, keyring: Keyring, message: FiledMessage, *, vault: Vault) -> None:
    key = new_data_key()
    details = {
        "sender": message.sender,
        "sender_name": message.sender_name,
        "to": list(message.to),
        "subject": message.subject,
        "text": message.text,
        "full_text": message.full_text,
        "message_id": message.message_id,
        "references": list(message.references),
        "copied": list(message.copied),
        "attachments": [vars(attachment) for attachment in message.attachments],
        "extra": dict(message.extra),
    }
    batch.add(
        messages,
        {
            "id": message.id,
            "case_uid": vault.case_uid,
            "direction": message.direction,
            "at": message.at,
            "inbound_id": message.inbound_id,
            "outbox_id": message.outbox_id,
            "author_index": address_index(keyring, message.sender),
            "key_wrap": wrap_key(vault.wrapping, key, context=("messages", message.id)),
            "details": seal(
                key, to_json(details), table="messages", column="details", row_id=message.id
            ),
        },
    )
    for position, attachment in enumerate(message.attachments):
        batch.add(
            attachments,
            {
                "message_id": message.id,
                "position": position,
                "size": attachment.size,
                "content_index": blind_index(
                    keyring, IndexPurpose.CONTENT, bytes.fromhex(attachment.sha256)
                ),
            },
        )


def file_attachments(message: Message) -> tuple[FiledAttachment, ...]:
    """What a mail carries, as its case lists it."""
    return tuple(
        FiledAttachment(part.filename, part.content_type, part.size, part.sha256, part.inline)
        for part in message.attachments
    )


def load_messages(connection: Connection, vault: Vault) -> tuple[FiledMessage, ...]:
    """All messages of a case, oldest first."""
    rows = connection.execute(
        select(messages)
        .where(messages.c.case_uid == vault.case_uid)
        .order_by(messages.c.at, messages.c.id)
    ).mappings()
    return tuple(_read(row, vault) for row in rows)


def load_shown(
    connection: Connection, vaults: Mapping[str, Vault], ids: Iterable[str]
) -> dict[str, FiledMessage]:
    """The messages with these ids, of the cases whose vaults are given."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    rows = connection.execute(select(messages).where(messages.c.id.in_(wanted))).mappings()
    return {
        row["id"]: _read(row, vaults[row["case_uid"]]) for row in rows if row["case_uid"] in vaults
    }


def load_first_subjects(connection: Connection, vaults: Mapping[str, Vault]) -> dict[str, str]:
    """The subject of the first mail of each case whose vault is given, by the case's uid."""
    if not vaults:
        return {}
    position = func.row_number().over(
        partition_by=messages.c.case_uid, order_by=(messages.c.at, messages.c.id)
    )
    numbered = (
        select(messages, position.label("position"))
        .where(messages.c.case_uid.in_(sorted(vaults)), messages.c.direction == Direction.IN)
        .subquery()
    )
    rows = connection.execute(select(numbered).where(numbered.c.position == 1)).mappings()
    subjects = {}
    for row in rows:
        # A broken seal of an old case is found and told elsewhere; here it is no reason to fail.
        with suppress(SealError):
            subjects[row["case_uid"]] = _read(row, vaults[row["case_uid"]]).subject
    return subjects


def _read(row: RowMapping, vault: Vault) -> FiledMessage:
    key = unwrap_key(vault.wrapping, row["key_wrap"], context=("messages", row["id"]))
    details = json.loads(
        open_sealed(key, row["details"], table="messages", column="details", row_id=row["id"])
    )
    return FiledMessage(
        id=row["id"],
        direction=Direction(row["direction"]),
        at=row["at"],
        sender=details["sender"],
        sender_name=details["sender_name"],
        to=tuple(details["to"]),
        subject=details["subject"],
        text=details["text"],
        full_text=details["full_text"],
        message_id=details["message_id"],
        references=tuple(details["references"]),
        copied=tuple(details["copied"]),
        attachments=tuple(FiledAttachment(**item) for item in details["attachments"]),
        inbound_id=row["inbound_id"],
        outbox_id=row["outbox_id"],
        case_uid=row["case_uid"],
        extra=details["extra"],
    )


def add_message_id(
    batch: Batch, index: bytes, *, case_uid: str, origin: IdOrigin, outbox_id: str | None = None
) -> None:
    """``index`` is the Message-ID's blind index; the caller has made sure that it is new."""
    batch.add(
        message_ids,
        {
            "message_id_index": index,
            "case_uid": case_uid,
            "origin": origin,
            "outbox_id": outbox_id,
        },
    )


@dataclass(frozen=True)
class KnownId:
    case_uid: str
    origin: IdOrigin
    outbox_id: str | None = None


def find_known_ids(
    connection: Connection, keyring: Keyring, ids: Iterable[str]
) -> dict[bytes, tuple[KnownId, ...]]:
    """Which cases know these Message-IDs, by blind index."""
    indexes = blind_indexes(keyring, IndexPurpose.MESSAGE_ID, ids)
    if not indexes:
        return {}
    rows = connection.execute(
        select(message_ids).where(message_ids.c.message_id_index.in_(set(indexes)))
    ).mappings()
    found: dict[bytes, list[KnownId]] = {}
    for row in rows:
        known = KnownId(row["case_uid"], IdOrigin(row["origin"]), row["outbox_id"])
        found.setdefault(row["message_id_index"], []).append(known)
    return {index: tuple(known) for index, known in found.items()}
