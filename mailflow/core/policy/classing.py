"""What a case is, by command: category, risk, flags, who may see it. Clocks follow (SLA rule 7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.case import Risk, case_class
from mailflow.core.case.events import EventKind
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.climbing import climb_timers
from mailflow.core.policy.clock_changes import current_promises, due_when_reclassified
from mailflow.core.policy.clocks import start_clocks
from mailflow.core.policy.escalation import escalate
from mailflow.core.policy.mails import tell_of_escalation
from mailflow.core.policy.ownership import pick_owner
from mailflow.core.policy.owning import give_to
from mailflow.core.policy.persons import find_addresses
from mailflow.located import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailflow.core.case import commands as c
    from mailflow.core.case.clock import CaseClock
    from mailflow.core.policy.case_sheet import CaseSheet


def set_category(command: c.SetCategory, sheet: CaseSheet) -> Said:
    categories = sheet.house.bundle.categories
    category = categories.get(command.category)
    if category is None:
        guess = nearest(command.category, categories) or ""
        return refused("category_unknown", value=command.category, guess=guess)
    before = sheet.case
    risk = max((before.risk, category.risk), key=lambda one: one.rank)
    sheet.case = replace(
        before,
        category=category.id,
        team=category.team,
        risk=risk,
        case_class=case_class(risk, category.group),
        record=replace(before.record, is_sorted_by_hand=True),
    )
    sheet.note(
        EventKind.CATEGORISED,
        category=category.id,
        risk=risk,
        team=category.team,
        before=before.category,
        by="hand",
    )
    follow_class(sheet, was=before.risk)
    _keep_eligible_owner(sheet)
    return done("category_done", category=category.id)


def set_risk(command: c.SetRisk, sheet: CaseSheet) -> Said:
    before = sheet.case.risk
    if command.risk is before:
        return refused("risk_same", risk=before)
    category = sheet.house.bundle.categories.get(sheet.case.category)
    group = category.group if category else None
    sheet.case = replace(sheet.case, risk=command.risk, case_class=case_class(command.risk, group))
    raised = command.risk.rank > before.rank
    kind = EventKind.RISK_RAISED if raised else EventKind.RISK_LOWERED
    sheet.note(kind, **{"from": before, "to": command.risk, "reason": command.reason, "by": "hand"})
    follow_class(sheet, was=before)
    _keep_eligible_owner(sheet)
    return done("risk_done", risk=command.risk)


def set_flag(command: c.SetFlag, sheet: CaseSheet) -> Said:
    flags = sheet.house.bundle.flags
    flag = flags.get(command.flag)
    if flag is None:
        return refused("flag_unknown", flag=command.flag, guess=nearest(command.flag, flags) or "")
    before = sheet.case.risk
    risk = max((before, flag.risk or before), key=lambda one: one.rank)
    category = sheet.house.bundle.categories.get(sheet.case.category)
    sheet.case = replace(
        sheet.case,
        flags=sheet.case.flags | {flag.id},
        risk=risk,
        case_class=case_class(risk, category.group if category else None),
    )
    sheet.note(EventKind.FLAG_ADDED, flag=flag.id, risk=risk)
    if flag.escalate_to and risk is before:
        _tell_above(sheet, flag.escalate_to, because="flag")
    follow_class(sheet, was=before)
    return done("flag_done", flag=flag.id)


def restrict(command: c.Restrict, sheet: CaseSheet) -> Said:
    """Only these people, and the owner, beside the roles that reach every case of the class."""
    people: set[str] = set()
    for name in command.people:
        found = find_addresses(name, sheet.house)
        member = next((m for a in found if (m := sheet.house.staff.member(a))), None)
        if member is None:
            return refused("person_unknown", person=name)
        if found & sheet.case.excluded:
            return refused("may_not_see", person=member.name)
        people.add(member.email)
    sheet.case = replace(sheet.case, assigned=frozenset(people))
    sheet.note(EventKind.ACCESS_CHANGED, assigned=sorted(people))
    return done("restrict_done", count=str(len(people)))


def widens(command: c.Restrict, sheet: CaseSheet) -> bool:
    """Whether somebody would see the case who does not yet."""
    wanted = {a for name in command.people for a in find_addresses(name, sheet.house)}
    return bool(wanted - sheet.case.assigned - {sheet.case.owner})


def follow_class(sheet: CaseSheet, *, was: Risk) -> None:
    """Move the running clocks to what the new class promises, start what is new, tell who must
    know when the risk became urgent.
    """
    promises = current_promises(sheet.case, sheet.house)
    raised = sheet.case.risk.rank > was.rank
    for clock in list(sheet.current.clocks):
        if clock.is_running and not clock.is_kept_as_set:
            _follow(sheet, clock, raised=raised)
    category = sheet.house.bundle.categories.get(sheet.case.category)
    added = start_clocks(
        sheet.case,
        sheet.house,
        (category.sla,) if category else (),
        at=sheet.case.opened_at,
        already=sheet.current,
    )
    sheet.new_clocks += added.clocks
    sheet.timers += added.timers
    sheet.events += added.events
    if raised and sheet.case.risk.is_urgent and promises:
        targets = category.escalate_to if category else ()
        _tell_above(sheet, targets, because="risk")
        sheet.timers += climb_timers(sheet.case, at=sheet.now)


def _follow(sheet: CaseSheet, clock: CaseClock, *, raised: bool) -> None:
    promise = current_promises(sheet.case, sheet.house).get(clock.target)
    if promise is None:
        if clock.target not in _KEPT:
            sheet.close_clock(clock.target, reason="not_applicable(reclassified)")
        return
    if promise.is_statutory or clock.due_at is None:
        return
    due = due_when_reclassified(clock, promise, sheet.case, now=sheet.now, is_raised=raised)
    if due is not None and due != clock.due_at:
        sheet.move_clock(clock, due, terms=str(promise.duration))


# An answer that is owed stays owed under any class.
_KEPT = frozenset({"next_response", "acknowledge", "triage", "confirm_owner"})


def _tell_above(sheet: CaseSheet, targets: Iterable[str], *, because: str) -> None:
    category = sheet.house.bundle.categories.get(sheet.case.category)
    told = escalate(
        sheet.case,
        sheet.house.staff,
        targets=targets,
        alternates=category.escalate_to_alternate if category else (),
        today=sheet.today,
    )
    inside = frozenset(a for a in told.recipients if sheet.house.staff.member(a))
    sheet.case = replace(sheet.case, assigned=sheet.case.assigned | inside)
    already = {mail.recipient for mail in sheet.mails if mail.purpose == "escalation"}
    sheet.mails += [
        tell_of_escalation(sheet.case, sheet.house, to=a, cause=sheet.arrival.cause, now=sheet.now)
        for a in told.recipients
        if a not in already and a != sheet.case.owner
    ]
    sheet.note(EventKind.ESCALATED, to=list(told.recipients), because=because)


def _keep_eligible_owner(sheet: CaseSheet) -> None:
    """A case that the owner may not own any more goes to somebody of the team who may."""
    owner = sheet.house.staff.member(sheet.case.owner)
    if owner is not None and may_own(owner, sheet.case, today=sheet.today):
        return
    category = sheet.house.bundle.categories.get(sheet.case.category)
    ownership = pick_owner(
        sheet.case,
        sheet.house.staff,
        policy=category.owner if category else "",
        workload=sheet.situation.workload,
        today=sheet.today,
        directory=sheet.house.directory,
    )
    chosen = sheet.house.staff.member(ownership.owner)
    if chosen is not None and chosen.email != sheet.case.owner:
        give_to(sheet, chosen, by="class")
