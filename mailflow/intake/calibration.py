"""Whether this site's mail servers can be believed: what returned probes tell, as findings.

Sending, fetching and remembering the outcome belong to `mailflow check auth`.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from mailflow.core.finding import Finding, Severity, good, warning
from mailflow.core.finding import error as fault
from mailflow.core.mail.authentication import Profile, may_command
from mailflow.intake.calibration_probe import INTERNAL_FIELD, RESULTS_FIELD, ProbeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from mailflow.core.mail.authentication import AuthenticationPolicy, SenderVerdict
    from mailflow.intake.calibration_probe import ReturnedProbe

    _Grave = Callable[..., Finding]

AREA = "senders"
_LATER = "wait a little and try again"


@dataclass(frozen=True)
class Calibration:
    """The outcome. ``assumed_because`` is the operator's reason where no probe was sent."""

    findings: tuple[Finding, ...]
    calibrated_at: datetime
    assumed_because: str | None = None

    @property
    def passes(self) -> bool:
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    @property
    def tells_nothing(self) -> bool:
        """Whether all that speaks against the site are probes that did not come back: a slow
        server is no reason to forget what was found before.
        """
        errors = [one.code for one in self.findings if one.severity is Severity.ERROR]
        return bool(errors) and all(code.endswith("-lost") for code in errors)


def digest_site(policy: AuthenticationPolicy, *, servers: Collection[str]) -> str:
    """16 hex digits of what a calibration is about: with another profile, identifier, number of
    hops or mail server it says nothing.
    """
    facts = [policy.profile, policy.authserv_id or "", str(policy.trusted_hops), *sorted(servers)]
    return sha256("\0".join(facts).encode()).hexdigest()[:16]


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
        lost = fault(
            AREA,
            "probe-lost",
            "the plain probe did not come back",
            mend="see that mail to the alias reaches this mailbox",
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
    finding = warning(
        AREA,
        "assumed",
        f"not tried out, assumed: {reason}",
        mend="run `mailflow check auth` once mail can come back to this mailbox",
    )
    return Calibration((finding,), now, assumed_because=reason)


def advise_profile(
    verdicts: Mapping[Profile, SenderVerdict], *, policies: Mapping[Profile, AuthenticationPolicy]
) -> Finding:
    """Whether staff would face challenges, and which profile helps.

    ``verdicts`` are of one genuine staff mail, judged under each of the calibrated ``policies``.
    The first policy is the configured one.
    """
    chosen = next(iter(policies))
    if may_command(verdicts[chosen], policies[chosen]):
        return good(AREA, "staff-recognised", f"staff are recognised by profile {chosen}")
    helping = [p for p in policies if may_command(verdicts[p], policies[p])]
    reason = verdicts[chosen].reason.replace("_", " ")
    mend = (
        f"write profile: {helping[0]}, which would recognise them"
        if helping
        else "let your mail server sign internal mail with DKIM"
    )
    message = f"under profile {chosen} every staff command would be held and asked back ({reason})"
    return warning(AREA, "staff-challenged", message, mend=mend)


def _judge_results(
    by_kind: Mapping[ProbeKind, ReturnedProbe],
    refused: Collection[ProbeKind],
    policy: AuthenticationPolicy,
) -> tuple[Finding, ...]:
    if not policy.authserv_id:
        return ()
    grave = fault if policy.profile is Profile.TRUSTED_AR else warning
    hops = _judge_hops(by_kind[ProbeKind.PLAIN], policy, grave)
    if ProbeKind.FORGED_RESULTS in refused:
        return good(AREA, "forged-results-refused", "forged results are refused"), hops
    forged = by_kind.get(ProbeKind.FORGED_RESULTS)
    if forged is None:
        message = "the probe with forged results did not come back"
        return grave(AREA, "forged-results-lost", message, mend=_LATER), hops
    if RESULTS_FIELD not in forged.forgeries:
        return good(AREA, "forged-results-stripped", "forged results are removed"), hops
    message = f"a forged Authentication-Results of {policy.authserv_id} reaches the mailbox"
    mend = (
        "let the border remove such fields (RFC 8601 section 5), or use profile own-dkim, "
        "which believes no server"
    )
    return grave(AREA, "forged-results-kept", message, mend=mend), hops


def _judge_hops(plain: ReturnedProbe, policy: AuthenticationPolicy, grave: _Grave) -> Finding:
    places = [hops for name, hops in plain.result_ids if name == policy.authserv_id]
    if policy.trusted_hops > max(plain.hops, 1):
        message = (
            f"trusted_hops is {policy.trusted_hops}, but your servers add {plain.hops} Received "
            "field(s): a stranger's fields would count as yours"
        )
        return grave(
            AREA, "too-many-hops", message, mend=f"write trusted_hops: {max(plain.hops, 1)}"
        )
    if places and min(places) >= policy.trusted_hops:
        message = f"results of {policy.authserv_id} stand below {min(places)} Received field(s)"
        return warning(AREA, "too-few-hops", message, mend=f"write trusted_hops: {min(places) + 1}")
    return good(AREA, "hops", f"your servers add {plain.hops} Received field(s)")


def _judge_internal(
    by_kind: Mapping[ProbeKind, ReturnedProbe],
    refused: Collection[ProbeKind],
    policy: AuthenticationPolicy,
) -> tuple[Finding, ...]:
    if policy.profile is not Profile.M365:
        return ()
    forged = by_kind.get(ProbeKind.FORGED_INTERNAL)
    if forged is None and ProbeKind.FORGED_INTERNAL not in refused:
        message = "the probe with a forged internal mark did not come back"
        return (fault(AREA, "forged-internal-lost", message, mend=_LATER),)
    if forged is None or INTERNAL_FIELD not in forged.forgeries:
        return (good(AREA, "forged-internal-stripped", "the header firewall works"),)
    message = f"a forged {INTERNAL_FIELD} reaches the mailbox: the header firewall is off here"
    return (fault(AREA, "forged-internal-kept", message, mend="use profile own-dkim"),)


def _judge_plus(by_kind: Mapping[ProbeKind, ReturnedProbe]) -> Finding:
    if ProbeKind.PLUS in by_kind:
        return good(AREA, "plus", "reply addresses are delivered")
    return fault(
        AREA,
        "plus-lost",
        "a mail to ALIAS+probe did not come back",
        mend="switch plus addressing on at the provider, or write reply_addresses: catchall with "
        "a reply_domain that delivers everything here",
    )


def _judge_case(by_kind: Mapping[ProbeKind, ReturnedProbe]) -> tuple[Finding, ...]:
    mixed = by_kind.get(ProbeKind.MIXED_CASE)
    if mixed is None:
        return ()
    if mixed.kept_case:
        return (good(AREA, "case-kept", "capitals in addresses arrive as sent"),)
    message = "capitals in addresses are changed on the way; reply addresses do not mind"
    return (good(AREA, "case-changed", message),)


def _judge_message_ids(returned: Collection[ReturnedProbe]) -> Finding:
    if all(probe.kept_message_id for probe in returned):
        return good(AREA, "message-id-kept", "Message-IDs arrive as sent")
    return warning(
        AREA,
        "message-id-rewritten",
        "the outgoing server writes Message-IDs of its own: replies are found by their address "
        "alone",
        mend="keep reply addresses working",
    )
