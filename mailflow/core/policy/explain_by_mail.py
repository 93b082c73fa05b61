"""`#explain` by mail: whoever keeps the rules forwards a mail and is told what they make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.content import Template
from mailflow.core.case.mail_order import Lane, MailOrder
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.policy.decision import Decision, Disposition
from mailflow.core.policy.forwarding import unwrap_forward
from mailflow.core.policy.rule_facts import facts_for_rules
from mailflow.core.policy.rules.adapter import look_inside, say_adapted
from mailflow.core.policy.rules.explain import explain_text
from mailflow.core.policy.rules.facts import ThreadPosition
from mailflow.core.policy.rules.mail_facts import sender_of_address
from mailflow.core.policy.rules_admins import is_rules_admin

if TYPE_CHECKING:
    from mailflow.core.case.people import StaffMember
    from mailflow.core.mail.message import Message
    from mailflow.core.policy.decision import Arrival
    from mailflow.core.policy.house import House

COMMAND = "#explain"
_LONGEST_ANSWER = 20_000


def explain_by_mail(arrival: Arrival, member: StaffMember, house: House) -> Decision | None:
    """The explanation, to the asker alone; None when the mail does not begin with #explain or the
    sender does not keep the rules.

    Call it only for a sender who may command. No case is opened, and nothing is filed.
    """
    if not asks_to_explain(arrival.message) or not is_rules_admin(member, house.staff):
        return None
    message = unwrap_forward(arrival.message)
    if message is None:
        text = "This mail has no forwarded mail in it: forward one with #explain as its first line."
        return _answer(arrival, member, house, text, reason="nothing_forwarded")
    facts = facts_for_rules(
        message,
        house,
        alias=arrival.alias.address,
        thread=ThreadPosition.NEW,
        received_at=message.date or arrival.received_at,
    )
    facts, adapted = look_inside(
        house.bundle, facts, lambda address: sender_of_address(address, house.directory)
    )
    said = explain_text(house.bundle, facts)
    said = f"{say_adapted(adapted)}\n{said}" if adapted else said
    return _answer(arrival, member, house, said[:_LONGEST_ANSWER], reason="explained")


def asks_to_explain(message: Message) -> bool:
    """Whether the first line that the writer wrote is the command and nothing else."""
    first = next((line for line in message.new_text.splitlines() if line.strip()), "")
    return first.strip().casefold() == COMMAND


def _answer(
    arrival: Arrival, member: StaffMember, house: House, text: str, *, reason: str
) -> Decision:
    order = MailOrder(
        template=Template.RULES,
        purpose="explanation",
        cause=arrival.cause,
        recipient=member.email,
        recipient_name=member.name,
        audience=Audience.STAFF,
        reply_purpose=Purpose.NOTE,
        lane=Lane.PEOPLE,
        due_at=arrival.now,
        in_reply_to=arrival.message.message_id,
        references=arrival.message.references,
        locale=house.locale_of(member.email),
        auto_submitted="auto-replied",
        fields={
            "news": "explained",
            "bundle": house.bundle.id,
            "text": text,
            "mailbox": arrival.alias.name,
        },
    )
    return Decision(disposition=Disposition.COMMAND, reason=reason, answers=(order,))
