"""A mail through the rules: what it is about, by its words and its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.mail_facts import facts_of_message, sender_of_message

if TYPE_CHECKING:
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.facts import ThreadPosition


def classify_arrival(arrival: Arrival, house: House, thread: ThreadPosition) -> Classification:
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
