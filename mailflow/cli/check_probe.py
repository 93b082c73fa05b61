"""`mailflow check --send-probe`: a mail to ourselves, to a reply address, seen to arrive."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from mailflow.bootstrap import mailbox_account, relay_account
from mailflow.cli.probe_trip import ProbeTrip
from mailflow.clock import Clock
from mailflow.core.finding import Finding, error, good
from mailflow.core.mail.authentication import AuthenticationPolicy, Profile
from mailflow.delivery.smtp import Outcome, SmtpAccount
from mailflow.errors import InvalidFilesError, KeyringError, TemporaryError
from mailflow.intake.calibration_probe import Probe, ProbeKind, build_probes
from mailflow.intake.mailbox import MailHead
from mailflow.settings import Settings
from mailflow.settings.model import ReplyAddresses
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
    trip = ProbeTrip(mailbox_account(mailbox).imap, relay, sender=mailbox.address)
    probe = _write_probe(settings, mailbox, now=clock.now())
    started = clock.monotonic()
    answer = trip.send(probe)
    if answer.outcome is not Outcome.DELIVERED:
        mend = f"see smtp above; else {_mend(settings)}"
        yield error(area, "refused", f"the relay does not take it ({answer.reply})", mend=mend)
        return
    while clock.monotonic() - started < PATIENCE_SECONDS:
        found = next(trip.look(partial(_is_head_of, probe)), None)
        if found is not None:
            took = clock.monotonic() - started
            yield good(area, "arrived", f"a mail to a reply address came in {took:.0f} seconds")
            yield _compare_clocks(area, found.internal_date, now=clock.now(), took=took)
            return
        time.sleep(_LOOK_EVERY_SECONDS)
    message = f"a mail to {probe.envelope_to} was sent and did not come within a minute"
    yield error(area, "lost", message, mend=_mend(settings))


def _mend(settings: Settings) -> str:
    """What makes reply addresses arrive, by the way that was chosen for them."""
    if settings.reply_addresses is ReplyAddresses.CATCHALL:
        return f"have everything at {settings.reply_domain} delivered to the alias"
    return (
        "switch plus addressing on at the provider, or write reply_addresses: catchall with a "
        "reply_domain that delivers everything to the alias"
    )


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


def _is_head_of(probe: Probe, head: MailHead) -> bool:
    # Some relays write Message-IDs of their own; a second probe at the same time is unlikely.
    subject = f"mailflow probe: {probe.kind}".encode()
    return probe.message_id.encode() in head.header or subject in head.header
