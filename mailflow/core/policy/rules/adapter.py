"""Notification mails of a portal or an HRIS as typed requests: who asks, what for, which fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address
from mailflow.core.policy.rules.classify import MOST_CHARACTERS, open_mail
from mailflow.core.policy.rules.facts import Claim, SenderFacts
from mailflow.core.policy.rules.words import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.conditions import Condition, Pattern
    from mailflow.core.policy.rules.facts import MailFacts
    from mailflow.located import Place

_LONGEST_FIELD = 2000


@dataclass(frozen=True)
class Adapter:
    """``senders`` are the portal's whole addresses; ``patterns`` are (field, pattern) with named
    groups, and every group becomes a field.

    ``requester``, ``text`` and ``subject`` name the groups that stand for these. The category is
    ``category``, or what ``category_map`` says for the group ``category_from`` (folded).
    """

    id: str
    place: Place
    senders: frozenset[str]
    condition: Condition
    patterns: tuple[tuple[str, Pattern], ...]
    requester: str = "requester"
    text: str | None = None
    subject: str | None = None
    category: str | None = None
    category_from: str | None = None
    category_map: Mapping[str, str] | None = None


@dataclass(frozen=True)
class AdaptedMail:
    """The request inside a portal's mail. ``requester`` is None when the mail does not tell: then
    a person must look. ``fields`` are all named groups; ``text`` ends with those that stand for
    nothing else.
    """

    adapter: str
    requester: str | None
    category: str | None
    subject: str
    text: str
    fields: tuple[tuple[str, str], ...]

    @property
    def claim(self) -> Claim | None:
        return Claim(f"adapter {self.adapter}", self.category) if self.category else None


def adapt_mail(bundle: Bundle, facts: MailFacts) -> AdaptedMail | None:
    """None when no adapter knows this mail. Of several that do, the first by id counts.

    The caller decides whether the portal's mail is authentic.
    """
    known = [one for one in bundle.adapters if facts.sender.address in one.senders]
    reader = open_mail(bundle, facts) if known else None
    for adapter in known:
        if reader is None or reader.reading.holds(adapter.condition) is None:
            continue
        fields = _captures(adapter, facts)
        return AdaptedMail(
            adapter=adapter.id,
            requester=_address(fields.get(adapter.requester, "")),
            category=_category(adapter, fields),
            subject=fields.get(adapter.subject or "", facts.subject),
            text=_text(adapter, fields, facts),
            fields=tuple(sorted(fields.items())),
        )
    return None


def facts_of_request(adapted: AdaptedMail, facts: MailFacts, sender: SenderFacts) -> MailFacts:
    """What the rules are shown of the request itself, without the portal around it."""
    return replace(
        facts,
        subject=adapted.subject,
        text=adapted.text,
        sender=sender,
        auto_submitted=False,
        claim=adapted.claim,
    )


def look_inside(
    bundle: Bundle, facts: MailFacts, look_up: Callable[[str], SenderFacts] | None = None
) -> tuple[MailFacts, AdaptedMail | None]:
    """The facts of the request where an adapter knows the mail, else the same facts.

    ``look_up`` gives what the directory knows of an address.
    """
    adapted = adapt_mail(bundle, facts)
    if adapted is None:
        return facts, None
    requester = adapted.requester or ""
    sender = look_up(requester) if look_up else SenderFacts(address=requester)
    return facts_of_request(adapted, facts, sender), adapted


def say_adapted(adapted: AdaptedMail) -> str:
    """One line of `rules explain`."""
    who = adapted.requester or "nobody (a person must look)"
    fields = ", ".join(name for name, _ in adapted.fields)
    return f"portal    adapter {adapted.adapter}: a request of {who}; it read {fields or 'nothing'}"


def _text(adapter: Adapter, fields: Mapping[str, str], facts: MailFacts) -> str:
    if adapter.text is None or adapter.text not in fields:
        return facts.text
    told = {adapter.text, adapter.subject, adapter.requester}
    rest = [f"{name}: {value}" for name, value in fields.items() if name not in told]
    return "\n\n".join(filter(None, (fields[adapter.text], "\n".join(rest))))


def _captures(adapter: Adapter, facts: MailFacts) -> dict[str, str]:
    """Named groups of all patterns, trimmed; the first pattern that has a group wins."""
    texts = {"subject": facts.subject, "text": facts.text}
    found: dict[str, str] = {}
    for name, pattern in adapter.patterns:
        match = pattern.compiled.search(without_surrogates(texts[name][:MOST_CHARACTERS]))
        if match is None:
            continue
        for group, value in match.groupdict().items():
            if value is not None and value.strip():
                longest = MOST_CHARACTERS if group == adapter.text else _LONGEST_FIELD
                found.setdefault(group, value.strip()[:longest])
    return found


def _address(text: str) -> str | None:
    """A bare address; anything else is nobody."""
    word = text.strip().strip("<>")
    local, at, domain = word.rpartition("@")
    if not at or not local or "." not in domain or any(c.isspace() for c in word):
        return None
    return normal_address(word)


def _category(adapter: Adapter, fields: Mapping[str, str]) -> str | None:
    if adapter.category_from is None or adapter.category_map is None:
        return adapter.category
    value = fields.get(adapter.category_from, "").casefold()
    return adapter.category_map.get(value, adapter.category)
