"""Why a rule does not match: the first of its conditions that fails, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.policy.rules.conditions import (
    AddressTest,
    AllOf,
    AnyOf,
    AttachmentTest,
    FactTest,
    NoneOf,
    TextTest,
    phrases_of,
)
from mailflow.core.policy.rules.fact_tests import fact_value

if TYPE_CHECKING:
    from mailflow.core.policy.rules.classify import Reader
    from mailflow.core.policy.rules.conditions import Condition
    from mailflow.core.policy.rules.evaluate import Reading
    from mailflow.core.policy.rules.rule import Rule

MOST_NEAR_MISSES = 5
_FIRST = 1_000_000


def describe_failure(reader: Reader, rule: Rule) -> str | None:
    """The sentence for a rule that does not match; None for one that does."""
    if not rule.is_enabled:
        return "switched off (enabled: false)"
    if not rule.is_in_force(reader.facts.received_on):
        return f"not in force on {reader.facts.received_on}"
    if reader.match(rule) is not None:
        return None
    reader.reading.ignores_none = False
    reader.reading.with_forwarded = bool(reader.facts.forwarded)
    return _failure(reader.reading, rule.condition)


def near_misses(
    reader: Reader, matched: tuple[str, ...], *, about: str | None = None
) -> tuple[tuple[Rule, str], ...]:
    """Rules that did not match though the mail has some of their words, or beside one that did.

    The rule ``about`` comes first, whatever the mail has of it.
    """
    bundle = reader.bundle
    categories = {
        category for rule in bundle.rules if rule.id in matched for category in rule.categories
    }
    found: list[tuple[int, Rule]] = []
    for rule in bundle.rules:
        if rule.id in matched:
            continue
        words = len(phrases_of(rule.condition) & reader.reading.present)
        if rule.id == about:
            found.append((-_FIRST, rule))
        elif words or categories & set(rule.categories):
            found.append((-words, rule))
    found.sort(key=lambda one: (one[0], one[1].id))
    described = ((rule, describe_failure(reader, rule)) for _, rule in found[:MOST_NEAR_MISSES])
    return tuple((rule, failure) for rule, failure in described if failure is not None)


def _failure(reading: Reading, condition: Condition) -> str:
    if isinstance(condition, AllOf):
        failing = next(part for part in condition.parts if reading.holds(part) is None)
        return _failure(reading, failing)
    if isinstance(condition, AnyOf):
        return "; ".join(_failure(reading, part) for part in condition.parts)
    if isinstance(condition, NoneOf):
        part = next(part for part in condition.parts if reading.holds(part) is not None)
        return f"none: {_reason(reading, part)}"
    if isinstance(condition, TextTest):
        return _text_failure(reading, condition)
    return _fact_failure(reading, condition)


def _text_failure(reading: Reading, test: TextTest) -> str:
    if test.any is not None:
        size = len(test.any.phrases) + len(test.any.terms)
        count = reading.count_of(test)
        if count < test.at_least:
            if test.at_least > 1:
                return f"{test.label} has {count} of {size} phrases, needs {test.at_least}"
            hidden = _masked_words(reading, test)
            return f"{test.label} has none of {size} phrase{'s' if size > 1 else ''}{hidden}"
    missing = sum(
        reading.holds(TextTest(test.label, test.fields, any=one, but_not=test.but_not)) is None
        for one in test.all
    )
    return f"{test.label} lacks {missing} of {len(test.all)} that must all be there"


def _masked_words(reading: Reading, test: TextTest) -> str:
    unmasked = reading.holds(TextTest(test.label, test.fields, any=test.any))
    if not unmasked:
        return ""
    masks = sorted(test.but_not & reading.present)
    shown = ", ".join(f'"{reading.book.phrases[number].text}"' for number in masks)
    return f" once {shown} is blanked (but_not)"


def _fact_failure(reading: Reading, test: AddressTest | FactTest | AttachmentTest) -> str:
    if isinstance(test, AddressTest):
        return f"{test.label} is not {' or '.join(test.patterns)}"
    if isinstance(test, AttachmentTest):
        return "no such attachment"
    value = fact_value(test.key, reading.facts, test.calendar) or "unknown"
    return f"{test.key} is {value}, not {' or '.join(sorted(test.wanted))}"


def _reason(reading: Reading, condition: Condition) -> str:
    hits = reading.holds(condition) or ()
    words = ", ".join(f'"{hit.phrase}"' for hit in hits[:3])
    return f"the mail has {words}" if words else "a block of none holds"
