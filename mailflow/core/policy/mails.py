"""The mails a case gives rise to, as orders. What they may say is decided when they render."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail.authentication import SenderLevel

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
        subject=f"Re: {_without_re(message.subject)}" if may_echo else None,
        in_reply_to=message.message_id,
        references=message.references,
        locale=house.locale_of(arrival.sender),
        auto_submitted="auto-replied",
    )


def _without_re(subject: str) -> str:
    return subject[3:].lstrip() if subject[:3].casefold() == "re:" else subject


def notify(
    arrival: Arrival, case: Case, house: House, *, to: str, fields: Mapping[str, object]
) -> MailOrder:
    """The message for the person who answers it."""
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
) -> MailOrder:
    member = house.staff.member(to)
    return MailOrder(
        template=template,
        purpose=purpose,
        cause=cause,
        recipient=member.email if member else to,
        recipient_name=member.name if member else None,
        audience=Audience.STAFF if member else Audience.EXTERNAL,
        reply_purpose=Purpose.NOTE,
        lane=Lane.URGENT if urgent else _lane(case, Lane.PEOPLE),
        due_at=now,
        shows=shows,
        locale=house.locale_of(to),
        fields=fields or {},
    )


def _lane(case: Case, otherwise: Lane) -> Lane:
    return Lane.URGENT if case.risk.is_urgent else otherwise
