"""A rung of the nudge ladder that was reached: who is reminded, and a breach on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.clock_changes import current_promises, rungs_of
from mailflow.core.policy.clocks import timer_for
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.escalation import find_people_above
from mailflow.core.policy.mails import nudge
from mailflow.core.policy.nudges import Recipient, coming_rung, passed_rung

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.policy.house import House
    from mailflow.core.policy.nudges import Rung


def nudge_if_due(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """The decision about one nudge timer; an empty one when the clock was met meanwhile."""
    case = file.case
    clock = file.running(timer.target)
    if clock is None or clock.due_at is None or clock.generation != timer.generation:
        return Decision(None, case=case)
    passed, coming = _rungs(timer, clock, case, house, now=now)
    if passed is None:
        return Decision(
            None, case=case, timers=(timer_for(coming, clock),) if coming is not None else ()
        )
    events = [_nudged(passed, clock, now)]
    changed: tuple[tuple[CaseClock, CaseClock], ...] = ()
    if clock.breached_at is None and clock.due_at <= now:
        changed = ((clock, replace(clock, breached_at=clock.due_at)),)
        data = {"target": clock.target, "due": clock.due_at.isoformat()}
        events.append(Event(EventKind.CLOCK_BREACHED, now, data=data))
    fields = {"target": clock.target, "step": passed.step}
    cause = f"{case.ref}:{clock.target}:{clock.generation}:{passed.step}"
    return Decision(
        None,
        case=case,
        changed_clocks=changed,
        timers=(timer_for(coming, clock),) if coming is not None else (),
        mails=tuple(
            replace(
                nudge(case, house, to=to, cause=cause, now=now, fields=fields),
                due_at=may_send_at(case, to, house, at=now),
            )
            for to in _recipients(passed, case, house, now=now)
        ),
        events=tuple(events),
    )


def _rungs(
    timer: Timer, clock: CaseClock, case: Case, house: House, *, now: datetime
) -> tuple[Rung | None, Rung | None]:
    """The rung that was passed, and the first that is still to come."""
    promise = current_promises(case, house).get(clock.target)
    if promise is None:
        return None, None
    rungs = rungs_of(clock, promise, case, house)
    passed = passed_rung(rungs, step=timer.step, fired_at=timer.fire_at, now=now)
    return passed, coming_rung(rungs, promise.calendar, now=now)


def _nudged(rung: Rung, clock: CaseClock, now: datetime) -> Event:
    return Event(EventKind.NUDGED, now, data={"target": clock.target, "step": rung.step})


def _recipients(rung: Rung, case: Case, house: House, *, now: datetime) -> tuple[str, ...]:
    """The people of a rung who may be told, around everybody who is excluded."""
    today = now.astimezone(house.zone).date()
    wanted: list[str] = []
    team = house.staff.teams.get(case.team or "")
    if Recipient.OWNER in rung.to:
        wanted.append(case.owner)
    if Recipient.TEAM_LEAD in rung.to and team is not None:
        wanted.append(team.lead)
    if Recipient.ESCALATION in rung.to:
        wanted += find_people_above(case, house, today=today)
    return tuple(_told(wanted, case, house, now=now))


def _told(wanted: Iterable[str], case: Case, house: House, *, now: datetime) -> Iterable[str]:
    today = now.astimezone(house.zone).date()
    for address in dict.fromkeys(wanted):
        if may(house.person(address), case, Action.BE_TOLD, today=today).allowed:
            yield address


def may_send_at(case: Case, to: str, house: House, *, at: datetime) -> datetime:
    """``at`` itself, or the recipient's next opening, unless the case must not wait."""
    mail = house.sla.nudge_mail
    if not mail.keeps_quiet_hours or case.risk.rank >= mail.urgent_from.rank:
        return at
    member = house.staff.member(to)
    team = house.staff.teams.get((member.team if member else None) or "")
    calendar = house.sla.calendars.get((team.calendar if team else None) or "standard")
    return calendar.working_time.next_opening(at) if calendar else at
