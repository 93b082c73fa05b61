"""The way of a probe: out through the relay, back into the mailbox, found in either folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace

from mailflow.delivery.smtp import Answer, Envelope, SmtpAccount, SmtpConnection
from mailflow.intake.calibration_probe import Probe
from mailflow.intake.mailbox import ImapAccount, MailBody, MailboxSession, MailHead


class ProbeTrip:
    """Looks at what came into one mailbox since this was made.

    A running mailflow moves a probe at once: it is looked for in both folders.
    """

    def __init__(self, account: ImapAccount, relay: SmtpAccount, *, sender: str) -> None:
        self._relay = relay
        self._sender = sender
        other = replace(account, folder=account.processed, processed=account.folder)
        self._folders = [(folder, _highest_uid(folder)) for folder in (account, other)]

    def send(self, probe: Probe) -> Answer:
        return asyncio.run(
            _send(self._relay, Envelope(self._sender, probe.envelope_to, probe.content))
        )

    def look(self, is_wanted: Callable[[MailHead], bool]) -> Iterator[MailBody]:
        """What has come whose head is wanted, whole."""
        for folder, above in self._folders:
            session = MailboxSession(folder)
            try:
                heads = session.fetch_heads(session.list_uids(above=above))
                yield from session.fetch([head.uid for head in heads if is_wanted(head)])
            finally:
                session.close()


async def _send(relay: SmtpAccount, envelope: Envelope) -> Answer:
    connection = SmtpConnection(relay)
    try:
        return await connection.send(envelope, before_final_dot=_nothing_to_note)
    finally:
        await connection.close()


async def _nothing_to_note() -> None:
    """A probe has no row."""


def _highest_uid(account: ImapAccount) -> int:
    session = MailboxSession(account)
    try:
        return max(session.list_uids(above=0), default=0)
    finally:
        session.close()
