"""Notification mails of a portal or an HRIS as typed requests: who asks, what for, which fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.people import normal_address
from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.classification import Candidate, Classification, TriageReason
from mailflow.core.policy.rules.classify import MOST_CHARACTERS, classify, open_mail
from mailflow.core.policy.rules.facts import MailFacts, SenderFacts
from mailflow.core.policy.rules.words import without_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.conditions import Condition, Pattern
    from mailflow.located import Place

_LONGEST_FIELD = 2000


@dataclass(frozen=True)
class Adapter:
    """``patterns`` are (field, pattern) with named groups; every group becomes a field.

    ``requester``, ``text`` and ``subject`` name the groups that stand for these. The category is
    ``category``, or what ``category_map`` says for the group ``category_from`` (folded).
    """

    id: str
    place: Place
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
    """``requester`` is None when the mail does not tell: then a person must look.

    ``facts`` are those of the request itself, without the portal around it.
    """

    adapter: str
    requester: str | None
    category: str | None
    fields: tuple[tuple[str, str], ...]
    facts: MailFacts


def adapt_mail(
    bundle: Bundle,
    facts: MailFacts,
    *,
    look_up: Callable[[str], SenderFacts] | None = None,
) -> AdaptedMail | None:
    """The request inside a portal's mail; None when no adapter knows this mail.

    ``look_up`` gives what the directory knows of the requester. Of several adapters that match,
    the first by id counts. The caller decides whether the portal's mail is authentic.
    """
    reader = open_mail(bundle, facts)
    for adapter in bundle.adapters:
        if reader.reading.holds(adapter.condition) is None:
            continue
        fields = _captures(adapter, facts)
        requester = _address(fields.get(adapter.requester, ""))
        sender = SenderFacts(address=requester or "")
        if requester and look_up is not None:
            sender = look_up(requester)
        request = replace(
            facts,
            subject=fields.get(adapter.subject or "", facts.subject),
            text=fields.get(adapter.text or "", facts.text),
            sender=sender,
            auto_submitted=False,
        )
        return AdaptedMail(
            adapter=adapter.id,
            requester=requester,
            category=_category(adapter, fields),
            fields=tuple(sorted(fields.items())),
            facts=request,
        )
    return None


def classify_adapted(bundle: Bundle, adapted: AdaptedMail) -> Classification:
    """The rules on the request; the portal's own category counts as one more sure rule.

    So a complaint that somebody filed as "Payroll" keeps the rank and risk that its words have.
    """
    found = classify(bundle, adapted.facts)
    category = bundle.categories.get(adapted.category or "")
    if category is None:
        return found
    nothing_else = found.triage_reasons == (TriageReason.NOTHING_MATCHED,)
    is_higher = not found.is_triage and category.rank < bundle.rank(found.category)
    candidate = Candidate(category.id, Certainty.SURE, f"adapter {adapted.adapter}")
    if not nothing_else and not is_higher:
        return replace(
            found,
            candidates=(*found.candidates, candidate),
            secondary=tuple(dict.fromkeys((*found.secondary, category.id)))
            if found.category != category.id
            else found.secondary,
        )
    before = () if nothing_else else (found.category,)
    risk = category.risk if nothing_else else found.risk
    return replace(
        found,
        category=category.id,
        risk=max(risk, category.risk, key=lambda one: one.rank),
        certainty=Certainty.SURE,
        team=category.team,
        owner=category.owner,
        slas=tuple(dict.fromkeys((category.sla, *(() if nothing_else else found.slas)))),
        secondary=tuple(dict.fromkeys((*before, *found.secondary))),
        escalate_to=tuple(dict.fromkeys((*category.escalate_to, *found.escalate_to))),
        escalate_to_alternate=category.escalate_to_alternate or found.escalate_to_alternate,
        reply=category.reply,
        candidates=(candidate, *found.candidates),
        triage_reasons=(),
    )


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
