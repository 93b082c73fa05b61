"""Calendars: which days are open, when they open next, how working days are counted."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailflow.core.policy.calendars import Calendar, no_holidays
from mailflow.core.policy.working_time import NeverOpenError
from tests.unit.core.policy.sample_calendars import (
    BERLIN,
    BERLIN_LUNCH,
    NIGHT_SHIFT,
    hours,
    local,
    utc,
    week,
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-11-20", hours("09:00-17:00"), id="usual"),
        pytest.param("2026-11-21", (), id="weekend"),
        pytest.param("2026-12-25", (), id="holiday"),
        pytest.param("2026-12-24", hours("09:00-12:00"), id="special"),
    ],
)
def test_hours_of_a_date(day: str, expected: object) -> None:
    assert BERLIN.hours_on(date.fromisoformat(day)) == expected


def test_an_extra_holiday_is_closed_and_an_excepted_one_is_open() -> None:
    assert BERLIN_LUNCH.is_holiday(date(2026, 12, 31))
    assert not BERLIN_LUNCH.is_holiday(date(2027, 3, 8))
    assert BERLIN.is_holiday(date(2027, 3, 8))


def test_a_special_day_opens_a_holiday() -> None:
    calendar = Calendar(
        "c",
        ZoneInfo("UTC"),
        week(hours("09:00-17:00")),
        extra_holidays=frozenset({date(2026, 5, 1)}),
        special_days={date(2026, 5, 1): hours("10:00-11:00")},
    )
    assert calendar.working_time.is_open(utc("2026-05-01T10:30"))


@pytest.mark.parametrize(
    ("asked", "opening"),
    [
        ("2026-11-20T09:00", "2026-11-20T09:00"),
        ("2026-11-20T16:59", "2026-11-20T16:59"),
        ("2026-11-20T17:00", "2026-11-23T09:00"),
        ("2026-12-24T12:00", "2026-12-28T09:00"),
        ("2026-12-31T17:30", "2027-01-04T09:00"),
    ],
)
def test_next_opening_is_the_asked_time_while_open(asked: str, opening: str) -> None:
    found = BERLIN.working_time.next_opening(local(BERLIN, asked))
    assert found == local(BERLIN, opening)


def test_no_opening_comes_when_the_hours_are_empty() -> None:
    calendar = Calendar("c", ZoneInfo("UTC"), ((),) * 7)
    with pytest.raises(NeverOpenError):
        calendar.working_time.next_opening(utc("2026-11-20"))


def test_a_night_shift_goes_on_over_midnight() -> None:
    assert NIGHT_SHIFT.working_time.is_open(local(NIGHT_SHIFT, "2026-11-20T23:59:59"))
    assert NIGHT_SHIFT.working_time.is_open(local(NIGHT_SHIFT, "2026-11-21T00:00"))
    assert not NIGHT_SHIFT.working_time.is_open(local(NIGHT_SHIFT, "2026-11-21T06:00"))


def test_nothing_is_worked_backwards_in_time() -> None:
    worked = BERLIN.working_time.worked(utc("2026-11-20T12:00"), utc("2026-11-20T11:00"))
    assert worked == timedelta(0)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-11-16", "2026-11-22", 5),
        ("2026-12-24", "2026-12-28", 2),
        ("2026-11-21", "2026-11-22", 0),
        ("2026-11-22", "2026-11-16", 0),
    ],
)
def test_working_days_are_counted_with_both_ends(first: str, last: str, count: int) -> None:
    found = BERLIN.working_time.count_working_days(
        date.fromisoformat(first), date.fromisoformat(last)
    )
    assert found == count


def test_no_holidays_are_known_without_a_country() -> None:
    assert no_holidays(2026) == frozenset()
