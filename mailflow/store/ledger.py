"""What became of every mail that was ever fetched, read in pages so that memory stays flat."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from mailflow.errors import SealError
from mailflow.keys.sealing import open_sealed, unwrap_key
from mailflow.store.schema import cases, inbound
from mailflow.store.sealed import INTAKE, open_vault

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from mailflow.keys.keyring import Keyring
    from mailflow.store.sealed import Vault

PAGE_SIZE = 500


@dataclass(frozen=True)
class LedgerLine:
    """``disposition`` is None while the mail waits. ``message_id`` is None when the mail has
    none, or when it was erased with its case's key. ``uid`` is below zero for a mail that was
    found in the Processed folder, where it has the UID without the sign.
    """

    row_id: str
    mailbox: str
    uidvalidity: int
    uid: int
    message_id: str | None
    disposition: str | None
    case: str | None
    reason: str | None
    received_at: datetime
    processed_at: datetime | None


def read_ledger(
    connection: Connection, keyring: Keyring, *, after: str, limit: int = PAGE_SIZE
) -> tuple[LedgerLine, ...]:
    """The next lines in the order of storing; ``after`` is the last one's row id, "" at first."""
    rows = (
        connection.execute(
            select(inbound).where(inbound.c.id > after).order_by(inbound.c.id).limit(limit)
        )
        .mappings()
        .all()
    )
    known = load_vaults(connection, keyring, {row["case_uid"] for row in rows if row["case_uid"]})
    return tuple(_read(row, keyring, known) for row in rows)


@dataclass(frozen=True)
class CaseKey:
    """``vault`` is None when the case was erased."""

    ref: str
    vault: Vault | None


def load_vaults(
    connection: Connection, keyring: Keyring, uids: Collection[str]
) -> dict[str, CaseKey]:
    """The references and keys of cases, without the cases themselves."""
    if not uids:
        return {}
    rows = connection.execute(
        select(cases.c.uid, cases.c.ref, cases.c.kek, cases.c.key_wrap).where(
            cases.c.uid.in_(sorted(uids))
        )
    )
    return {
        row.uid: CaseKey(row.ref, _vault(keyring, row.uid, kek=row.kek, wrap=row.key_wrap))
        for row in rows
    }


def _vault(keyring: Keyring, uid: str, *, kek: str, wrap: bytes) -> Vault | None:
    try:
        return open_vault(keyring, uid, kek=kek, wrap=wrap)
    except SealError:
        return None


def _read(row: RowMapping, keyring: Keyring, known: dict[str, CaseKey]) -> LedgerLine:
    case = known.get(row["case_uid"] or "")
    return LedgerLine(
        row_id=row["id"],
        mailbox=row["mailbox"],
        uidvalidity=row["uidvalidity"],
        uid=row["uid"],
        message_id=_message_id(row, keyring, case.vault if case else None),
        disposition=row["disposition"],
        case=case.ref if case else None,
        reason=row["reason"],
        received_at=row["internal_date"],
        processed_at=row["processed_at"],
    )


def _message_id(row: RowMapping, keyring: Keyring, vault: Vault | None) -> str | None:
    is_intake = row["wrapped_under"] == INTAKE
    if row["message_id"] is None or (vault is None and not is_intake):
        return None
    wrapping = vault.wrapping if vault and not is_intake else keyring.known_kek(INTAKE)
    try:
        key = unwrap_key(wrapping, row["key_wrap"], context=("inbound", row["id"]))
        opened = open_sealed(
            key, row["message_id"], table="inbound", column="message_id", row_id=row["id"]
        )
    except SealError:
        return None
    found: str | None = json.loads(opened)
    return found
