"""Transfer encodings undone where senders break them."""

from __future__ import annotations

import pytest

from mailflow.core.mail.parse import parse_message
from mailflow.core.mail.uuencode import decode_uu, take_uu_files

LINE = b"#86)C\n"  # "abc"


def text_of(body: bytes, encoding: bytes) -> str:
    return parse_message(b"Content-Transfer-Encoding: " + encoding + b"\n\n" + body).text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"SGVsbG8", "Hello"),
        (b"SGVsbG8=\nSGVs", "Hello"),
        (b"SGVsbG8gSGVsbG8!", "Hello Hello"),
        (b"SGVsb", "Hel"),
    ],
)
def test_base64_gives_what_it_holds(body: bytes, text: str) -> None:
    assert text_of(body, b"base64") == text


def test_uuencoded_lines_decode() -> None:
    assert decode_uu(b"begin 644 a\n" + LINE + b"`\nend\n") == b"abc"


def test_uuencoded_lines_with_junk_behind_their_count_decode() -> None:
    assert decode_uu(b"begin 644 a\n#86)CXXXX\n`\nend\n") == b"abc"


def test_lines_that_are_no_uuencoding_are_left_out() -> None:
    assert decode_uu(b"begin 644 a\n\x80\x81\n\n" + LINE + b"end\n") == b"abc"


def test_two_files_in_one_text_are_both_taken() -> None:
    block = "begin 644 {}\n#86)C\n`\nend\n"
    text, files = take_uu_files(
        "one\n" + block.format("a") + "two\n" + block.format("b") + "three\n"
    )
    assert [file.filename for file in files] == ["a", "b"]
    assert text.split() == ["one", "two", "three"]


def test_a_begin_without_end_is_text() -> None:
    text, files = take_uu_files("begin 644 a\n#86)C\nthe\nendless\n")
    assert (text, files) == ("begin 644 a\n#86)C\nthe\nendless\n", ())
