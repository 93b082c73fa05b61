"""Key derivation and the unambiguous joining of fields, used by everything else in keys."""

from __future__ import annotations

import hmac
import struct

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_SHA256 = SHA256()
_LENGTH = struct.Struct(">I")


def lp(*fields: bytes | str | int) -> bytes:
    """Each field after its length in 4 big-endian bytes, so that no two lists join alike.

    Text is UTF-8 (a lone surrogate of a broken mail is kept), numbers are decimal digits.
    """
    parts: list[bytes] = []
    for field in fields:
        data = field if isinstance(field, bytes) else str(field).encode("utf-8", "surrogatepass")
        parts += (_LENGTH.pack(len(data)), data)
    return b"".join(parts)


def hkdf(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """32 bytes of HKDF-SHA256 (RFC 5869)."""
    return HKDF(algorithm=_SHA256, length=KEY_BYTES, salt=salt, info=info).derive(secret)


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def first_bits(digest: bytes, bits: int) -> int:
    """The leading ``bits`` of a digest as a number."""
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - bits)
