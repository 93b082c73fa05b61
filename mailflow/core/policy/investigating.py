"""The facts of an investigation, by command: who, what, what was found, what is done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case_record import Allegation, CaseAction, Finding, Party
from mailflow.core.case.commands import PartyRole
from mailflow.core.case.events import EventKind
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.conflict_of_interest import with_those_beside
from mailflow.core.policy.excluding import exclude
from mailflow.core.policy.moments import date_of
from mailflow.core.policy.persons import addresses_of, find_addresses, name_of
from mailflow.core.policy.targets import Target

if TYPE_CHECKING:
    from mailflow.core.case import commands as c
    from mailflow.core.policy.case_sheet import CaseSheet


def add_party(command: c.AddParty, sheet: CaseSheet) -> Said:
    """A subject or witness must not learn of the case from here on."""
    found = find_addresses(command.name, sheet.house)
    address = min(found) if found else None
    name = name_of(address, sheet.house) if address and "@" in command.name else command.name
    party = Party(name, command.role, address)
    sheet.change_record(parties=(*sheet.case.record.parties, party))
    sheet.note(EventKind.PARTY_ADDED, name=name, role=command.role, address=address)
    if command.role in (PartyRole.SUBJECT, PartyRole.WITNESS) and found:
        beside = with_those_beside(found, sheet.case, sheet.house)
        own = addresses_of(sheet.case.requester, sheet.house)
        exclude(sheet, beside - own, because=command.role)
    return done("party_done" if found else "party_not_in_directory", role=command.role)


def add_allegation(command: c.AddAllegation, sheet: CaseSheet) -> Said:
    allegations = (*sheet.case.record.allegations, Allegation(command.kind, command.text))
    sheet.change_record(allegations=allegations)
    number = len(allegations)
    sheet.note(EventKind.ALLEGATION_ADDED, number=number, type=command.kind, text=command.text)
    return done("allegation_done", n=str(number))


def begin(command: c.Begin, sheet: CaseSheet) -> Said:
    """The owner begins, with a plan: nothing else stops this clock."""
    if sheet.case.owner not in sheet.member.addresses:
        return refused("begin_not_owner")
    if sheet.case.record.begun_at is not None:
        return refused("begun_already")
    sheet.change_record(begun_at=sheet.now, plan=command.plan)
    sheet.meet_clock(Target.BEGIN_INVESTIGATION)
    sheet.note(EventKind.INVESTIGATION_BEGUN, plan=command.plan)
    return done("begin_done")


def add_finding(command: c.AddFinding, sheet: CaseSheet) -> Said:
    record = sheet.case.record
    if command.allegation > len(record.allegations):
        return refused(
            "allegation_unknown", n=str(command.allegation), count=str(len(record.allegations))
        )
    finding = Finding(command.allegation, command.result, command.basis)
    sheet.change_record(findings=(*record.findings, finding))
    sheet.note(
        EventKind.FINDING_ADDED,
        allegation=command.allegation,
        result=command.result,
        basis=command.basis,
    )
    return done("finding_done", n=str(command.allegation))


def add_action(command: c.AddAction, sheet: CaseSheet) -> Said:
    due = date_of(command.due, sheet.case, sheet.house, now=sheet.now) if command.due else None
    actions = (*sheet.case.record.actions, CaseAction(command.text, command.who, due))
    sheet.change_record(actions=actions)
    sheet.note(
        EventKind.ACTION_ADDED,
        number=len(actions),
        text=command.text,
        who=command.who,
        due=due.isoformat() if due else None,
    )
    return done("action_done", n=str(len(actions)))


def finish_action(command: c.Done, sheet: CaseSheet) -> Said:
    actions = list(sheet.case.record.actions)
    if not 0 < command.action <= len(actions):
        return refused("action_unknown", n=str(command.action), count=str(len(actions)))
    actions[command.action - 1] = replace(actions[command.action - 1], done_at=sheet.now)
    sheet.change_record(actions=tuple(actions))
    sheet.note(EventKind.ACTION_DONE, number=command.action)
    return done("done_done", n=str(command.action))
