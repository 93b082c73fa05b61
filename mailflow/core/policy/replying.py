"""From a staff member's words to a mail to the employee, or to the reason why nothing is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.case import CaseClass, Risk
from mailflow.core.case.content import Template
from mailflow.core.case.events import EventKind
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.people import normal_address
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail import words
from mailflow.core.mail.compose import is_sendable
from mailflow.core.mail.scrub import has_internal_header, scrub
from mailflow.core.mail.subject_prefix import without_answers
from mailflow.core.policy.case_sheet import Said, done, refused
from mailflow.core.policy.repeated_text import repeats

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.dossier import Dossier
    from mailflow.core.policy.case_sheet import CaseSheet
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House

_NO_DELAY = timedelta(0)


def find_refusal(
    sheet: CaseSheet,
    text: str,
    *,
    confirmed: bool,
    attachments: tuple[str, ...] = (),
    own_note: int | None = None,
) -> Said | None:
    """Why this text may not go to the employee; None when it may.

    ``attachments`` are digests (hex); ``own_note`` is the number of the note that is promoted.
    """
    case, dossier = sheet.case, sheet.dossier
    code = _find_simple_refusal(case, dossier, text, confirmed=confirmed)
    if code is not None:
        return refused(code)
    merged_notes = [one for direction, one in dossier.merged if direction == "note"]
    notes = [note for note in dossier.notes if note.number != own_note]
    inside = (*notes, *merged_notes)
    if any(digest in note.attachments for note in inside for digest in attachments):
        return refused("reply_note_attachment")
    if confirmed:
        return None
    secret = [note.text for note in notes if note.number not in dossier.promoted]
    secret += [note.text for note in merged_notes]
    known = [one.text for one in (*dossier.received, *dossier.sent)]
    known += [one.text for direction, one in dossier.merged if direction != "note"]
    said = repeats(text, (*secret, *case.record.redactions), known=known)
    return refused("reply_repeats_note") if said is not None else None


def _find_simple_refusal(case: Case, dossier: Dossier, text: str, *, confirmed: bool) -> str | None:
    if not text.strip():
        return "reply_empty"
    if not is_sendable(case.requester):
        return "reply_no_address"
    if has_internal_header(text):
        return "reply_internal_header"
    if case.risk is Risk.CONFIDENTIAL and not (dossier.is_answered or confirmed):
        return "reply_confirm_confidential"
    return None


def find_extra_recipients(arrival: Arrival, sheet: CaseSheet) -> Said | None:
    """A reply to all is refused: whoever stands beside us in To or Cc got the mail itself already,
    with the staff member's own address, and must not be answered for.
    """
    house, case = sheet.house, sheet.case
    listed = (*arrival.message.to, *arrival.message.cc)
    others = {
        normal
        for address in listed
        if not house.is_ours(normal := normal_address(address.address))
        and normal not in sheet.member.addresses
    }
    if others & case.excluded:
        return refused("reply_excluded_copied")
    staff = {p.address for p in sheet.file.participants if p.audience is Audience.STAFF}
    beyond = {address for address in others if not _is_colleague(address, staff, house)}
    return refused("reply_to_all", count=str(len(beyond))) if beyond else None


def _is_colleague(address: str, staff: set[str], house: House) -> bool:
    member = house.staff.member(address)
    return member is not None and bool(staff & set(member.addresses))


def order_reply(
    sheet: CaseSheet,
    text: str,
    *,
    cause: str,
    source: str | None = None,
    attachments: tuple[str, ...] = (),
    heading: str = "",
) -> Said:
    """Queue the mail to the employee, held for the reply delay of the case's risk.

    ``source`` is the stored mail that the attachments lie in; ``heading`` a code of words that
    stand above the text.
    """
    case, house = sheet.case, sheet.house
    due_at = sheet.now + house.replies.delay.get(case.risk, _NO_DELAY)
    fields: dict[str, object] = {"text": scrub(text).strip(), "by": sheet.member.email}
    if attachments and source is not None:
        fields |= {"attached_from": source, "attachments": list(attachments)}
    if heading:
        fields["heading"] = heading
    sheet.mails.append(
        to_requester(case, house, sheet.dossier, cause=cause, due_at=due_at, fields=fields)
    )
    sheet.note(EventKind.REPLY_ORDERED, cause=cause, due=due_at.isoformat())
    sheet.change_record(has_answer=True)
    locale = house.locale_of(sheet.member.email)
    when = words.say_clock(due_at, zone=house.zone, locale=locale)
    return done("reply_ordered", when=when)


def to_requester(
    case: Case,
    house: House,
    dossier: Dossier,
    *,
    cause: str,
    due_at: datetime,
    fields: Mapping[str, object],
    auto_submitted: str | None = None,
) -> MailOrder:
    """A mail to the employee that joins the thread they know, wherever they read it.

    Gmail splits a thread whose subject changes, Outlook and Apple Mail follow References: so
    where their subject may be echoed it is, and the chain of ids is always complete.
    """
    known = house.directory.find(case.requester)
    last = dossier.last_received
    subject = None
    if last is not None and last.subject and last.is_verified and may_echo(case) and known:
        subject = f"Re: {without_answers(last.subject)}"
    references = last.references if last else ()
    return MailOrder(
        template=Template.REPLY,
        purpose="reply",
        cause=cause,
        recipient=case.requester,
        recipient_name=known.name if known else None,
        audience=Audience.REQUESTER if known else Audience.EXTERNAL,
        reply_purpose=Purpose.REPLY,
        lane=Lane.PEOPLE,
        due_at=due_at,
        subject=subject,
        in_reply_to=last.message_id if last else None,
        references=references,
        locale=house.locale_of(case.requester),
        auto_submitted=auto_submitted,
        fields=fields,
    )


def may_echo(case: Case) -> bool:
    """Whether a subject of theirs may stand in a mail about this case."""
    return case.case_class in (CaseClass.LOW, CaseClass.MODERATE) and not case.risk.is_urgent
