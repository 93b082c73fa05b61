"""MAPI property lists inside TNEF, whole and broken."""

from __future__ import annotations

from struct import pack

from mailflow.core.mail.mapi_properties import read_properties

LONG = pack("<HHI", 0x03, 0x3705, 1)
MANY_LONGS = pack("<HHIII", 0x1003, 0x3706, 2, 1, 2)
NAMED_BY_NUMBER = pack("<HH", 0x03, 0x8001) + bytes(16) + pack("<III", 0, 7, 1)
NAMED_BY_NAME = (
    pack("<HH", 0x03, 0x8002) + bytes(16) + pack("<II", 1, 6) + b"a\0b\0\0\0\0\0" + pack("<I", 1)
)
TEXT = pack("<HHII", 0x1E, 0x3707, 1, 6) + b"a.pdf\0\0\0"
BINARY = pack("<HHII", 0x102, 0x3702, 1, 3) + b"abc\0"
EMBEDDED = pack("<HHII", 0x0D, 0x3701, 1, 20) + bytes(16) + b"data"


def listed(*properties: bytes) -> bytes:
    return pack("<I", len(properties)) + b"".join(properties)


def test_properties_of_every_shape_are_walked() -> None:
    data = listed(LONG, MANY_LONGS, NAMED_BY_NUMBER, NAMED_BY_NAME, TEXT, BINARY, EMBEDDED)
    assert read_properties(data) == {0x3707: "a.pdf", 0x3702: b"abc", 0x3701: b"data"}


def test_an_unknown_type_ends_the_list() -> None:
    assert read_properties(listed(TEXT, pack("<HH", 0x7777, 1), BINARY)) == {0x3707: "a.pdf"}


def test_a_list_that_is_cut_off_has_what_came_before() -> None:
    assert read_properties(pack("<I", 5) + TEXT) == {0x3707: "a.pdf"}


def test_no_list_has_no_properties() -> None:
    assert read_properties(b"\1") == {}
