"""Runs the example mails that stand beside the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.classify import classify, open_mail
from mailflow.core.policy.rules.conditions import phrases_of

if TYPE_CHECKING:
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.classification import Classification
    from mailflow.core.policy.rules.rule import InlineTest, Rule


@dataclass(frozen=True)
class Outcome:
    """``problems`` are sentences; none means passed."""

    test: InlineTest
    found: Classification
    problems: tuple[str, ...]

    @property
    def is_passed(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Coverage:
    """What no test touches: rules that never matched, phrases (by rule) that never counted."""

    rules: tuple[Rule, ...]
    phrases: tuple[tuple[Rule, str], ...]
    phrase_count: int


def run_tests(bundle: Bundle, name_part: str = "") -> tuple[Outcome, ...]:
    """The outcome of every test whose rule, title or name contains ``name_part``."""
    wanted = name_part.lower()
    return tuple(
        run_test(bundle, test)
        for test in bundle.tests
        if wanted in f"{test.title} {test.name}".lower()
    )


def run_test(bundle: Bundle, test: InlineTest) -> Outcome:
    found = classify(bundle, test.facts)
    return Outcome(test, found, tuple(_problems(bundle, test, found)))


def measure_coverage(bundle: Bundle, outcomes: tuple[Outcome, ...]) -> Coverage:
    """Which rules and phrases the tests reached."""
    reached_rules = {rule for outcome in outcomes for rule in outcome.found.rules}
    reached: set[int] = set()
    for outcome in outcomes:
        reached.update(open_mail(bundle, outcome.test.facts).reading.present)
    phrases = bundle.book.phrases
    missing = [
        (rule, phrases[number].text)
        for rule in bundle.rules
        for number in sorted(phrases_of(rule.condition) - reached)
    ]
    total = sum(len(phrases_of(rule.condition)) for rule in bundle.rules)
    return Coverage(
        rules=tuple(rule for rule in bundle.rules if rule.id not in reached_rules),
        phrases=tuple(missing),
        phrase_count=total,
    )


def _problems(bundle: Bundle, test: InlineTest, found: Classification) -> list[str]:
    names = bundle.risk_names
    problems: list[str] = []
    wrong_category = test.expect is not None and test.expect != found.category
    if wrong_category or (test.risk is not None and test.risk is not found.risk):
        wanted = "/".join(
            part for part in (test.expect, names[test.risk] if test.risk else None) if part
        )
        problems.append(f"expected {wanted}, got {found.category}/{names[found.risk]}")
    if found.category in test.expect_not:
        problems.append(f"expected anything but {found.category}")
    missing = (
        ("flag", test.flags, found.flags),
        ("secondary category", test.secondary, found.secondary),
        ("escalation to", test.escalate_to, found.escalate_to),
        ("tag", test.tags, found.tags),
    )
    for what, wanted_names, got_names in missing:
        problems.extend(
            f"expected {what} {name}, got {', '.join(got_names) or 'none'}"
            for name in wanted_names
            if name not in got_names
        )
    problems.extend(f"expected no flag {name}" for name in test.not_flags if name in found.flags)
    if test.certainty is not None and test.certainty is not found.certainty:
        problems.append(f"expected certainty {test.certainty}, got {found.certainty}")
    return problems
