"""Moments that commands name: a date, a weekday, working days ahead; by the calendar of a team."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from mailflow.core.case.case import Case
    from mailflow.core.case.command_dates import When
    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.house import House


def calendar_of(case: Case | None, house: House) -> Calendar | None:
    """The working hours that a case's team keeps."""
    team = house.staff.teams.get((case.team if case else None) or "")
    name = (team.calendar if team else None) or "standard"
    return house.sla.calendars.get(name)


def date_of(when: When, case: Case | None, house: House, *, now: datetime) -> date:
    today = now.astimezone(house.zone).date()
    near = when.nearest(today=today)
    if near is not None:
        return near
    calendar = calendar_of(case, house)
    if calendar is None:
        return today + timedelta(days=when.working_days or 0)
    return calendar.working_time.working_day(today, steps=when.working_days or 0)


def end_of(when: When, case: Case | None, house: House, *, now: datetime) -> datetime:
    """The close of that working day; midnight after it where the calendar is closed that day."""
    day = date_of(when, case, house, now=now)
    calendar = calendar_of(case, house)
    if calendar is not None and calendar.working_time.is_working_day(day):
        return calendar.working_time.close_of(day)
    return at_midnight(day + timedelta(days=1), house)


def opening_of(when: When, case: Case | None, house: House, *, now: datetime) -> datetime:
    """When that day's work begins, or the next one that is worked."""
    day = date_of(when, case, house, now=now)
    calendar = calendar_of(case, house)
    midnight = at_midnight(day, house)
    return calendar.working_time.next_opening(midnight) if calendar else midnight


def working_days_later(days: int, case: Case | None, house: House, *, start: datetime) -> datetime:
    """The close of the n-th working day after ``start``."""
    calendar = calendar_of(case, house)
    if calendar is None:
        return start + timedelta(days=days)
    working = calendar.working_time
    return working.close_of(working.working_day(working.local_date(start), steps=days))


def at_midnight(day: date, house: House) -> datetime:
    return datetime.combine(day, time(), tzinfo=house.zone).astimezone(UTC)
