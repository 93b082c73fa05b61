"""After the outcome mail has left: the case is resolved, and closed when nobody objects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.case.events import SYSTEM, Event, EventKind
from mailflow.core.case.transitions import may_go
from mailflow.core.policy.clocks import close, meet
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.moments import working_days_later
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock
    from mailflow.core.policy.house import House

GRACE_WORKING_DAYS = 5
GRACE = "grace"
OUTCOME = "outcome"
SETTLED = "settled"
"""The heading of a mail that tells the employee how their case ended."""


def settle_timer(cause: str, *, now: datetime) -> Timer:
    """Set when a mail to the employee has left that a closing waits for."""
    return Timer(TimerKind.SETTLE, now, OUTCOME, cause[:64])


def grace_timer(case: Case, house: House, *, now: datetime) -> Timer:
    at = working_days_later(GRACE_WORKING_DAYS, case, house, start=now)
    return Timer(TimerKind.GRACE, at, GRACE, now.strftime("%Y%m%dT%H%M%S"))


def settle_if_told(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """Resolve the case whose outcome the employee has now been told."""
    case = file.case
    closing = case.record.pending
    if (
        closing is None
        or closing.cause[:64] != timer.step
        or not may_go(case.state, State.RESOLVED)
    ):
        return Decision(None, case=case)
    record = replace(case.record, pending=None, closing=closing)
    after = replace(case, state=State.RESOLVED, resolved_at=now, record=record)
    after, waiting_events = _stop_waiting(after, now=now)
    changed, events = _stop_clocks(file, now=now)
    data = {
        "from": case.state,
        "to": State.RESOLVED,
        "outcome": closing.outcome,
        "resolution": closing.resolution,
        "date": closing.date.isoformat(),
    }
    return Decision(
        None,
        case=after,
        changed_clocks=changed,
        dropped=tuple(dict.fromkeys((*(before.target for before, _ in changed), "waiting"))),
        timers=(grace_timer(after, house, now=now),),
        events=(
            Event(EventKind.STATE_CHANGED, now, actor=closing.by, data=data),
            *waiting_events,
            *events,
        ),
        workload={case.owner: -1},
    )


def close_after_grace(
    timer: Timer,
    file: CaseFile,
    house: House,  # noqa: ARG001 (every kind of timer is handled with the same arguments)
    *,
    now: datetime,
) -> Decision:
    """The record is frozen; what comes later is added with its date."""
    case = file.case
    resolved = case.resolved_at.strftime("%Y%m%dT%H%M%S") if case.resolved_at else ""
    if case.state is not State.RESOLVED or timer.step != resolved:
        return Decision(None, case=case)
    data = {"from": case.state, "to": State.CLOSED}
    return Decision(
        None,
        case=replace(case, state=State.CLOSED, closed_at=now),
        events=(Event(EventKind.STATE_CHANGED, now, actor=SYSTEM, data=data),),
    )


def _stop_waiting(case: Case, *, now: datetime) -> tuple[Case, tuple[Event, ...]]:
    last = case.waits[-1] if case.waits else None
    if last is None or last.ended_at is not None:
        return case, ()
    ended = replace(last, ended_at=now)
    event = Event(EventKind.WAITING_ENDED, now, data={"because": "resolved"})
    return replace(case, waits=(*case.waits[:-1], ended)), (event,)


def _stop_clocks(
    file: CaseFile, *, now: datetime
) -> tuple[tuple[tuple[CaseClock, CaseClock], ...], tuple[Event, ...]]:
    changed: list[tuple[CaseClock, CaseClock]] = []
    events: list[Event] = []
    for clock in file.clocks:
        if not clock.is_running:
            continue
        if clock.target == Target.RESOLVE:
            after, said = meet(clock, at=now)
        else:
            after, said = close(clock, at=now, reason="not_applicable(resolved)")
        changed.append((clock, after))
        events += said
    return tuple(changed), tuple(events)
