"""What a change of the rules means, in itself and for past mail."""

from __future__ import annotations

import pytest

from mailflow.core.policy.rules.backtest import (
    BacktestResult,
    Effect,
    FailOn,
    PastMail,
    mask_subject,
    run_backtest,
)
from mailflow.core.policy.rules.diff import compare_bundles
from mailflow.core.policy.rules.facts import MailFacts
from tests.unit.core.policy.rules.sample_rules import build


def backtest(old: str, new: str, *texts: str) -> BacktestResult:
    mails = [PastMail(f"HR-{n}", MailFacts(text=text)) for n, text in enumerate(texts)]
    return run_backtest(build(old), build(new), mails)


SURE = "  - {id: x, category: harassment, when: {text: [shouts]}}\n"
HINT = "  - {id: x, category: harassment, certainty: hint, when: {text: [shouts]}}\n"
HIGH = "  - {id: x, category: leave, risk: high, when: {text: [shouts]}}\n"
OTHER = "  - {id: y, category: leave, when: {text: [shouts]}}\n"
NONE = ""


@pytest.mark.parametrize(
    ("old", "new", "effect", "left_sensitive"),
    [
        (NONE, SURE, Effect.RAISED, False),
        (SURE, NONE, Effect.LOWERED, True),
        (SURE, HINT, Effect.OTHER, False),
        (HINT, SURE, Effect.RAISED, False),
        (SURE, HIGH, Effect.LEFT_SENSITIVE, True),
        (OTHER, NONE, Effect.RAISED, False),
    ],
    ids=["found", "lost", "sure to hint", "hint to sure", "moved out", "ordinary lost"],
)
def test_each_moved_mail_has_its_effect(
    old: str, new: str, effect: Effect, *, left_sensitive: bool
) -> None:
    (moved,) = backtest(old, new, "He shouts", "Lunch").moved
    assert (moved.name, moved.effect, moved.left_sensitive) == ("HR-0", effect, left_sensitive)


def test_what_makes_a_backtest_fail_can_be_chosen() -> None:
    lost = backtest(SURE, NONE, "He shouts")
    raised = backtest(NONE, SURE, "He shouts")
    same = backtest(SURE, SURE, "He shouts")
    assert [lost.is_refused(one) for one in FailOn] == [True, True, True, False]
    assert [raised.is_refused(one) for one in FailOn] == [False, False, True, False]
    assert [same.is_refused(one) for one in FailOn] == [False, False, False, False]


def test_subjects_are_masked_beyond_recognition() -> None:
    assert mask_subject("Overtime of October at the north site") == "Ov... of... Oc... at..."
    assert mask_subject("") == ""


def test_equal_bundles_have_no_differences() -> None:
    assert compare_bundles(build(SURE), build("# the same\n" + SURE)) == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (NONE, SURE, ["+ rule x"]),
        (SURE, NONE, ["- rule x"]),
        (SURE, HINT, ["~ rule x: certainty sure -> hint"]),
        (
            SURE,
            SURE.replace("[shouts]", "[yells]"),
            ['- rule x: phrase "shouts"', '+ rule x: phrase "yells"'],
        ),
        (SURE, SURE.replace("text:", "subject:"), ["~ rule x: its conditions"]),
        (
            SURE,
            SURE.replace("when", "risk: confidential, when"),
            ["~ rule x: risk none -> confidential"],
        ),
    ],
)
def test_differences_are_said_in_the_words_of_the_file(
    old: str, new: str, expected: list[str]
) -> None:
    assert [str(change) for change in compare_bundles(build(old), build(new))] == expected


def test_tests_whose_result_changes_are_named() -> None:
    old = OTHER.replace("when", "tests: [{text: He shouts, expect: leave}], when")
    changes = [str(change) for change in compare_bundles(build(old), build(old + SURE))]
    assert any(
        change.startswith("~ result of y tests[0]: leave/low -> harassment/high")
        for change in changes
    )
