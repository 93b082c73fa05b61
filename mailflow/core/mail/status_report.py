"""The machine-readable part of a delivery status notification (RFC 3464 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.mail.encoded_word import decode_words
from mailflow.core.mail.header_fields import Fields, read_fields
from mailflow.core.mail.message import BouncedRecipient
from mailflow.core.mail.transfer_encoding import decode_part

if TYPE_CHECKING:
    from mailflow.core.mail.part import Part

MAX_GROUPS = 1_000
MAX_DIAGNOSTIC_CHARACTERS = 1_000

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_GROUP_BREAK = re.compile(rb"\r?\n[ \t]*\r?\n")
_TYPES = ("message/delivery-status", "message/global-delivery-status")


@dataclass(frozen=True)
class StatusReport:
    """``recipients`` in the order of the report."""

    recipients: tuple[BouncedRecipient, ...]


def walk_parts(part: Part) -> list[Part]:
    """A part and all below it, in order of appearance."""
    found = [part]
    for child in part.children:
        found.extend(walk_parts(child))
    return found


def read_status_report(root: Part) -> StatusReport | None:
    """The report, also when a server labelled it text/plain; None when there is none."""
    for part in walk_parts(root):
        if part.content_type in _TYPES or _is_mislabelled(part):
            recipients = _read_groups(decode_part(part, set()))
            if recipients or part.content_type in _TYPES:
                return StatusReport(tuple(recipients))
    return None


def _is_mislabelled(part: Part) -> bool:
    if part.children or part.content_type not in ("text/plain", "application/octet-stream"):
        return False
    head = part.raw[part.start : min(part.end, part.start + 4096)].lower()
    return b"final-recipient:" in head and b"reporting-mta:" in head and b"action:" in head


def _read_groups(content: bytes) -> list[BouncedRecipient]:
    found: dict[str, BouncedRecipient] = {}
    for group in _GROUP_BREAK.split(content.strip(), maxsplit=MAX_GROUPS):
        fields, _ = read_fields(group.strip() + b"\n", 0, len(group) + 1, set())
        for chunk in _split_recipients(fields):
            recipient = _read_recipient(chunk)
            if recipient is None:
                continue
            known = found.get(recipient.address.lower())
            if known is None or (known.diagnostic is None and recipient.diagnostic):
                found[recipient.address.lower()] = recipient
    return list(found.values())


def _split_recipients(fields: Fields) -> list[Fields]:
    """Groups whose blank lines were lost: a second Final-Recipient starts the next one."""
    chunks: list[list[tuple[str, bytes]]] = [[]]
    for pair in fields.pairs:
        if pair[0] == "final-recipient" and any(name == pair[0] for name, _ in chunks[-1]):
            chunks.append([])
        chunks[-1].append(pair)
    return [Fields(tuple(chunk)) for chunk in chunks]


def _read_recipient(fields: Fields) -> BouncedRecipient | None:
    """Original-Recipient is who we wrote to; Final-Recipient may be where it was forwarded."""
    address = None
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        address = _typed_address(fields.text(name))
        if address and "@" in address:
            break
    if not address:
        address = _typed_address(fields.text("final-recipient"))
    if not address:
        return None
    diagnostic = decode_words(fields.text("diagnostic-code"))[0]
    status_field = fields.text("status")
    status = STATUS.search(status_field) or STATUS.search(diagnostic)
    action = fields.text("action").split("(")[0].strip().lower().split(" ")[0]
    return BouncedRecipient(
        address=address,
        status=status.group(1) if status else None,
        action=action or None,
        diagnostic=_without_type(diagnostic)[:MAX_DIAGNOSTIC_CHARACTERS] or None,
    )


def _typed_address(value: str) -> str | None:
    """``rfc822; user@host`` without its type, angle brackets, comments and quotes."""
    if not value:
        return None
    kind, separator, rest = value.partition(";")
    if separator and kind.strip().lower() in ("x400", "x-x400", "unknown-x400"):
        return None
    text = (rest if separator else value).strip()
    if "<" in text and ">" in text:
        text = text[text.rfind("<") + 1 :].partition(">")[0]
    text = text.partition(" (")[0].strip().strip("<>\"' ")
    if text[:5].lower() == "smtp:":
        text = text[5:]
    return text.split()[0] if text else None


def _without_type(diagnostic: str) -> str:
    kind, separator, rest = diagnostic.partition(";")
    if separator and kind.strip().lower() in (
        "smtp",
        "x-unix",
        "x-postfix",
        "x-notes",
        "lmtp",
        "unix",
    ):
        return rest.strip()
    return diagnostic.strip()
