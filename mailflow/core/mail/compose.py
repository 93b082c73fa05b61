"""Building the bytes of a mail we send. Every outside value passes safe_header first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import format_datetime, formataddr
from hashlib import sha256
from typing import TYPE_CHECKING

from mailflow.core.mail.serialise import (
    is_plain,
    write_field,
    write_file,
    write_multipart,
    write_text,
    write_words,
)
from mailflow.core.mail.unicode_form import normal_form

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_HEADER = 200
_MOST_REFERENCES = 20

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9\-]{1,63}\Z")
_MESSAGE_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{3,250}\Z")
_SUBTYPE = re.compile(r"[a-z0-9][a-z0-9.+\-]{0,80}")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a mail, under a type that no client runs."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class OutgoingMail:
    """One mail to one recipient. Ids stand without angle brackets.

    ``auto_submitted`` is the value of RFC 3834's field; None for words a person wrote.
    """

    message_id: str
    date: datetime
    sender_name: str
    sender: str
    recipient_name: str | None
    recipient: str
    reply_to_name: str | None
    reply_to: str
    subject: str
    text: str
    html: str | None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: str | None = "auto-generated"
    enclosures: tuple[Enclosure, ...] = ()


def safe_header(value: str, *, longest: int = LONGEST_HEADER) -> str:
    """A value that cannot end a header, hide itself or run on: NFC, no controls, no bidi marks."""
    cleaned = _UNSAFE.sub(" ", normal_form("NFC", value))
    return " ".join(cleaned.split())[:longest].strip()


def is_sendable(address: str) -> bool:
    """Whether an address is of the strict ASCII form that SMTP libraries cannot misread."""
    local, at, domain = address.rpartition("@")
    return bool(
        at
        and _LOCAL.match(local)
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and len(domain) <= 253  # noqa: PLR2004 (RFC 1035 2.3.4)
        and _DOMAIN.match(domain)
    )


def compose(mail: OutgoingMail) -> bytes:
    """The mail with CRLF line ends, ready for SMTP. Raises ValueError for an unsendable address."""
    fields = [
        _mailbox("From", mail.sender_name, mail.sender),
        _mailbox("To", mail.recipient_name, mail.recipient),
        _mailbox("Reply-To", mail.reply_to_name, mail.reply_to),
        write_field("Subject", safe_header(mail.subject)),
        write_field("Date", format_datetime(mail.date)),
        write_words("Message-ID", [f"<{mail.message_id}>"]),
    ]
    ids = [known for known in mail.references if _MESSAGE_ID.match(known)]
    if mail.in_reply_to and _MESSAGE_ID.match(mail.in_reply_to):
        fields.append(write_words("In-Reply-To", [f"<{mail.in_reply_to}>"]))
        ids = [known for known in ids if known != mail.in_reply_to] + [mail.in_reply_to]
    if ids:
        fields.append(write_words("References", [f"<{one}>" for one in _shortened(ids)]))
    if mail.auto_submitted:
        fields.append(write_field("Auto-Submitted", mail.auto_submitted))
    fields.append(b"X-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n")
    return b"".join([*fields, _body(mail)])


def _body(mail: OutgoingMail) -> bytes:
    body = write_text(mail.text, "plain")
    if mail.html is not None:
        parts = (body, write_text(mail.html, "html"))
        body = write_multipart("alternative", _boundary("alternative", mail), parts)
    if mail.enclosures:
        files = (_enclosed(one) for one in mail.enclosures)
        body = write_multipart("mixed", _boundary("mixed", mail), (body, *files))
    return body


def _boundary(subtype: str, mail: OutgoingMail) -> str:
    # "=_" cannot stand in quoted-printable or base64, so no part can hold this line.
    return f"=_{sha256(f'{subtype} {mail.message_id}'.encode()).hexdigest()[:24]}"


def _enclosed(enclosure: Enclosure) -> bytes:
    name = safe_header(enclosure.name, longest=100).replace("/", "_") or "attachment"
    return write_file(name, "/".join(_safe_type(enclosure.content_type)), enclosure.content)


def _safe_type(content_type: str) -> tuple[str, str]:
    """The type as it is where mail clients only show it; anything else is opaque bytes."""
    main, _, sub = content_type.lower().partition("/")
    if main in ("image", "audio", "video", "application") and _SUBTYPE.fullmatch(sub):
        return main, sub
    return "application", "octet-stream"


def _shortened(ids: list[str]) -> list[str]:
    # RFC 5322 sets no limit, but lines of hundreds of ids break clients: keep the root and the end.
    if len(ids) <= _MOST_REFERENCES:
        return ids
    return [ids[0], *ids[-(_MOST_REFERENCES - 1) :]]


def _mailbox(field_name: str, name: str | None, address: str) -> bytes:
    if not is_sendable(address):
        raise ValueError("this address cannot be written to safely")
    display = safe_header(name or "", longest=80)
    if not display:
        return write_words(field_name, [address])
    if is_plain(display):
        return write_words(field_name, formataddr((display, address)).split(" "))
    return write_field(field_name, display, after=f"<{address}>")
