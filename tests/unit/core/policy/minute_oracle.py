"""The same answers by counting single minutes: slow, plain, and independent of the engine.

It asks zoneinfo for the wall time of each UTC minute and never for the way back.
"""

from __future__ import annotations

import calendar as gregorian
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from mailflow.core.policy.cycles import EveryWeeks, IfClosed

if TYPE_CHECKING:
    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.cycles import Cycle
    from mailflow.core.policy.pauses import Pause
    from mailflow.core.policy.wall_time import Hours

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class MinuteOracle:
    """Minutes are counted within [begin, end); days anywhere."""

    def __init__(self, calendar: Calendar, begin: datetime, end: datetime) -> None:
        self.calendar = calendar
        self.begin = begin
        self.end = end
        self._spans: dict[date, list[tuple[datetime, datetime]]] = {}
        self._minutes = lru_cache(maxsize=4)(self._count_minutes)
        self._closing = lru_cache(maxsize=None)(self._find_closing)
        self.close_of = lru_cache(maxsize=None)(self._find_close_of)

    @cached_property
    def works(self) -> list[bool]:
        """For each minute since ``begin``: is it in an interval of its own local date?"""
        count = (self.end - self.begin) // MINUTE
        zone = self.calendar.zone
        minutes = (self.begin + number * MINUTE for number in range(count))
        return [self._works_on(at.astimezone(zone).date(), at) for at in minutes]

    def is_open(self, at: datetime) -> bool:
        return self.works[(at - self.begin) // MINUTE]

    def worked_minutes(self, start: datetime, end: datetime) -> int:
        return sum(self.works[(start - self.begin) // MINUTE : (end - self.begin) // MINUTE])

    def due(self, start: datetime, minutes: int, pauses: tuple[Pause, ...]) -> datetime | None:
        at = start
        while minutes > 0:
            held = [pause for pause in pauses if pause.holds(at)]
            if any(pause.end is None for pause in held):
                return None
            minutes -= self.is_open(at) and not held
            at += MINUTE
        return at

    def working_days_due(self, start: datetime, days: int) -> datetime:
        day = start.astimezone(self.calendar.zone).date()
        return self.close_of(self.nth_working_day(day, days))

    def cycle_due(self, cycle: Cycle, start: datetime, runs: int) -> datetime:
        """Tries every date as a pay day, from forty days before the start."""
        day = start.astimezone(self.calendar.zone).date() - 40 * DAY
        while True:
            day += DAY
            if not _is_pay_day(cycle, day):
                continue
            pay_day = self._moved(cycle, day)
            cutoff_day = self.nth_working_day(pay_day, -cycle.cutoff_days)
            runs -= self._closing(cutoff_day, cycle.cutoff_minute) > start
            if runs == 0:
                return self.close_of(pay_day)

    def is_working_day(self, day: date) -> bool:
        return any(opens < closes for opens, closes in self.spans(day))

    def nth_working_day(self, day: date, count: int) -> date:
        step = DAY if count > 0 else -DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def _find_close_of(self, day: date) -> datetime:
        """The end of the last working minute of the date."""
        of_day = [at for at, wall in self._minutes(day) if wall.date() == day]
        return max(at for at in of_day if self._works_on(day, at)) + MINUTE

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        if day not in self._spans:
            self._spans[day] = [
                (self._opening(day, one.opens), self._closing(day, one.closes))
                for one in self._hours(day)
            ]
        return self._spans[day]

    def _works_on(self, day: date, at: datetime) -> bool:
        return any(opens <= at < closes for opens, closes in self.spans(day))

    def _moved(self, cycle: Cycle, day: date) -> date:
        if self.is_working_day(day):
            return day
        return self.nth_working_day(day, -1 if cycle.if_closed is IfClosed.PREVIOUS else 1)

    def _hours(self, day: date) -> tuple[Hours, ...]:
        special = self.calendar.special_days
        if day in special:
            return special[day]
        closed = set(self.calendar.public_holidays(day.year)) - self.calendar.no_holidays_on
        if day in closed | self.calendar.extra_holidays:
            return ()
        return self.calendar.weekly[day.weekday()]

    def _count_minutes(self, day: date) -> list[tuple[datetime, datetime]]:
        """UTC and wall time of every minute that can belong to a date, with a margin."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        minutes = [noon + number * MINUTE for number in range(-1620, 1560)]
        zone = self.calendar.zone
        return [(at, at.astimezone(zone).replace(tzinfo=None, fold=0)) for at in minutes]

    def _opening(self, day: date, minute: int) -> datetime:
        """The first minute that shows it, or the first after the gap that swallowed it."""
        wanted = datetime.combine(day, time.min) + minute * MINUTE
        return next(at for at, wall in self._minutes(day) if wall >= wanted)

    def _find_closing(self, day: date, minute: int) -> datetime:
        """The last minute that shows it, or the first after the gap that swallowed it."""
        wanted = datetime.combine(day, time.min) + minute * MINUTE
        shown = [at for at, wall in self._minutes(day) if wall == wanted]
        return shown[-1] if shown else self._opening(day, minute)


def _is_pay_day(cycle: Cycle, day: date) -> bool:
    if isinstance(cycle.rhythm, EveryWeeks):
        return (day - cycle.rhythm.anchor).days % (7 * cycle.rhythm.weeks) == 0
    last = gregorian.monthrange(day.year, day.month)[1]
    return day.day == min(cycle.rhythm.day or last, last)
