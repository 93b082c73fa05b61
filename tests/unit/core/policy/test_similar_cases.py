from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailflow.core.case.case import Case, CaseClass, Risk, State
from mailflow.core.policy.decision import RecentCase
from mailflow.core.policy.similar_cases import hint_at_similar
from tests.unit.core.sample_house import NOW, sample_house

PRIYA = "priya.patel@acme.example"
RIYA = "riya.rao@acme.example"
NEW = Case(
    uid="b" * 32,
    ref="HR-BBBBBB",
    state=State.ASSIGNED,
    risk=Risk.MODERATE,
    case_class=CaseClass.MODERATE,
    category="payroll_discrepancy",
    team="payroll",
    owner=PRIYA,
    requester=RIYA,
    opened_at=NOW,
    mailbox="hr",
)
OLD = replace(NEW, uid="a" * 32, ref="HR-AAAAAA", opened_at=NOW - timedelta(days=2))


def hint(new: Case, *old: Case, subject: str = "Paycheck October") -> str:
    recent = [RecentCase(one, "paycheck: October") for one in old]
    return hint_at_similar(new, subject, recent, sample_house(), today=NOW.date())


def test_the_owner_is_told_the_case_its_day_and_the_command() -> None:
    said = hint(NEW, OLD)
    assert "HR-AAAAAA of Sunday, 22 November 2026" in said
    assert "#merge HR-AAAAAA" in said


def test_the_newest_similar_case_is_named() -> None:
    newest = replace(OLD, uid="c" * 32, ref="HR-CCCCCC", opened_at=NOW - timedelta(hours=1))
    assert "HR-CCCCCC" in hint(NEW, OLD, newest, OLD)


def test_the_owner_reads_the_hint_in_their_own_language() -> None:
    new = replace(NEW, owner="paul.petersen@acme.example")
    assert "führt beide zusammen" in hint(new, OLD)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        pytest.param(
            NEW, replace(OLD, opened_at=NOW - timedelta(days=3, seconds=1)), id="long_ago"
        ),
        pytest.param(NEW, replace(OLD, requester="ed.ellis@acme.example"), id="another_person"),
        pytest.param(NEW, replace(OLD, state=State.CLOSED), id="over"),
        pytest.param(NEW, replace(OLD, excluded=frozenset({PRIYA})), id="owner_is_excluded"),
        pytest.param(NEW, replace(OLD, suspected=frozenset({PRIYA})), id="owner_may_be_meant"),
        pytest.param(
            NEW,
            replace(OLD, case_class=CaseClass.ER, owner=PRIYA),
            id="a_sealed_case_beside_one_that_is_not",
        ),
        pytest.param(
            NEW,
            replace(OLD, case_class=CaseClass.LOW, risk=Risk.LOW),
            id="merging_would_widen_the_audience",
        ),
        pytest.param(
            replace(NEW, owner="pat.porter@benefitsdesk.example"), OLD, id="owner_outside_the_team"
        ),
        pytest.param(
            replace(NEW, case_class=CaseClass.ER, risk=Risk.HIGH),
            replace(OLD, case_class=CaseClass.CONFIDENTIAL, risk=Risk.CONFIDENTIAL),
            id="confidential_and_not_theirs",
        ),
        pytest.param(replace(NEW, flags=frozenset({"maybe_forged"})), OLD, id="maybe_forged"),
        pytest.param(NEW, NEW, id="itself"),
    ],
)
def test_no_hint_at_a_case_that_is(new: Case, old: Case) -> None:
    assert hint(new, old) == ""


def test_no_hint_at_another_subject() -> None:
    assert hint(NEW, OLD, subject="Parking") == ""
