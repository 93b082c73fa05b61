"""What to do with a received mail, in a fixed order: the first step that knows answers.

copy of a mail we have -> delivery status notification -> portal -> automatic or list mail -> torn
between two cases -> staff's own address -> somebody else's address -> participant -> new case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.case.case import State
from mailflow.core.case.reply_address import Audience
from mailflow.core.mail.authentication import SenderLevel, may_command
from mailflow.core.mail.message import Kind
from mailflow.core.mail.treatment import Speech, Treatment, decide_by_table
from mailflow.core.policy.absence import hear_absence
from mailflow.core.policy.acknowledging import why_not_acknowledged
from mailflow.core.policy.case_sheet import refused
from mailflow.core.policy.decision import (
    Acceptance,
    Arrival,
    Confirmation,
    Decision,
    Disposition,
    Ending,
    Situation,
    Thread,
)
from mailflow.core.policy.explain_by_mail import explain_by_mail
from mailflow.core.policy.forwarding import original_of, say_forwarded
from mailflow.core.policy.hearing import hear_long_after, hear_participant
from mailflow.core.policy.held_mail import hold_mail
from mailflow.core.policy.joining import note_automatic, note_bounce
from mailflow.core.policy.opening import open_case
from mailflow.core.policy.parting import part_from_case
from mailflow.core.policy.portal import read_portal_mail, take_portal_mail
from mailflow.core.policy.receipts import answer_outside, tell_of_expiry
from mailflow.core.policy.rules.facts import ThreadPosition
from mailflow.core.policy.sorting import classify_arrival
from mailflow.core.policy.staff_mail import handle_staff_mail, hold_for_confirmation
from mailflow.core.policy.staff_without_case import handle_staff_without_case
from mailflow.core.policy.standing_in import cover_if_needed

if TYPE_CHECKING:
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.decision import SpentAddress
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.classification import Classification

_AUTOMATIC = {
    Kind.AUTO_REPLY: Disposition.AUTO_REPLY,
    Kind.AUTO_GENERATED: Disposition.AUTO_GENERATED,
    Kind.LIST: Disposition.LIST,
    Kind.REPORT: Disposition.REPORT,
    Kind.BOUNCE: Disposition.BOUNCE,
}
_TRUSTED = (Treatment.DO, Treatment.APPEND)


def triage(arrival: Arrival, thread: Thread, house: House, situation: Situation) -> Decision:
    """The decision about one mail. Pure: everything it looks at is in its arguments."""
    decision = cover_if_needed(
        _decide(arrival, thread, house, situation),
        thread.file,
        house,
        situation.workload,
        now=arrival.now,
        cause=arrival.cause,
        by=arrival.sender,
    )
    return part_from_case(
        decision, thread.file, house, situation, now=arrival.now, cause=arrival.cause
    )


def _decide(arrival: Arrival, thread: Thread, house: House, situation: Situation) -> Decision:
    if thread.duplicate_of is not None:
        return Decision(disposition=Disposition.DUPLICATE, reason="same_content")
    kind = arrival.message.kind
    if thread.confirms is not None:
        return _confirm(arrival, thread.confirms, house)
    if kind is Kind.BOUNCE and thread.bounced is not None and thread.file is not None:
        bounced = thread.bounced
        return note_bounce(
            arrival, thread.file, house, purpose=bounced.purpose, recipient=bounced.recipient
        )
    by_portal = _from_portal(arrival, thread, house, situation)
    return by_portal or _hear(arrival, thread, house, situation)


def _from_portal(
    arrival: Arrival, thread: Thread, house: House, situation: Situation
) -> Decision | None:
    if thread.token is not None or thread.is_torn:
        return None
    portal = read_portal_mail(arrival, house)
    if portal is None:
        return None
    return take_portal_mail(portal, arrival, thread, house, situation)


def _hear(arrival: Arrival, thread: Thread, house: House, situation: Situation) -> Decision:
    if arrival.message.kind is not Kind.PERSON:
        return _handle_automatic(arrival, thread, house, situation)
    if house.is_ours(arrival.sender):
        return _open_unanswered(arrival, house, situation, reason="from_our_own_address")
    turned_back = _turn_back(arrival, thread, house, situation)
    joined = turned_back or _join(arrival, thread, house, situation)
    return joined or _open(arrival, house, situation)


def _handle_automatic(
    arrival: Arrival, thread: Thread, house: House, situation: Situation
) -> Decision:
    """Never answered; but a sensitive notice from a machine still opens a case."""
    disposition = _AUTOMATIC[arrival.message.kind]
    member = house.staff.member(arrival.sender)
    if member is not None and disposition is Disposition.AUTO_REPLY:
        absence = hear_absence(arrival, thread.file, member, house, situation)
        if absence is not None:
            return absence
    if thread.file is not None:
        return note_automatic(arrival, thread.file, disposition)
    if arrival.message.kind in (Kind.BOUNCE, Kind.REPORT):
        return Decision(disposition=disposition)
    found = classify_arrival(arrival, house, ThreadPosition.NEW)
    if _speaks_of_something_sensitive(found, house):
        return open_case(arrival, found, house, situation, no_acknowledgement="automatic_mail")
    return Decision(disposition=disposition)


def _speaks_of_something_sensitive(found: Classification, house: House) -> bool:
    named = {found.category, *found.secondary, *(c.category for c in found.candidates)}
    categories = house.bundle.categories
    return any(name in categories and categories[name].sensitive for name in named)


def _confirm(arrival: Arrival, confirms: Confirmation, house: House) -> Decision:
    """An answer to a challenge, by a person from the address that it went to, lets the held mail
    through; anything else changes nothing.
    """
    member = house.staff.member(confirms.address)
    is_theirs = member is not None and arrival.sender in member.addresses
    genuine = arrival.verdict.level is not SenderLevel.V0 and arrival.message.kind is Kind.PERSON
    if not is_theirs or not genuine:
        because = "not_confirmed"
        return Decision(disposition=Disposition.HELD, reason=because, held_because=because)
    return Decision(
        disposition=Disposition.COMMAND,
        reason="confirmed",
        releases=(confirms.inbound_id,),
        confirmed_handle=confirms.handle,
    )


def _join(arrival: Arrival, thread: Thread, house: House, situation: Situation) -> Decision | None:
    """What a mail with a way into a case does there; None when it opens a case of its own."""
    if thread.is_torn and arrival.accepted is None:
        return hold_mail(arrival, thread, house, because="two_cases")
    file = thread.file
    if file is None:
        return None
    speech = _speech(arrival, thread, file, house)
    if speech is None:
        return None
    treatment = _treat(speech, arrival, house)
    if speech is Speech.STAFF_OWN_TOKEN:
        return _hear_staff(arrival, thread, treatment, house, situation)
    if treatment in _TRUSTED or treatment is Treatment.APPEND_UNVERIFIED:
        return hear_participant(
            arrival,
            file,
            classify_arrival(arrival, house, ThreadPosition.REPLY),
            house,
            situation,
            is_verified=treatment in _TRUSTED,
        )
    return hold_mail(arrival, thread, house, because=treatment)


def _turn_back(
    arrival: Arrival, thread: Thread, house: House, situation: Situation
) -> Decision | None:
    """What a mail to a reply address that routes no more comes to; None where it is like a mail
    without one.

    What staff write on duty opens nothing, nor does anything to an address of a key that was
    revoked: it waits for the owner. Whose own case ended long ago begins a new one, staff too.
    """
    spent = thread.spent
    if spent is None:
        return None
    member = house.staff.member(arrival.sender)
    is_theirs = spent.holder.address in (member.addresses if member else (arrival.sender,))
    is_on_duty = spent.holder.audience is Audience.STAFF or not is_theirs
    if member is not None and is_on_duty:
        return _turn_back_staff(arrival, spent, member, house)
    if spent.ending is Ending.KEY_REVOKED:
        return hold_mail(arrival, Thread(file=spent.file), house, because=Treatment.HOLD_FOR_OWNER)
    if spent.ending is not Ending.EXPIRED or not (is_theirs and spent.holder.takes_part):
        return None
    if arrival.verdict.level is SenderLevel.V0:
        return None
    found = classify_arrival(arrival, house, ThreadPosition.NEW)
    return hear_long_after(arrival, spent.file, found, house, situation)


def _turn_back_staff(
    arrival: Arrival, spent: SpentAddress, member: StaffMember, house: House
) -> Decision:
    """Whoever may still work on the case is told how, whoever may not hears what everybody
    without access hears.
    """
    file = spent.file
    thread = Thread(file=file, spent=spent)
    held = hold_mail(arrival, thread, house, because=Treatment.HOLD_AND_ALERT)
    if not may_command(arrival.verdict, house.authentication):
        return held
    today = arrival.now.astimezone(house.zone).date()
    has_access = may(house.person(member.email), file.case, Action.WRITE, today=today).allowed
    if has_access and spent.ending is Ending.EXPIRED and spent.holder.address in member.addresses:
        return tell_of_expiry(arrival, file.case, house, member=member)
    if has_access:
        return held
    answer = answer_outside(arrival, house, member=member, lines=(refused("no_access"),))
    return replace(held, answers=(answer,))


def _hear_staff(
    arrival: Arrival, thread: Thread, treatment: Treatment, house: House, situation: Situation
) -> Decision:
    """A staff member at the address that is theirs: done, asked back, or held."""
    member = house.staff.member(arrival.sender)
    if member is not None and thread.file is not None and thread.token is not None:
        if treatment is Treatment.DO:
            purpose = thread.token.purpose
            return handle_staff_mail(arrival, thread.file, purpose, member, house, situation)
        if treatment is Treatment.HOLD_AND_CHALLENGE:
            return hold_for_confirmation(arrival, thread.file, member, house, because=treatment)
    return hold_mail(arrival, thread, house, because=treatment)


def _treat(speech: Speech, arrival: Arrival, house: House) -> Treatment:
    """By the table; what a person let through after it was held is done or appended."""
    if arrival.accepted is Acceptance.CONFIRMED:
        return Treatment.DO
    if arrival.accepted is Acceptance.BY_OWNER:
        return Treatment.APPEND_UNVERIFIED
    return decide_by_table(
        speech,
        arrival.verdict.level,
        commands_allowed=may_command(arrival.verdict, house.authentication),
    )


def _speech(arrival: Arrival, thread: Thread, file: CaseFile, house: House) -> Speech | None:
    member = house.staff.member(arrival.sender)
    addresses = member.addresses if member else (arrival.sender,)
    if thread.token is not None:
        holder = thread.token.participant
        if holder.address not in addresses:
            return Speech.STAFF_FOREIGN_TOKEN if member else Speech.FOREIGN_TOKEN
        is_staff = holder.audience is Audience.STAFF
        return Speech.STAFF_OWN_TOKEN if is_staff else Speech.EMPLOYEE_OWN_TOKEN
    participant = next((p for a in addresses if (p := file.participant(a))), None)
    if participant is None or not participant.takes_part:
        return None
    if participant.audience is Audience.STAFF:
        # A staff member without an own reply address: nothing is done in a case on a
        # Message-ID's word alone.
        return Speech.STAFF_FOREIGN_TOKEN if file.case.state is State.CLOSED else None
    return Speech.PARTICIPANT_REFERENCE


def _open(arrival: Arrival, house: House, situation: Situation) -> Decision:
    member = house.staff.member(arrival.sender)
    if member is not None:
        decision = _take_from_staff(arrival, member, house, situation)
        if decision is not None:
            return decision
    original = original_of(arrival, house)
    if original is None:
        return _open_own(arrival, house, situation)
    opened = _open_own(original, house, situation)
    return say_forwarded(opened, arrival, original, house)


def _open_own(arrival: Arrival, house: House, situation: Situation) -> Decision:
    return open_case(
        arrival,
        classify_arrival(arrival, house, ThreadPosition.NEW),
        house,
        situation,
        no_acknowledgement=why_not_acknowledged(arrival, house),
    )


def _take_from_staff(
    arrival: Arrival, member: StaffMember, house: House, situation: Situation
) -> Decision | None:
    """Without a token of their own; None for a question of theirs that is surely theirs."""
    treatment = _treat(Speech.STAFF_NO_TOKEN, arrival, house)
    if treatment is Treatment.HOLD_AND_CHALLENGE:
        return hold_for_confirmation(arrival, None, member, house, because=treatment)
    if treatment is Treatment.HOLD_AND_ALERT:
        return hold_mail(arrival, Thread(), house, because=treatment)
    explained = explain_by_mail(arrival, member, house)
    return explained or handle_staff_without_case(arrival, member, house, situation)


def _open_unanswered(
    arrival: Arrival, house: House, situation: Situation, *, reason: str
) -> Decision:
    found = classify_arrival(arrival, house, ThreadPosition.NEW)
    return open_case(arrival, found, house, situation, no_acknowledgement=reason)
