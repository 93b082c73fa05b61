"""The mails a case gives rise to, as orders. What they may say is decided when they render."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.mail.subject_prefix import without_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House


def acknowledge(arrival: Arrival, case: Case, house: House) -> MailOrder:
    """The sender's receipt, in their own thread.

    Their subject is echoed only to a known sender at V2 or better in a low or moderate case: a
    changed subject splits threads in Gmail, an echo to anybody else is an amplifier.
    """
    message = arrival.message
    known = house.directory.find(arrival.sender)
    may_echo = (
        known is not None
        and arrival.verdict.level >= SenderLevel.V2
        and not case.risk.is_urgent
        and not case.case_class.is_sealed
        and bool(message.subject)
    )
    return MailOrder(
        template=Template.ACKNOWLEDGEMENT,
        purpose="acknowledgement",
        cause=arrival.cause,
        recipient=arrival.sender,
        recipient_name=known.name if known else None,
        audience=Audience.REQUESTER if known else Audience.EXTERNAL,
        reply_purpose=Purpose.REPLY,
        lane=_lane(case, Lane.PEOPLE),
        due_at=arrival.now,
        subject=f"Re: {without_answers(message.subject)}" if may_echo else None,
        in_reply_to=message.message_id,
        references=message.references,
        locale=house.locale_of(arrival.sender),
        auto_submitted="auto-replied",
    )


def notify(
    arrival: Arrival,
    case: Case,
    house: House,
    *,
    to: str,
    fields: Mapping[str, object],
    carries_message: bool = True,
) -> MailOrder:
    """The message for the person who answers it. Only where it carries words of the employee, and
    the house wants it for this risk, does a plain reply go back to them.
    """
    reaches = (
        carries_message
        and case.risk in house.replies.reach_employee
        and "maybe_forged" not in case.flags
        and case.requester == arrival.sender
    )
    return _to_staff(
        case,
        house,
        template=Template.NOTIFICATION,
        purpose="notification",
        cause=arrival.cause,
        to=to,
        now=arrival.now,
        shows=arrival.inbound_id,
        fields=fields,
        reply_purpose=Purpose.REPLY if reaches else Purpose.NOTE,
    )


def tell_of_escalation(
    case: Case, house: House, *, to: str, cause: str, now: datetime
) -> MailOrder:
    """Word to somebody above that a case must not wait."""
    return _to_staff(
        case,
        house,
        template=Template.ESCALATION,
        purpose="escalation",
        cause=cause,
        to=to,
        now=now,
        urgent=True,
    )


def receipt(
    case: Case, house: House, *, to: str, cause: str, now: datetime, lines: Sequence[str]
) -> MailOrder:
    """What became of a staff member's mail; ``lines`` are codes of words, never content."""
    return _to_staff(
        case,
        house,
        template=Template.RECEIPT,
        purpose="receipt",
        cause=cause,
        to=to,
        now=now,
        fields={"line_codes": list(lines)},
    )


def nudge(
    case: Case, house: House, *, to: str, cause: str, now: datetime, fields: Mapping[str, object]
) -> MailOrder:
    """A reminder of one clock."""
    return _to_staff(
        case,
        house,
        template=Template.NUDGE,
        purpose="nudge",
        cause=cause,
        to=to,
        now=now,
        fields=fields,
    )


def _to_staff(
    case: Case,
    house: House,
    *,
    template: Template,
    purpose: str,
    cause: str,
    to: str,
    now: datetime,
    shows: str | None = None,
    fields: Mapping[str, object] | None = None,
    urgent: bool = False,
    reply_purpose: Purpose = Purpose.NOTE,
) -> MailOrder:
    member = house.staff.member(to)
    return MailOrder(
        template=template,
        purpose=purpose,
        cause=cause,
        recipient=member.email if member else to,
        recipient_name=member.name if member else None,
        audience=Audience.STAFF if member else Audience.EXTERNAL,
        reply_purpose=reply_purpose if member else Purpose.NOTE,
        lane=Lane.URGENT if urgent else _lane(case, Lane.PEOPLE),
        due_at=now,
        shows=shows,
        locale=house.locale_of(to),
        fields=fields or {},
    )


def _lane(case: Case, otherwise: Lane) -> Lane:
    return Lane.URGENT if case.risk.is_urgent else otherwise


def give_receipt(
    arrival: Arrival, case: Case, house: House, *, to: str, fields: Mapping[str, object]
) -> MailOrder:
    """What a staff mail did, or why nothing: to its sender alone, in the thread of that mail."""
    order = _to_staff(
        case,
        house,
        template=Template.RECEIPT,
        purpose="receipt",
        cause=arrival.cause,
        to=to,
        now=arrival.now,
        fields=fields,
    )
    return replace(
        order,
        in_reply_to=arrival.message.message_id,
        references=arrival.message.references,
        auto_submitted="auto-replied",
    )


def send_alert(
    case: Case, house: House, *, to: str, cause: str, now: datetime, fields: Mapping[str, object]
) -> MailOrder:
    """Something in the case needs a look that no other mail speaks of."""
    return _to_staff(
        case,
        house,
        template=Template.ALERT,
        purpose="alert",
        cause=cause,
        to=to,
        now=now,
        fields=fields,
    )


def hand_over(
    case: Case,
    house: House,
    *,
    to: str,
    cause: str,
    now: datetime,
    shows: str | None,
    fields: Mapping[str, object],
) -> MailOrder:
    """Word to a new owner, with the newest message of the employee."""
    return _to_staff(
        case,
        house,
        template=Template.NOTIFICATION,
        purpose="notification",
        cause=cause,
        to=to,
        now=now,
        shows=shows,
        fields=fields,
    )
