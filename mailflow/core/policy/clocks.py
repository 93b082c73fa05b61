"""Starting, meeting and closing the clocks of a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.clock import CaseClock, Timer, TimerKind
from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.sla import CaseFacts, Promise, promises_for
from mailflow.core.policy.targets import StatutoryStart, Target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.house import House
    from mailflow.core.policy.nudges import Rung

_LATER = frozenset({Target.NEXT_RESPONSE.value})


@dataclass(frozen=True)
class ClockSet:
    """Clocks that start together, the first timer of each, and the events that say so."""

    clocks: tuple[CaseClock, ...] = ()
    timers: tuple[Timer, ...] = ()
    events: tuple[Event, ...] = ()


def promises_of(case: Case, house: House, slas: Iterable[str]) -> tuple[Promise, ...]:
    """Every promise that the sets of sla.yaml named ``slas`` make for the case."""
    team = house.staff.teams.get(case.team or "")
    requester = house.directory.find(case.requester)
    facts = CaseFacts(
        sets=tuple(name for name in slas if name in house.sla.sets) or ("standard",),
        risk=case.risk,
        flags=case.flags,
        team_calendar=(team.calendar if team else None) or "standard",
        payroll_group=requester.payroll_group if requester else None,
    )
    return promises_for(house.sla, facts, start=case.opened_at)


def start_clocks(
    case: Case, house: House, slas: Iterable[str], *, at: datetime, already: CaseFile | None = None
) -> ClockSet:
    """The clocks a case has from ``at`` (its receipt) that do not run yet."""
    known = {clock.target for clock in already.clocks} if already else set()
    clocks: list[CaseClock] = []
    timers: list[Timer] = []
    for promise in promises_of(case, house, slas):
        if promise.name in known or promise.name in _LATER or not starts_now(promise, case):
            continue
        clock, timer = start_clock(promise, house, at=at)
        clocks.append(clock)
        timers += [timer] if timer else []
    events = (say_started(clocks, at=at),) if clocks else ()
    return ClockSet(tuple(clocks), tuple(timers), events)


def start_clock(
    promise: Promise, house: House, *, at: datetime, generation: int = 0
) -> tuple[CaseClock, Timer | None]:
    """One clock from ``at``, and the timer of its first rung."""
    clock = CaseClock(
        target=promise.name,
        started_at=at,
        due_at=promise.due(at),
        terms=str(promise.duration),
        generation=generation,
    )
    rung = promise.first_rung(house.sla.ladder, start=at)
    return clock, timer_for(rung, clock) if rung else None


def timer_for(rung: Rung, clock: CaseClock) -> Timer:
    return Timer(TimerKind.NUDGE, rung.at, clock.target, rung.step, clock.generation)


def meet(clock: CaseClock, *, at: datetime) -> tuple[CaseClock, tuple[Event, ...]]:
    """The clock as met at ``at``; at the due time itself is in time."""
    late = clock.due_at is not None and at > clock.due_at
    met = replace(
        clock, met_at=at, breached_at=clock.breached_at or (clock.due_at if late else None)
    )
    event = Event(
        EventKind.CLOCK_MET, at, data={"target": clock.target, "in_time": met.breached_at is None}
    )
    return met, (event,)


def close(clock: CaseClock, *, at: datetime, reason: str) -> tuple[CaseClock, tuple[Event, ...]]:
    """The clock as no longer applying; a breach that happened stays on record."""
    event = Event(EventKind.CLOCK_CLOSED, at, data={"target": clock.target, "reason": reason})
    return replace(clock, closed_reason=reason), (event,)


def starts_now(promise: Promise, case: Case) -> bool:
    """Whether a clock of this promise runs from receipt in the state the case is in."""
    if promise.is_statutory and promise.starts is not StatutoryStart.RECEIPT:
        return False
    return promise.name != Target.TRIAGE.value or case.state is State.TRIAGE


def say_started(clocks: Iterable[CaseClock], *, at: datetime) -> Event:
    """One fact for clocks that start together."""
    listed = [
        {
            "target": clock.target,
            "due": clock.due_at.isoformat() if clock.due_at else None,
            "terms": clock.terms,
        }
        for clock in clocks
    ]
    return Event(EventKind.CLOCKS_STARTED, at, data={"clocks": listed})
