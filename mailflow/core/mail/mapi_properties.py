"""The MAPI property list inside TNEF attributes (MS-OXTNEF 2.1.3.4), read within its bounds."""

from __future__ import annotations

from struct import Struct, error

MAX_PROPERTIES = 2_000

_LONG = Struct("<I")
_HEAD = Struct("<HH")
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D
_FIXED = {
    0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8,
    0x48: 16,
}  # fmt: skip
_MULTIPLE = 0x1000
_FIRST_NAMED = 0x8000


def read_properties(data: bytes) -> dict[int, bytes | str]:
    """Strings and binaries by property id; reading stops where the list stops making sense."""
    try:
        return _read(data)
    except (error, IndexError):
        return {}


def _read(data: bytes) -> dict[int, bytes | str]:
    found: dict[int, bytes | str] = {}
    (count,) = _LONG.unpack_from(data, 0)
    position = 4
    for _ in range(min(count, MAX_PROPERTIES)):
        if position + _HEAD.size > len(data):
            break
        kind, identifier = _HEAD.unpack_from(data, position)
        position += _HEAD.size
        if identifier >= _FIRST_NAMED:
            position = _skip_name(data, position)
        base = kind & ~_MULTIPLE
        if base in _FIXED:
            values = 1
            if kind & _MULTIPLE:
                (values,) = _LONG.unpack_from(data, position)
                position += 4
            position += _FIXED[base] * values
        elif base in (_STRING8, _UNICODE, _BINARY, _OBJECT):
            position = _read_values(data, position, (base, identifier), found)
        else:
            break
    return found


def _skip_name(data: bytes, position: int) -> int:
    """A named property's GUID and its number or padded name."""
    (kind,) = _LONG.unpack_from(data, position + 16)
    position += 20
    if kind == 0:
        return position + 4
    (length,) = _LONG.unpack_from(data, position)
    return position + 4 + _padded(length)


def _read_values(
    data: bytes, position: int, key: tuple[int, int], found: dict[int, bytes | str]
) -> int:
    base, identifier = key
    (values,) = _LONG.unpack_from(data, position)
    position += 4
    for _ in range(min(values, MAX_PROPERTIES)):
        (length,) = _LONG.unpack_from(data, position)
        position += 4
        value = data[position : position + length]
        if base == _OBJECT:
            value = value[16:]  # the interface identifier in front of an embedded object
        if base == _UNICODE:
            found.setdefault(identifier, value.decode("utf-16-le", "replace").rstrip("\0"))
        elif base == _STRING8:
            found.setdefault(identifier, value.rstrip(b"\0").decode("cp1252", "replace"))
        else:
            found.setdefault(identifier, value)
        position += _padded(length)
    return position


def _padded(length: int) -> int:
    return length + (-length % 4)
