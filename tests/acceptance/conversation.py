"""A talk between an employee and HR staff for a test: replies as mail clients write them."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import getaddresses
from typing import TYPE_CHECKING

from tests.acceptance.site import Site, text_of, write_mail

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta
    from email.message import EmailMessage

    from mailflow.clock import SteeredClock

EMPLOYEE = "riya.rao@acme.example"
SHORT_PAY = "Hello,\n\nmy paycheck is missing the overtime of October.\n\nRiya"


@dataclass
class Talk:
    """``site`` runs on ``clock``; the mails of one case go to and fro."""

    site: Site
    clock: SteeredClock
    _count: int = 0

    def write(
        self,
        sender: str,
        text: str,
        *,
        subject: str = "Paycheck October",
        to: str | None = None,
        cc: str | None = None,
        verified: bool = True,
        html: str | None = None,
        answers: EmailMessage | None = None,
        attach: tuple[str, bytes] | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Deliver a mail and do all that is due."""
        self._count += 1
        address = to or (reply_to(answers) if answers is not None else "hr@acme.example")
        raw = write_mail(
            sender,
            f"Re: {answers['Subject']}" if answers is not None else subject,
            text,
            to=address,
            cc=cc,
            message_id=f"<{self._count}.{abs(hash(sender))}@client.example>",
            in_reply_to=answers["Message-ID"] if answers is not None else None,
            verified=verified,
            html=html,
            attach=attach,
            headers=headers,
        )
        self.site.deliver(raw)
        self.site.run()

    def deliver_again(self, raw: bytes) -> None:
        self.site.deliver(raw)
        self.site.run()

    def pass_time(self, step: timedelta) -> None:
        self.clock.advance(step)
        self.site.run()

    def last_to(self, address: str) -> EmailMessage:
        mails = self.site.sent_to(address)
        assert mails, f"nothing was sent to {address}"
        return mails[-1]

    def texts_to(self, address: str) -> list[str]:
        return [text_of(mail) for mail in self.site.sent_to(address)]

    def count_to(self, address: str) -> int:
        return len(self.site.sent_to(address))


def reply_to(mail: EmailMessage) -> str:
    """The bare address that an answer goes to."""
    (pair,) = getaddresses([str(mail["Reply-To"])])
    return pair[1]


def reply_name(mail: EmailMessage) -> str:
    (pair,) = getaddresses([str(mail["Reply-To"])])
    return pair[0]
