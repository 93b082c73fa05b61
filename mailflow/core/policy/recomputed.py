"""Calendars or targets were edited: the running clocks of a case by the new ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.clocks import promises_of, timer_for
from mailflow.core.policy.decision import Decision

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.policy.house import House
    from mailflow.core.policy.pauses import Pause


def recompute(
    file: CaseFile, house: House, *, now: datetime, pauses: tuple[Pause, ...] = ()
) -> Decision:
    """Due times and next rungs by the policy in force; a breach on record stays. Empty where
    nothing moves.
    """
    category = house.bundle.categories.get(file.case.category)
    slas = (category.sla,) if category else ()
    promises = {promise.name: promise for promise in promises_of(file.case, house, slas)}
    changed: list[tuple[CaseClock, CaseClock]] = []
    timers: list[Timer] = []
    moves: list[dict[str, str | None]] = []
    for clock in file.clocks:
        promise = promises.get(clock.target)
        if promise is None or not clock.is_running:
            continue
        due = promise.due(clock.started_at, pauses=pauses)
        if due == clock.due_at:
            continue
        moved = replace(clock, due_at=due, terms=str(promise.duration))
        changed.append((clock, moved))
        moves.append({"target": clock.target, "from": _iso(clock.due_at), "to": _iso(due)})
        rungs = promise.rungs(house.sla.ladder, start=clock.started_at, pauses=pauses)
        timers += [timer_for(rung, moved) for rung in rungs if rung.at > now][:1]
    if not changed:
        return Decision(None, case=file.case)
    event = Event(EventKind.CLOCK_MOVED, now, data={"because": "calendar", "clocks": moves})
    return Decision(
        None,
        case=file.case,
        changed_clocks=tuple(changed),
        dropped=tuple(before.target for before, _ in changed),
        timers=tuple(timers),
        events=(event,),
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
