"""winmail.dat is opened, and a broken one is kept as it came."""

from __future__ import annotations

import base64
from struct import pack
from typing import TYPE_CHECKING

from mailflow.core.mail.parse import parse_message

if TYPE_CHECKING:
    from mailflow.core.mail.message import Message


def attribute(tag: int, data: bytes) -> bytes:
    level = 2 if tag & 0x9000 or tag in (0x0006800F, 0x00018010) else 1
    return pack("<BII", level, tag, len(data)) + data + pack("<H", sum(data) & 0xFFFF)


def text_property(identifier: int, text: str) -> bytes:
    value = text.encode("utf-16-le") + b"\0\0"
    return pack("<HHII", 0x1F, identifier, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def winmail(properties: bytes = b"", *, count: int = 0) -> bytes:
    stream = b"\x78\x9f\x3e\x22" + pack("<H", 1)
    stream += attribute(0x0002800C, b"Text inside\0")
    stream += attribute(0x00069002, bytes(14))
    stream += attribute(0x00018010, b"SHORT~1.PDF\0")
    stream += attribute(0x0006800F, b"%PDF-1.4 test")
    if count:
        stream += attribute(0x00069005, pack("<I", count) + properties)
    return stream


def mail_with(content: bytes) -> Message:
    body = base64.encodebytes(content)
    return parse_message(
        b"From: eva@acme.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nHello\n--B\n"
        b"Content-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n" + body + b"\n--B--\n"
    )


def test_files_inside_stand_in_place_of_winmail_dat() -> None:
    (attachment,) = mail_with(winmail()).attachments
    assert (attachment.filename, attachment.content) == ("SHORT~1.PDF", b"%PDF-1.4 test")


def test_long_name_and_type_come_from_the_properties() -> None:
    properties = text_property(0x3707, "Kündigung.pdf") + text_property(0x370E, "application/pdf")
    (attachment,) = mail_with(winmail(properties, count=2)).attachments
    assert (attachment.filename, attachment.content_type) == ("Kündigung.pdf", "application/pdf")


def test_text_inside_joins_the_text() -> None:
    assert "Text inside" in mail_with(winmail()).text


def test_what_is_no_tnef_is_kept_and_flagged() -> None:
    message = mail_with(b"not tnef at all")
    assert [one.filename for one in message.attachments] == ["winmail.dat"]
    assert "bad_tnef" in message.problems


def test_lengths_beyond_the_end_are_not_believed() -> None:
    content = winmail()[:-20] + pack("<BII", 2, 0x0006800F, 2**31) + b"x"
    assert len(mail_with(content).attachments) == 1


def test_absurd_property_counts_are_not_believed() -> None:
    (attachment,) = mail_with(
        winmail(b"\x1f\x00\x07\x37\xff\xff\xff\xff", count=2**32 - 1)
    ).attachments
    assert attachment.filename == "SHORT~1.PDF"
