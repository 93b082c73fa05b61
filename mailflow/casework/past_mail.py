"""Past mail out of an mbox file, as the simulation of promises needs it. Nothing is stored."""

from __future__ import annotations

import mailbox
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address
from mailflow.core.mail.dates import read_date
from mailflow.core.mail.message import Kind
from mailflow.core.mail.parse import parse_message
from mailflow.core.policy.simulation import PastMail
from mailflow.errors import UnparsableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

_IGNORED = frozenset({Kind.BOUNCE, Kind.LIST, Kind.REPORT})


def read_past_mail(file: Path) -> Iterator[PastMail]:
    """Every mail with a sender and a time; bounces, lists and reports are left out.

    Raises OSError when the file cannot be read.
    """
    file.open("rb").close()  # mailbox has an error of its own for a file that is not there.
    box = mailbox.mbox(file, factory=None, create=False)
    try:
        for key in box.iterkeys():
            mail = _read_mail(box.get_bytes(key))
            if mail is not None:
                yield mail
    finally:
        box.close()


def _read_mail(raw: bytes) -> PastMail | None:
    try:
        message = parse_message(raw)
    except UnparsableError:
        return None
    at = _received_at(raw) or message.date
    if at is None or message.sender is None or message.kind in _IGNORED:
        return None
    parents = dict.fromkeys((*message.references, message.in_reply_to))
    return PastMail(
        message_id=message.message_id,
        parents=tuple(parent for parent in parents if parent),
        sender=normal_address(message.sender.address),
        at=at,
        is_by_person=message.kind is Kind.PERSON,
    )


def _received_at(raw: bytes) -> datetime | None:
    """When the last server took it (topmost Received field, RFC 5321 4.4): Date may lie."""
    header = raw[: raw.find(b"\n\n") + 1] or raw[: raw.find(b"\r\n\r\n") + 1] or raw[:65536]
    fields = BytesHeaderParser().parsebytes(header)
    trace = str(fields.get("Received", ""))
    return read_date(trace.rpartition(";")[2].strip()) if ";" in trace else None
