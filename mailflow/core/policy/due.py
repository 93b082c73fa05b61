"""When a length of time that began at an instant is over, by one calendar."""

from __future__ import annotations

import calendar as gregorian
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from mailflow.core.policy.cycles import cycle_due
from mailflow.core.policy.durations import Duration, Unit
from mailflow.core.policy.pauses import (
    Pause,
    unite_pauses,
    walk_working_time,
    worked_outside_pauses,
)
from mailflow.core.policy.wall_time import opening_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.policy.calendars import Calendar

_MONTHS = 12


def due_at(
    duration: Duration, calendar: Calendar, *, start: datetime, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The earliest instant at which the whole duration has passed since ``start``, in UTC.

    None while a pause without an end keeps it from being reached. Clock and calendar units and
    cycles ignore pauses. Raises KeyError for a cycle that the calendar does not have, and
    NeverOpenError when the calendar is never open long enough.
    """
    unpaused = unpaused_due(duration, calendar, start)
    united = unite_pauses(pauses)
    if not duration.is_pausable or not united:
        return unpaused
    budget = calendar.working_time.worked(start, unpaused)
    return walk_working_time(calendar.working_time, start, budget=budget, pauses=united)


def budget_of(duration: Duration, calendar: Calendar, *, start: datetime) -> timedelta:
    """The unpaused budget: elapsed time for clock and calendar units, else working time."""
    due = unpaused_due(duration, calendar, start)
    if is_elapsed(duration):
        return due - start
    return calendar.working_time.worked(start, due)


def time_left(
    duration: Duration,
    calendar: Calendar,
    *,
    start: datetime,
    now: datetime,
    pauses: Iterable[Pause] = (),
) -> timedelta:
    """What remains of the budget at ``now``, in its own kind of time; zero once it is used up.

    It stands still in a pause: a paused clock says "2 h left" instead of a due time.
    """
    budget = budget_of(duration, calendar, start=start)
    if is_elapsed(duration):
        used = now - start
    else:
        held = pauses if duration.is_pausable else ()
        used = worked_outside_pauses(calendar.working_time, start, now, pauses=held)
    return max(budget - max(used, timedelta(0)), timedelta(0))


def is_elapsed(duration: Duration) -> bool:
    """Whether nights and weekends count."""
    return duration.unit in (
        Unit.CLOCK_MINUTES,
        Unit.CLOCK_HOURS,
        Unit.CALENDAR_DAYS,
        Unit.CALENDAR_MONTHS,
    )


def unpaused_due(duration: Duration, calendar: Calendar, start: datetime) -> datetime:
    """Like due_at, as if nothing ever paused."""
    working_time = calendar.working_time
    if duration.count == 0:
        return start.astimezone(UTC)
    if duration.unit is Unit.CYCLES:
        cycle = calendar.cycles[duration.cycle or ""]
        return cycle_due(cycle, working_time, runs=duration.count, start=start)
    if duration.unit is Unit.WORKING_DAYS:
        day = working_time.working_day(working_time.local_date(start), steps=duration.count)
        return working_time.close_of(day)
    length = duration.fixed_length
    if length is None:
        return _same_wall_time_later(duration, calendar, start)
    if is_elapsed(duration):
        return start.astimezone(UTC) + length
    return working_time.add(start, length)


def _same_wall_time_later(duration: Duration, calendar: Calendar, start: datetime) -> datetime:
    """Days and months of the statutes, to the same wall time: never later than the law counts.

    Regulation (EEC, Euratom) 1182/71 lets such periods run to the end of their last day.
    """
    local = start.astimezone(calendar.zone)
    day = local.date()
    if duration.unit is Unit.CALENDAR_DAYS:
        day += timedelta(days=duration.count)
    else:
        months = day.year * _MONTHS + day.month - 1 + duration.count
        year, month = months // _MONTHS, months % _MONTHS + 1
        day = day.replace(
            year=year, month=month, day=min(day.day, gregorian.monthrange(year, month)[1])
        )
    within_minute = timedelta(seconds=local.second, microseconds=local.microsecond)
    minute = local.hour * 60 + local.minute
    return opening_instant(calendar.zone, day, minute) + within_minute
