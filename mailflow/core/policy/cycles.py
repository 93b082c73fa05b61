"""Recurring runs with a pay day and a cutoff, such as payroll; both follow the calendar."""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from mailflow.core.policy.wall_time import closing_instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mailflow.core.policy.working_time import WorkingTime

_MONTHS = 12


class IfClosed(StrEnum):
    """Where a pay day goes that falls on a closed day."""

    PREVIOUS = "previous"
    NEXT = "next"


@dataclass(frozen=True)
class Monthly:
    """``day`` 1 to 31, clipped to the month's length; None is the last day of the month."""

    day: int | None


@dataclass(frozen=True)
class EveryWeeks:
    """``anchor`` is any one pay day, past or future."""

    weeks: int
    anchor: date


@dataclass(frozen=True)
class Cycle:
    """Cutoff: ``cutoff_days`` working days before the pay day, at ``cutoff_minute`` local time."""

    name: str
    rhythm: Monthly | EveryWeeks
    if_closed: IfClosed
    cutoff_days: int
    cutoff_minute: int


@dataclass(frozen=True)
class Run:
    """One run of a cycle; what arrives at the cutoff or later belongs to the next run."""

    pay_day: date
    cutoff: datetime


def runs_from(cycle: Cycle, working_time: WorkingTime, *, start: datetime) -> Iterator[Run]:
    """The runs whose cutoff is later than ``start``, in order, without end."""
    first = working_time.local_date(start)
    for nominal in _nominal_pay_days(cycle.rhythm, first):
        run = _run_of(cycle, working_time, nominal)
        if run.cutoff > start:
            yield run


def cycle_due(cycle: Cycle, working_time: WorkingTime, *, runs: int, start: datetime) -> datetime:
    """Close of the pay day of the Nth run that ``start`` is in time for (SLA rule 5).

    Never before ``start``, which a cutoff later than closing time would allow.
    """
    upcoming = runs_from(cycle, working_time, start=start)
    for _ in range(runs - 1):
        next(upcoming)
    return max(working_time.close_of(next(upcoming).pay_day), start.astimezone(UTC))


# The same few runs are asked for by every open case of a payroll team.
@lru_cache(maxsize=1024)
def _run_of(cycle: Cycle, working_time: WorkingTime, nominal: date) -> Run:
    pay_day = nominal
    if not working_time.is_working_day(nominal):
        steps = -1 if cycle.if_closed is IfClosed.PREVIOUS else 1
        pay_day = working_time.working_day(nominal, steps=steps)
    cutoff_day = pay_day
    if cycle.cutoff_days:
        cutoff_day = working_time.working_day(pay_day, steps=-cycle.cutoff_days)
    cutoff = closing_instant(working_time.zone, cutoff_day, cycle.cutoff_minute)
    return Run(pay_day, cutoff)


def _nominal_pay_days(rhythm: Monthly | EveryWeeks, first: date) -> Iterator[date]:
    """Pay days as written, beginning early enough for one that "next" moved past ``first``."""
    if isinstance(rhythm, EveryWeeks):
        step = timedelta(weeks=rhythm.weeks)
        passed = (first - rhythm.anchor) // step
        return (rhythm.anchor + number * step for number in count(passed - 1))
    month = first.year * _MONTHS + first.month - 1
    return (_day_of_month(number, rhythm.day) for number in count(month - 1))


def _day_of_month(months: int, day: int | None) -> date:
    year, month = months // _MONTHS, months % _MONTHS + 1
    last = gregorian.monthrange(year, month)[1]
    return date(year, month, last if day is None else min(day, last))
