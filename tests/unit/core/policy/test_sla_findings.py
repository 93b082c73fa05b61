"""Warnings about a policy that reads well and would still disappoint."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from mailflow.core.case.people import Staff, Team
from mailflow.core.policy.calendars import Calendar
from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.sla import SlaPolicy
from mailflow.core.policy.sla_findings import check_sla
from mailflow.core.policy.targets import StatutoryClock, StatutoryStart, Target, TargetSet
from tests.unit.core.policy.sample_calendars import BERLIN, hours, week

TODAY = date(2026, 11, 24)
LEAD = "dana.lead@acme.example"


def staff(*teams: Team) -> Staff:
    return Staff((), {team.name: team for team in teams}, LEAD, LEAD)


def policy(*calendars: Calendar, **targets: str) -> SlaPolicy:
    durations = {Target(name): parse_duration(text) for name, text in targets.items()}
    sets = {"standard": TargetSet("standard", calendars[0].name, durations)}
    return SlaPolicy({calendar.name: calendar for calendar in calendars}, sets)


def codes(found: SlaPolicy, *teams: Team) -> list[str]:
    return [mistake.code for mistake in check_sla(found, staff(*teams), TODAY)]


def test_a_sound_policy_has_no_findings() -> None:
    team = Team("payroll", LEAD, (), calendar="berlin")
    assert codes(policy(BERLIN, resolve="10 working days"), team) == []


def test_holidays_that_end_this_year_are_found() -> None:
    ending = Calendar(
        "ending",
        ZoneInfo("UTC"),
        week(hours("09:00-17:00")),
        extra_holidays=frozenset({date(2026, 12, 25)}),
    )
    assert codes(policy(ending)) == ["holidays-end"]


def test_a_target_that_takes_more_than_a_year_is_found() -> None:
    once = Calendar("once", ZoneInfo("UTC"), week((), mon=hours("09:00-10:00")))
    assert codes(policy(once, resolve="60 working hours", triage="4 working hours")) == [
        "out-of-reach"
    ]


def test_a_target_in_a_calendar_that_is_never_open_is_found() -> None:
    never = Calendar("never", ZoneInfo("UTC"), ((),) * 7)
    assert codes(policy(never, resolve="1 working hour")) == ["out-of-reach"]


def test_a_cycle_that_the_calendar_lacks_is_found() -> None:
    plain = Calendar("plain", ZoneInfo("UTC"), week(hours("09:00-17:00")))
    assert codes(policy(plain, resolve="1 payroll cycle")) == ["out-of-reach"]


def test_a_statutory_clock_out_of_reach_is_found() -> None:
    once = Calendar("once", ZoneInfo("UTC"), week((), mon=hours("09:00-10:00")))
    clock = StatutoryClock("act", parse_duration("60 working days"), StatutoryStart.RECEIPT)
    one = TargetSet("standard", "once", {}, statutory=(clock,))
    assert codes(SlaPolicy({"once": once}, {"standard": one})) == ["out-of-reach"]


def test_a_set_that_follows_the_teams_calendar_is_not_judged() -> None:
    sound = policy(BERLIN)
    by_team = TargetSet("by_team", None, {Target.RESOLVE: parse_duration("1 payroll cycle")})
    assert codes(replace(sound, sets={"by_team": by_team})) == []


def test_a_team_without_a_calendar_is_found() -> None:
    assert codes(policy(BERLIN), Team("payroll", LEAD, ())) == ["no-calendar"]


def test_a_team_with_an_unknown_calendar_is_told_the_nearest() -> None:
    team = Team("payroll", LEAD, (), calendar="berlim")
    (mistake,) = check_sla(policy(BERLIN), staff(team), TODAY)
    assert mistake.severity == "warning"
    assert 'did you mean "berlin"' in mistake.message
