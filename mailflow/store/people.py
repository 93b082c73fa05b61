"""Blind indexes of addresses, kept for the run of a process: HR meets the same people again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address
from mailflow.keys.blind_index import IndexPurpose, blind_index

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring


def address_index(keyring: Keyring, address: str) -> bytes:
    return _cached(keyring, normal_address(address))


@lru_cache(maxsize=20_000)
def _cached(keyring: Keyring, address: str) -> bytes:
    return blind_index(keyring, IndexPurpose.ADDRESS, address)
