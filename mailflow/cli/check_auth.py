"""`mailflow check auth`: probes go out and come back, and what they tell is remembered."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mailflow.bootstrap import (
    Runtime,
    authentication_policy,
    key_resolver,
    mailbox_account,
    relay_account,
    site_digest,
)
from mailflow.cli.asking import current_login
from mailflow.cli.probe_trip import ProbeTrip
from mailflow.core.finding import Finding, Severity, error
from mailflow.core.mail.authentication import AuthenticationPolicy, Profile
from mailflow.delivery.smtp import Outcome
from mailflow.errors import TemporaryError
from mailflow.intake.calibration import (
    AREA,
    Calibration,
    advise_profile,
    assume_calibrated,
    decide_calibration,
)
from mailflow.intake.calibration_probe import Probe, ProbeKind, build_probes, read_probe
from mailflow.intake.mailbox import MailBody
from mailflow.intake.senders import identify_sender
from mailflow.settings import Settings, load_settings
from mailflow.settings.servers import Mailbox
from mailflow.store.audit_log import AuditEntry, append_audit
from mailflow.store.calibrations import (
    LONGEST_REASON_CHARACTERS,
    CalibrationState,
    Remembered,
    remember_calibration,
)
from mailflow.store.session import transaction

_LOOK_EVERY_SECONDS = 0.5
_SUBJECT = b"mailflow probe:"


def assume_sound(runtime: Runtime, reason: str) -> Sequence[Finding]:
    """Nothing is sent; the reason is on record."""
    words = " ".join(reason.split())[:LONGEST_REASON_CHARACTERS]
    found = assume_calibrated(reason=words, now=runtime.clock.now())
    _remember(runtime, _settings(runtime), found)
    return found.findings


def calibrate(runtime: Runtime, *, wait_seconds: float) -> Sequence[Finding]:
    """What the probes of all mailboxes tell. A mailbox or relay that cannot be reached tells
    nothing, and what was found before stays.
    """
    settings = _settings(runtime)
    findings: list[Finding] = []
    for mailbox in settings.mailboxes:
        area = f"{AREA} {mailbox.name}"
        try:
            found = _calibrate_mailbox(runtime, settings, mailbox, wait_seconds=wait_seconds)
        except TemporaryError as trouble:
            mend = "run `mailflow check` and mend imap and smtp first"
            found = [error(AREA, "server-lost", str(trouble), mend=mend)]
        findings += [replace(finding, area=area) for finding in found]
    calibration = Calibration(tuple(findings), runtime.clock.now())
    if not calibration.tells_nothing:
        _remember(runtime, settings, calibration)
    return findings


def _settings(runtime: Runtime) -> Settings:
    return load_settings(runtime.home, environ=os.environ)


def _calibrate_mailbox(
    runtime: Runtime, settings: Settings, mailbox: Mailbox, *, wait_seconds: float
) -> Iterable[Finding]:
    policy = authentication_policy(settings)
    nonce = secrets.token_hex(8)
    probes = build_probes(
        alias=mailbox.address,
        reply_domain=settings.reply_domain,
        policy=policy,
        nonce=nonce,
        sent_at=runtime.clock.now(),
    )
    relay = relay_account(settings)
    trip = ProbeTrip(mailbox_account(mailbox).imap, relay, sender=mailbox.address)
    refused = {probe.kind for probe in probes if trip.send(probe).outcome is not Outcome.DELIVERED}
    returned = _await_probes(
        runtime, trip, [p for p in probes if p.kind not in refused], wait_seconds=wait_seconds
    )
    read = [probe for body in returned if (probe := read_probe(body.raw, nonce=nonce))]
    found = decide_calibration(read, refused=refused, policy=policy, now=runtime.clock.now())
    plain = next((body for body in returned if _kind(body, nonce) is ProbeKind.PLAIN), None)
    if plain is None:
        return found.findings
    return (*found.findings, _advise(settings, mailbox, policy, plain))


def _await_probes(
    runtime: Runtime, trip: ProbeTrip, probes: Sequence[Probe], *, wait_seconds: float
) -> list[MailBody]:
    """Whatever of them has come when all have, or the time is over."""
    clock = runtime.clock
    started = clock.monotonic()
    nonce = probes[0].nonce if probes else ""
    while True:
        bodies = list(trip.look(lambda head: _SUBJECT in head.header))
        ours = [body for body in bodies if _kind(body, nonce) is not None]
        if len({_kind(body, nonce) for body in ours}) == len(probes):
            return ours
        if clock.monotonic() - started >= wait_seconds:
            return ours
        time.sleep(_LOOK_EVERY_SECONDS)


def _kind(body: MailBody, nonce: str) -> ProbeKind | None:
    probe = read_probe(body.raw, nonce=nonce)
    return probe.kind if probe else None


def _advise(
    settings: Settings, mailbox: Mailbox, policy: AuthenticationPolicy, plain: MailBody
) -> Finding:
    """The plain probe is what a staff mail looks like here: from our domain, by our relay."""
    resolver = key_resolver(settings)
    chosen = policy.profile
    policies = {
        profile: replace(
            policy,
            profile=profile,
            calibrated=True,
            staff_addresses=frozenset({mailbox.address.lower()}),
        )
        for profile in (chosen, *(other for other in Profile if other is not chosen))
    }
    verdicts = {
        profile: identify_sender(
            plain.raw,
            policy=each,
            received_at=plain.internal_date,
            resolver=resolver,
            seen_signature=lambda _: False,
        )
        for profile, each in policies.items()
    }
    return advise_profile(verdicts, policies=policies)


def _remember(runtime: Runtime, settings: Settings, found: Calibration) -> None:
    state = CalibrationState.PASSED if found.passes else CalibrationState.FAILED
    if found.assumed_because is not None:
        state = CalibrationState.ASSUMED
    reason = found.assumed_because or ""
    payload: dict[str, object] = {
        "login": current_login(),
        "state": state.value,
        "reason": reason,
        "found": sorted({f.code for f in found.findings if f.severity is not Severity.GOOD}),
    }
    remembered = Remembered(state, site_digest(settings), found.calibrated_at, reason)
    with transaction(runtime.engine) as connection:
        remember_calibration(connection, remembered)
        entry = AuditEntry("senders_calibrated", found.calibrated_at, payload=payload)
        append_audit(connection, runtime.keyring, [entry])
