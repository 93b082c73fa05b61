"""The ladder: when each rung is passed, and which one is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.nudges import (
    AfterStep,
    Ladder,
    PercentStep,
    Recipient,
    coming_rung,
    nudge_times,
    passed_rung,
)
from mailflow.core.policy.pauses import Pause
from tests.unit.core.policy.sample_calendars import BERLIN, local, utc

if TYPE_CHECKING:
    from datetime import datetime

LEAD = (Recipient.OWNER, Recipient.TEAM_LEAD)
LADDER = Ladder(
    (
        PercentStep(50, (Recipient.OWNER,)),
        PercentStep(80, LEAD),
        PercentStep(100, (*LEAD, Recipient.ESCALATION)),
    ),
    AfterStep(parse_duration("8 working hours"), 2, (Recipient.TEAM_LEAD, Recipient.ESCALATION)),
)


def times(target: str, start: str, *pauses: Pause, ladder: Ladder = LADDER) -> dict[str, datetime]:
    rungs = nudge_times(
        ladder,
        parse_duration(target),
        calendar=BERLIN,
        start=local(BERLIN, start),
        pauses=pauses,
    )
    return {rung.step: rung.at for rung in rungs}


def berlin(**steps: str) -> dict[str, datetime]:
    names = {"p50": "50%", "p80": "80%", "p100": "100%", "a1": "+1", "a2": "+2"}
    return {names[key]: local(BERLIN, text) for key, text in steps.items()}


def test_rungs_of_working_hours_stay_within_opening_hours() -> None:
    assert times("4 working hours", "2026-11-20T15:00") == berlin(
        p50="2026-11-20T17:00",
        p80="2026-11-23T10:12",
        p100="2026-11-23T11:00",
        a1="2026-11-24T11:00",
        a2="2026-11-25T11:00",
    )


def test_rungs_of_clock_hours_count_nights_but_repeat_in_working_hours() -> None:
    assert times("24 clock hours", "2026-11-20T13:00") == berlin(
        p50="2026-11-21T01:00",
        p80="2026-11-21T08:12",
        p100="2026-11-21T13:00",
        a1="2026-11-23T17:00",
        a2="2026-11-24T17:00",
    )


@pytest.mark.parametrize("target", ["2 working days", "1 payroll cycle"])
def test_the_last_percent_is_the_due_time(target: str) -> None:
    found = times(target, "2026-11-17T10:00:00.250000")
    expected = {"2 working days": "2026-11-19T17:00", "1 payroll cycle": "2026-11-25T17:00"}
    assert found["100%"] == local(BERLIN, expected[target])


def test_a_rung_is_rounded_up_to_the_second() -> None:
    ladder = Ladder((PercentStep(33, LEAD),))
    found = times("1 working minute", "2026-11-20T10:00", ladder=ladder)
    assert found == {"33%": local(BERLIN, "2026-11-20T10:00:20")}


def test_a_pause_moves_the_rungs_behind_it() -> None:
    pause = Pause(local(BERLIN, "2026-11-23T12:00"), local(BERLIN, "2026-11-24T10:00"))
    found = times("4 working hours", "2026-11-23T10:00", pause)
    assert found["50%"] == local(BERLIN, "2026-11-23T12:00")
    assert found["100%"] == local(BERLIN, "2026-11-24T12:00")


def test_rungs_behind_a_lasting_pause_are_left_out() -> None:
    found = times("4 working hours", "2026-11-23T10:00", Pause(local(BERLIN, "2026-11-23T12:30")))
    assert list(found) == ["50%"]


def test_a_pause_after_the_due_time_holds_the_repeats() -> None:
    found = times("4 working hours", "2026-11-23T10:00", Pause(local(BERLIN, "2026-11-23T15:00")))
    assert list(found) == ["50%", "80%", "100%"]


def test_clock_hours_have_all_their_rungs_in_a_pause() -> None:
    found = times("24 clock hours", "2026-11-23T10:00", Pause(local(BERLIN, "2026-11-23T12:30")))
    assert list(found) == ["50%", "80%", "100%", "+1", "+2"]


def test_a_ladder_does_not_repeat_by_days() -> None:
    ladder = Ladder((), AfterStep(parse_duration("1 working day"), 1, LEAD))
    with pytest.raises(ValueError, match="hours or minutes"):
        times("4 working hours", "2026-11-23T10:00", ladder=ladder)


RUNGS = nudge_times(
    LADDER,
    parse_duration("4 working hours"),
    calendar=BERLIN,
    start=local(BERLIN, "2026-11-23T10:00"),
)


@pytest.mark.parametrize(
    ("now", "step", "at"),
    [
        ("2026-11-23T11:59", "50%", "2026-11-23T12:00"),
        ("2026-11-23T12:00", "80%", None),
        ("2026-11-25T14:00", "daily 2026-11-26", "2026-11-26T09:00"),
        ("2026-11-27T09:00", "daily 2026-11-30", "2026-11-30T09:00"),
    ],
    ids=["first", "at-a-rung", "ladder-used-up", "over-the-weekend"],
)
def test_behind_the_last_rung_comes_the_opening_of_each_working_day(
    now: str, step: str, at: str | None
) -> None:
    found = coming_rung(RUNGS, BERLIN, now=local(BERLIN, now))
    assert found is not None
    assert found.step == step
    assert at is None or found.at == local(BERLIN, at)


def test_the_daily_reminder_goes_to_the_owner_too() -> None:
    found = coming_rung(RUNGS, BERLIN, now=local(BERLIN, "2026-11-25T14:00"))
    assert found is not None
    assert found.to == (Recipient.OWNER, Recipient.TEAM_LEAD, Recipient.ESCALATION)


def test_without_a_ladder_nothing_is_to_come() -> None:
    assert coming_rung((), BERLIN, now=utc("2026-11-23T10:00")) is None


@pytest.mark.parametrize(
    ("now", "timer_step", "step"),
    [
        ("2026-11-23T11:59", "50%", None),
        ("2026-11-23T12:00", "50%", "50%"),
        ("2026-11-24T08:00", "50%", "100%"),
        ("2026-11-24T14:00", "100%", "+1"),
        ("2026-11-26T09:00", "daily 2026-11-26", "daily 2026-11-26"),
    ],
)
def test_of_several_passed_rungs_only_the_highest_is_sent(
    now: str, timer_step: str, step: str | None
) -> None:
    moment = local(BERLIN, now)
    found = passed_rung(RUNGS, step=timer_step, fired_at=moment, now=moment)
    assert (found.step if found else None) == step
