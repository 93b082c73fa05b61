"""A mail through the rules: what it is about, by its words and its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.mail.message import Kind
from mailflow.core.policy.rule_facts import facts_for_rules
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import Claim, ThreadPosition

if TYPE_CHECKING:
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House
    from mailflow.core.policy.rules.classification import Classification


def classify_arrival(arrival: Arrival, house: House, thread: ThreadPosition) -> Classification:
    facts = facts_for_rules(
        arrival.message,
        house,
        alias=arrival.alias.address,
        thread=thread,
        received_at=arrival.received_at,
        claim=arrival.claim or _claim_of_mailbox(arrival, thread),
    )
    return classify(house.bundle, facts)


def _claim_of_mailbox(arrival: Arrival, thread: ThreadPosition) -> Claim | None:
    """A mailbox may stand for one matter; what machines send there does not."""
    category = arrival.alias.default_category
    if (
        category is None
        or thread is ThreadPosition.REPLY
        or arrival.message.kind is not Kind.PERSON
    ):
        return None
    return Claim(f"mailbox {arrival.alias.name}", category, is_fallback=True)
