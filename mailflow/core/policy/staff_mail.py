"""A staff member's mail in a case: commands, an answer to the employee, or a note. All of it is
done, or none; and the sender is told which.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case import commands as c
from mailflow.core.case.access import Action, may
from mailflow.core.case.command_grammar import Instructions, read_instructions
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.reply_address import Purpose
from mailflow.core.case.transitions import ENDED
from mailflow.core.policy.case_sheet import CaseSheet, Said, done, refused
from mailflow.core.policy.clearing import clearing_steps
from mailflow.core.policy.closing import close
from mailflow.core.policy.commanding import carry_out
from mailflow.core.policy.decision import Acceptance, Decision, Disposition, FiledText
from mailflow.core.policy.holding import needs_second_step
from mailflow.core.policy.mails import notify
from mailflow.core.policy.new_by_staff import open_by_command
from mailflow.core.policy.owning import confirm_ownership, is_owner
from mailflow.core.policy.receipts import (
    answer_outside,
    challenge,
    find_mistakes,
    receipt_about,
)
from mailflow.core.policy.replying import find_extra_recipients, find_refusal, order_reply
from mailflow.core.policy.telling import (
    note_reading,
    say_help,
    say_mine,
    say_status,
    write_transcript,
)

if TYPE_CHECKING:
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.decision import Arrival, Situation
    from mailflow.core.policy.house import House

_READING = (c.Status, c.History, c.Help, c.Mine)
_SPEAKING = (c.Reply, c.Note, c.Send, c.ToLane, c.Close, c.NewCase)
# What may be kept as a note when it may not be sent: nothing in the text itself was wrong.
_KEPT = frozenset({"reply_to_all", "reply_excluded_copied", "reply_confirm_confidential"})


def handle_staff_mail(
    arrival: Arrival,
    file: CaseFile,
    purpose: Purpose,
    member: StaffMember,
    house: House,
    situation: Situation,
) -> Decision:
    """The decision about a mail from a staff member, sure to be theirs, to their own address."""
    read = read_instructions(arrival.message.new_text)
    today = arrival.now.astimezone(house.zone).date()
    wanted = Action.READ if _only_reads(read) else Action.WRITE
    if not may(house.person(member.email), file.case, wanted, today=today).allowed:
        return _turn_away(arrival, file, member, house)
    mistakes = find_mistakes(arrival, read)
    if mistakes:
        return _refuse(arrival, file, member, house, lines=mistakes, situation=situation)
    sheet = CaseSheet(arrival, member, file, house, situation)
    if arrival.accepted is not Acceptance.CONFIRMED and any(
        needs_second_step(command, sheet) for command in read.commands
    ):
        return hold_for_confirmation(arrival, file, member, house, because="second_step")
    said, transcript = _carry_out_all(read, purpose, sheet)
    if not all(line.is_done for line in said):
        return _refuse(
            arrival, file, member, house, lines=tuple(said), situation=situation, read=read
        )
    return _finish(read, said, transcript, sheet)


def _only_reads(read: Instructions) -> bool:
    return bool(read.commands) and all(isinstance(one, _READING) for one in read.commands)


def _turn_away(arrival: Arrival, file: CaseFile, member: StaffMember, house: House) -> Decision:
    """The same words as for an address that leads nowhere."""
    event = Event(
        EventKind.COMMANDS_REFUSED,
        arrival.now,
        actor=member.email,
        data={"message": arrival.inbound_id, "codes": ["no_access"]},
    )
    answer = answer_outside(arrival, house, member=member, lines=(refused("no_access"),))
    return Decision(
        disposition=Disposition.COMMAND,
        reason="no_access",
        case=file.case,
        events=(event,),
        answers=(answer,),
    )


def hold_for_confirmation(
    arrival: Arrival,
    file: CaseFile | None,
    member: StaffMember,
    house: House,
    *,
    because: str,
) -> Decision:
    """Nothing is done until an answer comes from the address in the directory."""
    data = {"message": arrival.inbound_id, "because": because}
    kinds = [EventKind.MAIL_HELD]
    answers: tuple[MailOrder, ...] = ()
    if arrival.challenges_left:
        answers = (challenge(arrival, house, member=member),)
        kinds.append(EventKind.SENDER_CHALLENGED)
    events = tuple(Event(kind, arrival.now, actor=member.email, data=data) for kind in kinds)
    return Decision(
        disposition=Disposition.HELD,
        reason=because,
        case=file.case if file else None,
        held_because=because,
        events=events if file else (),
        answers=answers,
    )


def _carry_out_all(
    read: Instructions, purpose: Purpose, sheet: CaseSheet
) -> tuple[list[Said], str]:
    lines: list[Said] = []
    transcript = ""
    locale = sheet.house.locale_of(sheet.member.email)
    if not _only_reads(read):
        confirm_ownership(sheet)
    for command in read.commands:
        if isinstance(command, _READING):
            said, written = _read_out(command, sheet, locale=locale)
            lines += said
            transcript = written or transcript
        elif not isinstance(command, _SPEAKING):
            lines.append(carry_out(command, sheet))
    lines += _open_new(read, sheet)
    lines += _speak(read, purpose, sheet)
    return lines, transcript


def _read_out(command: c.Command, sheet: CaseSheet, *, locale: str) -> tuple[tuple[Said, ...], str]:
    house, dossier, case = sheet.house, sheet.dossier, sheet.case
    if isinstance(command, c.Help):
        return say_help(), ""
    if isinstance(command, c.Mine):
        return say_mine(dossier.mine, house, locale=locale), ""
    newest_only = isinstance(command, c.Status)
    note_reading(sheet, command.verb)
    transcript = write_transcript(dossier, case, house, locale=locale, newest_only=newest_only)
    return (say_status(sheet.current, house, locale=locale),), transcript


def _open_new(read: Instructions, sheet: CaseSheet) -> list[Said]:
    command = next((one for one in read.commands if isinstance(one, c.NewCase)), None)
    if command is None:
        return []
    opened = open_by_command(
        command, read.body, sheet.arrival, sheet.member, sheet.house, sheet.situation
    )
    if isinstance(opened, Said):
        return [opened]
    sheet.also.append(opened)
    return [done("new_done", ref=opened.case.ref if opened.case else "")]


def _speak(read: Instructions, purpose: Purpose, sheet: CaseSheet) -> list[Said]:
    """What becomes of the body: to the employee, or kept; and the closing that goes with it."""
    lane = read.lane
    closing = next((one for one in read.commands if isinstance(one, c.Close)), None)
    if isinstance(lane, c.ToLane):
        return [refused("lane_unknown", lane=lane.lane)]
    if isinstance(lane, c.Send):
        return [*_promote(lane, sheet), *([close(closing, sheet, letter="x")] if closing else [])]
    if any(isinstance(one, c.NewCase) for one in read.commands):
        return []
    goes_out = _goes_out(read, purpose, sheet)
    letter = read.body if goes_out else ""
    said: list[Said] = []
    if closing is not None:
        said.append(close(closing, sheet, letter=letter))
    if goes_out:
        said.append(_answer(read, sheet, heading="settled" if closing else ""))
    elif read.body.strip() or _attached(sheet.arrival) or isinstance(lane, c.Note):
        said.append(_keep(read.body, sheet))
    elif not read.commands:
        said.append(refused("mail_empty"))
    return said


def _goes_out(read: Instructions, purpose: Purpose, sheet: CaseSheet) -> bool:
    """A verb decides; without one the address does, while the risk still allows it."""
    if isinstance(read.lane, c.Reply):
        return True
    if isinstance(read.lane, c.Note) or purpose is not Purpose.REPLY:
        return False
    if sheet.file.case.risk not in sheet.house.replies.reach_employee:
        return False
    if sheet.case.risk not in sheet.house.replies.reach_employee:
        return False
    return bool(read.body.strip()) or not read.commands


def _answer(read: Instructions, sheet: CaseSheet, *, heading: str) -> Said:
    confirmed = isinstance(read.lane, c.Reply) and read.lane.confirmed
    attachments = _attached(sheet.arrival)
    refusal = find_extra_recipients(sheet.arrival, sheet) or find_refusal(
        sheet, read.body, confirmed=confirmed, attachments=attachments
    )
    if refusal is not None:
        return refusal
    return order_reply(
        sheet,
        read.body,
        cause=sheet.arrival.cause,
        source=sheet.arrival.inbound_id,
        attachments=attachments,
        heading=heading,
    )


def _promote(command: c.Send, sheet: CaseSheet) -> list[Said]:
    """A note that was kept goes to the employee, once."""
    # Without a number it is the sender's own: a colleague may have written another one since.
    note = (
        sheet.dossier.newest_note_of(sheet.member.email)
        if command.note is None
        else sheet.dossier.note(command.note)
    )
    if note is None:
        return [refused("note_unknown", count=str(len(sheet.dossier.notes)))]
    if note.number in sheet.dossier.promoted:
        return [refused("note_sent_already", n=str(note.number))]
    refusal = find_refusal(sheet, note.text, confirmed=command.confirmed, own_note=note.number)
    if refusal is not None:
        return [refusal]
    said = order_reply(
        sheet,
        note.text,
        cause=sheet.arrival.cause,
        source=note.source,
        attachments=note.attachments,
    )
    sheet.note(EventKind.NOTE_PROMOTED, n=note.number, cause=sheet.arrival.cause)
    return [replace(said, code="send_ordered", facts={**said.facts, "n": str(note.number)})]


def _keep(text: str, sheet: CaseSheet) -> Said:
    number = len(sheet.dossier.notes) + len(sheet.texts) + 1
    member = sheet.member
    copied = tuple(address.address for address in sheet.arrival.message.cc)
    sheet.texts.append(
        FiledText("note", member.email, member.name, "", text.strip(), is_whole=True, copied=copied)
    )
    kind = EventKind.ADDENDUM_ADDED if sheet.case.state in ENDED else EventKind.NOTE_ADDED
    sheet.note(kind, message=sheet.arrival.inbound_id, n=number)
    if not is_owner(sheet) and sheet.case.owner == sheet.file.case.owner:
        fields = {"is_new": False, "is_note": True}
        sheet.mails.append(
            notify(
                sheet.arrival,
                sheet.case,
                sheet.house,
                to=sheet.case.owner,
                fields=fields,
                carries_message=False,
            )
        )
    code = "addendum_kept" if kind is EventKind.ADDENDUM_ADDED else "note_kept"
    return done(code, n=str(number))


def _attached(arrival: Arrival) -> tuple[str, ...]:
    return tuple(part.sha256 for part in arrival.message.attachments if not part.inline)


def _refuse(
    arrival: Arrival,
    file: CaseFile,
    member: StaffMember,
    house: House,
    *,
    lines: tuple[Said, ...],
    situation: Situation,
    read: Instructions | None = None,
) -> Decision:
    """Nothing of the mail is done. A text that was only addressed too widely is kept as a note."""
    failed = tuple(line for line in lines if not line.is_done)
    clean = CaseSheet(arrival, member, file, house, situation)
    actions = ["help"]
    if read is not None and not read.commands_but_lane and {f.code for f in failed} <= _KEPT:
        kept = _keep(read.body, clean)
        failed = (*failed, done("kept_instead", n=kept.facts["n"]))
        actions = [f"send {kept.facts['n']}"]
    clean.note(
        EventKind.COMMANDS_REFUSED, message=arrival.inbound_id, codes=[f.code for f in failed]
    )
    clean.mails.append(
        receipt_about(arrival, file.case, house, member=member, lines=failed, actions=actions)
    )
    return clean.decision(Disposition.COMMAND, reason=failed[0].code)


def _finish(read: Instructions, lines: list[Said], transcript: str, sheet: CaseSheet) -> Decision:
    codes = {line.code for line in lines}
    plain_reply = codes == {"reply_ordered"} and not read.commands_but_lane
    if not plain_reply or sheet.house.replies.confirms_success(now=sheet.now):
        sheet.mails.append(
            receipt_about(
                sheet.arrival,
                sheet.case,
                sheet.house,
                member=sheet.member,
                lines=lines,
                transcript=transcript,
                actions=_actions_after(lines, sheet),
            )
        )
    return sheet.decision(_disposition(read, codes))


def _actions_after(lines: list[Said], sheet: CaseSheet) -> list[str]:
    codes = {line.code: line for line in lines}
    if codes.keys() & {"reply_ordered", "send_ordered", "close_ordered", "wait_employee"}:
        return ["cancel"]
    if "note_kept" in codes:
        return [f"send {codes['note_kept'].facts['n']}"]
    return [*clearing_steps(sheet)] if "status" in codes else []


def _disposition(read: Instructions, codes: set[str]) -> Disposition:
    if "reply_ordered" in codes and not read.commands_but_lane:
        return Disposition.REPLY
    if codes <= {"note_kept", "addendum_kept"} and not read.commands_but_lane:
        return Disposition.NOTE
    return Disposition.COMMAND
