"""One mail through all rules to one classification. Every rule is asked; order has no meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import TRIAGE
from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.classification import TriageReason, Why
from mailflow.core.policy.rules.conditions import AllOf
from mailflow.core.policy.rules.decide import Match, decide
from mailflow.core.policy.rules.evaluate import Reading
from mailflow.core.policy.rules.rule import Rule
from mailflow.core.policy.rules.token_stream import TokenStream
from mailflow.located import Place

if TYPE_CHECKING:
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.evaluate import Hits
    from mailflow.core.policy.rules.facts import MailFacts

# More than this is no letter of a person; the rest is not matched and a person looks.
MOST_CHARACTERS = 256 * 1024
# One rule may be met by hundreds of phrases of a hostile mail; nobody reads more than these.
MOST_WHYS = 20
_READ_FIRST = ("subject", "text", "forwarded")


@dataclass
class Reader:
    """One mail read against one bundle, for classify and for those who explain it."""

    bundle: Bundle
    facts: MailFacts
    reading: Reading
    is_cut: bool

    def match(self, rule: Rule) -> Match | None:
        """How the rule matches, or None. ``none`` makes a sensitive match unsure only."""
        is_sensitive = any(self.bundle.is_sensitive(one) for one in rule.categories)
        self.reading.masked.clear()
        hits = self._hits(rule, ignores_none=is_sensitive)
        certainty, is_forwarded = rule.certainty, False
        if hits is None and self.facts.forwarded:
            hits = self._hits(rule, ignores_none=is_sensitive, with_forwarded=True)
            is_forwarded = hits is not None
        if hits is None:
            return None
        masked = tuple(dict.fromkeys(self.reading.masked))
        if is_sensitive and certainty is Certainty.SURE and (is_forwarded or rule.has_none):
            blocked = self._hits(rule, with_forwarded=is_forwarded) is None
            certainty = Certainty.HINT if blocked or is_forwarded else certainty
        return Match(rule, certainty, hits, masked)

    def whys(self, rule: Rule, hits: Hits) -> tuple[Why, ...]:
        found = {
            Why(rule.id, hit.field, hit.phrase, self.reading.locate(hit)): None
            for hit in hits[:MOST_WHYS]
        }
        return tuple(found)

    def _hits(
        self, rule: Rule, *, ignores_none: bool = False, with_forwarded: bool = False
    ) -> Hits | None:
        self.reading.ignores_none = ignores_none
        self.reading.with_forwarded = with_forwarded
        return self.reading.holds(rule.condition)


def open_mail(bundle: Bundle, facts: MailFacts) -> Reader:
    """Split the mail into words and look up which phrases stand in it."""
    fields, is_cut = _cut_fields(_fields_of(bundle, facts))
    stream = TokenStream(bundle.book, fields)
    reading = Reading(facts, bundle.book, stream, bundle.book.phrases_in(stream))
    return Reader(bundle, facts, reading, is_cut or stream.is_incomplete)


def classify(bundle: Bundle, facts: MailFacts) -> Classification:
    """Never raises: a rule that cannot be evaluated sends the mail to triage."""
    reader = open_mail(bundle, facts)
    matches: list[Match] = []
    failed: list[Rule] = []
    for rule in bundle.rules_for(reader.reading.present):
        if not rule.is_in_force(facts.received_on):
            continue
        try:
            match = reader.match(rule)
        except Exception:  # noqa: BLE001 - a rule that fails must not count as "no match".
            failed.append(rule)
            continue
        if match is not None:
            matches.append(match)
    reasons = [TriageReason(reason.value) for reason in facts.unreadable]
    if not reasons and not (facts.subject.strip() or facts.text.strip()):
        reasons.append(TriageReason.EMPTY_TEXT)
    if reader.is_cut:
        reasons.append(TriageReason.TEXT_CUT)
    if failed:
        reasons.append(TriageReason.RULE_ERROR)
        matches.extend(Match(rule, Certainty.HINT) for rule in failed)
    matches += _claimed(bundle, facts, matches)
    found = decide(bundle, matches, reasons, reader.whys)
    return replace(found, claim=facts.claim) if facts.claim else found


def _claimed(bundle: Bundle, facts: MailFacts, matches: list[Match]) -> list[Match]:
    """What the mail's way speaks for, as if a rule had found it; sensitive words outrank it."""
    claim = facts.claim
    if claim is None or claim.category == TRIAGE or claim.category not in bundle.categories:
        return []
    if claim.is_fallback and any(match.rule.categories for match in matches):
        return []
    rule = Rule(claim.by, Place("", 0, 0), "", condition=AllOf(()), categories=(claim.category,))
    return [Match(rule, Certainty.SURE)]


def _fields_of(bundle: Bundle, facts: MailFacts) -> dict[str, str]:
    """The fields whose words are asked for, those that decide most first."""
    sender = facts.sender
    values = {
        "subject": facts.subject,
        "text": facts.text,
        "forwarded": facts.forwarded,
        "quoted": facts.quoted,
        "title": sender.title,
        "department": sender.department,
        "sender_name": f"{sender.name} {sender.address}",
    }
    values.update((f"header:{name}", value) for name, value in facts.headers.items())
    used = bundle.fields
    return {name: value for name, value in values.items() if value and name in used}


def _cut_fields(fields: dict[str, str]) -> tuple[dict[str, str], bool]:
    """At most MOST_CHARACTERS in all; whether any of what decides was lost."""
    if sum(map(len, fields.values())) <= MOST_CHARACTERS:
        return fields, False
    left, is_cut = MOST_CHARACTERS, False
    kept: dict[str, str] = {}
    for name, value in fields.items():
        kept[name] = value[:left]
        is_cut = is_cut or (len(value) > left and name in _READ_FIRST)
        left -= len(kept[name])
    return kept, is_cut
