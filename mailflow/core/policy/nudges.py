"""The nudge ladder: which rungs a promise has, when, and for whom. Sending is digests.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.policy.due import budget_of, due_at, is_elapsed
from mailflow.core.policy.pauses import Pause, walk_working_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.durations import Duration

_SECOND = timedelta(seconds=1)


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
    """``step`` is "50%", "100%", "+1"…; ``at`` is when it is passed, in UTC."""

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


def without_owner(rungs: tuple[Rung, ...], *, since: datetime) -> tuple[Rung, ...]:
    """The same ladder for a case without an owner: the first nudge goes to the lead at once."""
    if not rungs:
        return ()
    first, *others = rungs
    at_once = Rung(first.step, min(first.at, since.astimezone(UTC)), (Recipient.TEAM_LEAD,))
    return (at_once, *(Rung(rung.step, rung.at, _led(rung.to)) for rung in others))


def next_rung(rungs: tuple[Rung, ...], *, after: str | None) -> Rung | None:
    """The rung behind the step ``after`` (None: the first); None when the ladder is done."""
    if after is None:
        return rungs[0] if rungs else None
    steps = [rung.step for rung in rungs]
    position = steps.index(after) + 1 if after in steps else 0
    return rungs[position] if position < len(rungs) else None


def highest_passed(
    rungs: tuple[Rung, ...], *, now: datetime, after: str | None = None
) -> Rung | None:
    """The one rung to send when several were passed since the step ``after`` (SLA rule 8)."""
    steps = [rung.step for rung in rungs]
    position = steps.index(after) + 1 if after in steps else 0
    passed = [rung for rung in rungs[position:] if rung.at <= now]
    return passed[-1] if passed else None


def is_only_in_digests(rungs: tuple[Rung, ...], *, now: datetime) -> bool:
    """Whether the ladder is used up, so that only the daily digest still names the case."""
    return bool(rungs) and rungs[-1].at <= now


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


def _led(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    led = (Recipient.TEAM_LEAD if one is Recipient.OWNER else one for one in recipients)
    return tuple(dict.fromkeys(led))
