"""Blind indexes: values by which sealed columns are searched, one key for each purpose.

The keys are look-up keys: they stay the same when the keyring is rotated.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address
from mailflow.core.mail.unicode_form import fold
from mailflow.keys.derive import hmac_sha256

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.keys.keyring import Keyring

INDEX_BYTES = 16


class IndexPurpose(StrEnum):
    """Equal values of two purposes have unlike indexes, so that columns cannot be joined."""

    ADDRESS = "address"
    MESSAGE_ID = "message_id"
    NAME = "name"
    CONTENT = "content"
    CATEGORY = "category"


def blind_index(keyring: Keyring, purpose: IndexPurpose, value: str | bytes) -> bytes:
    """16 bytes that tell equal values, after normalising, and nothing else."""
    return hmac_sha256(keyring.lookup_key(f"bidx/{purpose}"), _normalise(purpose, value))[
        :INDEX_BYTES
    ]


def blind_indexes(
    keyring: Keyring, purpose: IndexPurpose, values: Iterable[str | bytes]
) -> tuple[bytes, ...]:
    """The index of each value, in order."""
    key = keyring.lookup_key(f"bidx/{purpose}")
    return tuple(hmac_sha256(key, _normalise(purpose, value))[:INDEX_BYTES] for value in values)


def _normalise(purpose: IndexPurpose, value: str | bytes) -> bytes:
    """Addresses lose ASCII case, Message-IDs their brackets, names what `fold` takes from words."""
    if isinstance(value, bytes):
        return value
    if purpose is IndexPurpose.ADDRESS:
        value = normal_address(value)
    elif purpose is IndexPurpose.MESSAGE_ID:
        value = value.strip().removeprefix("<").removesuffix(">")
    elif purpose is IndexPurpose.NAME:
        value = " ".join(map(fold, value.split()))
    return value.encode("utf-8", "surrogatepass")
