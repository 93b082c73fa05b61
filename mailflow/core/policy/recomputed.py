"""Calendars or targets were edited: the running clocks of a case by the new ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.clock_changes import current_promises, next_timer, pauses_of
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.reclassified import due_when_raised

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.policy.house import House
    from mailflow.core.policy.pauses import Pause
    from mailflow.core.policy.sla import Promise

Move = dict[str, str | None]


def recompute(file: CaseFile, house: House, *, now: datetime) -> Decision:
    """Due times and next rungs by the policy in force; a breach on record stays. Empty where
    nothing moves.

    A due time that comes forward leaves the two working hours that a raised class would (SLA
    rule 7), so that an edit never makes a case late by itself.
    """
    promises = current_promises(file.case, house)
    case = file.case
    changed: list[tuple[CaseClock, CaseClock]] = []
    timers: list[Timer] = []
    moves: list[Move] = []
    for clock in file.clocks:
        promise = promises.get(clock.target)
        if promise is None or not clock.is_running or clock.is_kept_as_set:
            continue
        if clock.due_at is None:
            case, moved = _move_paused(clock, promise, case, now=now)
            moves += moved
            continue
        due = _due(clock.due_at, clock, promise, pauses_of(case), now=now)
        if due == clock.due_at:
            continue
        after = replace(clock, due_at=due, terms=str(promise.duration))
        changed.append((clock, after))
        moves.append({"target": clock.target, "from": _iso(clock.due_at), "to": _iso(due)})
        timer = next_timer(after, promise, case, house, now=now)
        timers += [timer] if timer else []
    if not moves:
        return Decision(None, case=case)
    event = Event(EventKind.CLOCK_MOVED, now, data={"because": "calendar", "clocks": moves})
    return Decision(
        None,
        case=case,
        changed_clocks=tuple(changed),
        dropped=tuple(before.target for before, _ in changed),
        timers=tuple(timers),
        events=(event,),
    )


def _due(
    old: datetime,
    clock: CaseClock,
    promise: Promise,
    pauses: tuple[Pause, ...],
    *,
    now: datetime,
) -> datetime | None:
    due = promise.due(clock.started_at, pauses=pauses)
    if due is None or due >= old:
        return due
    return due_when_raised(old, promise, start=clock.started_at, changed_at=now, pauses=pauses)


def _move_paused(
    clock: CaseClock, promise: Promise, case: Case, *, now: datetime
) -> tuple[Case, list[Move]]:
    """The wait with the due time that the clock goes on with when it is over."""
    wait = case.waits[-1] if case.waits else None
    old = wait.dues.get(clock.target) if wait else None
    if wait is None or old is None:
        return case, []
    due = _due(old, clock, promise, pauses_of(replace(case, waits=case.waits[:-1])), now=now)
    if due is None or due == old:
        return case, []
    after = replace(wait, dues={**wait.dues, clock.target: due})
    move = {"target": clock.target, "from": _iso(old), "to": _iso(due)}
    return replace(case, waits=(*case.waits[:-1], after)), [move]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
