"""An owner who does not confirm in time is replaced, twice at most, and the lead hears of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.participant import ParticipantRole
from mailflow.core.policy.handover import hand_to, with_changes
from mailflow.core.policy.leads import tell_lead
from mailflow.core.policy.mails import hand_over
from mailflow.core.policy.moments import calendar_of
from mailflow.core.policy.nudging import nudge_if_due
from mailflow.core.policy.ownership import next_in_turn
from mailflow.core.policy.standing_in import cover_absent_owner
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import Timer
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.decision import Decision
    from mailflow.core.policy.house import House
    from mailflow.core.policy.ownership import Workload

MOST_HANDOVERS = 2


def nudge_or_replace(
    timer: Timer, file: CaseFile, house: House, *, now: datetime, workload: Workload
) -> Decision:
    """The nudge of any clock; and when the confirmation is overdue, another owner."""
    decision = nudge_if_due(timer, file, house, now=now)
    if decision.case is None or not decision.events:
        return decision
    present = with_changes(file, decision.changed_clocks)
    if cover_absent_owner(present, decision.case, house, workload, now=now) is not None:
        # They get the case where every decision about an absent owner ends.
        return decision
    clock = file.running(timer.target)
    if timer.target != Target.CONFIRM_OWNER or timer.step != "100%" or clock is None:
        return decision
    if clock.due_at is None or clock.due_at > now:
        return decision
    successor = _find_successor(file, house, now=now, workload=workload)
    if successor is None:
        alert = _tell_lead(file, house, code="alert_unconfirmed", now=now)
        return replace(decision, mails=(*decision.mails, *alert))
    return _replace_owner(decision, present, successor, house, now=now)


def _find_successor(
    file: CaseFile, house: House, *, now: datetime, workload: Workload
) -> StaffMember | None:
    """The least loaded of the team who is there and has not had the case, while the team works."""
    case = file.case
    calendar = calendar_of(case, house)
    if case.handovers >= MOST_HANDOVERS:
        return None
    if calendar is not None and not calendar.working_time.is_open(now):
        return None
    team = house.staff.teams.get(case.team or "")
    today = now.astimezone(house.zone).date()
    had = {e.address for e in file.participants if e.role is ParticipantRole.OWNER} | {case.owner}
    eligible = [
        member
        for address in (team.members if team else ())
        if (member := house.staff.member(address)) is not None
        and not had & set(member.addresses)
        and member.email not in workload.absent
        and may_own(member, case, today=today)
    ]
    if not eligible:
        return None
    return next_in_turn(eligible, policy="least_loaded", workload=workload)


def _replace_owner(
    decision: Decision,
    present: CaseFile,
    successor: StaffMember,
    house: House,
    *,
    now: datetime,
) -> Decision:
    """``present`` is the file with its breach on record."""
    case = replace(present.case, handovers=present.case.handovers + 1)
    taken = hand_to(present, case, successor.email, house, now=now, by="unconfirmed")
    note = hand_over(
        taken.case,
        house,
        to=successor.email,
        cause=f"{case.uid}:handover:{case.handovers}",
        now=now,
        shows=None,
        fields={"is_new": True},
    )
    told = _tell_lead(present, house, code="alert_replaced", now=now)
    return replace(taken.added_to(decision), mails=(note, *told))


def _tell_lead(file: CaseFile, house: House, *, code: str, now: datetime) -> tuple[MailOrder, ...]:
    cause = f"{file.case.uid}:{code}:{file.case.handovers}"
    return tell_lead(file.case, house, code=code, cause=cause, now=now)
