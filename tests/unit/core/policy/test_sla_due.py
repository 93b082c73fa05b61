"""Due times: the worked examples, the edges of opening hours, and each unit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from mailflow.core.policy.calendars import Calendar
from mailflow.core.policy.due import budget_of, due_at, is_elapsed
from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.pauses import Pause
from mailflow.core.policy.working_time import NeverOpenError
from tests.unit.core.policy.sample_calendars import (
    ADELAIDE,
    ALWAYS,
    BERLIN,
    BERLIN_LUNCH,
    HAVANA,
    KOLKATA,
    NEW_YORK,
    NIGHT_SHIFT,
    hours,
    local,
    utc,
    week,
)

if TYPE_CHECKING:
    from datetime import datetime


def due(calendar: Calendar, start: str, target: str, *pauses: Pause) -> datetime | None:
    return due_at(parse_duration(target), calendar, start=local(calendar, start), pauses=pauses)


@pytest.mark.parametrize(
    ("calendar", "start", "target", "expected"),
    [
        pytest.param(BERLIN, "2026-11-20T13:00", "4 working hours", "2026-11-20T16:00", id="close"),
        pytest.param(
            BERLIN, "2026-04-02T15:00", "8 working hours", "2026-04-07T13:00", id="over-easter"
        ),
        pytest.param(
            BERLIN, "2026-03-28T12:00", "24 clock hours", "2026-03-29T11:00", id="spring-clock"
        ),
        pytest.param(
            NEW_YORK, "2026-10-30T20:00", "48 clock hours", "2026-11-02T00:00", id="autumn-clock"
        ),
        pytest.param(
            NIGHT_SHIFT, "2026-03-07T22:00", "8 working hours", "2026-03-09T03:00", id="night-shift"
        ),
        pytest.param(
            BERLIN, "2026-12-23T16:00", "5 working hours", "2026-12-28T09:00", id="short-24th"
        ),
        pytest.param(
            BERLIN, "2026-11-18T12:00", "1 payroll cycle", "2026-12-24T11:00", id="at-the-cutoff"
        ),
    ],
)
def test_worked_examples(calendar: Calendar, start: str, target: str, expected: str) -> None:
    assert due(calendar, start, target) == utc(expected)


def test_worked_example_of_a_pause_over_closing_time() -> None:
    pause = Pause(local(BERLIN, "2026-11-23T12:00"), local(BERLIN, "2026-11-24T10:00"))
    found = due(BERLIN, "2026-11-23T10:00", "4 working hours", pause)
    assert found == utc("2026-11-24T11:00")


@pytest.mark.parametrize(
    ("calendar", "start", "target", "expected"),
    [
        (BERLIN, "2026-11-20T17:00", "1 working minute", "2026-11-23T09:01"),
        (BERLIN, "2026-11-20T16:59:59", "1 working minute", "2026-11-23T09:00:59"),
        (BERLIN, "2026-11-21T03:00", "8 working hours", "2026-11-23T17:00"),
        (BERLIN_LUNCH, "2026-11-20T12:00", "2 working hours", "2026-11-20T14:00"),
        (BERLIN_LUNCH, "2026-11-19T12:00", "1 working hour", "2026-11-19T13:45"),
        (BERLIN_LUNCH, "2026-11-19T12:00", "30 working minutes", "2026-11-19T12:30"),
        (BERLIN_LUNCH, "2026-12-30T17:00", "1 working hour", "2027-01-04T09:15"),
        (KOLKATA, "2026-11-20T18:00", "1 working hour", "2026-11-21T10:00"),
        (ADELAIDE, "2026-10-04T01:30", "2 working hours", "2026-10-05T09:30"),
        (ADELAIDE, "2026-04-05T01:30", "3 working hours", "2026-04-05T03:30"),
        (ALWAYS, "2026-10-24T12:00", "24 working hours", "2026-10-25T11:00"),
        (BERLIN, "2026-11-20T13:00", "1 working day", "2026-11-23T17:00"),
        (BERLIN, "2026-11-21T13:00", "1 working day", "2026-11-23T17:00"),
        (BERLIN, "2026-12-23T08:00", "1 working day", "2026-12-24T12:00"),
        (BERLIN, "2026-12-23T23:59", "2 working days", "2026-12-28T17:00"),
        (ALWAYS, "2026-11-20T13:00", "1 working day", "2026-11-22T00:00"),
        (NIGHT_SHIFT, "2026-11-20T23:00", "1 working day", "2026-11-22T00:00"),
        (HAVANA, "2026-10-30T10:00", "1 working day", "2026-11-01T00:00"),
        (BERLIN, "2026-03-28T02:30", "1 calendar day", "2026-03-29T03:00"),
        (BERLIN, "2026-03-28T12:00:30", "1 calendar day", "2026-03-29T12:00:30"),
        (BERLIN, "2026-01-31T12:00", "1 calendar month", "2026-02-28T12:00"),
        (BERLIN, "2026-11-30T12:00", "3 calendar months", "2027-02-28T12:00"),
        (BERLIN, "2026-11-20T13:00", "15 clock minutes", "2026-11-20T13:15"),
    ],
)
def test_due_in_local_time(calendar: Calendar, start: str, target: str, expected: str) -> None:
    assert due(calendar, start, target) == local(calendar, expected)


@pytest.mark.parametrize(
    "target", ["0 working hours", "0 clock hours", "0 working days", "0 payroll cycles"]
)
def test_a_zero_budget_is_due_at_once_even_when_closed(target: str) -> None:
    assert due(BERLIN, "2026-11-21T13:00", target) == local(BERLIN, "2026-11-21T13:00")


def test_due_at_the_end_of_the_first_midnight_where_midnight_is_repeated() -> None:
    """Havana shows 00:00 twice on 1 November 2026; 24:00 of the 31st is the first of them."""
    found = due(HAVANA, "2026-10-31T20:00", "4 working hours")
    assert found == utc("2026-11-01T04:00")


def test_an_interval_within_the_repeated_hour_lasts_until_its_last_closing() -> None:
    calendar = Calendar("c", ZoneInfo("Europe/Berlin"), week((), sun=hours("02:00-02:30")))
    worked = calendar.working_time.worked(utc("2026-10-24T00:00"), utc("2026-10-26T00:00"))
    assert worked == timedelta(minutes=90)


def test_overlapping_intervals_of_the_repeated_hour_count_once() -> None:
    calendar = Calendar(
        "c", ZoneInfo("Europe/Berlin"), week((), sun=hours("01:00-02:30", "02:30-04:00"))
    )
    worked = calendar.working_time.worked(utc("2026-10-24T00:00"), utc("2026-10-26T00:00"))
    assert worked == timedelta(hours=4)


def test_an_interval_inside_the_skipped_hour_is_no_working_day() -> None:
    calendar = Calendar("c", ZoneInfo("Europe/Berlin"), week((), sun=hours("02:00-02:30")))
    assert not calendar.working_time.is_working_day(date(2026, 3, 29))


def test_a_calendar_without_working_time_never_ends_a_target() -> None:
    calendar = Calendar("c", ZoneInfo("UTC"), ((),) * 7, special_days={date(2026, 5, 4): ()})
    with pytest.raises(NeverOpenError):
        due_at(parse_duration("1 working hour"), calendar, start=utc("2026-11-20T13:00"))


def test_a_calendar_without_working_days_before_a_pay_day_is_never_open() -> None:
    calendar = Calendar("c", ZoneInfo("UTC"), ((),) * 7)
    with pytest.raises(NeverOpenError):
        calendar.working_time.working_day(date(2026, 11, 20), steps=-1)


def test_a_day_without_hours_has_no_close() -> None:
    with pytest.raises(NeverOpenError):
        BERLIN.working_time.close_of(date(2026, 11, 21))


def test_a_budget_of_ten_years_is_found() -> None:
    once_a_week = Calendar("c", ZoneInfo("UTC"), week((), mon=hours("09:00-10:00")))
    found = due_at(parse_duration("520 working hours"), once_a_week, start=utc("2026-01-01"))
    assert found == utc("2035-12-17T10:00")


def test_an_earlier_question_extends_the_table_backwards() -> None:
    calendar = Calendar("c", ZoneInfo("UTC"), week(hours("09:00-17:00")))
    assert calendar.working_time.worked(utc("2026-11-20"), utc("2026-11-21")) == timedelta(hours=8)
    assert calendar.working_time.worked(utc("2019-11-20"), utc("2019-11-21")) == timedelta(hours=8)
    assert calendar.working_time.working_day(date(2019, 1, 1), steps=-1) == date(2018, 12, 31)


@pytest.mark.parametrize(
    ("target", "budget", "counts_nights"),
    [
        ("4 working hours", timedelta(hours=4), False),
        ("1 working day", timedelta(hours=12), False),
        ("24 clock hours", timedelta(hours=24), True),
        ("1 calendar month", timedelta(days=30), True),
    ],
)
def test_budget_is_elapsed_or_working_time(
    target: str, budget: timedelta, *, counts_nights: bool
) -> None:
    duration = parse_duration(target)
    start = local(BERLIN, "2026-11-20T13:00")
    assert budget_of(duration, BERLIN, start=start) == budget
    assert is_elapsed(duration) is counts_nights
