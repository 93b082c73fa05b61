"""The engine against counting minutes, on random questions around both changes of the clock."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest

from mailflow.core.policy.due import due_at
from mailflow.core.policy.durations import Duration, Unit
from mailflow.core.policy.pauses import Pause
from tests.unit.core.policy.minute_oracle import MinuteOracle
from tests.unit.core.policy.sample_calendars import ALL, CYCLES, utc

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.policy.calendars import Calendar

SPRING = (utc("2026-02-20"), utc("2026-04-24"))
AUTUMN = (utc("2026-09-25"), utc("2026-11-27"))
CASES_EACH = 50
MINUTE = timedelta(minutes=1)


@cache
def oracle_for(name: str, season: tuple[datetime, datetime]) -> MinuteOracle:
    calendar = next(one for one in ALL if one.name == name)
    return MinuteOracle(calendar, *season)


def random_start(chance: random.Random, season: tuple[datetime, datetime]) -> datetime:
    days = (season[1] - season[0]).days - 38
    return season[0] + chance.randrange(days * 24 * 60) * MINUTE


def random_pauses(chance: random.Random, start: datetime) -> tuple[Pause, ...]:
    """None to three, overlapping at will, over closing time, one in eight without an end."""
    pauses = []
    for _ in range(chance.randrange(4)):
        begin = start + chance.randrange(-600, 4 * 24 * 60) * MINUTE
        end = begin + chance.randrange(2 * 24 * 60) * MINUTE
        pauses.append(Pause(begin, None if chance.random() < 0.125 else end))
    return tuple(pauses)


CALENDARS_AND_SEASONS = pytest.mark.parametrize(
    ("calendar", "season"),
    [
        pytest.param(calendar, season, id=f"{calendar.name}-{season[0]:%b}")
        for calendar in ALL
        for season in (SPRING, AUTUMN)
    ],
)


@CALENDARS_AND_SEASONS
def test_working_minutes_with_pauses_are_due_when_counting_minutes_says(
    calendar: Calendar, season: tuple[datetime, datetime]
) -> None:
    oracle = oracle_for(calendar.name, season)
    chance = random.Random(f"pauses {calendar.name} {season[0]}")
    for _ in range(CASES_EACH):
        start = random_start(chance, season)
        minutes = chance.choice((0, 1, 60, 240, 480, chance.randrange(1800)))
        pauses = random_pauses(chance, start)
        duration = Duration(minutes, Unit.WORKING_MINUTES)
        due = due_at(duration, calendar, start=start, pauses=pauses)
        assert due == oracle.due(start, minutes, pauses), (start, minutes, pauses)


@CALENDARS_AND_SEASONS
def test_working_time_and_opening_agree_with_counted_minutes(
    calendar: Calendar, season: tuple[datetime, datetime]
) -> None:
    oracle = oracle_for(calendar.name, season)
    chance = random.Random(f"worked {calendar.name} {season[0]}")
    working_time = calendar.working_time
    for _ in range(CASES_EACH):
        start = random_start(chance, season)
        end = start + chance.randrange(9 * 24 * 60) * MINUTE
        assert working_time.worked(start, end) == oracle.worked_minutes(start, end) * MINUTE
        assert working_time.is_open(start) == oracle.is_open(start)


@CALENDARS_AND_SEASONS
def test_working_days_with_pauses_end_where_counting_says(
    calendar: Calendar, season: tuple[datetime, datetime]
) -> None:
    oracle = oracle_for(calendar.name, season)
    chance = random.Random(f"days {calendar.name} {season[0]}")
    for _ in range(CASES_EACH // 5):
        start, days = random_start(chance, season), chance.randrange(1, 4)
        duration = Duration(days, Unit.WORKING_DAYS)
        unpaused = oracle.working_days_due(start, days)
        assert due_at(duration, calendar, start=start) == unpaused
        pauses = random_pauses(chance, start)
        minutes = oracle.worked_minutes(start, unpaused)
        assert due_at(duration, calendar, start=start, pauses=pauses) == (
            oracle.due(start, minutes, pauses)
        )


@CALENDARS_AND_SEASONS
def test_cycles_end_where_trying_every_date_says(
    calendar: Calendar, season: tuple[datetime, datetime]
) -> None:
    whole_year = (utc("2026-01-01"), utc("2027-01-20"))
    oracle = oracle_for(calendar.name, whole_year)
    chance = random.Random(f"cycles {calendar.name} {season[0]}")
    for cycle in calendar.cycles.values():
        for _ in range(CASES_EACH // 10):
            start = random_start(chance, season)
            runs = chance.randrange(1, 3)
            duration = Duration(runs, Unit.CYCLES, cycle.name)
            due = due_at(duration, calendar, start=start)
            assert due == oracle.cycle_due(cycle, start, runs), (cycle.name, start, runs)


def test_the_sample_has_every_cycle() -> None:
    assert set(CYCLES) == {"payroll", "salaried", "hourly"}
