"""What the rules are shown of one mail in this house: its words, its sender, its hours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.mail_facts import facts_of_message, sender_of_message

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.mail.message import Message
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.facts import Claim, MailFacts, ThreadPosition


def facts_for_rules(
    message: Message,
    house: House,
    *,
    alias: str,
    thread: ThreadPosition,
    received_at: datetime,
    claim: Claim | None = None,
) -> MailFacts:
    """``alias`` is the address that took the mail in, ``received_at`` the server's receipt."""
    calendars = {"": house.sla.calendars.get("standard"), **house.sla.calendars}
    facts = facts_of_message(
        message,
        sender=sender_of_message(message, house.directory),
        alias=alias,
        thread=thread,
        received_at=received_at.astimezone(house.zone),
        working_hours={
            name: calendar.working_time.is_open(received_at)
            for name in house.bundle.calendars
            if (calendar := calendars.get(name)) is not None
        },
    )
    return replace(facts, claim=claim)
