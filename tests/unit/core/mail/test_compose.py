from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mailflow.core.mail.compose import Enclosure, OutgoingMail, compose

MAIL = OutgoingMail(
    message_id="one.two@acme.example",
    date=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    sender_name="HR Support",
    sender="hr@acme.example",
    recipient_name="Riya Rao",
    recipient="riya.rao@acme.example",
    reply_to_name="HR Support",
    reply_to="hr+token@acme.example",
    subject="Re: Paycheck",
    text="Hello,\n\n.a dot\nFrom here on\ntrailing \nGrüße",
    html="<p>Grüße</p>",
)


def read(mail: OutgoingMail) -> EmailMessage:
    raw = compose(mail)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(mail: OutgoingMail) -> str:
    body = read(mail).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(
    "name",
    [
        "Riya Rao",
        'Doe, "J" (HR) <x>',
        "Jürgen Müller, Dr. (HR)",
        "张" * 12,
        "=?utf-8?q?evil=0A?= x",
        "a very long name of a person with many many parts in it, seventy and more",
    ],
)
def test_a_name_arrives_as_it_was_given(name: str) -> None:
    address = read(replace(MAIL, recipient_name=name))["To"].addresses[0]
    assert (address.display_name, address.addr_spec) == (name, MAIL.recipient)


@pytest.mark.parametrize("name", [None, "Riya Rao", 'Doe, "J"', "Jürgen"])
def test_an_address_that_looks_encoded_stands_as_it_is(name: str | None) -> None:
    address = "=?utf-8?q?riya?=@acme.example"
    raw = compose(replace(MAIL, recipient_name=name, recipient=address))
    (field,) = re.findall(rb"^To: (?:.*\r\n )*.*", raw, re.MULTILINE)
    assert field.rstrip().endswith(address.encode() if name is None else f"<{address}>".encode())


def test_ids_that_look_encoded_stand_as_they_are() -> None:
    ids = ("=?utf-8?q?a?=@acme.example", "b=?c@acme.example")
    raw = compose(replace(MAIL, references=ids, in_reply_to=ids[1]))
    assert f"\r\nIn-Reply-To: <{ids[1]}>\r\n".encode() in raw
    assert f"\r\nReferences: <{ids[0]}> <{ids[1]}>\r\n".encode() in raw


@pytest.mark.parametrize(
    "subject", ["Re: Paycheck", "Gehaltsfrage für März", "ü" * 190, "word " * 38 + "end", ""]
)
def test_a_subject_arrives_as_it_was_given(subject: str) -> None:
    assert str(read(replace(MAIL, subject=subject))["Subject"]) == subject


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MAIL.text, f"{MAIL.text}\n"),
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("x" * 2000, "x" * 2000 + "\n"),
        ("", "\n"),
    ],
)
def test_a_text_arrives_with_one_line_break_at_its_end(text: str, expected: str) -> None:
    assert text_of(replace(MAIL, text=text)) == expected


def test_text_comes_before_html_and_files_after_both() -> None:
    files = (
        Enclosure("form.pdf", "application/pdf", b"%PDF" * 100),
        Enclosure("Lohn – März.html", "text/html", b"<script>"),
    )
    parts = [
        part for part in read(replace(MAIL, enclosures=files)).walk() if not part.is_multipart()
    ]
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "application/pdf",
        "application/octet-stream",
    ]
    assert [part.get_filename() for part in parts[2:]] == ["form.pdf", "Lohn – März.html"]
    assert parts[2].get_content() == b"%PDF" * 100


def test_the_same_mail_is_composed_to_the_same_bytes() -> None:
    assert compose(MAIL) == compose(MAIL)


def test_a_text_cannot_end_its_own_part() -> None:
    boundary = read(MAIL).get_boundary()
    assert text_of(replace(MAIL, text=f"--{boundary}--\nmore")) == f"--{boundary}--\nmore\n"


def test_a_long_thread_keeps_its_root_and_its_end() -> None:
    ids = tuple(f"{number}.{'x' * 40}@client.example" for number in range(40))
    kept = str(read(replace(MAIL, references=ids, in_reply_to=ids[-1]))["References"]).split()
    assert (kept[0], kept[-1], len(kept)) == (f"<{ids[0]}>", f"<{ids[-1]}>", 20)


def test_an_address_that_smtp_could_misread_is_refused() -> None:
    with pytest.raises(ValueError, match="safely"):
        compose(replace(MAIL, recipient="a@b\r\nBcc: c@d.example"))
