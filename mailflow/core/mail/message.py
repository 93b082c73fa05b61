"""A mail as mailflow reads it: the values that `mailflow parse --json` prints."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class Kind(StrEnum):
    """What sort of mail it is. Whether it may be answered is another question (ack_ok)."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    AUTO_GENERATED = "auto_generated"
    REPORT = "report"


@dataclass(frozen=True)
class Address:
    """``name`` is RFC 2047 decoded; ``address`` keeps its case."""

    name: str | None
    address: str


@dataclass(frozen=True)
class BouncedRecipient:
    """One final recipient of a delivery status notification (RFC 3464 2.3)."""

    address: str
    status: str | None = None
    action: str | None = None
    diagnostic: str | None = None


@dataclass(frozen=True)
class Bounce:
    """``permanent`` is None when the notice does not say."""

    recipients: tuple[BouncedRecipient, ...]
    permanent: bool | None
    original_message_id: str | None


@dataclass(frozen=True)
class Forward:
    """The forwarded original, as far as the forward block tells."""

    sender: Address | None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    subject: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Attachment:
    """``size`` and ``sha256`` (hex) are of the decoded bytes; ``content`` is kept out of repr."""

    filename: str | None
    content_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None
    content: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True)
class Authentication:
    """Verdicts of the trusted Authentication-Results only, unjudged (RFC 8601)."""

    dkim: str | None = None
    spf: str | None = None
    dmarc: str | None = None


@dataclass(frozen=True)
class Message:
    """One parsed mail. Ids stand without angle brackets; ``references`` is oldest first.

    ``text`` is the whole body with LF line ends; ``new_text`` is what the writer wrote now, ""
    when nothing is left after quotation and signature were cut. ``problems`` is a closed set of
    codes (see problems.py). ``delivered_to`` are the addr-specs that our own border wrote above the
    first Received field; ``list_id`` is List-Id's value (RFC 2919) without brackets;
    ``texts_differ`` says that its plain text and its HTML say different things.
    """

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    date: datetime | None
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    text: str
    new_text: str
    signature: str | None
    kind: Kind
    ack_ok: bool
    bounce: Bounce | None = None
    forwarded: Forward | None = None
    attachments: tuple[Attachment, ...] = ()
    auth: Authentication = Authentication()
    problems: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    list_id: str | None = None
    texts_differ: bool = False


def as_json(message: Message) -> dict[str, Any]:
    """The contract of `mailflow parse --json`: keys as printed, dates ISO 8601 with offset."""
    forwarded = message.forwarded
    return {
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "references": list(message.references),
        "date": message.date.isoformat() if message.date else None,
        "from": asdict(message.sender) if message.sender else None,
        "to": [asdict(address) for address in message.to],
        "cc": [asdict(address) for address in message.cc],
        "reply_to": [asdict(address) for address in message.reply_to],
        "subject": message.subject,
        "text": message.text,
        "new_text": message.new_text,
        "signature": message.signature,
        "kind": message.kind.value,
        "ack_ok": message.ack_ok,
        "bounce": _bounce_json(message.bounce),
        "forwarded": _forward_json(forwarded),
        "attachments": [_attachment_json(attachment) for attachment in message.attachments],
        "auth": asdict(message.auth),
        "problems": list(message.problems),
    }


def _bounce_json(bounce: Bounce | None) -> dict[str, Any] | None:
    if bounce is None:
        return None
    return {
        "recipients": [asdict(recipient) for recipient in bounce.recipients],
        "permanent": bounce.permanent,
        "original_message_id": bounce.original_message_id,
    }


def _forward_json(forwarded: Forward | None) -> dict[str, Any] | None:
    if forwarded is None:
        return None
    return {
        "from": asdict(forwarded.sender) if forwarded.sender else None,
        "to": [asdict(address) for address in forwarded.to],
        "cc": [asdict(address) for address in forwarded.cc],
        "date": forwarded.date.isoformat() if forwarded.date else None,
        "subject": forwarded.subject,
        "text": forwarded.text,
    }


def _attachment_json(attachment: Attachment) -> dict[str, Any]:
    return {
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "inline": attachment.inline,
        "content_id": attachment.content_id,
    }
