"""Asking the rules in a process beside: the same answers, and none when nobody is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.casework.rules_ahead import RulesAhead
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import MailFacts
from tests.unit.core.policy.rules.sample_rules import build

if TYPE_CHECKING:
    from mailflow.core.policy.rules.bundle import Bundle

RULES = """
  - id: pay
    category: payroll
    when: {text: [paycheck, "pay ... short"]}
  - id: shout
    category: leave
    when: {text: {matches: "TOO +S"}}
"""
MAILS = (
    MailFacts(subject="Hello", text="My paycheck is wrong."),
    MailFacts(text="I TAKE MAY OFF. MY PAY WAS TOO SHORT."),
    MailFacts(text="Nothing of interest."),
)


@pytest.fixture
def bundle() -> Bundle:
    return build(RULES)


def test_the_child_gives_the_answers_of_this_process(bundle: Bundle) -> None:
    with RulesAhead() as rules:
        assert rules.ask(bundle, MAILS) == [classify(bundle, facts) for facts in MAILS]


def test_another_bundle_reaches_the_child_before_the_next_question(bundle: Bundle) -> None:
    other = build(RULES.replace("paycheck", "wrong"))
    facts = MailFacts(text="The wrong door.")
    with RulesAhead() as rules:
        before = rules.ask(bundle, [facts])
        after = rules.ask(other, [facts])
    assert before == [classify(bundle, facts)]
    assert after == [classify(other, facts)]
    assert before != after


def test_nobody_answers_once_it_is_closed(bundle: Bundle) -> None:
    with RulesAhead() as rules:
        pass
    assert rules.ask(bundle, MAILS) is None


def test_a_child_that_dies_gives_no_answer_and_is_followed_by_another(bundle: Bundle) -> None:
    def what_no_child_understands() -> list[MailFacts]:
        return ["no mail"]  # type: ignore[list-item] # this is what kills it

    with RulesAhead() as rules:
        assert rules.ask(bundle, what_no_child_understands()) is None
        assert rules.ask(bundle, MAILS) == [classify(bundle, facts) for facts in MAILS]
