"""The confidentiality training of HR staff: when it is renewed by mail, and what a consent does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail.words.training import say_training
from mailflow.core.policy.case_sheet import Said, done, refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from mailflow.core.case.people import Staff, StaffMember
    from mailflow.core.policy.house import House

LASTS = timedelta(days=365)
ASKED_BEFORE = timedelta(days=30)


def is_renewal_due(member: StaffMember, *, today: date) -> bool:
    """Whether it runs out within a month, or has. Who never had one is not asked: somebody trains
    them first, and an admin writes it down.
    """
    until = member.training_until
    return until is not None and until <= today + ASKED_BEFORE


def with_renewals(staff: Staff, renewals: Mapping[str, date]) -> Staff:
    """Staff with what they consented to by mail since; the later day counts. ``renewals`` are
    last days, by first address.
    """
    people = tuple(
        replace(one, training_until=renewals[one.email])
        if one.training_until is not None
        and one.email in renewals
        and one.training_until < renewals[one.email]
        else one
        for one in staff.people
    )
    return replace(staff, people=people)


def ask_for_renewal(member: StaffMember, house: House, *, now: datetime) -> MailOrder:
    """The rules themselves, to be agreed to by reply."""
    locale = house.locale_of(member.email)
    until = member.training_until or now.date()
    return MailOrder(
        template=Template.ALERT,
        purpose="training",
        cause=f"training:{until}",
        recipient=member.email,
        recipient_name=member.name,
        audience=Audience.STAFF,
        reply_purpose=Purpose.NOTE,
        lane=Lane.PEOPLE,
        due_at=now,
        locale=locale,
        fields={"what": say_training(until, locale), "actions": ["agree"]},
    )


def renew(member: StaffMember, *, today: date) -> tuple[date | None, Said]:
    """The new last day, and what the receipt says; no day when nothing was to be agreed to."""
    if not is_renewal_due(member, today=today):
        return None, refused("agree_not_asked")
    until = today + LASTS
    return until, done("training_renewed", date=until.isoformat())
