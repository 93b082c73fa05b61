"""Content-free word to staff about whose a case is: accountable, relieved, not reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail.words.notices import say_notice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.policy.house import House

RELIEVED = "relieved"
"""The one purpose that also reaches people whom the case is closed to."""


def tell_accountable(case: Case, house: House, *, to: str, now: datetime, cause: str) -> MailOrder:
    """To whoever answers inside for what a provider does."""
    return _notice(case, house, code="accountable", to=to, now=now, cause=cause)


def tell_relieved(case: Case, house: House, *, to: str, now: datetime, cause: str) -> MailOrder:
    """In the place of everything they had: the reference, and that it is theirs no more."""
    return _notice(case, house, code=RELIEVED, to=to, now=now, cause=cause)


def tell_of_exposure(
    case: Case, house: House, *, count: int, now: datetime, cause: str
) -> MailOrder:
    """To the owner: somebody who is kept out had mails of the case; who and which is on record."""
    facts = {"count": str(count)}
    return _notice(case, house, code="exposure", to=case.owner, now=now, cause=cause, facts=facts)


def tell_of_gap(case: Case, house: House, *, target: str, now: datetime, cause: str) -> MailOrder:
    """An escalation target that is no known person was not written to."""
    to = house.staff.fallback_owner
    if house.person(to).addresses & (case.excluded | case.suspected):
        to = house.staff.independent_contact
    return _notice(
        case, house, code="gap", to=to, now=now, cause=f"{cause}:{target}", facts={"target": target}
    )


def _notice(
    case: Case,
    house: House,
    *,
    code: str,
    to: str,
    now: datetime,
    cause: str,
    facts: Mapping[str, str] | None = None,
) -> MailOrder:
    member = house.staff.member(to)
    locale = house.locale_of(to)
    return MailOrder(
        template=Template.ALERT,
        purpose=code,
        cause=cause,
        recipient=member.email if member else to,
        recipient_name=member.name if member else None,
        audience=Audience.STAFF if member else Audience.EXTERNAL,
        reply_purpose=Purpose.NOTE,
        lane=Lane.URGENT if case.risk.is_urgent else Lane.PEOPLE,
        due_at=now,
        locale=locale,
        fields={"what": say_notice(code, locale, facts or {})},
    )
