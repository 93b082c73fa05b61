"""Envelope encryption: values under a data key, data keys wrapped under another key."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mailflow.errors import SealError
from mailflow.keys.derive import KEY_BYTES, hkdf, lp

_FORMAT = b"\x01"
_SALT_BYTES = 16
_NONCE_BYTES = 12
_TAG_BYTES = 16
_VERSION_BYTES = 4
SEALED_OVERHEAD_BYTES = len(_FORMAT) + _SALT_BYTES + _NONCE_BYTES + _TAG_BYTES


@dataclass(frozen=True)
class DataKey:
    """The key of one message or of one case. A new version is a new secret, never the old one."""

    secret: bytes = field(repr=False)
    version: int = 1


@dataclass(frozen=True)
class WrappingKey:
    """A key that only wraps data keys: a bucket of the keyring, or a case's key for its messages.

    ``id`` is bound into every wrap, so that a wrap cannot be passed off as another key's.
    """

    id: str
    secret: bytes = field(repr=False)


def new_data_key(*, version: int = 1) -> DataKey:
    return DataKey(os.urandom(KEY_BYTES), version)


def case_wrapping_key(case_uid: str, case_key: DataKey) -> WrappingKey:
    """What wraps the keys of a case's messages."""
    return WrappingKey(f"case/{case_uid}/{case_key.version}", case_key.secret)


def seal(key: DataKey, plaintext: bytes, *, table: str, column: str, row_id: str | int) -> bytes:
    """Encrypt a value for exactly one place; 45 bytes longer than the plaintext.

    A message's values name no case, so that filing, splitting and merging rewrite wraps only;
    a case's own values have its case_uid as ``row_id``.
    """
    salt_and_nonce = os.urandom(_SALT_BYTES + _NONCE_BYTES)
    salt, nonce = salt_and_nonce[:_SALT_BYTES], salt_and_nonce[_SALT_BYTES:]
    sealed = _blob_cipher(key, salt).encrypt(
        nonce, plaintext, lp(table, column, row_id, key.version)
    )
    return _FORMAT + salt_and_nonce + sealed


def open_sealed(
    key: DataKey, sealed: bytes, *, table: str, column: str, row_id: str | int
) -> bytes:
    """The plaintext. Raises SealError for a wrong key, another place, or changed bytes."""
    body = memoryview(sealed)[len(_FORMAT) :]
    if not sealed.startswith(_FORMAT) or len(sealed) < SEALED_OVERHEAD_BYTES:
        raise SealError(f"{table}.{column} of {row_id} holds no sealed value")
    salt, nonce = bytes(body[:_SALT_BYTES]), body[_SALT_BYTES : _SALT_BYTES + _NONCE_BYTES]
    try:
        return _blob_cipher(key, salt).decrypt(
            nonce, body[_SALT_BYTES + _NONCE_BYTES :], lp(table, column, row_id, key.version)
        )
    except InvalidTag:
        raise SealError(
            f"{table}.{column} of {row_id} does not open: "
            "it was changed, moved from another row, or sealed under another key"
        ) from None


def _blob_cipher(key: DataKey, salt: bytes) -> AESGCM:
    return AESGCM(hkdf(key.secret, salt=salt, info=b"blob"))


def wrap_key(wrapping: WrappingKey, key: DataKey, *, context: tuple[str | int, ...]) -> bytes:
    """The data key, encrypted. ``context`` says whose key it is: (case_uid,) or (table, row id)."""
    nonce = os.urandom(_NONCE_BYTES)
    content = key.version.to_bytes(_VERSION_BYTES, "big") + key.secret
    wrapped = _wrap_cipher(wrapping).encrypt(nonce, content, lp(*context, wrapping.id))
    return _FORMAT + nonce + wrapped


def unwrap_key(wrapping: WrappingKey, wrapped: bytes, *, context: tuple[str | int, ...]) -> DataKey:
    """The data key. Raises SealError for another wrapping key, another owner, or changed bytes."""
    nonce = wrapped[len(_FORMAT) : len(_FORMAT) + _NONCE_BYTES]
    body = wrapped[len(_FORMAT) + _NONCE_BYTES :]
    if not wrapped.startswith(_FORMAT) or len(body) != _VERSION_BYTES + KEY_BYTES + _TAG_BYTES:
        raise SealError(f"no wrapped key for {context}")
    try:
        content = _wrap_cipher(wrapping).decrypt(nonce, body, lp(*context, wrapping.id))
    except InvalidTag:
        raise SealError(f"the key of {context} does not unwrap under {wrapping.id}") from None
    return DataKey(content[_VERSION_BYTES:], int.from_bytes(content[:_VERSION_BYTES], "big"))


def rewrap_key(
    old: WrappingKey, new: WrappingKey, wrapped: bytes, *, context: tuple[str | int, ...]
) -> bytes:
    """The same data key under another wrapping key. Raises SealError as ``unwrap_key`` does."""
    return wrap_key(new, unwrap_key(old, wrapped, context=context), context=context)


def _wrap_cipher(wrapping: WrappingKey) -> AESGCM:
    # A case's key seals values and wraps keys: each use has its own derived key.
    return AESGCM(hkdf(wrapping.secret, salt=b"", info=b"wrap"))
