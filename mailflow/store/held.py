"""Mails put aside until somebody accepts or rejects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.keys.sealing import new_data_key, seal, wrap_key
from mailflow.store.schema import held_items
from mailflow.store.sealed import INTAKE, to_json
from mailflow.store.session import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.keys.keyring import Keyring
    from mailflow.store.batch import Batch
    from mailflow.store.sealed import Vault


def add_held(
    batch: Batch,
    keyring: Keyring,
    inbound_id: str,
    *,
    vault: Vault | None,
    reason: str,
    now: datetime,
) -> None:
    """``reason`` is a neutral word. Without a case the row stands by itself."""
    held_id = new_id(now)
    value = {"reason": reason}
    if vault is not None:
        details = vault.seal(value, table="held_items", column="details", row_id=held_id)
    else:
        key = new_data_key()
        wrap = wrap_key(keyring.kek(INTAKE), key, context=("held_items", held_id))
        details = wrap + seal(
            key, to_json(value), table="held_items", column="details", row_id=held_id
        )
    batch.add(
        held_items,
        {
            "id": held_id,
            "inbound_id": inbound_id,
            "case_uid": vault.case_uid if vault else None,
            "reason": reason,
            "state": "waiting",
            "at": now,
            "details": details,
        },
    )
