"""Word to the lead of a case's team, or to the next person up who may hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.access import Action, may
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.escalation import find_people_above
from mailflow.core.policy.mails import send_alert

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.mail_order import MailOrder
    from mailflow.core.policy.house import House


def tell_lead(
    case: Case, house: House, *, code: str, cause: str, now: datetime
) -> tuple[MailOrder, ...]:
    """``code`` is of the receipts' words. Nothing to a lead who owns the case: they know."""
    team = house.staff.teams.get(case.team or "")
    lead = house.staff.member(team.lead) if team else None
    if lead is not None and case.owner in lead.addresses:
        return ()
    today = now.astimezone(house.zone).date()
    told: tuple[str, ...] = (lead.email,) if lead else ()
    if not told or not may(house.person(told[0]), case, Action.BE_TOLD, today=today).allowed:
        told = find_people_above(case, house, today=today)
    return tuple(
        send_alert(
            case,
            house,
            to=address,
            cause=cause,
            now=now,
            fields={
                "what": say_receipt(code, {}, house.locale_of(address)),
                "actions": ["take", "assign"],
            },
        )
        for address in told
        if address != case.owner
    )
