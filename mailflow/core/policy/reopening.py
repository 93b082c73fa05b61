"""Opening a case again: the same owner where still eligible, and a clock for the resolution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.case import State
from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.clock_changes import current_promises
from mailflow.core.policy.clocks import start_clock
from mailflow.core.policy.ownership import pick_owner
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from datetime import date, datetime

    from mailflow.core.case import commands as c
    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.house import House
    from mailflow.core.policy.ownership import Workload

WINDOW = timedelta(days=14)
WINDOW_IF_URGENT = timedelta(days=90)


@dataclass(frozen=True)
class Reopened:
    case: Case
    clocks: tuple[CaseClock, ...]
    timers: tuple[Timer, ...]
    events: tuple[Event, ...]


def is_within_window(case: Case, *, now: datetime) -> bool:
    """Whether a reply still reopens the case: 14 days from its end, 90 where the risk is high."""
    ended = case.closed_at or case.resolved_at
    if case.state is State.RESOLVED:
        return True
    window = WINDOW_IF_URGENT if case.risk.is_urgent else WINDOW
    return case.state is State.CLOSED and ended is not None and now - ended <= window


def reopen_case(
    file: CaseFile, house: House, *, workload: Workload, now: datetime, actor: str, reason: str
) -> Reopened:
    """The case at work again. The end it had stays in its events."""
    before = file.case
    today = now.astimezone(house.zone).date()
    state = State.TRIAGE if before.state is State.CANCELLED else State.WORKING
    record = replace(before.record, closing=None, pending=None)
    case = replace(
        before, state=state, resolved_at=None, closed_at=None, merged_into=None, record=record
    )
    case = replace(case, owner=_owner(case, house, workload=workload, today=today))
    data = {"from": before.state, "to": state, "reason": reason}
    events = [Event(EventKind.STATE_CHANGED, now, actor=actor, data=data)]
    if case.owner != before.owner:
        told: dict[str, object] = {"owner": case.owner, "by": "reopened"}
        events.append(Event(EventKind.OWNER_ASSIGNED, now, data=told))
    clocks: list[CaseClock] = []
    timers: list[Timer] = []
    promise = current_promises(case, house).get(Target.RESOLVE)
    if promise is not None and file.running(Target.RESOLVE) is None:
        clock, timer = start_clock(
            promise, house, at=now, generation=next_generation(file, Target.RESOLVE)
        )
        clocks.append(clock)
        timers += [timer] if timer else []
    return Reopened(case, tuple(clocks), tuple(timers), tuple(events))


def next_generation(file: CaseFile, target: str) -> int:
    """Above every clock of this target there has been."""
    return 1 + max((c.generation for c in file.clocks if c.target == target), default=-1)


def _owner(case: Case, house: House, *, workload: Workload, today: date) -> str:
    owner = house.staff.member(case.owner)
    if owner is not None and may_own(owner, case, today=today):
        return owner.email
    category = house.bundle.categories.get(case.category)
    policy = category.owner if category else ""
    return pick_owner(
        case,
        house.staff,
        policy=policy,
        workload=workload,
        today=today,
        directory=house.directory,
    ).owner


def reopen(command: c.Reopen, sheet: CaseSheet) -> Said:
    if sheet.case.state not in (State.RESOLVED, State.CLOSED, State.CANCELLED):
        return refused("state_forbids", state=sheet.case.state)
    again = reopen_case(
        sheet.current,
        sheet.house,
        workload=sheet.situation.workload,
        now=sheet.now,
        actor=sheet.member.email,
        reason=command.reason,
    )
    sheet.case = again.case
    sheet.new_clocks += again.clocks
    sheet.timers += again.timers
    sheet.events += again.events
    sheet.dropped.add("grace")
    owner = sheet.case.owner
    sheet.workload[owner] = sheet.workload.get(owner, 0) + 1
    return done("reopen_done")
