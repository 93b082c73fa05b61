"""What to do with a received mail, in a fixed order: the first step that knows answers.

copy of a mail we have -> delivery status notification -> automatic or list mail -> torn between
two cases -> staff's own address -> somebody else's address -> participant -> new case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.reply_address import Audience
from mailflow.core.mail.authentication import may_command
from mailflow.core.mail.message import Kind
from mailflow.core.mail.treatment import Speech, Treatment, decide_by_table
from mailflow.core.policy.decision import Arrival, Decision, Disposition, Situation, Thread
from mailflow.core.policy.forwarding import original_of, say_forwarded
from mailflow.core.policy.joining import add_note, append_reply, note_automatic, note_bounce
from mailflow.core.policy.opening import open_case
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import ThreadPosition
from mailflow.core.policy.rules.mail_facts import facts_of_message, sender_of_message

if TYPE_CHECKING:
    from mailflow.core.case.case_file import CaseFile
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
    if thread.duplicate_of is not None:
        return Decision(disposition=Disposition.DUPLICATE, reason="same_content")
    kind = arrival.message.kind
    if kind is Kind.BOUNCE and thread.bounced is not None and thread.file is not None:
        bounced = thread.bounced
        return note_bounce(
            arrival, thread.file, house, purpose=bounced.purpose, recipient=bounced.recipient
        )
    if kind is not Kind.PERSON:
        return _handle_automatic(arrival, thread, house, situation)
    if house.is_ours(arrival.sender):
        return _open_unanswered(arrival, house, situation, reason="from_our_own_address")
    return _join(arrival, thread, house, situation) or _open(arrival, house, situation)


def _handle_automatic(
    arrival: Arrival, thread: Thread, house: House, situation: Situation
) -> Decision:
    """Never answered; but a sensitive notice from a machine still opens a case."""
    disposition = _AUTOMATIC[arrival.message.kind]
    if thread.file is not None:
        return note_automatic(arrival, thread.file, disposition)
    if arrival.message.kind in (Kind.BOUNCE, Kind.REPORT):
        return Decision(disposition=disposition)
    found = _classify(arrival, house, ThreadPosition.NEW)
    if _speaks_of_something_sensitive(found, house):
        return open_case(arrival, found, house, situation, no_acknowledgement="automatic_mail")
    return Decision(disposition=disposition)


def _speaks_of_something_sensitive(found: Classification, house: House) -> bool:
    named = {found.category, *found.secondary, *(c.category for c in found.candidates)}
    categories = house.bundle.categories
    return any(name in categories and categories[name].sensitive for name in named)


def _join(arrival: Arrival, thread: Thread, house: House, situation: Situation) -> Decision | None:
    """What a mail with a way into a case does there; None when it opens a case of its own."""
    if thread.is_torn:
        return _hold(arrival, thread, because="two_cases")
    file = thread.file
    if file is None:
        return None
    speech = _speech(arrival, thread, file, house)
    if speech is None:
        return None
    treatment = decide_by_table(
        speech,
        arrival.verdict.level,
        commands_allowed=may_command(arrival.verdict, house.authentication),
    )
    if treatment in _TRUSTED or treatment is Treatment.APPEND_UNVERIFIED:
        if speech is Speech.STAFF_OWN_TOKEN:
            return add_note(arrival, file, house)
        return append_reply(
            arrival,
            file,
            _classify(arrival, house, ThreadPosition.REPLY),
            house,
            situation,
            is_verified=treatment in _TRUSTED,
        )
    return _hold(arrival, thread, because=str(treatment))


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


def _hold(arrival: Arrival, thread: Thread, *, because: str) -> Decision:
    """Put aside, whole, for somebody to accept or reject."""
    case = thread.file.case if thread.file else None
    event = Event(
        EventKind.MAIL_HELD,
        arrival.now,
        actor=arrival.sender or "unknown",
        data={"message": arrival.inbound_id, "because": because},
    )
    return Decision(
        disposition=Disposition.HELD,
        reason=because,
        case=case,
        held_because=because,
        events=(event,) if case else (),
    )


def _open(arrival: Arrival, house: House, situation: Situation) -> Decision:
    original = original_of(arrival, house)
    if original is None:
        return _open_own(arrival, house, situation)
    opened = _open_own(original, house, situation)
    return say_forwarded(opened, arrival, original, house)


def _open_own(arrival: Arrival, house: House, situation: Situation) -> Decision:
    known = house.directory.find(arrival.sender) or house.staff.member(arrival.sender)
    speech = Speech.NEW_FROM_EMPLOYEE if known else Speech.NEW_FROM_OUTSIDER
    treatment = decide_by_table(speech, arrival.verdict.level, commands_allowed=True)
    return open_case(
        arrival,
        _classify(arrival, house, ThreadPosition.NEW),
        house,
        situation,
        no_acknowledgement=_why_not_acknowledged(arrival, treatment),
    )


def _why_not_acknowledged(arrival: Arrival, treatment: Treatment) -> str | None:
    if not arrival.message.ack_ok:
        return "may_not_be_answered"
    if treatment is Treatment.CASE_FLAGGED_NO_ACK:
        return "sender_not_genuine"
    if treatment is Treatment.CASE_NO_ACK:
        return "sender_unknown"
    return None if arrival.acks_left else "over_budget"


def _open_unanswered(
    arrival: Arrival, house: House, situation: Situation, *, reason: str
) -> Decision:
    found = _classify(arrival, house, ThreadPosition.NEW)
    return open_case(arrival, found, house, situation, no_acknowledgement=reason)


def _classify(arrival: Arrival, house: House, thread: ThreadPosition) -> Classification:
    calendars = {"": house.sla.calendars.get("standard"), **house.sla.calendars}
    facts = facts_of_message(
        arrival.message,
        sender=sender_of_message(arrival.message, house.directory),
        alias=arrival.alias.address,
        thread=thread,
        received_at=arrival.received_at.astimezone(house.zone),
        working_hours={
            name: calendar.working_time.is_open(arrival.received_at)
            for name in house.bundle.calendars
            if (calendar := calendars.get(name)) is not None
        },
    )
    return classify(house.bundle, facts)
