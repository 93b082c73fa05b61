"""Explanations say what the rules did, in the words of the file."""

from __future__ import annotations

from datetime import datetime

import pytest

from mailflow.core.policy.rules.classify import open_mail
from mailflow.core.policy.rules.explain import explain_json, explain_text
from mailflow.core.policy.rules.facts import AttachmentFacts, MailFacts, SenderFacts
from mailflow.core.policy.rules.inline_tests import run_tests
from mailflow.core.policy.rules.near_miss import describe_failure
from tests.unit.core.policy.rules.sample_rules import build

FACTS = MailFacts(
    subject="Noise",
    text="The noise in the harassment training is too loud. It is a rental.",
    sender=SenderFacts(address="ana@acme.example"),
    received_at=datetime.fromisoformat("2026-11-23T10:00"),
    attachments=(AttachmentFacts("a.txt"),),
)


@pytest.mark.parametrize(
    ("rule", "failure"),
    [
        ("when: {text: [light]}", "text has none of 1 phrase"),
        ("when: {text: [light, smell]}", "text has none of 2 phrases"),
        (
            "when: {text: {any: [noise, smell, dust], at_least: 2}}",
            "text has 1 of 3 phrases, needs 2",
        ),
        ("when: {text: {all: [noise, smell, dust]}}", "text lacks 2 of 3 that must all be there"),
        (
            "when: {text: {any: [harassment], but_not: [harassment training]}}",
            'text has none of 1 phrase once "harassment training" is blanked (but_not)',
        ),
        ("when: {text: [noise], from: [acme.org]}", "from is not acme.org"),
        ("when: {text: [noise], thread: reply}", "thread is new, not reply"),
        ("when: {text: [noise], language: de}", "language is unknown, not de"),
        ("when: {text: [noise], attachments: {name: '*.pdf'}}", "no such attachment"),
        ("when: {text: [noise], none: [{text: [rental]}]}", 'none: the mail has "rental"'),
        ("when: {text: [noise], none: [{thread: new}]}", "none: a block of none holds"),
        (
            "when: {any: [{text: [light]}, {subject: [smell]}]}",
            "text has none of 1 phrase; subject has none of 1 phrase",
        ),
        ("enabled: false, when: {text: [noise]}", "switched off (enabled: false)"),
        ("until_date: 2026-11-22, when: {text: [noise]}", "not in force on 2026-11-23"),
        ("when: {text: [noise]}", None),
    ],
)
def test_the_failing_condition_is_named(rule: str, failure: str | None) -> None:
    bundle = build(f"  - {{id: x, category: leave, {rule}}}\n")
    (found,) = (one for one in bundle.rules if one.id == "x")
    assert describe_failure(open_mail(bundle, FACTS), found) == failure


def test_an_explanation_names_flags_serial_and_the_excluded() -> None:
    bundle = build("  - {id: law, add: {flags: [legal_threat]}, when: {text: [my lawyer]}}\n")
    text = explain_text(
        bundle,
        MailFacts(text="Annual leave, or my lawyer writes."),
        serial=41,
        excluded=("j.roe@acme.example",),
    )
    assert "flags     legal_threat" in text
    assert "excluded: j.roe@acme.example (named in the mail)" in text
    assert text.endswith(f"bundle    {bundle.id} serial 41")


def test_every_group_of_a_sentence_is_shown() -> None:
    rule = "  - {id: s, category: leave, when: {text: {same_sentence: [[boss], [office]]}}}\n"
    found = explain_json(build(rule), MailFacts(text="One. The office of my boss."))
    assert [why["phrase"] for why in found["why"]] == ["boss", "office"]


def test_hits_in_all_fields_are_shown_in_their_own_text() -> None:
    rule = """
  - id: x
    category: leave
    when:
      header: {X-Kind: [form]}
      sender: {title: [nurse]}
      from: [Ana]
"""
    facts = MailFacts(
        text="Hello",
        sender=SenderFacts(address="a@acme.example", name="Ana", title="Head nurse"),
        headers={"x-kind": "A form"},
    )
    text = explain_text(build(rule), facts)
    assert 'header:x-kind: "form" matched "form" in "A >form<"' in text
    assert 'title: "nurse" matched "nurse" in "Head >nurse<"' in text
    assert 'sender_name: "Ana" matched "Ana" in ">Ana< a@acme.example"' in text


def test_many_hits_are_cut_with_their_number() -> None:
    phrases = ", ".join(f"word{n}" for n in range(18))
    text = " ".join(f"word{n}" for n in range(18))
    rule = f"  - {{id: x, category: leave, when: {{text: [{phrases}]}}}}\n"
    assert "          and 6 more" in explain_text(build(rule), MailFacts(text=text))


@pytest.mark.parametrize(
    ("expectation", "problem"),
    [
        ("expect_not: [leave]", "expected anything but leave"),
        ("flags: [legal_threat]", "expected flag legal_threat, got medical_data"),
        ("not_flags: [medical_data]", "expected no flag medical_data"),
        ("secondary: [payroll]", "expected secondary category payroll, got none"),
        ("escalate_to: [boss]", "expected escalation to boss, got none"),
        ("tags: [blue]", "expected tag blue, got red"),
        ("certainty: hint", "expected certainty hint, got sure"),
        ("risk: high", "expected high, got leave/low"),
        ("expect: payroll, risk: low", "expected payroll/low, got leave/low"),
    ],
)
def test_a_failed_example_says_what_was_expected(expectation: str, problem: str) -> None:
    rule = f"""
  - id: x
    category: leave
    add: {{flags: [medical_data], tags: [red]}}
    when: {{text: [noise]}}
    tests: [{{text: noise, {expectation}}}]
"""
    (outcome,) = (one for one in run_tests(build(rule)) if one.test.rule == "x")
    assert outcome.problems == (problem,)
