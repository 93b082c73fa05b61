"""Which clocks a case has: by set, risk and flag, the strictest of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailflow.core.case.case import Risk
from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.nudges import Ladder, PercentStep, Recipient
from mailflow.core.policy.pauses import Pause
from mailflow.core.policy.sla import CaseFacts, Promise, SlaPolicy, promises_for
from mailflow.core.policy.targets import StatutoryClock, StatutoryStart, Target, TargetSet
from tests.unit.core.policy.sample_calendars import ALWAYS, BERLIN, NEW_YORK, local

START = local(BERLIN, "2026-11-20T13:00")


STANDARD = TargetSet(
    "standard",
    "berlin",
    {
        Target.ACKNOWLEDGE: parse_duration("24 clock hours"),
        Target.RESOLVE: parse_duration("10 working days"),
        Target.CONFIRM_OWNER: parse_duration("4 working hours"),
        Target.BEGIN_INVESTIGATION: parse_duration("48 clock hours"),
        Target.TRIAGE: parse_duration("4 working hours"),
    },
    if_high={Target.CONFIRM_OWNER: parse_duration("1 working hour")},
    if_flag={"imminent_danger": {Target.TRIAGE: parse_duration("15 clock minutes")}},
    statutory=(
        StatutoryClock(
            "data_request",
            parse_duration("1 calendar month"),
            StatutoryStart.RECEIPT,
            flag="data_request",
        ),
        StatutoryClock("osha", parse_duration("8 clock hours"), StatutoryStart.TRIGGER),
    ),
)
PAYROLL = TargetSet(
    "payroll",
    "berlin",
    {Target.RESOLVE: parse_duration("1 payroll cycle")},
    cycle_by_payroll_group=True,
)
QUICK = TargetSet("quick", "always", {Target.RESOLVE: parse_duration("2 working days")})
BY_TEAM = TargetSet("by_team", None, {Target.RESOLVE: parse_duration("2 working days")})
POLICY = SlaPolicy(
    {calendar.name: calendar for calendar in (BERLIN, ALWAYS, NEW_YORK)},
    {one.name: one for one in (STANDARD, PAYROLL, QUICK, BY_TEAM)},
)
FACTS = CaseFacts(("standard",), Risk.LOW)


def promised(facts: CaseFacts) -> dict[str, str]:
    found = promises_for(POLICY, facts, start=START)
    return {promise.name: str(promise.duration) for promise in found}


def test_a_low_case_is_not_investigated() -> None:
    assert promised(FACTS) == {
        "acknowledge": "24 clock hours",
        "resolve": "10 working days",
        "confirm_owner": "4 working hours",
        "triage": "4 working hours",
        "osha": "8 clock hours",
    }


@pytest.mark.parametrize("risk", [Risk.HIGH, Risk.CONFIDENTIAL])
def test_a_risky_case_is_confirmed_sooner_and_investigated(risk: Risk) -> None:
    found = promised(replace(FACTS, risk=risk))
    assert found["begin_investigation"] == "48 clock hours"
    assert found["confirm_owner"] == "1 working hour"


def test_a_flag_brings_its_targets_and_statutes() -> None:
    found = promised(replace(FACTS, flags=frozenset({"imminent_danger", "data_request"})))
    assert found["triage"] == "15 clock minutes"
    assert found["data_request"] == "1 calendar month"


def test_of_several_sets_the_earliest_due_wins() -> None:
    assert promised(replace(FACTS, sets=("standard", "quick")))["resolve"] == "2 working days"
    assert promised(replace(FACTS, sets=("quick", "standard")))["resolve"] == "2 working days"


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("hourly", "1 hourly cycle"),
        ("directors", "1 payroll cycle"),
        (None, "1 payroll cycle"),
    ],
)
def test_the_payroll_group_chooses_the_cycle(group: str | None, expected: str) -> None:
    facts = replace(FACTS, sets=("payroll",), payroll_group=group)
    assert promised(facts)["resolve"] == expected


def test_a_cycle_stays_as_written_where_groups_do_not_choose() -> None:
    fixed = replace(PAYROLL, cycle_by_payroll_group=False)
    policy = replace(POLICY, sets={"payroll": fixed})
    facts = replace(FACTS, sets=("payroll",), payroll_group="hourly")
    (found,) = promises_for(policy, facts, start=START)
    assert str(found.duration) == "1 payroll cycle"


def test_a_set_without_calendar_follows_the_team() -> None:
    facts = replace(FACTS, sets=("by_team",), team_calendar="new_york")
    (found,) = promises_for(POLICY, facts, start=START)
    assert found.calendar is NEW_YORK


def test_only_what_may_pause_pauses() -> None:
    found = promises_for(POLICY, FACTS, start=START)
    assert [promise.name for promise in found if promise.is_pausable] == ["resolve"]


def test_a_cycle_never_pauses() -> None:
    (found,) = promises_for(POLICY, replace(FACTS, sets=("payroll",)), start=START)
    assert not found.is_pausable


def test_a_statutory_clock_says_what_starts_it() -> None:
    found = {promise.name: promise for promise in promises_for(POLICY, FACTS, start=START)}
    assert found["osha"].is_statutory
    assert found["osha"].starts is StatutoryStart.TRIGGER


def test_a_promise_that_never_pauses_is_due_in_a_pause_too() -> None:
    pause = Pause(local(BERLIN, "2026-11-20T14:00"))
    fixed = Promise("first_response", parse_duration("2 working hours"), BERLIN)
    ladder = Ladder((PercentStep(100, (Recipient.OWNER,)),))
    due = local(BERLIN, "2026-11-20T15:00")
    assert fixed.due(START, pauses=[pause]) == due
    assert fixed.left(START, now=due, pauses=[pause]) == timedelta(0)
    assert [rung.at for rung in fixed.rungs(ladder, start=START, pauses=[pause])] == [due]


def test_a_pausable_promise_has_no_rung_behind_a_lasting_pause() -> None:
    pause = Pause(local(BERLIN, "2026-11-20T14:00"))
    resolve = Promise("resolve", parse_duration("2 working hours"), BERLIN, is_pausable=True)
    ladder = Ladder((PercentStep(100, (Recipient.OWNER,)),))
    assert resolve.due(START, pauses=[pause]) is None
    assert resolve.left(START, now=pause.start, pauses=[pause]) == timedelta(hours=1)
    assert resolve.rungs(ladder, start=START, pauses=[pause]) == ()
