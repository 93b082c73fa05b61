"""Later mails of a case: rules raise, only people lower."""

from __future__ import annotations

import pytest

from mailflow.core.case.case import Risk
from mailflow.core.policy.rules.ratchet import Ratcheted, follow_up_category
from tests.unit.core.policy.rules.sample_rules import ask, build

HINT = "  - {id: hint, category: harassment, certainty: hint, when: {text: [afraid]}}\n"
LOW, MODERATE, HIGH = Risk.LOW, Risk.MODERATE, Risk.HIGH


def follow_up(text: str, category: str, risk: Risk, *, by_person: bool = False) -> Ratcheted:
    bundle = build(HINT)
    return follow_up_category(
        bundle, ask(bundle, text), category=category, risk=risk, decided_by_person=by_person
    )


@pytest.mark.parametrize("text", ["Thank you!", "  "])
def test_thanks_change_nothing(text: str) -> None:
    assert follow_up(text, "leave", LOW) == Ratcheted("leave", LOW)


def test_a_more_important_category_takes_over() -> None:
    found = follow_up("And he harassed me.", "leave", LOW)
    assert found == Ratcheted("harassment", HIGH, has_changed=True)


def test_a_less_important_category_never_does() -> None:
    assert follow_up("About my annual leave", "harassment", HIGH) == Ratcheted("harassment", HIGH)


def test_a_sensitive_hint_raises_the_risk_and_asks_for_a_person() -> None:
    found = follow_up("I am afraid.", "leave", LOW)
    assert found == Ratcheted("leave", HIGH, has_changed=True, needs_person=True)


def test_an_empty_mail_with_a_sensitive_subject_asks_for_a_person() -> None:
    bundle = build(HINT.replace("text:", "subject:"))
    found = follow_up_category(
        bundle,
        ask(bundle, "", subject="Afraid"),
        category="leave",
        risk=LOW,
        decided_by_person=False,
    )
    assert found == Ratcheted("leave", HIGH, has_changed=True, needs_person=True)


def test_a_persons_category_is_disputed_and_stands_while_the_risk_rises() -> None:
    found = follow_up("He harassed me.", "leave", LOW, by_person=True)
    assert found == Ratcheted("leave", HIGH, has_changed=True, is_disputed=True)


def test_a_persons_higher_category_is_not_disputed_by_lower_words() -> None:
    found = follow_up("My annual leave", "payroll", MODERATE, by_person=True)
    assert found == Ratcheted("payroll", MODERATE)


def test_a_case_in_triage_is_taken_up_by_the_first_sure_category() -> None:
    assert follow_up("My payslip", "triage", MODERATE).category == "payroll"


def test_a_category_that_no_longer_exists_counts_as_the_lowest() -> None:
    assert follow_up("My annual leave", "parking", LOW).category == "leave"
