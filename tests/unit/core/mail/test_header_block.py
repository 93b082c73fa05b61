from __future__ import annotations

import pytest

from mailflow.core.mail.header_block import MAX_FIELDS, MAX_HEADER_BYTES, read_header_block


def test_fields_keep_their_order_and_their_folding() -> None:
    header = read_header_block(b"Subject: a\r\n b\r\nFROM:x\r\n\r\nbody\r\n")

    assert [(f.name, f.value, f.unfolded) for f in header.fields] == [
        ("subject", b" a\r\n b\r\n", b"a b"),
        ("from", b"x\r\n", b"x"),
    ]
    assert header.body == b"body\r\n"
    assert header.is_sound
    assert header.is_complete


@pytest.mark.parametrize(
    ("raw", "names", "is_sound", "body"),
    [
        (b"A: 1\nB: 2\n\nbody", ["a", "b"], True, b"body"),
        (b"A: 1\r\nB: 2", ["a", "b"], True, b""),
        (b"", [], True, b""),
        (b"\r\nA: 1\r\n\r\n", [], True, b"A: 1\r\n\r\n"),
        (b"\nA: 1\n", [], True, b"A: 1\n"),
        (b"From x@y Mon\r\nA: 1\r\n\r\n", ["a"], True, b""),
        (b"A: 1\r\nFrom x@y Mon\r\n\r\n", ["a"], False, b""),
        (b"A: 1\r\nB: 2\nC: 3\r\n\r\n", ["a", "b", "c"], False, b""),
        (b"A: 1\rB: 2\r\n\r\n", ["a", "b"], False, b""),
        (b"A: 1\r\n\rB: 2\r\n\r\n", ["a", "b"], False, b""),
        (b"A: 1\n\r\nB: 2\r\n\r\n", ["a"], False, b"B: 2\r\n\r\n"),
        (b" lost \xe9\r\nA: 1\r\n\r\n", ["a"], False, b""),
        (b"A: 1\r\n\nB: 2\r\n\r\n", ["a"], False, b"B: 2\r\n\r\n"),
        (b"A : 1\r\n\r\n", ["a"], False, b""),
        (b" lost\r\nA: 1\r\n\r\n", ["a"], False, b""),
        (b"A: 1\r\nno field\r\n folded\r\nB: 2\r\n\r\n", ["a", "b"], False, b""),
        (b"A\x80: 1\r\nB: 2\r\n\r\n", ["b"], False, b""),
        (b": 1\r\nB: 2\r\n\r\n", ["b"], False, b""),
    ],
)
def test_lines_that_two_programs_could_read_differently_are_unsound(
    raw: bytes, names: list[str], *, is_sound: bool, body: bytes
) -> None:
    header = read_header_block(raw)

    assert [field.name for field in header.fields] == names
    assert header.is_sound is is_sound
    assert header.body == body


def test_block_that_does_not_end_within_bounds_is_neither_complete_nor_sound() -> None:
    header = read_header_block(b"A: " + b"x" * MAX_HEADER_BYTES + b"\r\nFrom: a@b.example\r\n\r\n")

    assert not header.is_complete
    assert not header.is_sound
    assert header.count("from") == 0


def test_field_beyond_the_limit_is_not_read() -> None:
    header = read_header_block(b"A: 1\r\n" * (MAX_FIELDS + 1) + b"\r\n")

    assert len(header.fields) == MAX_FIELDS
    assert not header.is_complete
    assert not header.is_sound


def test_fields_of_one_name_are_found_in_any_case() -> None:
    header = read_header_block(b"To: 1\r\nTO: 2\r\n\r\n")

    assert [field.unfolded for field in header.all("to")] == [b"1", b"2"]
    assert header.count("to") == 2
