"""Tests of what is no text: addresses, attachments, the sender, the time, the thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailflow.core.policy.rules.conditions import AddressTest, AttachmentTest, FactTest
    from mailflow.core.policy.rules.facts import AttachmentFacts, MailFacts

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Facts that are yes or no, and those that have a value.
YES_NO_FACTS = frozenset(
    {
        "sender.in_directory",
        "sender.is_manager",
        "sender.executive",
        "received.working_hours",
        "auto_submitted",
    }
)


def addresses_match(test: AddressTest, facts: MailFacts) -> bool:
    values = {
        "from": (facts.sender.address,),
        "to": facts.to,
        "cc": facts.cc,
        "alias": (facts.alias,),
        "domain": (facts.sender.domain,),
    }[test.label]
    return any(address_matches(pattern, value) for pattern in test.patterns for value in values)


def address_matches(pattern: str, address: str) -> bool:
    """An address, ``*@domain``, or a domain that stands for itself and everything below it."""
    address = address.lower()
    if "*" in pattern:
        return glob_matches(pattern, address)
    if "@" in pattern:
        return address == pattern
    domain = address.rpartition("@")[2]
    return domain == pattern or domain.endswith(f".{pattern}")


def glob_matches(pattern: str, text: str) -> bool:
    """``*`` stands for any run of characters; linear, because every piece is found leftmost."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    last = rest.pop()
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    if not text.endswith(last):
        return False
    position, stop = len(first), len(text) - len(last)
    for piece in rest:
        found = text.find(piece, position, stop)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def attachments_match(test: AttachmentTest, attachments: tuple[AttachmentFacts, ...]) -> bool:
    if not attachments:
        return test.none_allowed
    return any(_attachment_matches(test, attachment) for attachment in attachments)


def _attachment_matches(test: AttachmentTest, attachment: AttachmentFacts) -> bool:
    name = attachment.name.lower()
    if test.names and not any(glob_matches(pattern, name) for pattern in test.names):
        return False
    content_type = attachment.content_type.lower()
    if test.types and not any(glob_matches(pattern, content_type) for pattern in test.types):
        return False
    return test.larger_than is None or attachment.size > test.larger_than


def fact_matches(test: FactTest, facts: MailFacts) -> bool:
    return fact_value(test.key, facts, test.calendar) in test.wanted


def fact_value(key: str, facts: MailFacts, calendar: str = "") -> str:
    """The fact as a word; "" where the mail does not tell."""
    if key == "received.weekday":
        return WEEKDAYS[facts.received_at.weekday()] if facts.received_at else ""
    if key == "received.working_hours":
        inside = facts.working_hours.get(calendar, facts.working_hours.get("*"))
        return "" if inside is None else _word(yes=inside)
    return {
        "sender.in_directory": _word(yes=facts.sender.in_directory),
        "sender.is_manager": _word(yes=facts.sender.is_manager),
        "sender.executive": _word(yes=facts.sender.executive),
        "sender.country": facts.sender.country.lower(),
        "thread": facts.thread.value,
        "auto_submitted": _word(yes=facts.auto_submitted),
        "language": (facts.language or "").lower(),
    }[key]


def _word(*, yes: bool) -> str:
    return "true" if yes else "false"
