"""Content-free word to staff about whose a case is: accountable, relieved, not reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail.words.notices import say_notice

if TYPE_CHECKING:
    from mailflow.core.case.case import Case
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House

RELIEVED = "relieved"
"""The one purpose that also reaches people whom the case is closed to."""


def tell_accountable(case: Case, house: House, *, to: str, arrival: Arrival) -> MailOrder:
    """To whoever answers inside for what a provider does."""
    return _notice(case, house, code="accountable", to=to, arrival=arrival)


def tell_relieved(case: Case, house: House, *, to: str, arrival: Arrival) -> MailOrder:
    """In the place of everything they had: the reference, and that it is theirs no more."""
    return _notice(case, house, code=RELIEVED, to=to, arrival=arrival)


def tell_of_gap(case: Case, house: House, *, target: str, arrival: Arrival) -> MailOrder:
    """An escalation target that is no known person was not written to."""
    to = house.staff.fallback_owner
    if case.excluded | case.suspected and house.person(to).addresses & (
        case.excluded | case.suspected
    ):
        to = house.staff.independent_contact
    return _notice(case, house, code="gap", to=to, arrival=arrival, target=target)


def _notice(
    case: Case, house: House, *, code: str, to: str, arrival: Arrival, target: str = ""
) -> MailOrder:
    member = house.staff.member(to)
    locale = house.locale_of(to)
    return MailOrder(
        template=Template.ALERT,
        purpose=code,
        cause=f"{arrival.cause}:{target}" if target else arrival.cause,
        recipient=member.email if member else to,
        recipient_name=member.name if member else None,
        audience=Audience.STAFF if member else Audience.EXTERNAL,
        reply_purpose=Purpose.NOTE,
        lane=Lane.URGENT if case.risk.is_urgent else Lane.PEOPLE,
        due_at=arrival.now,
        locale=locale,
        fields={"what": say_notice(code, locale, target=target)},
    )
