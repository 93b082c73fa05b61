"""Who a case belongs to, by command: confirming, taking, handing over, passing up, absence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.case import State
from mailflow.core.case.events import EventKind
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.climbing import climb_timers
from mailflow.core.policy.decision import Absence
from mailflow.core.policy.escalation import escalate
from mailflow.core.policy.handover import hand_to
from mailflow.core.policy.mails import hand_over, tell_of_escalation
from mailflow.core.policy.moments import date_of
from mailflow.core.policy.persons import find_member
from mailflow.core.policy.standing_in import look_for_stand_in
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case import commands as c
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.house import House


def is_owner(sheet: CaseSheet) -> bool:
    return sheet.case.owner in sheet.member.addresses


def confirm_ownership(sheet: CaseSheet) -> None:
    """The owner's first act confirms it, whatever the act."""
    if not is_owner(sheet):
        return
    sheet.meet_clock(Target.CONFIRM_OWNER)
    if sheet.case.state in (State.ASSIGNED, State.TRIAGE):
        sheet.meet_clock(Target.TRIAGE)
        sheet.go(State.WORKING)


def acknowledge(_command: c.Ack, sheet: CaseSheet) -> Said:
    if not is_owner(sheet):
        return refused("ack_not_owner")
    confirm_ownership(sheet)
    return done("ack_done")


def take(_command: c.Take, sheet: CaseSheet) -> Said:
    if is_owner(sheet):
        # Whoever stood in keeps the case: it is not given back.
        sheet.change_record(stands_in_for="")
        confirm_ownership(sheet)
        return done("ack_done")
    if not may_own(sheet.member, sheet.case, today=sheet.today):
        return refused("may_not_own", person=sheet.member.name)
    give_to(sheet, sheet.member, by="take")
    confirm_ownership(sheet)
    return done("take_done")


def assign(command: c.Assign, sheet: CaseSheet) -> Said:
    person = find_member(command.person, sheet.house)
    if person is None:
        return refused("person_unknown", person=command.person)
    if not may_own(person, sheet.case, today=sheet.today):
        return refused("may_not_own", person=person.name)
    if sheet.case.owner in person.addresses:
        return refused("owns_already", person=person.name)
    give_to(sheet, person, by="hand", summary=command.summary)
    return done("assign_done", person=person.name)


def give_to(sheet: CaseSheet, person: StaffMember, *, by: str, summary: str = "") -> None:
    """Make this person the owner; they are told, and a clock waits for their confirmation."""
    sheet.change_record(stands_in_for="")
    taken = hand_to(
        sheet.current,
        sheet.case,
        person.email,
        sheet.house,
        now=sheet.now,
        by=by,
        actor=sheet.member.email,
    )
    sheet.take_over(taken)
    if person.email not in sheet.member.addresses:
        workload = sheet.situation.workload
        sheet.timers += look_for_stand_in(sheet.case, sheet.house, workload, now=sheet.now)
        sheet.mails.append(
            hand_over(
                sheet.case,
                sheet.house,
                to=person.email,
                cause=sheet.arrival.cause,
                now=sheet.now,
                shows=_latest(sheet),
                fields={"summary": summary, "is_new": False},
            )
        )


def _latest(sheet: CaseSheet) -> str | None:
    last = sheet.dossier.last_received
    return last.id if last else None


def pass_up(command: c.Escalate, sheet: CaseSheet) -> Said:
    category = sheet.house.bundle.categories.get(sheet.case.category)
    targets = (command.to,) if command.to else (category.escalate_to if category else ())
    if command.to and sheet.house.staff.expand(command.to) is None:
        person = find_member(command.to, sheet.house)
        if person is None:
            return refused("person_unknown", person=command.to)
        targets = (person.email,)
    told = escalate(
        sheet.case,
        sheet.house.staff,
        targets=targets,
        alternates=category.escalate_to_alternate if category else (),
        today=sheet.today,
    )
    inside = frozenset(a for a in told.recipients if sheet.house.staff.member(a))
    sheet.case = replace(sheet.case, assigned=sheet.case.assigned | inside)
    for address in told.recipients:
        sheet.mails.append(
            tell_of_escalation(
                sheet.case, sheet.house, to=address, cause=sheet.arrival.cause, now=sheet.now
            )
        )
    sheet.note(
        EventKind.ESCALATED, to=list(told.recipients), because="by_hand", reason=command.reason
    )
    sheet.timers += climb_timers(sheet.case, at=sheet.now)
    return done("escalate_done", count=str(len(told.recipients)))


def go_away(command: c.Away, sheet: CaseSheet) -> Said:
    absence = read_absence(command, sheet.member, sheet.house, now=sheet.now)
    if isinstance(absence, Said):
        return absence
    sheet.absence = absence
    delegate = sheet.house.staff.member(absence.delegate)
    person = delegate.name if delegate else "-"
    return done("away_done", date=absence.until.isoformat(), person=person)


def read_absence(
    command: c.Away, member: StaffMember, house: House, *, now: datetime
) -> Absence | Said:
    """Nothing new comes to this person until that day is over; the delegate named, or the one of
    staff.yaml, stands in.
    """
    until = date_of(command.until, None, house, now=now)
    if until < now.astimezone(house.zone).date():
        return refused("date_past", date=until.isoformat())
    delegate = member.delegate or ""
    if command.delegate:
        person = find_member(command.delegate, house)
        if person is None or person is member:
            return refused("person_unknown", person=command.delegate)
        delegate = person.email
    return Absence(member.email, until, delegate)
