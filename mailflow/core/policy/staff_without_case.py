"""A staff member's mail that belongs to no case: verbs for oneself, a caller's case, a forward,
or an own question, since HR staff are employees too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case import commands as c
from mailflow.core.case.access import Action, may
from mailflow.core.case.command_grammar import read_instructions
from mailflow.core.case.command_lines import begins_with_command
from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.case_sheet import CaseSheet, Said, done, refused
from mailflow.core.policy.clearing import clearing_steps
from mailflow.core.policy.decision import Decision, Disposition
from mailflow.core.policy.new_by_staff import open_by_command
from mailflow.core.policy.owning import read_absence
from mailflow.core.policy.receipts import answer_outside, find_mistakes, receipt_about
from mailflow.core.policy.telling import say_help, say_mine, say_status, write_transcript
from mailflow.core.policy.training import renew

if TYPE_CHECKING:
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.decision import Arrival, Situation
    from mailflow.core.policy.house import House

_ALLOWED = (c.Status, c.Mine, c.Help, c.Away, c.NewCase, c.Agree)


def handle_staff_without_case(
    arrival: Arrival, member: StaffMember, house: House, situation: Situation
) -> Decision | None:
    """None when it is a question of their own, or somebody's mail that they forward."""
    text = arrival.message.new_text
    if begins_with_command(text):
        return _command(arrival, member, house, situation)
    if arrival.message.forwarded is not None:
        return None
    if is_for_staff(arrival):
        return _answer(arrival, member, house, say_help())
    return None


def is_for_staff(arrival: Arrival) -> bool:
    """Whether it was sent to the alias' +staff address."""
    local, _, domain = arrival.alias.address.lower().partition("@")
    wanted = f"{local}+staff@{domain}"
    return any(address.address.lower() == wanted for address in arrival.message.to)


def _command(arrival: Arrival, member: StaffMember, house: House, situation: Situation) -> Decision:
    read = read_instructions(arrival.message.new_text)
    mistakes = find_mistakes(arrival, read) or tuple(
        refused("not_without_case", verb=one.verb)
        for one in read.commands
        if not isinstance(one, _ALLOWED)
    )
    if mistakes:
        return _answer(arrival, member, house, mistakes)
    new = next((one for one in read.commands if isinstance(one, c.NewCase)), None)
    if new is not None:
        return _new(new, read.body, arrival, member, house, situation)
    lines: list[Said] = []
    decision = Decision(disposition=Disposition.COMMAND)
    locale = house.locale_of(member.email)
    for command in read.commands:
        if isinstance(command, c.Help):
            lines += say_help()
        elif isinstance(command, c.Mine):
            lines += say_mine(situation.dossier.mine, house, locale=locale)
        elif isinstance(command, c.Away):
            absence = read_absence(command, member, house, now=arrival.now)
            if isinstance(absence, Said):
                return _answer(arrival, member, house, (absence,))
            decision = replace(decision, absence=absence)
            stands_in = house.staff.member(absence.delegate)
            person = stands_in.name if stands_in else "-"
            lines.append(done("away_done", date=absence.until.isoformat(), person=person))
        elif isinstance(command, c.Agree):
            until, said = renew(member, today=arrival.now.astimezone(house.zone).date())
            decision = replace(decision, trained=member.email if until else None)
            lines.append(said)
        elif isinstance(command, c.Status):
            return _status(command, arrival, member, house, situation)
    answer = answer_outside(arrival, house, member=member, lines=lines)
    return replace(decision, answers=(answer,))


def _answer(
    arrival: Arrival, member: StaffMember, house: House, lines: tuple[Said, ...]
) -> Decision:
    failed = [line for line in lines if not line.is_done]
    return Decision(
        disposition=Disposition.COMMAND,
        reason=failed[0].code if failed else "",
        answers=(answer_outside(arrival, house, member=member, lines=lines),),
    )


def _new(
    command: c.NewCase,
    body: str,
    arrival: Arrival,
    member: StaffMember,
    house: House,
    situation: Situation,
) -> Decision:
    opened = open_by_command(command, body, arrival, member, house, situation)
    if isinstance(opened, Said):
        return _answer(arrival, member, house, (opened,))
    return _with_receipt(opened, done("new_done", ref=_ref(opened)), arrival, member, house)


def _with_receipt(
    opened: Decision, said: Said, arrival: Arrival, member: StaffMember, house: House
) -> Decision:
    case = opened.case
    if case is None:
        return opened
    today = arrival.now.astimezone(house.zone).date()
    if may(house.person(member.email), case, Action.BE_TOLD, today=today).allowed:
        receipt = receipt_about(arrival, case, house, member=member, lines=(said,))
        return replace(opened, mails=(*opened.mails, receipt))
    return replace(opened, answers=(answer_outside(arrival, house, member=member, lines=(said,)),))


def _ref(decision: Decision) -> str:
    return decision.case.ref if decision.case else ""


def _status(
    command: c.Status, arrival: Arrival, member: StaffMember, house: House, situation: Situation
) -> Decision:
    """One case by its reference, for whoever may read it; anybody else learns nothing."""
    file = situation.dossier.others.get(command.ref)
    today = arrival.now.astimezone(house.zone).date()
    if (
        file is None
        or not may(house.person(member.email), file.case, Action.READ, today=today).allowed
    ):
        return _answer(arrival, member, house, (refused("ref_unknown", ref=command.ref),))
    locale = house.locale_of(member.email)
    sheet = CaseSheet(arrival, member, file, house, situation)
    sheet.events.append(
        Event(EventKind.CASE_READ, arrival.now, actor=member.email, data={"what": "status"})
    )
    transcript = write_transcript(
        situation.dossier, file.case, house, locale=locale, newest_only=True
    )
    sheet.mails.append(
        receipt_about(
            arrival,
            file.case,
            house,
            member=member,
            lines=(say_status(file, house, locale=locale),),
            transcript=transcript,
            actions=clearing_steps(sheet),
        )
    )
    return sheet.decision(Disposition.COMMAND)
