"""Whether a keyring is the one that a database was written with."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from mailflow.errors import KeyringError
from mailflow.keys.derive import hmac_sha256, lp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.keys.keyring import Keyring


def check_values(keyring: Keyring) -> dict[int, str]:
    """For each kid 32 hex digits to store in the database; they tell nothing about the keys.

    They change when any key that is never rotated changes, not with buckets or revocation.
    """
    return {kid: _check_value(keyring, kid) for kid in keyring.kids}


def _check_value(keyring: Keyring, kid: int) -> str:
    message = b"mailflow/check/v1\0" + lp(
        keyring.instance,
        kid,
        keyring.case_key,
        keyring.lookup_key("check"),
        keyring.public_key,
    )
    return hmac_sha256(keyring.derived("check", kid), message)[:16].hex()


def check_enrolment(keyring: Keyring, enrolled: Mapping[int, str]) -> None:
    """Raises KeyringError unless every kid that the database knows has its check value.

    ``enrolled`` is what ``check_values`` gave when each kid was enrolled. A kid that only the
    keyring knows was made since then and is no mistake.
    """
    if not enrolled:
        raise KeyringError(
            "the database has no keyring enrolled: run `mailflow migrate` while it has no cases, "
            "or restore the database together with its keyring"
        )
    values = check_values(keyring)
    for kid, value in sorted(enrolled.items()):
        if kid not in values:
            raise KeyringError(
                f"the keyring {keyring.path} lacks key number {kid}, which the database knows: "
                "it is an older copy; put the newest one back"
            )
        if not hmac.compare_digest(values[kid], value):
            raise KeyringError(
                f"the keyring {keyring.path} is not the one of this database "
                f"(key number {kid} differs): put the right one back"
            )
