"""Ids of cases and participants: random to look at, yet the same after a rebuild from backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.keys.derive import first_bits, hkdf, hmac_sha256, lp

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring

# Crockford's base32: no I, L, O or U, which are misread on paper and on the telephone.
_REF_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REF_CHARACTERS = 6
_REF_BITS = 5 * _REF_CHARACTERS
_UID_BITS = 128
REF_ATTEMPTS = _UID_BITS // _REF_BITS
_FINGERPRINT_BYTES = 32


def case_uid(keyring: Keyring, fingerprint: bytes, *, number: int = 0) -> str:
    """32 hex digits from the SHA-256 fingerprint of the mail that opens the case.

    A command that opens cases (`#new`, a split, `case new`) gives its own fingerprint and the
    ``number``, from 1, of the case among those that it opens.
    """
    if len(fingerprint) != _FINGERPRINT_BYTES:
        raise ValueError("a fingerprint is a SHA-256 digest of 32 bytes")
    seed = lp("command", fingerprint, number) if number else fingerprint
    return hmac_sha256(keyring.case_key, seed)[: _UID_BITS // 8].hex()


def case_ref(uid: str, *, attempt: int = 0) -> str:
    """The reference that people read, like HR-7K2Q9M: 30 bits of the case_uid.

    ``attempt`` 1 to 3 takes the next 30 bits, where the reference before is another case's.
    """
    if not 0 <= attempt < REF_ATTEMPTS:
        raise ValueError(f"a case_uid has {REF_ATTEMPTS} references, not {attempt + 1}")
    bits = first_bits(bytes.fromhex(uid), _REF_BITS * (attempt + 1))
    return "HR-" + "".join(
        _REF_ALPHABET[(bits >> shift) & 31] for shift in range(_REF_BITS - 5, -1, -5)
    )


def participant_id(keyring: Keyring, case_uid: str, address: str, *, number: int = 0) -> str:
    """32 hex digits for one person in one case; ``address`` is in normal form.

    ``number`` tells apart people of the same address, and a person who left and came back.
    """
    key = hkdf(
        keyring.case_key, salt=keyring.instance.encode(), info=b"mailflow/participant/v1/case"
    )
    return hmac_sha256(key, lp(case_uid, address, number))[: _UID_BITS // 8].hex()
