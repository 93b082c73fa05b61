"""What a change of the rules means, in itself and for past mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.casework.rules_bundle import compile_texts
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
from mailflow.core.policy.rules.known_names import KnownNames
from tests.unit.core.policy.rules.sample_rules import CATEGORIES, FILLER, build

if TYPE_CHECKING:
    from mailflow.core.policy.rules.bundle import Bundle


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


def test_categories_flags_ranks_and_sections_are_compared() -> None:
    old = compile_one(CATEGORIES)
    changed = CATEGORIES.replace("risk: moderate, team: payroll", "risk: high, team: payroll")
    changed = changed.replace("{id: medical_data}", "{id: medical_data, risk: high}")
    lines = [str(change) for change in compare_bundles(old, compile_one(changed))]
    assert lines[:2] == [
        "~ category payroll: risk moderate -> high",
        "~ flag medical_data: risk none -> high",
    ]
    head, _, tail = CATEGORIES.partition("  - {id: payroll")
    payroll, leave, rest = tail.split("\n", 2)
    swapped = f"{head}{leave}\n  - {{id: payroll{payroll}\n{rest}"
    (line,) = (str(change) for change in compare_bundles(old, compile_one(swapped)))
    assert line == "~ rank of categories: now fraud, harassment, safety, leave, payroll, triage"


SLA = """
sla: {one: {acknowledge: 1 clock hours}, two: {acknowledge: 2 clock hours}}
nudges: [{at: 50%, to: [owner]}]
"""


def test_targets_and_nudges_are_compared_by_name() -> None:
    other = SLA.replace("2 clock", "3 clock").replace("one:", "three:").replace("50%", "60%")
    lines = [
        str(change)
        for change in compare_bundles(compile_one(CATEGORIES, SLA), compile_one(CATEGORIES, other))
    ]
    assert lines == ["~ nudges", "- sla one", "+ sla three", "~ sla two"]


def test_removed_tests_are_named() -> None:
    old = OTHER.replace("when", "tests: [{text: He shouts, expect: leave}], when")
    lines = [str(change) for change in compare_bundles(build(old), build(OTHER))]
    assert lines == ['- test y tests[0]: "He shouts"']


def compile_one(categories: str, sections: str = "") -> Bundle:
    known = KnownNames(slas={"standard", "fraud", "urgent", "payroll"})
    texts = {"rules/a.yaml": f"{categories}rules:{FILLER}", "rules/b.yaml": sections}
    bundle, mistakes = compile_texts(texts, known)
    assert bundle is not None, mistakes
    return bundle
