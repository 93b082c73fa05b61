"""Whether this site's mail servers can be believed: what returned probes tell, as findings.

Sending, fetching and remembering the outcome belong to `mailflow check auth`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.mail.authentication import Profile, may_command
from mailflow.intake.calibration_probe import INTERNAL_FIELD, RESULTS_FIELD, ProbeKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from mailflow.core.mail.authentication import AuthenticationPolicy, SenderVerdict
    from mailflow.intake.calibration_probe import ReturnedProbe

RECALIBRATE_AFTER = timedelta(days=7)
_LOST = "the probe with a forged {} did not come back: wait a little and try again"


class Severity(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One line of `mailflow check auth`: what was found and, unless good, the mend."""

    code: str
    severity: Severity
    message: str


@dataclass(frozen=True)
class Calibration:
    """The outcome. ``assumed_because`` is the operator's reason where no probe was sent."""

    findings: tuple[Finding, ...]
    calibrated_at: datetime
    assumed_because: str | None = None

    @property
    def passes(self) -> bool:
        return all(finding.severity is not Severity.FAULT for finding in self.findings)


def decide_calibration(
    returned: Collection[ReturnedProbe],
    *,
    refused: Collection[ProbeKind],
    policy: AuthenticationPolicy,
    now: datetime,
) -> Calibration:
    """All findings of one run.

    ``refused`` are the probes that our SMTP server would not take, which is a fine answer to a
    forgery. A probe that is neither returned nor refused is still on its way, or lost.
    """
    by_kind = {probe.kind: probe for probe in returned}
    if ProbeKind.PLAIN not in by_kind:
        lost = Finding(
            "probe-lost",
            Severity.FAULT,
            "the plain probe did not come back: see that mail to the alias reaches this mailbox",
        )
        return Calibration((lost,), now)
    findings = (
        *_judge_results(by_kind, refused, policy),
        *_judge_internal(by_kind, refused, policy),
        _judge_plus(by_kind),
        *_judge_case(by_kind),
        _judge_message_ids(returned),
    )
    return Calibration(findings, now)


def assume_calibrated(*, reason: str, now: datetime) -> Calibration:
    """What `check auth --assume REASON` remembers: the audit log and `check` show the reason."""
    finding = Finding("assumed", Severity.WARNING, f"not probed, assumed: {reason}")
    return Calibration((finding,), now, assumed_because=reason)


def is_recalibration_due(calibration: Calibration, *, now: datetime) -> bool:
    """Weekly; what was assumed stays assumed until somebody probes."""
    expired = now - calibration.calibrated_at >= RECALIBRATE_AFTER
    return expired and calibration.assumed_because is None


def advise_profile(
    verdicts: Mapping[Profile, SenderVerdict], *, policies: Mapping[Profile, AuthenticationPolicy]
) -> Finding:
    """Whether staff would face challenges, and which profile helps.

    ``verdicts`` are of one genuine staff mail, judged under each of the calibrated ``policies``.
    The first policy is the configured one.
    """
    chosen = next(iter(policies))
    if may_command(verdicts[chosen], policies[chosen]):
        return Finding("staff-recognised", Severity.GOOD, f"staff are recognised by {chosen}")
    helping = [p for p in policies if may_command(verdicts[p], policies[p])]
    reason = verdicts[chosen].reason.replace("_", " ")
    mend = (
        f"profile {helping[0]} would recognise them"
        if helping
        else "let your mail server sign internal mail with DKIM"
    )
    return Finding(
        "staff-challenged",
        Severity.WARNING,
        f"under {chosen} every staff command would be held and challenged ({reason}): {mend}",
    )


def _judge_results(
    by_kind: Mapping[ProbeKind, ReturnedProbe],
    refused: Collection[ProbeKind],
    policy: AuthenticationPolicy,
) -> tuple[Finding, ...]:
    if not policy.authserv_id:
        return ()
    grave = Severity.FAULT if policy.profile is Profile.TRUSTED_AR else Severity.WARNING
    hops = _judge_hops(by_kind[ProbeKind.PLAIN], policy, grave)
    if ProbeKind.FORGED_RESULTS in refused:
        return Finding("forged-results-refused", Severity.GOOD, "forged results are refused"), hops
    forged = by_kind.get(ProbeKind.FORGED_RESULTS)
    if forged is None:
        return Finding("forged-results-lost", grave, _LOST.format("results")), hops
    if RESULTS_FIELD not in forged.forgeries:
        return Finding("forged-results-stripped", Severity.GOOD, "forged results are removed"), hops
    kept = Finding(
        "forged-results-kept",
        grave,
        f"a forged Authentication-Results of {policy.authserv_id} reaches the mailbox: let the "
        "border remove such fields (RFC 8601 section 5), or use profile own-dkim",
    )
    return kept, hops


def _judge_hops(plain: ReturnedProbe, policy: AuthenticationPolicy, grave: Severity) -> Finding:
    places = [hops for name, hops in plain.result_ids if name == policy.authserv_id]
    if policy.trusted_hops > max(plain.hops, 1):
        return Finding(
            "too-many-hops",
            grave,
            f"trusted_hops is {policy.trusted_hops}, but your servers add {plain.hops} Received "
            "field(s): a stranger's fields would count as yours",
        )
    if places and min(places) >= policy.trusted_hops:
        return Finding(
            "too-few-hops",
            Severity.WARNING,
            f"results of {policy.authserv_id} stand below {min(places)} Received field(s): "
            f"write trusted_hops: {min(places) + 1}",
        )
    return Finding("hops", Severity.GOOD, f"your servers add {plain.hops} Received field(s)")


def _judge_internal(
    by_kind: Mapping[ProbeKind, ReturnedProbe],
    refused: Collection[ProbeKind],
    policy: AuthenticationPolicy,
) -> tuple[Finding, ...]:
    if policy.profile is not Profile.M365:
        return ()
    forged = by_kind.get(ProbeKind.FORGED_INTERNAL)
    if forged is None and ProbeKind.FORGED_INTERNAL not in refused:
        return (Finding("forged-internal-lost", Severity.FAULT, _LOST.format("internal mark")),)
    if forged is None or INTERNAL_FIELD not in forged.forgeries:
        return (Finding("forged-internal-stripped", Severity.GOOD, "the header firewall works"),)
    message = (
        f"a forged {INTERNAL_FIELD} reaches the mailbox: the header firewall is off on this "
        "route; use profile own-dkim"
    )
    return (Finding("forged-internal-kept", Severity.FAULT, message),)


def _judge_plus(by_kind: Mapping[ProbeKind, ReturnedProbe]) -> Finding:
    if ProbeKind.PLUS in by_kind:
        return Finding("plus", Severity.GOOD, "reply addresses are delivered")
    return Finding(
        "plus-lost",
        Severity.FAULT,
        "a mail to ALIAS+probe did not come back: switch plus addressing on at the provider, or "
        "write reply_addresses: catchall with a reply_domain that delivers everything here",
    )


def _judge_case(by_kind: Mapping[ProbeKind, ReturnedProbe]) -> tuple[Finding, ...]:
    mixed = by_kind.get(ProbeKind.MIXED_CASE)
    if mixed is None:
        return ()
    if mixed.kept_case:
        return (Finding("case-kept", Severity.GOOD, "capitals in addresses arrive as sent"),)
    message = "capitals in addresses are changed on the way; reply addresses do not mind"
    return (Finding("case-changed", Severity.GOOD, message),)


def _judge_message_ids(returned: Collection[ReturnedProbe]) -> Finding:
    if all(probe.kept_message_id for probe in returned):
        return Finding("message-id-kept", Severity.GOOD, "Message-IDs arrive as sent")
    return Finding(
        "message-id-rewritten",
        Severity.WARNING,
        "the outgoing server writes Message-IDs of its own: replies are found by their address "
        "alone, so keep reply addresses working",
    )
