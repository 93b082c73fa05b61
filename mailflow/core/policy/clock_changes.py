"""What happens to running clocks in the middle of a case: pauses, a new class, a date by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.policy.clocks import promises_of, timer_for
from mailflow.core.policy.due import is_elapsed
from mailflow.core.policy.nudges import Rung, coming_rung
from mailflow.core.policy.pauses import Pause, walk_working_time, worked_outside_pauses
from mailflow.core.policy.reclassified import due_when_lowered, due_when_raised

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.policy.house import House
    from mailflow.core.policy.sla import Promise


def pauses_of(case: Case) -> tuple[Pause, ...]:
    """The stretches of waiting that stop clocks."""
    return tuple(Pause(one.since, one.ended_at) for one in case.waits if one.pauses_clocks)


def current_promises(case: Case, house: House) -> dict[str, Promise]:
    """What the case is promised by its category as it is now, by the clock's name."""
    category = house.bundle.categories.get(case.category)
    slas = (category.sla,) if category else ()
    return {promise.name: promise for promise in promises_of(case, house, slas)}


def may_pause(clock: CaseClock, promise: Promise | None) -> bool:
    return (
        promise is not None
        and promise.is_pausable
        and clock.is_running
        and clock.due_at is not None
        and not clock.is_kept_as_set
    )


def due_after_pause(due: datetime, promise: Promise, *, since: datetime, now: datetime) -> datetime:
    """The due time that has as much working time left at ``now`` as ``due`` had at ``since``."""
    left = promise.calendar.working_time.worked(since, due)
    return promise.calendar.working_time.add(now, left)


def due_when_reclassified(
    clock: CaseClock, promise: Promise | None, case: Case, *, now: datetime, is_raised: bool
) -> datetime | None:
    """The due time under the new class (SLA rule 7); None when the target is gone."""
    if promise is None:
        return None
    pauses = pauses_of(case)
    if is_raised:
        return due_when_raised(
            clock.due_at, promise, start=clock.started_at, changed_at=now, pauses=pauses
        )
    return due_when_lowered(
        clock.due_at, promise, start=clock.started_at, changed_at=now, pauses=pauses
    )


def rungs_of(clock: CaseClock, promise: Promise, case: Case, house: House) -> tuple[Rung, ...]:
    """The ladder of a clock as its due time is now, wherever a pause or a person moved it to."""
    pauses = pauses_of(case) if promise.is_pausable else ()
    if clock.due_at is None:
        return ()
    if clock.due_at == promise.due(clock.started_at, pauses=pauses):
        return promise.rungs(house.sla.ladder, start=clock.started_at, pauses=pauses)
    return (*_shares(clock, clock.due_at, promise, pauses, house), *_later(clock, promise, house))


def next_timer(
    clock: CaseClock, promise: Promise | None, case: Case, house: House, *, now: datetime
) -> Timer | None:
    """The timer of the first rung still to come; once the ladder is used up, of the next day."""
    if promise is None or not clock.is_running:
        return None
    rung = coming_rung(rungs_of(clock, promise, case, house), promise.calendar, now=now)
    return timer_for(rung, clock) if rung else None


def _shares(
    clock: CaseClock,
    due: datetime,
    promise: Promise,
    pauses: tuple[Pause, ...],
    house: House,
) -> list[Rung]:
    working = promise.calendar.working_time
    elapsed = is_elapsed(promise.duration)
    budget = (
        due - clock.started_at
        if elapsed
        else worked_outside_pauses(working, clock.started_at, due, pauses=pauses)
    )
    rungs: list[Rung] = []
    for step in house.sla.ladder.steps:
        share = budget * step.percent / 100
        at = (
            clock.started_at + share
            if elapsed
            else walk_working_time(working, clock.started_at, budget=share, pauses=pauses)
        )
        if at is not None:
            rungs.append(Rung(f"{step.percent}%", due if step.percent == _ALL else at, step.to))
    return rungs


_ALL = 100


def _later(clock: CaseClock, promise: Promise, house: House) -> list[Rung]:
    after = house.sla.ladder.after
    step = after.every.fixed_length if after else None
    if after is None or step is None or clock.due_at is None:
        return []
    working = promise.calendar.working_time
    elapsed = is_elapsed(after.every)
    return [
        Rung(
            f"+{number}",
            clock.due_at + step * number if elapsed else working.add(clock.due_at, step * number),
            after.to,
        )
        for number in range(1, after.times + 1)
    ]


def moved(clock: CaseClock, due: datetime | None, *, terms: str | None = None) -> CaseClock:
    """The clock with another due time. Its rungs count anew, so its generation goes up."""
    return replace(
        clock,
        due_at=due,
        terms=clock.terms if terms is None else terms,
        generation=clock.generation + 1,
    )
