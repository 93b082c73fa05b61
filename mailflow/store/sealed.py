"""Sealing for rows: JSON values under a case's key, messages under their own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mailflow.keys.sealing import (
    DataKey,
    case_wrapping_key,
    new_data_key,
    open_sealed,
    seal,
    unwrap_key,
    wrap_key,
)

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.keys.keyring import Keyring
    from mailflow.keys.sealing import WrappingKey

INTAKE = "intake"
"""The bucket of mail that no case has yet."""


def open_bucket(moment: datetime) -> str:
    """The bucket of a living case's key in the month of ``moment``."""
    return f"open-{moment:%Y%m}"


@dataclass(frozen=True)
class Vault:
    """One case's key: seals the case's own values and wraps its messages' keys."""

    case_uid: str
    key: DataKey = field(repr=False)

    @property
    def wrapping(self) -> WrappingKey:
        return case_wrapping_key(self.case_uid, self.key)

    def seal(self, value: object, *, table: str, column: str, row_id: str) -> bytes:
        return seal(self.key, to_json(value), table=table, column=column, row_id=row_id)

    def open(self, sealed: bytes, *, table: str, column: str, row_id: str) -> Any:
        return json.loads(open_sealed(self.key, sealed, table=table, column=column, row_id=row_id))


def new_vault(keyring: Keyring, case_uid: str, *, kek: str) -> tuple[Vault, bytes]:
    """A fresh case key and its wrap under the bucket ``kek``."""
    key = new_data_key()
    return Vault(case_uid, key), wrap_key(keyring.kek(kek), key, context=("cases", case_uid))


def open_vault(keyring: Keyring, case_uid: str, *, kek: str, wrap: bytes) -> Vault:
    """Raises SealError when the wrap is another case's, or its bucket was destroyed."""
    key = unwrap_key(keyring.known_kek(kek), wrap, context=("cases", case_uid))
    return Vault(case_uid, key)


def to_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
