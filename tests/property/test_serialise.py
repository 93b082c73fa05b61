"""What we write by ourselves, the standard library reads as it was meant."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

from hypothesis import example, given
from hypothesis import strategies as st

from mailflow.core.mail.compose import safe_header
from mailflow.core.mail.serialise import write_field, write_file, write_multipart, write_text

ANY: st.SearchStrategy[str] = st.characters(exclude_categories=["Cs"])
HEADER = st.text(ANY, max_size=300).map(safe_header)
LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200), max_size=6
).map("\n".join)


def read(raw: bytes) -> EmailMessage:
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


@given(HEADER)
@example("=?utf-8?q?not_ours?=")
@example("Grüße " * 30)
@example("漢字" * 60)
@example("x" * 200)
def test_a_field_says_what_it_was_given(value: str) -> None:
    raw = write_field("Subject", value)
    assert str(read(raw + b"\r\n")["Subject"]) == value
    assert all(
        len(line) <= 76
        for line in raw.split(b"\r\n")
        if line.startswith((b" =?", b"S")) and b"=?utf-8" in line
    )


@given(HEADER.filter(bool))
def test_a_name_and_its_address_stay_apart(value: str) -> None:
    name = f"É{value}"
    raw = write_field("To", name, after="<riya.rao@acme.example>")
    # The newer header types keep the blank between two encoded words of a name (RFC 2047 6.2).
    field = message_from_bytes(raw + b"\r\n")["To"]
    assert str(make_header(decode_header(field))) == f"{name} <riya.rao@acme.example>"


@given(LINES)
@example(".\n..\nFrom here\n--=_0\ntrailing \n\n")
def test_a_text_is_the_same_but_for_one_line_break_at_its_end(text: str) -> None:
    raw = write_text(text, "plain")
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    body = read(b"MIME-Version: 1.0\r\n" + raw).get_content().replace("\r\n", "\n")
    assert body == text.removesuffix("\n") + "\n"


@given(HEADER.filter(bool), st.binary(max_size=500))
@example("a" * 100 + '".pdf', b"")
@example("Lohn und Gehalt für März.pdf", b"\r\n.\r\n")
@example("漢" * 100, b"x")
def test_a_file_keeps_its_name_and_its_bytes(name: str, content: bytes) -> None:
    raw = write_file(name, "application/pdf", content)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    message = read(b"MIME-Version: 1.0\r\n" + raw)
    assert message.get_filename() == name
    assert message.get_content() == content


@given(st.lists(LINES, min_size=1, max_size=4))
def test_parts_come_back_in_their_order(texts: list[str]) -> None:
    raw = write_multipart("mixed", "=_boundary", [write_text(text, "html") for text in texts])
    parts = list(read(b"MIME-Version: 1.0\r\n" + raw).iter_parts())
    found = [part.get_content().replace("\r\n", "\n") for part in parts]
    assert found == [text.removesuffix("\n") + "\n" for text in texts]
