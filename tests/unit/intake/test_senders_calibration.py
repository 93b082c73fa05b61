from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailflow.core.finding import Severity
from mailflow.core.mail.authentication import (
    AuthenticationPolicy,
    Profile,
    Reason,
    SenderLevel,
    SenderVerdict,
)
from mailflow.intake.calibration import (
    Calibration,
    advise_profile,
    assume_calibrated,
    decide_calibration,
    digest_site,
)
from mailflow.intake.calibration_probe import (
    INTERNAL_FIELD,
    RESULTS_FIELD,
    ProbeKind,
    ReturnedProbe,
    build_probes,
    read_probe,
)

_NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_NONCE = "K7Q2M9"
_POLICY = AuthenticationPolicy(
    profile=Profile.TRUSTED_AR, authserv_id="mx.acme.example", trusted_hops=2
)
_PROBES = {
    probe.kind: probe
    for probe in build_probes(
        alias="hr@acme.example",
        reply_domain="reply.acme.example",
        policy=_POLICY,
        nonce=_NONCE,
        sent_at=_NOW,
    )
}
_HOPS = (
    b"Received: from mx by store\r\n"
    b"Authentication-Results: mx.acme.example; spf=pass\r\n"
    b"Received: from out by mx\r\n"
)


def _return(kind: ProbeKind, *, above: bytes = _HOPS, drop: str = "") -> ReturnedProbe:
    lines = _PROBES[kind].content.split(b"\r\n")
    kept = [line for line in lines if not drop or not line.startswith(drop.encode())]
    found = read_probe(above + b"\r\n".join(kept), nonce=_NONCE)
    assert found is not None
    return found


def _all_returned() -> dict[ProbeKind, ReturnedProbe]:
    """A site without fault: forgeries are gone, everything else arrives as sent."""
    return {kind: replace(_return(kind), forgeries=frozenset()) for kind in ProbeKind}


def _decide(
    returned: dict[ProbeKind, ReturnedProbe],
    policy: AuthenticationPolicy = _POLICY,
    refused: tuple[ProbeKind, ...] = (),
) -> tuple[Calibration, dict[str, Severity]]:
    found = decide_calibration(returned.values(), refused=refused, policy=policy, now=_NOW)
    return found, {finding.code: finding.severity for finding in found.findings}


def test_probes_go_to_the_alias_and_to_reply_addresses() -> None:
    assert {kind: probe.envelope_to for kind, probe in _PROBES.items()} == {
        ProbeKind.PLAIN: "hr@acme.example",
        ProbeKind.FORGED_RESULTS: "hr@acme.example",
        ProbeKind.FORGED_INTERNAL: "hr@acme.example",
        ProbeKind.PLUS: "hr+probek7q2m9@reply.acme.example",
        ProbeKind.MIXED_CASE: "hr+PrObEK7Q2M9@reply.acme.example",
    }


def test_probe_forges_results_even_where_no_identifier_is_configured() -> None:
    probes = build_probes(
        alias="hr@acme.example",
        reply_domain="acme.example",
        policy=replace(_POLICY, authserv_id=None),
        nonce=_NONCE,
        sent_at=_NOW,
    )

    assert any(b"Authentication-Results: probe.invalid;" in probe.content for probe in probes)


def test_returned_probe_tells_hops_results_and_what_was_kept() -> None:
    plain = _return(ProbeKind.PLAIN)

    assert plain == ReturnedProbe(
        ProbeKind.PLAIN,
        hops=2,
        kept_message_id=True,
        kept_case=False,
        forgeries=frozenset(),
        result_ids=(("mx.acme.example", 1),),
    )
    assert _return(ProbeKind.MIXED_CASE).kept_case
    assert not _return(ProbeKind.PLAIN, drop="Message-ID").kept_message_id


@pytest.mark.parametrize(
    ("kind", "name"),
    [(ProbeKind.FORGED_RESULTS, RESULTS_FIELD), (ProbeKind.FORGED_INTERNAL, INTERNAL_FIELD)],
)
def test_forgery_is_seen_when_it_arrives_and_only_then(kind: ProbeKind, name: str) -> None:
    assert _return(kind).forgeries == {name}
    assert _return(kind, drop=name).forgeries == frozenset()


def test_results_without_identifier_are_counted_under_no_name() -> None:
    above = b"Authentication-Results: spf=pass\r\nReceived: x\r\n"

    assert _return(ProbeKind.PLAIN, above=above).result_ids == (("", 0),)


def test_hops_are_counted_to_the_end_where_the_forged_received_is_gone() -> None:
    assert _return(ProbeKind.PLAIN, drop="Received").hops == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\r\n\r\n",
        b"X-Mailflow-Probe: OTHER plain\r\n\r\n",
        b"X-Mailflow-Probe: K7Q2M9 unknown\r\n\r\n",
        b"X-Mailflow-Probe: K7Q2M9 plain\r\nX-Mailflow-Probe: K7Q2M9 plain\r\n\r\n",
    ],
)
def test_mail_of_another_kind_or_run_is_no_probe(raw: bytes) -> None:
    assert read_probe(raw, nonce=_NONCE) is None


def test_site_without_fault_passes() -> None:
    found, codes = _decide(_all_returned())

    assert found.passes
    assert codes == {
        "forged-results-stripped": Severity.GOOD,
        "hops": Severity.GOOD,
        "plus": Severity.GOOD,
        "case-kept": Severity.GOOD,
        "message-id-kept": Severity.GOOD,
    }


def test_lost_plain_probe_says_only_that() -> None:
    returned = _all_returned()
    del returned[ProbeKind.PLAIN]

    found, codes = _decide(returned)

    assert not found.passes
    assert codes == {"probe-lost": Severity.ERROR}


@pytest.mark.parametrize(
    ("profile", "severity"),
    [(Profile.TRUSTED_AR, Severity.ERROR), (Profile.OWN_DKIM, Severity.WARNING)],
)
def test_forged_results_that_arrive_are_a_fault_where_results_may_command(
    profile: Profile, severity: Severity
) -> None:
    policy = replace(_POLICY, profile=profile)
    kept = _all_returned()
    kept[ProbeKind.FORGED_RESULTS] = _return(ProbeKind.FORGED_RESULTS)
    lost = _all_returned()
    del lost[ProbeKind.FORGED_RESULTS]

    assert _decide(kept, policy)[1]["forged-results-kept"] is severity
    assert _decide(lost, policy)[1]["forged-results-lost"] is severity


def test_refused_forgeries_are_as_good_as_stripped_ones() -> None:
    returned = _all_returned()
    del returned[ProbeKind.FORGED_RESULTS]

    found, codes = _decide(returned, refused=(ProbeKind.FORGED_RESULTS,))

    assert found.passes
    assert "forged-results-refused" in codes


@pytest.mark.parametrize(
    ("trusted_hops", "code", "severity"),
    [
        (1, "too-few-hops", Severity.WARNING),
        (2, "hops", Severity.GOOD),
        (3, "too-many-hops", Severity.ERROR),
    ],
)
def test_trusted_hops_are_compared_with_what_the_servers_add(
    trusted_hops: int, code: str, severity: Severity
) -> None:
    _, codes = _decide(_all_returned(), replace(_POLICY, trusted_hops=trusted_hops))

    assert codes[code] is severity


def test_header_firewall_is_judged_by_the_mark_that_only_a_probe_carries() -> None:
    policy = replace(_POLICY, profile=Profile.M365, authserv_id=None)
    kept = _all_returned()
    kept[ProbeKind.FORGED_INTERNAL] = _return(ProbeKind.FORGED_INTERNAL)
    lost = _all_returned()
    del lost[ProbeKind.FORGED_INTERNAL]

    assert _decide(_all_returned(), policy)[1]["forged-internal-stripped"] is Severity.GOOD
    assert _decide(kept, policy)[1]["forged-internal-kept"] is Severity.ERROR
    assert _decide(lost, policy)[1]["forged-internal-lost"] is Severity.ERROR
    refused = _decide(lost, policy, refused=(ProbeKind.FORGED_INTERNAL,))
    assert refused[1]["forged-internal-stripped"] is Severity.GOOD


def test_lost_reply_address_is_a_fault_and_changed_capitals_are_none() -> None:
    returned = _all_returned()
    del returned[ProbeKind.PLUS]
    changed = replace(returned[ProbeKind.MIXED_CASE], kept_case=False)

    without = dict(returned)
    del without[ProbeKind.MIXED_CASE]

    assert _decide(returned)[1]["plus-lost"] is Severity.ERROR
    assert _decide(returned | {ProbeKind.MIXED_CASE: changed})[1]["case-changed"] is Severity.GOOD
    assert not {"case-kept", "case-changed"} & set(_decide(without)[1])


def test_rewritten_message_ids_are_a_warning() -> None:
    returned = _all_returned()
    returned[ProbeKind.PLUS] = replace(returned[ProbeKind.PLUS], kept_message_id=False)

    found, codes = _decide(returned)

    assert found.passes
    assert codes["message-id-rewritten"] is Severity.WARNING


def test_an_assumption_passes_and_shows_its_reason() -> None:
    assumed = assume_calibrated(reason="no provider here", now=_NOW)

    assert assumed.passes
    assert assumed.assumed_because == "no provider here"
    assert "no provider here" in assumed.findings[0].message


@pytest.mark.parametrize(
    ("lost", "kept", "tells_nothing"),
    [
        ((), (), False),
        ((ProbeKind.PLUS,), (), True),
        (tuple(ProbeKind), (), True),
        ((ProbeKind.PLUS,), (ProbeKind.FORGED_RESULTS,), False),
    ],
)
def test_probes_that_were_lost_alone_tell_nothing(
    lost: tuple[ProbeKind, ...], kept: tuple[ProbeKind, ...], *, tells_nothing: bool
) -> None:
    returned = {kind: probe for kind, probe in _all_returned().items() if kind not in lost}
    returned |= {kind: _return(kind) for kind in kept}

    assert _decide(returned)[0].tells_nothing is tells_nothing


@pytest.mark.parametrize(
    "other",
    [
        replace(_POLICY, profile=Profile.M365),
        replace(_POLICY, authserv_id="mx2.acme.example"),
        replace(_POLICY, trusted_hops=3),
    ],
)
def test_another_setting_is_another_site(other: AuthenticationPolicy) -> None:
    servers = ["imap.acme.example:993"]
    site = digest_site(_POLICY, servers=servers)

    assert digest_site(replace(_POLICY, calibrated=True), servers=servers) == site
    assert digest_site(other, servers=servers) != site
    assert digest_site(_POLICY, servers=["imap.other.example:993"]) != site


_LEVELS = {
    "recognised": SenderVerdict(SenderLevel.V2, "a@acme.example", Reason.TRUSTED_RESULTS),
    "unknown": SenderVerdict(SenderLevel.V1, "a@acme.example", Reason.NO_VERDICT),
}


@pytest.mark.parametrize(
    ("own", "trusted", "code", "words"),
    [
        (
            "unknown",
            "recognised",
            "staff-challenged",
            "profile: trusted-ar, which would recognise them",
        ),
        ("unknown", "unknown", "staff-challenged", "sign internal mail with DKIM"),
    ],
)
def test_advice_says_before_going_live_which_profile_helps(
    own: str, trusted: str, code: str, words: str
) -> None:
    calibrated = replace(_POLICY, calibrated=True)
    policies = {
        Profile.OWN_DKIM: replace(calibrated, profile=Profile.OWN_DKIM),
        Profile.TRUSTED_AR: calibrated,
    }
    verdicts = {Profile.OWN_DKIM: _LEVELS[own], Profile.TRUSTED_AR: _LEVELS[trusted]}

    advice = advise_profile(verdicts, policies=policies)

    assert advice.code == code
    assert words in f"{advice.message}; {advice.mend}"


def test_advice_is_good_where_staff_are_recognised() -> None:
    advice = advise_profile(
        {Profile.TRUSTED_AR: _LEVELS["recognised"]},
        policies={Profile.TRUSTED_AR: replace(_POLICY, calibrated=True)},
    )

    assert advice.severity is Severity.GOOD
