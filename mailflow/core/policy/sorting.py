"""A mail through the rules: what it is about, by its words and its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.mail.message import Kind
from mailflow.core.policy.rule_facts import facts_for_rules
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import Claim, ThreadPosition

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.mail.message import Message
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import Alias, House
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.facts import MailFacts


def classify_arrival(arrival: Arrival, house: House, thread: ThreadPosition) -> Classification:
    """What was foreseen of the mail, where nothing that the rules look at is another now."""
    foreseen = arrival.foreseen
    if (
        foreseen is not None
        and foreseen.message is arrival.message
        and foreseen.house is house
        and thread is ThreadPosition.NEW
        and arrival.claim is None
    ):
        return foreseen.found
    facts = facts_of_arrival(
        arrival.message,
        house,
        alias=arrival.alias,
        thread=thread,
        received_at=arrival.received_at,
        claim=arrival.claim,
    )
    return classify(house.bundle, facts)


def facts_of_arrival(
    message: Message,
    house: House,
    *,
    alias: Alias,
    thread: ThreadPosition,
    received_at: datetime,
    claim: Claim | None = None,
) -> MailFacts:
    """What the rules are shown of a mail that came in by ``alias``."""
    return facts_for_rules(
        message,
        house,
        alias=alias.address,
        thread=thread,
        received_at=received_at,
        claim=claim or _claim_of_mailbox(alias, message, thread),
    )


def _claim_of_mailbox(alias: Alias, message: Message, thread: ThreadPosition) -> Claim | None:
    """A mailbox may stand for one matter; what machines send there does not."""
    category = alias.default_category
    if category is None or thread is ThreadPosition.REPLY or message.kind is not Kind.PERSON:
        return None
    return Claim(f"mailbox {alias.name}", category, is_fallback=True)
