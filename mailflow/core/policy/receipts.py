"""The one receipt that a staff mail gets, in the words of its sender's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.case_sheet import Said, refused
from mailflow.core.policy.decision import Decision, Disposition
from mailflow.core.policy.mails import give_receipt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailflow.core.case.case import Case
    from mailflow.core.case.command_grammar import Instructions
    from mailflow.core.case.people import StaffMember
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House


def find_mistakes(arrival: Arrival, read: Instructions) -> tuple[Said, ...]:
    """Why nothing of this mail may be done. Where its two texts say different things nobody knows
    which of them the writer saw.
    """
    if arrival.message.texts_differ:
        return (refused("texts_differ"),)
    return tuple(
        refused(mistake.code, line=str(mistake.line), **mistake.facts) for mistake in read.mistakes
    )


def receipt_fields(
    lines: Sequence[Said], *, locale: str, transcript: str = "", actions: Sequence[str] = ()
) -> dict[str, object]:
    fields: dict[str, object] = {
        "lines": [
            {"ok": one.is_done, "text": say_receipt(one.code, one.facts, locale)} for one in lines
        ]
    }
    if transcript:
        fields["transcript"] = transcript
    if actions:
        fields["actions"] = list(actions)
    return fields


def receipt_about(
    arrival: Arrival,
    case: Case,
    house: House,
    *,
    member: StaffMember,
    lines: Sequence[Said],
    transcript: str = "",
    actions: Sequence[str] = (),
) -> MailOrder:
    """A receipt in a case."""
    locale = house.locale_of(member.email)
    fields = receipt_fields(lines, locale=locale, transcript=transcript, actions=actions)
    return give_receipt(arrival, case, house, to=member.email, fields=fields)


def tell_of_expiry(arrival: Arrival, case: Case, house: House, *, member: StaffMember) -> Decision:
    """To staff who answer a mail of a case that ended long ago: nothing was done, and this mail
    has an address that works.
    """
    ended = (case.ended_at or arrival.now).astimezone(house.zone).date()
    line = refused("address_expired", ref=case.ref, date=ended.isoformat())
    mail = receipt_about(arrival, case, house, member=member, lines=(line,), actions=("status",))
    return Decision(disposition=Disposition.COMMAND, reason=line.code, case=case, mails=(mail,))


def answer_outside(
    arrival: Arrival, house: House, *, member: StaffMember, lines: Sequence[Said]
) -> MailOrder:
    """A receipt that belongs to no case: nothing in it tells of one that the sender has no
    business with.
    """
    locale = house.locale_of(member.email)
    return _outside(
        arrival,
        house,
        member,
        template=Template.RECEIPT,
        purpose="receipt",
        fields=receipt_fields(lines, locale=locale),
    )


def challenge(arrival: Arrival, house: House, *, member: StaffMember) -> MailOrder:
    """A question to the address in the directory: an answer to it lets the held mail through."""
    return _outside(
        arrival,
        house,
        member,
        template=Template.CHALLENGE,
        purpose="challenge",
        fields={"received_at": arrival.received_at.isoformat()},
    )


def _outside(
    arrival: Arrival,
    house: House,
    member: StaffMember,
    *,
    template: Template,
    purpose: str,
    fields: dict[str, object],
) -> MailOrder:
    is_challenge = template is Template.CHALLENGE
    return MailOrder(
        template=template,
        purpose=purpose,
        cause=arrival.cause,
        recipient=member.email,
        recipient_name=member.name,
        audience=Audience.STAFF,
        reply_purpose=Purpose.CONFIRM if is_challenge else Purpose.NOTE,
        lane=Lane.PEOPLE,
        due_at=arrival.now,
        in_reply_to=None if is_challenge else arrival.message.message_id,
        references=() if is_challenge else arrival.message.references,
        locale=house.locale_of(member.email),
        auto_submitted="auto-replied",
        fields={**fields, "mailbox": arrival.alias.name, "held": arrival.inbound_id},
    )
