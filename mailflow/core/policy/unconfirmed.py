"""An owner who does not confirm in time is replaced, twice at most, and the lead hears of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.participant import ParticipantRole
from mailflow.core.case.reply_address import Audience
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.clock_changes import current_promises
from mailflow.core.policy.clocks import start_clock
from mailflow.core.policy.decision import Joining
from mailflow.core.policy.mails import hand_over, send_alert
from mailflow.core.policy.moments import calendar_of
from mailflow.core.policy.nudging import nudge_if_due
from mailflow.core.policy.reopening import next_generation
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.decision import Decision
    from mailflow.core.policy.house import House

MOST_HANDOVERS = 2


def nudge_or_replace(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """The nudge of any clock; and when the confirmation is overdue, another owner."""
    decision = nudge_if_due(timer, file, house, now=now)
    clock = file.running(timer.target)
    if timer.target != Target.CONFIRM_OWNER or clock is None or clock.due_at is None:
        return decision
    if clock.due_at > now or clock.generation != timer.generation or timer.step != "100%":
        return decision
    successor = _find_successor(file, house, now=now)
    if successor is None:
        alert = _tell_lead(file, house, code="alert_unconfirmed", now=now)
        return replace(decision, mails=(*decision.mails, *alert))
    return _replace_owner(decision, clock, file, successor, house, now=now)


def _find_successor(file: CaseFile, house: House, *, now: datetime) -> StaffMember | None:
    """Another eligible member of the team, while the team works."""
    case = file.case
    calendar = calendar_of(case, house)
    if case.handovers >= MOST_HANDOVERS:
        return None
    if calendar is not None and not calendar.working_time.is_open(now):
        return None
    team = house.staff.teams.get(case.team or "")
    today = now.astimezone(house.zone).date()
    had = {e.address for e in file.participants if e.role is ParticipantRole.OWNER} | {case.owner}
    for address in team.members if team else ():
        member = house.staff.member(address)
        if member and not had & set(member.addresses) and may_own(member, case, today=today):
            return member
    return None


def _replace_owner(
    decision: Decision,
    clock: CaseClock,
    file: CaseFile,
    successor: StaffMember,
    house: House,
    *,
    now: datetime,
) -> Decision:
    before = file.case
    case = replace(before, owner=successor.email, handovers=before.handovers + 1)
    changed = {id(old): (old, new) for old, new in decision.changed_clocks}
    _, breached = changed.get(id(clock), (clock, clock))
    changed[id(clock)] = (clock, replace(breached, closed_reason="replaced"))
    promise = current_promises(case, house).get(Target.CONFIRM_OWNER)
    new_clocks, timers = [], []
    if promise is not None:
        generation = next_generation(file, Target.CONFIRM_OWNER)
        started, timer = start_clock(promise, house, at=now, generation=generation)
        new_clocks.append(started)
        timers += [timer] if timer else []
    data = {"owner": successor.email, "before": before.owner, "by": "unconfirmed"}
    note = hand_over(
        case,
        house,
        to=successor.email,
        cause=f"{case.uid}:handover:{case.handovers}",
        now=now,
        shows=None,
        fields={"is_new": True},
    )
    return replace(
        decision,
        case=case,
        changed_clocks=tuple(changed.values()),
        new_clocks=tuple(new_clocks),
        timers=tuple(timers),
        dropped=(*decision.dropped, Target.CONFIRM_OWNER),
        joining=(Joining(successor.email, successor.name, ParticipantRole.OWNER, Audience.STAFF),),
        mails=(note, *_tell_lead(file, house, code="alert_replaced", now=now)),
        events=(*decision.events, Event(EventKind.OWNER_ASSIGNED, now, data=data)),
        workload={before.owner: -1, successor.email: 1},
    )


def _tell_lead(file: CaseFile, house: House, *, code: str, now: datetime) -> tuple[MailOrder, ...]:
    case = file.case
    team = house.staff.teams.get(case.team or "")
    lead = house.staff.member(team.lead) if team else None
    if lead is None or case.owner in lead.addresses:
        return ()
    text = say_receipt(code, {}, house.locale_of(lead.email))
    cause = f"{case.uid}:{code}:{case.handovers}"
    fields = {"what": text, "actions": ["take", "assign"]}
    return (send_alert(case, house, to=lead.email, cause=cause, now=now, fields=fields),)
