"""`mailflow check --send-probe`: a mail to ourselves, to a reply address, seen to arrive."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from mailflow.bootstrap import mailbox_account, relay_account
from mailflow.clock import Clock
from mailflow.core.finding import Finding, error, good
from mailflow.core.mail.authentication import AuthenticationPolicy, Profile
from mailflow.delivery.smtp import Answer, Envelope, Outcome, SmtpAccount, SmtpConnection
from mailflow.errors import InvalidFilesError, KeyringError, TemporaryError
from mailflow.intake.calibration_probe import Probe, ProbeKind, build_probes
from mailflow.intake.mailbox import ImapAccount, MailboxSession
from mailflow.settings import Settings
from mailflow.settings.servers import Mailbox

PATIENCE_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 1.0
_CLOCK_TOLERANCE_SECONDS = 120


def send_probes(settings: Settings, *, clock: Clock) -> Iterator[Finding]:
    """One mail a mailbox, through the relay to ALIAS+probe…, looked for on the server."""
    relay = relay_account(settings)
    for mailbox in settings.mailboxes:
        area = f"probe {mailbox.name}"
        try:
            yield from _probe(area, settings, mailbox, relay, clock=clock)
        except (TemporaryError, InvalidFilesError, KeyringError) as trouble:
            yield error(area, "no-probe", str(trouble), mend="mend imap and smtp first")


def _probe(
    area: str, settings: Settings, mailbox: Mailbox, relay: SmtpAccount, *, clock: Clock
) -> Iterator[Finding]:
    account = mailbox_account(mailbox).imap
    # A running mailflow moves the probe at once: it is looked for in both folders.
    folders = (account, replace(account, folder=account.processed, processed=account.folder))
    before = [_highest_uid(folder) for folder in folders]
    probe = _write_probe(settings, mailbox, now=clock.now())
    started = clock.monotonic()
    answer = asyncio.run(_send(relay, mailbox.address, probe))
    if answer.outcome is not Outcome.DELIVERED:
        mend = "see smtp above; where plus addresses are refused, use reply_addresses: catchall"
        yield error(area, "refused", f"the relay does not take it ({answer.reply})", mend=mend)
        return
    while clock.monotonic() - started < PATIENCE_SECONDS:
        for folder, above in zip(folders, before, strict=True):
            received = _find(folder, probe, above=above)
            if received is not None:
                took = clock.monotonic() - started
                yield good(area, "arrived", f"a mail to a reply address came in {took:.0f} seconds")
                yield _compare_clocks(area, received, now=clock.now(), took=took)
                return
        time.sleep(_LOOK_EVERY_SECONDS)
    message = f"a mail to {probe.envelope_to} was sent and did not come within a minute"
    mend = (
        "switch plus addressing on at the provider, or write reply_addresses: catchall with a "
        "reply_domain that delivers everything to the alias"
    )
    yield error(area, "lost", message, mend=mend)


def _compare_clocks(area: str, received: datetime, *, now: datetime, took: float) -> Finding:
    """INTERNALDATE is what promises are counted from."""
    difference = abs((now - received).total_seconds())
    if difference > took + _CLOCK_TOLERANCE_SECONDS:
        message = f"the mail server's clock differs from ours by {difference:.0f} seconds"
        mend = "set both by NTP: promises are counted from the server's time"
        return error(area, "clock-differs", message, mend=mend)
    return good(area, "clock", "the mail server has the same time")


def _write_probe(settings: Settings, mailbox: Mailbox, *, now: datetime) -> Probe:
    policy = AuthenticationPolicy(profile=Profile.OWN_DKIM)
    probes = build_probes(
        alias=mailbox.address,
        reply_domain=settings.reply_domain,
        policy=policy,
        nonce=secrets.token_hex(8),
        sent_at=now,
    )
    return next(probe for probe in probes if probe.kind is ProbeKind.PLUS)


async def _send(relay: SmtpAccount, sender: str, probe: Probe) -> Answer:
    connection = SmtpConnection(relay)
    try:
        envelope = Envelope(sender, probe.envelope_to, probe.content)
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


def _find(account: ImapAccount, probe: Probe, *, above: int) -> datetime | None:
    """When the server received the probe, if it lies in this folder."""
    session = MailboxSession(account)
    try:
        heads = session.fetch_heads(session.list_uids(above=above))
    finally:
        session.close()
    wanted = probe.message_id.encode()
    subject = f"mailflow probe: {probe.kind}".encode()
    # Some relays write Message-IDs of their own; a second probe at the same time is unlikely.
    found = [head for head in heads if wanted in head.header or subject in head.header]
    return found[0].internal_date if found else None
