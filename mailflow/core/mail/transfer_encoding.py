"""Content-Transfer-Encoding (RFC 2045 6) undone, as far as the bytes allow. Never raises."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING

from mailflow.core.mail.problems import Problem
from mailflow.core.mail.uuencode import decode_uu

if TYPE_CHECKING:
    from mailflow.core.mail.part import Part

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _BASE64)
_SAMPLE_BYTES = 4096
_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def decode_part(part: Part, problems: set[Problem]) -> bytes:
    """The decoded body. Base64 is read in place, so that a large part is not copied first."""
    encoding = part.encoding
    if encoding == "base64":
        return _decode_base64(memoryview(part.raw)[part.start : part.end], problems)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(part.body)
    if encoding in _UU_NAMES:
        return decode_uu(part.body)
    return part.body


def _decode_base64(body: memoryview, problems: set[Problem]) -> bytes:
    sample = bytes(body[:_SAMPLE_BYTES])
    foreign = len(sample.translate(None, _BASE64 + b" \t\r\n-_"))
    blanks = sample.count(b" ")  # words, where base64 has none
    if foreign * 10 > len(sample) or blanks * 20 > len(sample):
        problems.add(Problem.BAD_TRANSFER_ENCODING)
        return bytes(body)
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        problems.add(Problem.BAD_TRANSFER_ENCODING)
    letters = bytes(body).translate(None, _NOT_BASE64).rstrip(b"=")
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return bytes(body)
