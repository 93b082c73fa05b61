"""What the border of the company does with a mail: stamp it, and put it into mailboxes."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING

from mailflow.core.mail.parse import parse_fields_only, parse_message
from mailflow.demo.company import Part
from mailflow.demo.imap_server import INBOX, SENT
from mailflow.errors import UnparsableError

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.clock import Clock
    from mailflow.core.mail.message import Message
    from mailflow.demo.company import Account, Company
    from mailflow.demo.imap_server import PrivateImap

AUTHSERV_ID = "demo"
_RESULTS = re.compile(rb"authentication-results[ \t]*:", re.IGNORECASE)


@dataclass(frozen=True)
class Delivered:
    """One copy in one mailbox. ``login`` is None for mail from outside."""

    at: datetime
    account: Account
    login: Account | None
    message: Message = field(repr=False)


class StampingPostOffice:
    """Keeps a list of everything it delivered, for whoever watches from another thread."""

    def __init__(self, company: Company, imap: PrivateImap, clock: Clock) -> None:
        self.company = company
        self._imap = imap
        self._clock = clock
        self._lock = threading.Lock()
        self._delivered: list[Delivered] = []

    @property
    def delivered(self) -> tuple[Delivered, ...]:
        """In the order of arrival."""
        with self._lock:
            return tuple(self._delivered)

    async def accept(
        self, raw: bytes, recipients: list[str], *, sender: str, login: Account | None
    ) -> None:
        """Deliver a copy to each recipient's inbox, and one to the writer's sent mail."""
        now = self._clock.now()
        message = _read(raw)
        stamped = stamp(raw, sender=sender, login=_login_shown(message, login), at=now)
        if login is not None and login.part is not Part.ALIAS:
            await self._imap.store(login, raw, folder=SENT, at=now)
        for account in dict.fromkeys(self.company.find(address) for address in recipients):
            if account is None:
                continue
            await self._imap.store(account, stamped, folder=INBOX, at=now)
            with self._lock:
                self._delivered.append(Delivered(now, account, login, message))


def _read(raw: bytes) -> Message:
    try:
        return parse_message(raw)
    except UnparsableError:
        return parse_fields_only(raw)


def _login_shown(message: Message, login: Account | None) -> str | None:
    """A login may send as any of its own addresses; a foreign From shows who it really was."""
    if login is None:
        return None
    sender = message.sender.address.lower() if message.sender else ""
    return sender if sender in login.addresses else login.address


def stamp(raw: bytes, *, sender: str, login: str | None, at: datetime) -> bytes:
    """Our results on top, those that came along removed (RFC 8601 5), and the trace of final
    delivery (RFC 5321 4.4).
    """
    result = "none" if login is None else f"auth=pass smtp.auth={login}"
    trace = (
        f"Return-Path: <{sender}>\r\n"
        f"Authentication-Results: {AUTHSERV_ID}; {result}\r\n"
        f"Received: from localhost ([127.0.0.1]) by {AUTHSERV_ID} with ESMTP;\r\n"
        f" {format_datetime(at)}\r\n"
    )
    return trace.encode() + strip_results(raw)


def strip_results(raw: bytes) -> bytes:
    """The mail without any Authentication-Results; the body is left as it is."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    kept: list[bytes] = []
    is_foreign = False
    for line in head.split(b"\r\n"):
        if not line.startswith((b" ", b"\t")):
            is_foreign = _RESULTS.match(line) is not None
        if not is_foreign:
            kept.append(line)
    return b"\r\n".join(kept) + blank + body
