"""Conflicts of interest by command: keeping a person out, and letting them in again.

Whoever was only possibly meant is cleared by one who is not; whoever is kept out by two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.case.case import CaseClass
from mailflow.core.case.events import EventKind
from mailflow.core.mail.words.notices import say_notice
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.excluding import exclude
from mailflow.core.policy.mails import send_alert
from mailflow.core.policy.persons import addresses_of, find_addresses

if TYPE_CHECKING:
    from mailflow.core.case import commands as c
    from mailflow.core.case.case import Case
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.house import House


def add_conflict(command: c.Exclude, sheet: CaseSheet) -> Said:
    found = find_addresses(command.person, sheet.house)
    if not found:
        return refused("person_unknown", person=command.person)
    if found & addresses_of(sheet.case.requester, sheet.house):
        return refused("conflict_requester")
    member = next((m for a in found if (m := sheet.house.staff.member(a))), None)
    # Whoever stands in for them reads what they would.
    beside = addresses_of(member.delegate, sheet.house) if member and member.delegate else set()
    own = addresses_of(sheet.case.requester, sheet.house)
    exclude(sheet, found | (beside - own), because="conflict")
    return done("conflict_done")


def clear_conflict(command: c.ClearConflict, sheet: CaseSheet) -> Said:
    """By people who are neither the one cleared nor kept out: those have no access at all."""
    found = find_addresses(command.person, sheet.house)
    case = sheet.case
    if not found & (case.excluded | case.suspected):
        return refused("not_excluded", person=command.person)
    if found & set(sheet.member.addresses):
        return refused("not_oneself")
    if found & case.excluded:
        asked_by = {sheet.dossier.clearing_asked.get(address, "") for address in found} - {""}
        if not asked_by:
            return _ask_second_person(found, command.reason, sheet)
        if asked_by & set(sheet.member.addresses):
            return refused("second_person")
    sheet.case = replace(case, excluded=case.excluded - found, suspected=case.suspected - found)
    sheet.note(EventKind.CONFLICT_CLEARED, addresses=sorted(found), reason=command.reason)
    return done("clear_conflict_done")


def _ask_second_person(found: frozenset[str], reason: str, sheet: CaseSheet) -> Said:
    second = _find_second_person(found, sheet)
    if second is None:
        return refused("no_second_person")
    sheet.note(EventKind.CLEARING_ASKED, addresses=sorted(found), reason=reason)
    is_secret = sheet.case.case_class is CaseClass.CONFIDENTIAL
    actions = ["status"] if is_secret else [f"clear_conflict {min(found)}", "status"]
    what = say_notice("clearing_asked", sheet.house.locale_of(second))
    sheet.mails.append(
        send_alert(
            sheet.case,
            sheet.house,
            to=second,
            cause=sheet.arrival.cause,
            now=sheet.now,
            fields={"what": what, "actions": actions},
        )
    )
    return done("clear_conflict_asked")


def _find_second_person(found: frozenset[str], sheet: CaseSheet) -> str | None:
    """The nearest to the case who may decide about it, and is neither of the two."""
    case, staff = sheet.case, sheet.house.staff
    team = staff.teams.get(case.team or "")
    near = (case.owner, team.lead if team else "", *sorted(case.assigned), staff.fallback_owner)
    for address in near:
        person = sheet.house.person(address)
        neither = not person.addresses & (found | set(sheet.member.addresses))
        if neither and may(person, case, Action.WRITE, today=sheet.today).allowed:
            return person.address
    return None


def conflict_steps(case: Case, house: House) -> tuple[str, ...]:
    """The two links for each person of HR who may be meant: keep out, or let stay."""
    meant = {(m.email if (m := house.staff.member(a)) else a) for a in case.suspected}
    return tuple(f"{verb} {one}" for one in sorted(meant) for verb in ("exclude", "clear_conflict"))


def clearing_steps(sheet: CaseSheet) -> tuple[str, ...]:
    """The links of somebody who has just read the case: those of everybody who may be meant, and
    of whoever a colleague asked to let in again.
    """
    asked = sheet.dossier.clearing_asked
    waiting = {
        member.email
        for address, by in asked.items()
        if address in sheet.case.excluded
        and by not in sheet.member.addresses
        and (member := sheet.house.staff.member(address)) is not None
    }
    steps = conflict_steps(sheet.case, sheet.house)
    return (*steps, *(f"clear_conflict {one}" for one in sorted(waiting)))
