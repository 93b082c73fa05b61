"""The text inside an opaque-signed S/MIME mail (RFC 8551 3.5.2). Verifies nothing."""

from __future__ import annotations

from dataclasses import dataclass

MAX_CHUNKS = 100_000

_SEQUENCE, _CONTEXT_0, _OCTETS, _OCTETS_BUILT = 0x30, 0xA0, 0x04, 0x24
_END_OF_CONTENTS = b"\0\0"


@dataclass(frozen=True, slots=True)
class _Value:
    """A BER value: ``end`` is None when its length is indefinite (OpenSSL streams so)."""

    tag: int
    start: int
    end: int | None


def read_signed_content(content: bytes) -> bytes | None:
    """The enclosed MIME entity of a CMS SignedData, or None when it is no such thing."""
    try:
        return _read(content)
    except IndexError:
        return None


def _read(content: bytes) -> bytes | None:
    """Walks ContentInfo > [0] > SignedData > EncapsulatedContentInfo > [0] > OCTET STRING."""
    signed_data = _enter(content, _enter(content, 0, _SEQUENCE), _CONTEXT_0, skip=1)
    inside = _enter(content, signed_data, _SEQUENCE)
    encapsulated = _enter(content, inside, _SEQUENCE, skip=2)
    octets = _enter(content, encapsulated, _CONTEXT_0, skip=1)
    if octets < 0:
        return None
    value = _value_at(content, octets)
    if value.tag == _OCTETS and value.end is not None:
        return content[value.start : value.end]
    return _join_chunks(content, value) if value.tag == _OCTETS_BUILT else None


def _enter(content: bytes, position: int, tag: int, *, skip: int = 0) -> int:
    """Where the contents of the value after ``skip`` others begin; -1 when its tag differs."""
    if position < 0:
        return -1
    for _ in range(skip):
        value = _value_at(content, position)
        if value.end is None:
            return -1
        position = value.end
    value = _value_at(content, position)
    return value.start if value.tag == tag else -1


def _value_at(content: bytes, position: int) -> _Value:
    tag, first = content[position], content[position + 1]
    if first < 0x80:  # noqa: PLR2004 - X.690 8.1.3: short form
        return _Value(tag, position + 2, position + 2 + first)
    count = first & 0x7F
    if count == 0:
        return _Value(tag, position + 2, None)
    start = position + 2 + count
    return _Value(tag, start, start + int.from_bytes(content[position + 2 : start], "big"))


def _join_chunks(content: bytes, value: _Value) -> bytes:
    chunks: list[bytes] = []
    position = value.start
    end = len(content) if value.end is None else min(value.end, len(content))
    while position + 2 <= end and len(chunks) < MAX_CHUNKS:
        if content[position : position + 2] == _END_OF_CONTENTS:
            break
        chunk = _value_at(content, position)
        if chunk.tag != _OCTETS or chunk.end is None:
            break
        chunks.append(content[chunk.start : chunk.end])
        position = chunk.end
    return b"".join(chunks)
