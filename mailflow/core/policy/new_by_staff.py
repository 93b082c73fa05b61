"""Cases that staff open: for a caller, from a forward, or split out of another case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case_record import CaseLink
from mailflow.core.case.events import Event, EventKind
from mailflow.core.mail.authentication import Reason, SenderLevel, SenderVerdict
from mailflow.core.mail.compose import is_sendable
from mailflow.core.mail.message import Address
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.decision import FiledText
from mailflow.core.policy.opening import open_case
from mailflow.core.policy.ownership import pick_owner
from mailflow.core.policy.persons import find_employee
from mailflow.core.policy.rules.facts import ThreadPosition
from mailflow.core.policy.sorting import classify_arrival

if TYPE_CHECKING:
    from mailflow.core.case import commands as c
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.decision import Arrival, Decision, NewCaseIds, Situation
    from mailflow.core.policy.house import House


def speak_for(
    arrival: Arrival,
    requester: Address,
    *,
    subject: str,
    text: str,
    ids: NewCaseIds,
) -> Arrival:
    """The arrival as if the requester had written these words; nothing of the staff member's mail
    stands in it.
    """
    message = replace(
        arrival.message,
        message_id=None,
        in_reply_to=None,
        references=(),
        sender=requester,
        to=(),
        cc=(),
        reply_to=(),
        subject=subject,
        text=text,
        new_text=text,
        signature=None,
        forwarded=None,
        ack_ok=True,
    )
    verdict = SenderVerdict(SenderLevel.V2, requester.address.lower(), Reason.AUTHENTICATED_LOGIN)
    return replace(arrival, message=message, verdict=verdict, ids=ids)


def open_for(
    arrival: Arrival,
    requester: Address,
    member: StaffMember,
    house: House,
    situation: Situation,
    *,
    subject: str,
    text: str,
    ids: NewCaseIds,
    channel: str,
    note: str = "",
    acknowledged: bool = True,
) -> Decision:
    """The case of somebody who did not write to us themselves."""
    theirs = speak_for(arrival, requester, subject=subject, text=text, ids=ids)
    found = classify_arrival(theirs, house, ThreadPosition.NEW)
    decision = open_case(
        theirs,
        found,
        house,
        situation,
        no_acknowledgement=None if acknowledged else "opened_by_staff",
    )
    name = requester.name
    filed = [FiledText("in", requester.address.lower(), name, subject, text, is_whole=True)]
    if note.strip():
        filed.append(FiledText("note", member.email, member.name, "", note.strip()))
    event = Event(
        EventKind.OPENED_BY_STAFF, arrival.now, actor=member.email, data={"channel": channel}
    )
    return replace(decision, files_as=None, texts=tuple(filed), events=(*decision.events, event))


def find_requester(text: str, house: House) -> Address | None:
    """The person a case is for: somebody of the directory, or any sendable address."""
    employee = find_employee(text, house)
    if employee is not None:
        return Address(employee.name, employee.email)
    address = text.strip().strip("<>")
    return Address(None, address) if is_sendable(address) else None


def open_by_command(
    command: c.NewCase,
    body: str,
    arrival: Arrival,
    member: StaffMember,
    house: House,
    situation: Situation,
) -> Decision | Said:
    requester = find_requester(command.requester, house)
    if requester is None:
        return refused("person_unknown", person=command.requester)
    if not body.strip():
        return refused("new_empty")
    return open_for(
        arrival,
        requester,
        member,
        house,
        situation,
        subject=command.subject,
        text=body,
        ids=arrival.more_ids[0],
        channel=command.channel or "staff",
    )


def split(command: c.Split, sheet: CaseSheet) -> Said:
    """The chosen lines become a case of their own, and are gone from this one's view."""
    last = sheet.dossier.last_received
    if last is None:
        return refused("nothing_to_split")
    lines = last.text.split("\n")
    chosen: list[str] = []
    for first, end in command.lines:
        if end > len(lines):
            return refused("lines_unknown", count=str(len(lines)))
        chosen += lines[first - 1 : end]
    text = "\n".join(chosen).strip()
    if not text:
        return refused("nothing_to_split")
    child = _split_off(text, sheet)
    assert child.case is not None  # noqa: S101 (open_case always names the case it opens)
    sheet.also.append(child)
    record = sheet.case.record
    redactions = tuple(line.strip() for line in chosen if line.strip())
    sheet.change_record(
        redactions=(*record.redactions, *redactions),
        links=(*record.links, CaseLink(child.case.ref, "split_to")),
    )
    sheet.note(EventKind.CASE_SPLIT, ref=child.case.ref, lines=len(chosen))
    return done("split_done", ref=child.case.ref)


def _split_off(text: str, sheet: CaseSheet) -> Decision:
    """Whoever is excluded here is excluded there; the employee is not written to."""
    name = sheet.house.directory.find(sheet.case.requester)
    requester = Address(name.name if name else None, sheet.case.requester)
    used = len([one for one in sheet.also if one.opens_case])
    last = sheet.dossier.last_received
    decision = open_for(
        replace(sheet.arrival, received_at=last.at if last else sheet.arrival.received_at),
        requester,
        sheet.member,
        sheet.house,
        sheet.situation,
        subject="",
        text=text,
        ids=sheet.arrival.more_ids[used],
        channel="split",
        acknowledged=False,
    )
    case = decision.case
    assert case is not None  # noqa: S101 (open_case always names the case it opens)
    links = (*case.record.links, CaseLink(sheet.case.ref, "split_from"))
    filed = tuple(replace(one, is_whole=False) for one in decision.texts)
    case = replace(
        case,
        record=replace(case.record, links=links),
        excluded=case.excluded | sheet.case.excluded,
        suspected=case.suspected | sheet.case.suspected,
    )
    decision = replace(decision, case=case, texts=filed)
    kept_out = case.excluded | case.suspected
    return decision if case.owner not in kept_out else _with_other_owner(decision, sheet)


def _with_other_owner(decision: Decision, sheet: CaseSheet) -> Decision:
    """Somebody who is kept out of the parent cannot own what is split from it."""
    case = decision.case
    assert case is not None  # noqa: S101 (the caller has just put it there)
    owner = pick_owner(
        case,
        sheet.house.staff,
        policy="",
        workload=sheet.situation.workload,
        today=sheet.today,
        directory=sheet.house.directory,
    ).owner
    member = sheet.house.staff.member(owner)
    mails = tuple(
        replace(mail, recipient=owner, recipient_name=member.name if member else None)
        if mail.recipient == case.owner
        else mail
        for mail in decision.mails
    )
    data = {"owner": owner, "by": "conflict"}
    event = Event(EventKind.OWNER_ASSIGNED, sheet.now, data=data)
    return replace(
        decision,
        case=replace(case, owner=owner),
        mails=mails,
        events=(*decision.events, event),
        workload={owner: 1},
    )
