"""A calendar: a zone, opening hours, holidays, special days and cycles, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from mailflow.core.policy.working_time import WorkingTime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from mailflow.core.policy.cycles import Cycle
    from mailflow.core.policy.wall_time import Hours

DAYS_A_WEEK = 7


def no_holidays(_year: int) -> frozenset[date]:
    return frozenset()


@dataclass(frozen=True, eq=False)
class Calendar:
    """``weekly`` holds the hours of Monday to Sunday; a night shift is two of them.

    ``public_holidays`` answers a year with its closed dates. ``extra_holidays`` are closed too,
    ``no_holidays_on`` are open although they are public holidays; ``special_days`` replace hours
    and holiday alike. Two calendars are equal only when they are the same object.
    """

    name: str
    zone: ZoneInfo
    weekly: tuple[tuple[Hours, ...], ...]
    public_holidays: Callable[[int], frozenset[date]] = no_holidays
    extra_holidays: frozenset[date] = frozenset()
    no_holidays_on: frozenset[date] = frozenset()
    special_days: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    cycles: Mapping[str, Cycle] = field(default_factory=dict)

    @cached_property
    def working_time(self) -> WorkingTime:
        return WorkingTime(self.zone, self.hours_on)

    def is_holiday(self, day: date) -> bool:
        if day in self.extra_holidays:
            return True
        return day not in self.no_holidays_on and day in self.public_holidays(day.year)

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        special = self.special_days.get(day)
        if special is not None:
            return special
        return () if self.is_holiday(day) else self.weekly[day.weekday()]
