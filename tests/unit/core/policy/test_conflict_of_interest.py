"""Who gets what when a mail names somebody: the shipped company."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.core.case.access import Action, may
from mailflow.core.case.sight import Sight, may_handle, sight_of
from mailflow.core.followup import follow_up
from mailflow.core.policy.ownership import Workload
from tests.unit.core.policy.conflict_scenarios import SCENARIOS, Scenario
from tests.unit.core.sample_house import NOW, a_message, as_file, decide, sample_house


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_who_gets_what(scenario: Scenario) -> None:
    decision = decide(a_message(scenario.text, **scenario.more), scenario.category)  # type: ignore[arg-type]  # fields of many types
    case = decision.case
    assert case is not None
    told = [
        order.recipient
        for order in decision.mails
        if order.purpose not in ("acknowledgement", "advice") and order.recipient != case.owner
    ]
    assert (
        _locals([case.owner]),
        _locals(told),
        _locals(case.excluded),
        _locals(case.suspected),
        case.state.value,
    ) == (
        scenario.owner,
        scenario.told,
        scenario.kept_out,
        scenario.suspected,
        scenario.state,
    )


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_mail_goes_to_whom_the_case_may_be_about(scenario: Scenario) -> None:
    decision = decide(a_message(scenario.text, **scenario.more), scenario.category)  # type: ignore[arg-type]  # fields of many types
    case = decision.case
    assert case is not None
    house = sample_house()
    kept_out = case.excluded | case.suspected
    for order in decision.mails:
        assert not house.person(order.recipient).addresses & kept_out


def _locals(addresses: object) -> str:
    assert isinstance(addresses, (list, frozenset))
    return " ".join(sorted(address.partition("@")[0] for address in addresses))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_list_read_or_count_shows_it_to_whom_the_case_may_be_about(scenario: Scenario) -> None:
    case = decide(a_message(scenario.text, **scenario.more), scenario.category).case  # type: ignore[arg-type]  # fields of many types
    assert case is not None
    house, today = sample_house(), NOW.date()
    for address in case.excluded | case.suspected:
        person = house.person(address)
        assert sight_of(person, case, today=today) is Sight.NOTHING
        assert not may_handle(person, case, today=today)
        assert not any(may(person, case, action, today=today).allowed for action in Action)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_nudge_or_climb_reaches_whom_the_case_may_be_about(scenario: Scenario) -> None:
    """Also not when the owner never answers, and everybody of the team is away."""
    decision = decide(a_message(scenario.text, **scenario.more), scenario.category)  # type: ignore[arg-type]  # fields of many types
    case = decision.case
    assert case is not None
    house = sample_house()
    kept_out = case.excluded | case.suspected
    file = as_file(decision)
    absent = {one.email: one.delegate or "" for one in house.staff.people if one.team == case.team}
    for workload in (Workload({}, {}), Workload({}, {}, absent)):
        for timer in decision.timers:
            late = timer.fire_at + timedelta(days=30)
            later = follow_up(timer, file, house, now=late, workload=workload)
            assert later.case is not None
            assert later.case.owner not in kept_out
            for order in later.mails:
                assert not house.person(order.recipient).addresses & kept_out
