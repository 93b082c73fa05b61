"""What a trusted mail server writes on top of a message it accepts, and what it takes away."""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_FOREIGN = re.compile(rb"authentication-results[ \t]*:", re.IGNORECASE)


def stamp_trace(raw: bytes, *, sender: str, helo: str, host: str, at: datetime) -> bytes:
    """Return-Path and Received of final delivery (RFC 5321 4.4)."""
    trace = (
        f"Return-Path: <{sender}>\r\n"
        f"Received: from {helo} ([127.0.0.1]) by {host} with ESMTP;\r\n {format_datetime(at)}\r\n"
    )
    return trace.encode() + raw


def stamp_authentication(raw: bytes, *, authserv_id: str, login: str | None) -> bytes:
    """RFC 8601: results that came with the mail are removed, our own stands on top."""
    result = "none" if login is None else f"auth=pass smtp.auth={login}"
    stamp = f"Authentication-Results: {authserv_id}; {result}\r\n".encode()
    return stamp + _strip_results(raw)


def _strip_results(raw: bytes) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    kept: list[bytes] = []
    is_foreign = False
    for line in head.split(b"\r\n"):
        if not line.startswith((b" ", b"\t")):
            is_foreign = _FOREIGN.match(line) is not None
        if not is_foreign:
            kept.append(line)
    return b"\r\n".join(kept) + blank + body
