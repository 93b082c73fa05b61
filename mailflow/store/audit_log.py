"""Who did or read what: one chained row in the same transaction as the deed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from mailflow.keys.audit_chain import GENESIS, ChainHead, chain_row
from mailflow.keys.sealing import new_data_key, seal, wrap_key
from mailflow.store.prepared import insert_rows
from mailflow.store.schema import audit_head, audit_log
from mailflow.store.sealed import INTAKE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.keys.audit_chain import AuditRow
    from mailflow.keys.keyring import Keyring

_WRAP_LENGTH_BYTES = 2


@dataclass(frozen=True)
class AuditEntry:
    """``kind`` is a neutral word; ``payload`` holds JSON values and is kept sealed."""

    kind: str
    at: datetime
    case_uid: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)


def append_audit(connection: Connection, keyring: Keyring, entries: Sequence[AuditEntry]) -> None:
    """Chain the entries to the log. Call it last in a transaction: it locks the head row."""
    if not entries:
        return
    head = _lock_head(connection)
    rows = []
    for entry in entries:
        row = chain_row(
            keyring,
            head.hash,
            seq=head.seq + 1,
            ts=entry.at,
            kind=entry.kind,
            payload={"case": entry.case_uid, **entry.payload},
        )
        rows.append(_columns(keyring, row, case_uid=entry.case_uid))
        head = ChainHead(row.seq, row.hash, row.kid)
    insert_rows(connection, audit_log, rows)
    connection.execute(
        update(audit_head)
        .where(audit_head.c.id == 1)
        .values(seq=head.seq, hash=head.hash, kid=head.kid)
    )


def start_audit(connection: Connection) -> None:
    """Lay the head row of an empty chain."""
    row = {"id": 1, "seq": GENESIS.seq, "hash": GENESIS.hash, "kid": GENESIS.kid}
    connection.execute(insert(audit_head), [row])


def _lock_head(connection: Connection) -> ChainHead:
    row = (
        connection.execute(select(audit_head).where(audit_head.c.id == 1).with_for_update())
        .mappings()
        .one()
    )
    return ChainHead(row["seq"], row["hash"], row["kid"])


def _columns(keyring: Keyring, row: AuditRow, *, case_uid: str | None) -> dict[str, object]:
    return {
        "seq": row.seq,
        "at": row.ts,
        "kind": row.kind,
        "case_uid": case_uid,
        "commitment": row.commit,
        "hash": row.hash,
        "mac": row.mac,
        "kid": row.kid,
        "details": _seal_payload(keyring, row),
    }


def _seal_payload(keyring: Keyring, row: AuditRow) -> bytes:
    """Salt and payload under a key of their own: the wrap (with its length) before the value."""
    key = new_data_key()
    wrap = wrap_key(keyring.kek(INTAKE), key, context=("audit_log", row.seq))
    value = (row.salt or b"") + (row.payload or b"")
    sealed = seal(key, value, table="audit_log", column="details", row_id=row.seq)
    return len(wrap).to_bytes(_WRAP_LENGTH_BYTES, "big") + wrap + sealed
