"""Which mail goes first, from its header alone: urgent, people, automatic, bulk."""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from mailflow.core.case.mail_order import Lane
from mailflow.core.mail.encoded_word import decode_words

if TYPE_CHECKING:
    from collections.abc import Callable

_BULK = re.compile(r"bulk|junk|list", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]{1,900})>")


def read_lane(header: bytes, *, is_urgent: Callable[[str], bool]) -> tuple[Lane, str | None]:
    """The lane, and the Message-ID without its brackets. ``is_urgent`` judges a subject."""
    fields = BytesHeaderParser().parsebytes(header)
    found = _ID.search(str(fields.get("message-id", "")))
    message_id = found.group(1) if found else None
    subject = decode_words(str(fields.get("subject", "")))[0][:1000]
    if is_urgent(subject):
        return Lane.URGENT, message_id
    if fields.get("list-id") or _BULK.search(str(fields.get("precedence", ""))):
        return Lane.BULK, message_id
    automatic = str(fields.get("auto-submitted", "no")).strip().lower() not in ("no", "")
    if automatic or str(fields.get("return-path", "")).strip() == "<>":
        return Lane.AUTOMATIC, message_id
    return Lane.PEOPLE, message_id
