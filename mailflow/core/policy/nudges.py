"""The nudge ladder: which rungs a promise has, when, and for whom. Sending is nudging.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.policy.due import budget_of, due_at, is_elapsed
from mailflow.core.policy.pauses import Pause, walk_working_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.durations import Duration

_SECOND = timedelta(seconds=1)
DAILY = "daily"


class Recipient(StrEnum):
    OWNER = "owner"
    TEAM_LEAD = "team_lead"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class PercentStep:
    """``percent`` of the unpaused budget, 1 to 100."""

    percent: int
    to: tuple[Recipient, ...]


@dataclass(frozen=True)
class AfterStep:
    """Every ``every`` after the due time, ``times`` times at most."""

    every: Duration
    times: int
    to: tuple[Recipient, ...]


@dataclass(frozen=True)
class Ladder:
    """Percent steps in rising order, and what follows a breach; after that, digests only."""

    steps: tuple[PercentStep, ...] = ()
    after: AfterStep | None = None


@dataclass(frozen=True)
class Rung:
    """``step`` is "50%", "100%", "+1"…, "daily 2026-11-24"; ``at`` is when it is passed, in UTC."""

    step: str
    at: datetime
    to: tuple[Recipient, ...]


def nudge_times(
    ladder: Ladder,
    duration: Duration,
    *,
    calendar: Calendar,
    start: datetime,
    pauses: Iterable[Pause] = (),
) -> tuple[Rung, ...]:
    """Every rung in order. Rungs behind a pause that has no end yet are left out."""
    return tuple(iterate_rungs(ladder, duration, calendar=calendar, start=start, pauses=pauses))


def iterate_rungs(
    ladder: Ladder,
    duration: Duration,
    *,
    calendar: Calendar,
    start: datetime,
    pauses: Iterable[Pause] = (),
) -> Iterator[Rung]:
    """As nudge_times, but a rung is computed only when it is asked for: a new clock needs one."""
    held = tuple(pauses) if duration.is_pausable else ()
    budget = budget_of(duration, calendar, start=start)
    for step in ladder.steps:
        share = min(_percent_of(budget, step.percent), budget)
        at = _share_at(share, duration, calendar=calendar, start=start, pauses=held)
        if at is not None:
            yield Rung(f"{step.percent}%", at, step.to)
    due = due_at(duration, calendar, start=start, pauses=held)
    if ladder.after is not None and due is not None:
        yield from _rungs_after(ladder.after, calendar, due=due, pauses=held)


def coming_rung(rungs: tuple[Rung, ...], calendar: Calendar, *, now: datetime) -> Rung | None:
    """The first rung after ``now``; behind the last one, the opening of each working day.

    Those daily ones also remind the owner, whomever the last repeat went to. None without a
    ladder. Raises NeverOpenError.
    """
    ahead = next((rung for rung in rungs if rung.at > now), None)
    if ahead is not None or not rungs:
        return ahead
    working = calendar.working_time
    day = working.working_day(working.local_date(now), steps=1)
    midnight = datetime.combine(day, time(), tzinfo=working.zone)
    return _daily(rungs[-1], f"{DAILY} {day.isoformat()}", at=working.next_opening(midnight))


def passed_rung(
    rungs: tuple[Rung, ...], *, step: str, fired_at: datetime, now: datetime
) -> Rung | None:
    """The one rung to send for the timer of ``step``: of several that were passed, the highest."""
    passed = [rung for rung in rungs if rung.at <= now]
    if not passed or not step.startswith(DAILY):
        return passed[-1] if passed else None
    return _daily(passed[-1], step, at=fired_at)


def _daily(last: Rung, step: str, *, at: datetime) -> Rung:
    return Rung(step, at, tuple(dict.fromkeys((Recipient.OWNER, *last.to))))


def _percent_of(budget: timedelta, percent: int) -> timedelta:
    """Rounded up to the second (SLA rule 8)."""
    return -(-(budget * percent) // (100 * _SECOND)) * _SECOND


def _share_at(
    share: timedelta,
    duration: Duration,
    *,
    calendar: Calendar,
    start: datetime,
    pauses: tuple[Pause, ...],
) -> datetime | None:
    if is_elapsed(duration):
        return start.astimezone(UTC) + share
    return walk_working_time(calendar.working_time, start, budget=share, pauses=pauses)


def _rungs_after(
    after: AfterStep, calendar: Calendar, *, due: datetime, pauses: tuple[Pause, ...]
) -> Iterable[Rung]:
    step = after.every.fixed_length
    if step is None:
        raise ValueError(f"a ladder repeats by hours or minutes, not by {after.every}")
    for number in range(1, after.times + 1):
        at = _share_at(step * number, after.every, calendar=calendar, start=due, pauses=pauses)
        if at is None:
            return
        yield Rung(f"+{number}", at, after.to)
