"""A case whose class changed: each clock moved, started or closed, and no breach erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.clock import CaseClock
from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.clocks import close, promises_of, say_started, starts_now, timer_for
from mailflow.core.policy.reclassified import due_when_lowered, due_when_raised
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import Timer
    from mailflow.core.policy.house import House
    from mailflow.core.policy.pauses import Pause
    from mailflow.core.policy.sla import Promise

_BY_MESSAGE = frozenset({Target.NEXT_RESPONSE.value})


@dataclass(frozen=True)
class Reclassification:
    """``changed`` are (before, after). The timers of ``dropped`` targets are forgotten before
    ``timers`` are set.
    """

    changed: tuple[tuple[CaseClock, CaseClock], ...] = ()
    started: tuple[CaseClock, ...] = ()
    timers: tuple[Timer, ...] = ()
    dropped: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


def reclassify_clocks(
    file: CaseFile,
    after: Case,
    house: House,
    slas: Iterable[str],
    *,
    at: datetime,
    pauses: Iterable[Pause] = (),
) -> Reclassification:
    """The clocks of ``file`` as they are once its case has become ``after``, from ``at`` on.

    Raised: sooner, but never within two working hours of the change. Lowered by a person: new
    from receipt. A breach stays a breach, a clock that was met stays met (SLA rule 7).
    """
    held = tuple(pauses)
    raised = after.risk.rank >= file.case.risk.rank
    changed: list[tuple[CaseClock, CaseClock]] = []
    started: list[CaseClock] = []
    timers: list[Timer] = []
    events: list[Event] = []
    promises = {promise.name: promise for promise in promises_of(after, house, slas)}
    for promise in promises.values():
        if promise.name in _BY_MESSAGE or not starts_now(promise, after):
            continue
        clock = next((c for c in file.clocks if c.target == promise.name), None)
        if clock is None:
            fresh = _started(promise, after, at=at, pauses=held)
            started.append(fresh)
            timers += _next_timer(promise, fresh, house, at=at, pauses=held)
        elif clock.is_running:
            moved = _moved(clock, promise, at=at, pauses=held, raised=raised)
            if moved.due_at != clock.due_at or moved.terms != clock.terms:
                changed.append((clock, moved))
                events.append(_say_moved(clock, moved, at))
                timers += _next_timer(promise, moved, house, at=at, pauses=held)
    for clock in file.clocks:
        if clock.is_running and clock.target not in promises and clock.target not in _BY_MESSAGE:
            closed, said = close(clock, at=at, reason="not_applicable(reclassified)")
            changed.append((clock, closed))
            events += said
    if started:
        events.append(say_started(started, at=at))
    dropped = tuple(before.target for before, _ in changed)
    return Reclassification(tuple(changed), tuple(started), tuple(timers), dropped, tuple(events))


def _started(promise: Promise, case: Case, *, at: datetime, pauses: tuple[Pause, ...]) -> CaseClock:
    """A target that is new to the case runs from receipt; what is past due keeps the grace."""
    due = due_when_raised(None, promise, start=case.opened_at, changed_at=at, pauses=pauses)
    return CaseClock(promise.name, case.opened_at, due, terms=str(promise.duration))


def _moved(
    clock: CaseClock,
    promise: Promise,
    *,
    at: datetime,
    pauses: tuple[Pause, ...],
    raised: bool,
) -> CaseClock:
    move = due_when_raised if raised else due_when_lowered
    due = move(clock.due_at, promise, start=clock.started_at, changed_at=at, pauses=pauses)
    return replace(clock, due_at=due, terms=str(promise.duration))


def _next_timer(
    promise: Promise, clock: CaseClock, house: House, *, at: datetime, pauses: tuple[Pause, ...]
) -> list[Timer]:
    """The next rung that is still to come; a clock past its last rung has none."""
    if clock.due_at is None:
        return []
    rungs = promise.rungs(house.sla.ladder, start=clock.started_at, pauses=pauses)
    coming = [rung for rung in rungs if rung.at > at]
    return [timer_for(coming[0], clock)] if coming else []


def _say_moved(before: CaseClock, after: CaseClock, at: datetime) -> Event:
    data = {
        "target": before.target,
        "from": before.due_at.isoformat() if before.due_at else None,
        "to": after.due_at.isoformat() if after.due_at else None,
    }
    return Event(EventKind.CLOCK_MOVED, at, data=data)
