"""Building the bytes of a mail we send. Every outside value passes safe_header first."""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass, field
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime, formataddr
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from mailflow.core.mail.unicode_form import normal_form

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_HEADER = 200
_CRLF = compat32.clone(linesep="\r\n", mangle_from_=False)
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
    """The mail with CRLF line ends, ready for SMTP. Raises ValueError for an unsendable address.

    By email's older types: the newer ones parse each value anew, which took half of the time that
    a mail costs until it leaves.
    """
    message: Message[Any, Any] = Message(policy=_CRLF)
    message["From"] = _mailbox("From", mail.sender_name, mail.sender)
    message["To"] = _mailbox("To", mail.recipient_name, mail.recipient)
    message["Reply-To"] = _mailbox("Reply-To", mail.reply_to_name, mail.reply_to)
    message["Subject"] = _words("Subject", safe_header(mail.subject))
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = f"<{mail.message_id}>"
    ids = [known for known in mail.references if _MESSAGE_ID.match(known)]
    if mail.in_reply_to and _MESSAGE_ID.match(mail.in_reply_to):
        message["In-Reply-To"] = f"<{mail.in_reply_to}>"
        ids = [known for known in ids if known != mail.in_reply_to] + [mail.in_reply_to]
    if ids:
        message["References"] = " ".join(f"<{known}>" for known in _shortened(ids))
    if mail.auto_submitted:
        message["Auto-Submitted"] = mail.auto_submitted
    message["X-Auto-Response-Suppress"] = "All"
    message["MIME-Version"] = "1.0"
    body = _body(mail)
    for name, value in body.items():
        message[name] = value
    message.set_payload(body.get_payload())
    return message.as_bytes(policy=_CRLF)


def _body(mail: OutgoingMail) -> Message[Any, Any]:
    body = _text(mail.text, "plain")
    if mail.html is not None:
        body = _together("alternative", mail, body, _text(mail.html, "html"))
    if mail.enclosures:
        body = _together("mixed", mail, body, *(_enclosed(one) for one in mail.enclosures))
    return body


def _text(text: str, subtype: str) -> Message[Any, Any]:
    """One line break at the end and no other change, however its line ends are written."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    part: Message[Any, Any] = Message(policy=_CRLF)
    part.add_header("Content-Type", f"text/{subtype}", charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(b2a_qp(lines.encode("utf-8", "replace"), istext=True).decode("ascii"))
    return part


def _together(subtype: str, mail: OutgoingMail, *parts: Message[Any, Any]) -> Message[Any, Any]:
    whole: Message[Any, Any] = Message(policy=_CRLF)
    # "=_" cannot stand in quoted-printable or base64, so no part can hold this line.
    digest = sha256(f"{subtype} {mail.message_id}".encode()).hexdigest()
    whole.add_header("Content-Type", f"multipart/{subtype}", boundary=f"=_{digest[:24]}")
    for part in parts:
        whole.attach(part)
    return whole


def _enclosed(enclosure: Enclosure) -> Message[Any, Any]:
    main, sub = _safe_type(enclosure.content_type)
    name = safe_header(enclosure.name, longest=100).replace("/", "_") or "attachment"
    part: Message[Any, Any] = Message(policy=_CRLF)
    part["Content-Type"] = f"{main}/{sub}"
    part["Content-Transfer-Encoding"] = "base64"
    filename = name if name.isascii() else ("utf-8", "", name)
    part.add_header("Content-Disposition", "attachment", filename=filename)
    part.set_payload(encodebytes(enclosure.content).decode("ascii"))
    return part


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


def _mailbox(field_name: str, name: str | None, address: str) -> str | Header:
    if not is_sendable(address):
        raise ValueError("this address cannot be written to safely")
    display = safe_header(name or "", longest=80)
    if _is_plain(display):
        return formataddr((display, address))
    header = _words(field_name, display)
    header.append(f"<{address}>", charset="us-ascii")
    return header


def _is_plain(text: str) -> bool:
    """Whether it means the same to a client that decodes encoded words (RFC 2047)."""
    return text.isascii() and "=?" not in text


def _words(field_name: str, text: str) -> Header:
    charset = "us-ascii" if _is_plain(text) else "utf-8"
    return Header(text, charset=charset, header_name=field_name)
