"""Taking a sealed case's file out of the house needs two people: one asks, another approves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.case.events import Event, EventKind
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.escalation import find_people_above
from mailflow.core.policy.mails import send_alert
from mailflow.core.policy.persons import name_of

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.access import Person
    from mailflow.core.case.case import Case
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.house import House


def needs_approval(case: Case) -> bool:
    """Everyday cases are exported by whoever may read them."""
    return case.case_class.is_sealed


def is_approved(case: Case, person: Person) -> bool:
    record = case.record
    return bool(record.export_approved_by) and record.export_asked_by == person.address


def ask_for_export(case: Case, person: Person, house: House, *, now: datetime) -> Decision:
    """Whoever else may work on the case is asked; the one answer of any of them is enough. No
    mails in the decision: nobody could answer.
    """
    approvers = _find_approvers(case, person, house, now=now)
    record = replace(case.record, export_asked_by=person.address, export_approved_by="")
    after = replace(case, record=record)
    data = {"by": person.address, "asked": list(approvers)}
    event = Event(EventKind.EXPORT_ASKED, now, actor=person.address, data=data)
    facts = {"person": name_of(person.address, house)}
    return Decision(
        None,
        case=after,
        mails=tuple(
            send_alert(
                after,
                house,
                to=address,
                cause=f"export:{now.isoformat()}",
                now=now,
                fields={
                    "what": say_receipt("alert_export", facts, house.locale_of(address)),
                    "actions": ["approve", "status"],
                },
            )
            for address in approvers
        ),
        events=(event,),
    )


def _find_approvers(case: Case, person: Person, house: House, *, now: datetime) -> tuple[str, ...]:
    today = now.astimezone(house.zone).date()
    team = house.staff.teams.get(case.team or "")
    above = find_people_above(case, house, today=today)
    candidates = (case.owner, *((team.lead,) if team else ()), *sorted(case.assigned), *above)
    return tuple(
        address
        for address in dict.fromkeys(candidates)
        if address not in person.addresses
        and may(house.person(address), case, Action.WRITE, today=today).allowed
    )


def take_out(case: Case, person: Person, *, now: datetime) -> Decision:
    """The file leaves: on record, and an approval is used up."""
    record = replace(case.record, export_asked_by="", export_approved_by="")
    data = {"approved_by": case.record.export_approved_by}
    event = Event(EventKind.CASE_EXPORTED, now, actor=person.address, data=data)
    return Decision(None, case=replace(case, record=record), events=(event,))


def approve_export(sheet: CaseSheet) -> Said:
    """The second person's consent; the first who asked may then take the file out, once."""
    asked_by = sheet.case.record.export_asked_by
    if asked_by in sheet.member.addresses:
        return refused("second_person")
    sheet.change_record(export_approved_by=sheet.member.email)
    sheet.note(EventKind.EXPORT_APPROVED, asked_by=asked_by)
    return done("export_approved", person=name_of(asked_by, sheet.house))
