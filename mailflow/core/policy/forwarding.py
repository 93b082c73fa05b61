"""A member of HR forwards an employee's mail: the case is the employee's, never the forwarder's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.events import Event, EventKind
from mailflow.core.case.people import normal_address
from mailflow.core.mail.authentication import Reason, SenderLevel, SenderVerdict, may_command
from mailflow.core.mail.compose import is_sendable
from mailflow.core.policy.mails import receipt

if TYPE_CHECKING:
    from mailflow.core.mail.message import Message
    from mailflow.core.policy.decision import Arrival, Decision
    from mailflow.core.policy.house import House


def original_of(arrival: Arrival, house: House) -> Arrival | None:
    """The mail as its first writer sent it, when HR staff forwarded it; None for anything else.

    Only the block of the forward says who wrote; the first address in a text is never guessed.
    The forwarder vouches for the words, nobody for the sender: the level is V1.
    """
    message = unwrap_forward(arrival.message)
    if message is None or message.sender is None:
        return None
    if house.staff.member(arrival.sender) is None or not _is_believed(arrival, house):
        return None
    writer = normal_address(message.sender.address)
    if not is_sendable(writer) or house.is_ours(writer) or writer == arrival.sender:
        return None
    known = house.directory.find(writer)
    verdict = SenderVerdict(
        SenderLevel.V1, known.email if known else writer, Reason.NO_VERDICT, detail="forwarded"
    )
    message = replace(message, ack_ok=known is not None)
    return replace(arrival, message=message, verdict=verdict)


def unwrap_forward(message: Message) -> Message | None:
    """The mail inside a forward, as far as its block tells; it answers nothing, and nobody may
    answer it.
    """
    forwarded = message.forwarded
    if forwarded is None:
        return None
    return replace(
        message,
        message_id=None,
        in_reply_to=None,
        references=(),
        sender=forwarded.sender,
        to=forwarded.to,
        cc=forwarded.cc,
        date=forwarded.date,
        subject=forwarded.subject or "",
        text=forwarded.text,
        new_text=forwarded.text,
        signature=None,
        forwarded=None,
        ack_ok=False,
    )


def _is_believed(arrival: Arrival, house: House) -> bool:
    return may_command(arrival.verdict, house.authentication)


def say_forwarded(opened: Decision, arrival: Arrival, original: Arrival, house: House) -> Decision:
    """The decision for the original, with the forwarder's own lines as a note and a receipt."""
    case = opened.case
    member = house.staff.member(arrival.sender)
    if case is None or member is None:
        return opened
    note = arrival.message.new_text.strip()
    event = Event(
        EventKind.NOTE_ADDED,
        arrival.now,
        actor=member.email,
        data={"message": arrival.inbound_id, "forwarded": True},
    )
    word = receipt(
        case,
        house,
        to=member.email,
        cause=arrival.cause,
        now=arrival.now,
        lines=("forward_opened", "forward_note" if note else "forward_plain"),
    )
    return replace(
        opened,
        mails=(*opened.mails, word),
        events=(*opened.events, event),
        filed=original.message,
        note=note,
    )
