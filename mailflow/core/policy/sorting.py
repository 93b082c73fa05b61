"""A mail through the rules: what it is about, by its words and its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.policy.rule_facts import facts_for_rules
from mailflow.core.policy.rules.classify import classify

if TYPE_CHECKING:
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.facts import ThreadPosition


def classify_arrival(arrival: Arrival, house: House, thread: ThreadPosition) -> Classification:
    facts = facts_for_rules(
        arrival.message,
        house,
        alias=arrival.alias.address,
        thread=thread,
        received_at=arrival.received_at,
    )
    return classify(house.bundle, facts)
