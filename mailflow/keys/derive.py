"""Key derivation and the unambiguous joining of fields, used by everything else in keys."""

from __future__ import annotations

import struct
from hashlib import sha256

KEY_BYTES = 32
_LENGTH = struct.Struct(">I")
_BLOCK_BYTES = 64
_INNER = bytes(octet ^ 0x36 for octet in range(256))
_OUTER = bytes(octet ^ 0x5C for octet in range(256))


def lp(*fields: bytes | str | int) -> bytes:
    """Each field after its length in 4 big-endian bytes, so that no two lists join alike.

    Text is UTF-8 (a lone surrogate of a broken mail is kept), numbers are decimal digits.
    """
    parts: list[bytes] = []
    for field in fields:
        if isinstance(field, str):
            data = field.encode("utf-8", "surrogatepass")
        else:
            data = field if isinstance(field, bytes) else b"%d" % field
        parts += (_LENGTH.pack(len(data)), data)
    return b"".join(parts)


def hkdf(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """32 bytes of HKDF-SHA256 (RFC 5869): extract, then the one block of expand that is asked
    for. An absent salt is a block of zeros, which HMAC makes of an empty one.
    """
    return hmac_sha256(hmac_sha256(salt, secret), info + b"\x01")


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """HMAC of RFC 2104, out of two hashes: the library looks its algorithm up anew at each call,
    which takes as long again, and a mail needs eighty of them.
    """
    if len(key) > _BLOCK_BYTES:
        key = sha256(key).digest()
    block = key.ljust(_BLOCK_BYTES, b"\0")
    inner = sha256(block.translate(_INNER) + message).digest()
    return sha256(block.translate(_OUTER) + inner).digest()


def first_bits(digest: bytes, bits: int) -> int:
    """The leading ``bits`` of a digest as a number."""
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - bits)
