"""Challenges that were sent: which answer lets which held mail through, once and in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.keys.tokens import TokenSubject, mint_token, verify_token
from mailflow.store.schema import confirmations

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.keys.keyring import Keyring
    from mailflow.keys.tokens import Token, TokenParts
    from mailflow.store.batch import Batch


@dataclass(frozen=True)
class ConfirmationRow:
    inbound_id: str
    participant_id: str
    expires_at: datetime
    used_at: datetime | None

    def is_good(self, keyring: Keyring, parts: TokenParts, *, now: datetime) -> bool:
        """Whether the token was minted here for this row, and may still be used."""
        if self.used_at is not None or self.expires_at <= now:
            return False
        return verify_token(keyring, parts, _subject(self.participant_id, self.inbound_id))


def add_confirmation(
    batch: Batch, keyring: Keyring, *, inbound_id: str, participant_id: str, expires_at: datetime
) -> Token:
    """The address of one challenge, bound to the held mail."""
    token = mint_token(keyring, _subject(participant_id, inbound_id))
    batch.add(
        confirmations,
        {
            "handle": token.handle,
            "kid": token.kid,
            "inbound_id": inbound_id,
            "participant_id": participant_id,
            "expires_at": expires_at,
        },
    )
    return token


def find_confirmations(
    connection: Connection, handles: Collection[int]
) -> dict[int, ConfirmationRow]:
    if not handles:
        return {}
    rows = connection.execute(
        select(confirmations).where(confirmations.c.handle.in_(sorted(handles)))
    ).mappings()
    return {
        row["handle"]: ConfirmationRow(
            row["inbound_id"], row["participant_id"], row["expires_at"], row["used_at"]
        )
        for row in rows
    }


def use_confirmation(connection: Connection, handle: int, *, now: datetime) -> bool:
    """False when it was used already."""
    changed = connection.execute(
        update(confirmations)
        .where(confirmations.c.handle == handle, confirmations.c.used_at.is_(None))
        .values(used_at=now)
    )
    return changed.rowcount == 1


def _subject(participant_id: str, inbound_id: str) -> TokenSubject:
    return TokenSubject("", participant_id, Audience.STAFF, Purpose.CONFIRM, 0, inbound_id)
