from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.core.mail.authentication import (
    AuthenticationPolicy,
    DkimOutcome,
    DkimResult,
    Evidence,
    Profile,
    Reason,
    SenderLevel,
    SenderVerdict,
    may_command,
)
from mailflow.core.mail.authentication_results import AuthenticationResults, MethodResult
from mailflow.core.mail.dkim_policy import DkimProblem
from mailflow.core.mail.from_field import FromField
from mailflow.core.mail.judgement import judge
from mailflow.core.mail.treatment import DECISION_TABLE, Speech, Treatment, decide_by_table

V0, V1, V2, V3 = SenderLevel
_POLICY = AuthenticationPolicy(
    profile=Profile.TRUSTED_AR, authserv_id="mx.acme.example", calibrated=True
)


def test_levels_are_ordered() -> None:
    assert V0 < V1 < V2 < V3


@pytest.mark.parametrize(
    ("profile", "is_calibrated", "level", "reason", "allowed"),
    [
        (Profile.OWN_DKIM, False, V3, Reason.OWN_DKIM, True),
        (Profile.TRUSTED_AR, False, V3, Reason.OWN_DKIM, True),
        (Profile.M365, False, V3, Reason.OWN_DKIM, True),
        (Profile.OWN_DKIM, True, V2, Reason.TRUSTED_RESULTS, False),
        (Profile.TRUSTED_AR, True, V2, Reason.TRUSTED_RESULTS, True),
        (Profile.TRUSTED_AR, True, V2, Reason.AUTHENTICATED_LOGIN, True),
        (Profile.TRUSTED_AR, True, V2, Reason.INTERNAL_EXCHANGE, False),
        (Profile.TRUSTED_AR, False, V2, Reason.TRUSTED_RESULTS, False),
        (Profile.M365, True, V2, Reason.INTERNAL_EXCHANGE, True),
        (Profile.M365, True, V2, Reason.TRUSTED_RESULTS, False),
        (Profile.M365, False, V2, Reason.INTERNAL_EXCHANGE, False),
        (Profile.TRUSTED_AR, True, V1, Reason.LIFTED_BY_ARC, False),
        (Profile.TRUSTED_AR, True, V0, Reason.RESULTS_FAIL, False),
    ],
)
def test_level_suffices_for_commands_by_profile_and_calibration(
    profile: Profile, *, is_calibrated: bool, level: SenderLevel, reason: Reason, allowed: bool
) -> None:
    policy = replace(_POLICY, profile=profile, calibrated=is_calibrated)

    assert may_command(SenderVerdict(level, "a@b.example", reason), policy) is allowed


@pytest.mark.parametrize(
    ("speech", "cells"),
    [
        (Speech.STAFF_OWN_TOKEN, "hold_and_alert hold_and_challenge do do"),
        (Speech.STAFF_NO_TOKEN, "hold_and_alert hold_and_challenge do do"),
        (Speech.STAFF_FOREIGN_TOKEN, "hold_and_alert " * 4),
        (Speech.EMPLOYEE_OWN_TOKEN, "hold_for_owner append_unverified append append"),
        (Speech.PARTICIPANT_REFERENCE, "hold hold_for_owner append append"),
        (Speech.FOREIGN_TOKEN, "hold_and_renew_token " * 4),
        (
            Speech.NEW_FROM_EMPLOYEE,
            "case_flagged_no_ack case_and_ack_to_directory case_and_ack case_and_ack",
        ),
        (Speech.NEW_FROM_OUTSIDER, "case_flagged_no_ack case_no_ack case_and_ack case_and_ack"),
    ],
)
def test_table_decides_by_kind_of_mail_and_level(speech: Speech, cells: str) -> None:
    decided = [decide_by_table(speech, level, commands_allowed=True) for level in SenderLevel]

    assert decided == [Treatment(cell) for cell in cells.split()]


def test_every_kind_of_mail_has_its_row() -> None:
    assert set(DECISION_TABLE) == set(Speech)


@pytest.mark.parametrize("speech", Speech)
@pytest.mark.parametrize("level", SenderLevel)
def test_nothing_is_done_where_the_profile_does_not_suffice(
    speech: Speech, level: SenderLevel
) -> None:
    free = decide_by_table(speech, level, commands_allowed=True)
    held = decide_by_table(speech, level, commands_allowed=False)

    assert held is (Treatment.HOLD_AND_CHALLENGE if free is Treatment.DO else free)


def _evidence(**changes: object) -> Evidence:
    return replace(Evidence(FromField("paul@partner.example")), **changes)  # type: ignore[arg-type]  # each test names one field.


def _own(outcome: DkimOutcome, problem: DkimProblem | None = None) -> DkimResult:
    return DkimResult("partner.example", "s1", outcome, problem, b"sig")


def _results(*results: MethodResult) -> tuple[AuthenticationResults, ...]:
    return (AuthenticationResults("mx.acme.example", results),)


_DKIM_PASS = MethodResult("dkim", "pass", None, (("header.d", "mail.partner.example"),))


def test_border_passes_an_outsider_by_organisational_alignment() -> None:
    verdict = judge(_evidence(results=_results(_DKIM_PASS)), _POLICY)

    assert (verdict.level, verdict.results) == (V2, _results(_DKIM_PASS))


def test_silent_name_server_asks_for_a_second_try_until_something_better_is_known() -> None:
    silent = _own(DkimOutcome.TEMPERROR, DkimProblem.NO_ANSWER)

    assert judge(_evidence(own=(silent,)), _POLICY).retry_later
    assert judge(_evidence(own=(silent,), results=_results(_DKIM_PASS)), _POLICY).retry_later
    assert not judge(_evidence(own=(silent, _own(DkimOutcome.PASS))), _POLICY).retry_later


def test_signatures_of_unvouched_mail_are_not_remembered() -> None:
    broken = _own(DkimOutcome.FAIL, DkimProblem.BODY_OR_HEADER_CHANGED)

    assert judge(_evidence(own=(broken,)), _POLICY).signatures == ()
    assert judge(_evidence(own=(broken,), results=_results(_DKIM_PASS)), _POLICY).signatures == (
        b"sig",
    )


def test_pass_that_the_policy_does_not_let_count_keeps_the_broken_signature_from_failing() -> None:
    evidence = _evidence(
        own=(_own(DkimOutcome.FAIL, DkimProblem.BODY_OR_HEADER_CHANGED),),
        structure=DkimProblem.NOT_SIGNED,
        results=_results(_DKIM_PASS),
    )

    verdict = judge(evidence, _POLICY)

    assert (verdict.level, verdict.detail) == (V1, DkimProblem.NOT_SIGNED)
