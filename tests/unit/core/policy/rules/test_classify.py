"""How matching rules become one decision."""

from __future__ import annotations

import random
from datetime import datetime
from itertools import permutations

import pytest

from mailflow.casework.rules_bundle import compile_texts
from mailflow.core.case.case import Risk
from mailflow.core.policy.rules.bundle import empty_bundle
from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.classification import TriageReason
from mailflow.core.policy.rules.classify import MOST_CHARACTERS, classify
from mailflow.core.policy.rules.facts import (
    AttachmentFacts,
    MailFacts,
    SenderFacts,
    ThreadPosition,
    Unreadable,
)
from mailflow.core.policy.rules.known_names import KnownNames
from tests.unit.core.policy.rules.sample_rules import CATEGORIES, FILLER, ask, build


def test_the_most_important_sure_category_wins_and_the_others_are_secondary() -> None:
    found = ask(build(), "My payslip is wrong and he harassed me during annual leave.")
    assert (found.category, found.secondary) == ("harassment", ("payroll", "leave"))
    assert found.certainty is Certainty.SURE
    assert found.risk is Risk.HIGH


def test_nothing_found_goes_to_triage_with_the_default_risk() -> None:
    found = ask(build(), "What is for lunch?")
    assert (found.category, found.risk, found.team) == ("triage", Risk.MODERATE, "hr-triage-desk")
    assert found.triage_reasons == (TriageReason.NOTHING_MATCHED,)
    assert found.certainty is Certainty.NONE


HINT = "  - {id: hint, category: harassment, certainty: hint, when: {text: [afraid]}}\n"


def test_a_sensitive_hint_above_a_sure_category_goes_to_triage_at_the_higher_risk() -> None:
    found = ask(build(HINT), "I am afraid my payslip is wrong.")
    assert (found.category, found.risk, found.team) == ("triage", Risk.HIGH, "hr-triage")
    assert found.escalate_to == ("hr-leadership",)
    assert [one.category for one in found.candidates] == ["harassment", "payroll"]
    assert "urgent" in found.slas
    assert found.reply is None


def test_a_sensitive_hint_below_a_sure_category_changes_nothing() -> None:
    found = ask(build(HINT), "I am afraid there is a kickback.")
    assert (found.category, found.risk) == ("fraud", Risk.CONFIDENTIAL)
    assert found.triage_reasons == ()


def test_a_sure_sensitive_category_with_a_higher_hint_goes_to_triage() -> None:
    rule = "  - {id: hint, category: fraud, certainty: hint, when: {text: [invoices]}}\n"
    found = ask(build(rule), "He harassed me over the invoices.")
    assert (found.category, found.risk) == ("triage", Risk.CONFIDENTIAL)
    assert set(found.escalate_to) == {"hr-leadership", "audit-committee"}


def test_two_sure_sensitive_categories_join_the_second_to_the_escalation() -> None:
    found = ask(build(), "He harassed me and I was injured.")
    assert (found.category, found.team) == ("harassment", "employee-relations")
    assert found.escalate_to == ("hr-leadership", "safety", "safety-lead")
    assert found.triage_reasons == ()


SEVERAL = """
  - id: first-person
    category: [harassment, safety]
    certainty: hint
    risk: high
    when: {text: {same_sentence: [[I, me], [hurt~, watch~]]}}
"""


def test_a_hint_of_several_goes_to_triage_while_none_of_them_is_sure() -> None:
    found = ask(build(SEVERAL), "They watched me in the changing room.")
    assert (found.category, found.risk) == ("triage", Risk.HIGH)
    assert [one.category for one in found.candidates] == ["harassment", "safety"]


def test_a_hint_of_several_is_settled_when_one_of_them_is_sure() -> None:
    found = ask(build(SEVERAL), "I was injured, it hurts me.")
    assert (found.category, found.triage_reasons) == ("safety", ())


def test_none_hides_an_ordinary_rule_but_only_unsettles_a_sensitive_one() -> None:
    rules = """
  - {id: a, category: leave, when: {text: [vacation], none: [{text: [rental]}]}}
  - {id: b, category: safety, when: {text: [bruise], none: [{text: [rental]}]}}
"""
    bundle = build(rules)
    assert ask(bundle, "vacation rental").category == "triage"
    assert ask(bundle, "vacation rental").candidates == ()
    found = ask(bundle, "bruise at the rental")
    assert (found.category, found.risk) == ("triage", Risk.HIGH)
    assert [one.certainty for one in found.candidates] == [Certainty.HINT]


def test_a_hit_in_a_forward_is_only_a_hint_for_sensitive_categories() -> None:
    found = ask(build(), "See below, please help.", forwarded="He harassed me.")
    assert (found.category, found.risk) == ("triage", Risk.HIGH)
    assert ask(build(), "See below.", forwarded="My payslip is wrong").category == "payroll"


def test_quoted_text_does_not_count_unless_asked_for() -> None:
    assert ask(build(), "Thanks!", quoted="He harassed me").category == "triage"
    bundle = build("  - {id: q, category: leave, when: {quoted: [annual leave]}}\n")
    assert ask(bundle, "Thanks!", quoted="my annual leave").category == "leave"


@pytest.mark.parametrize("reason", list(Unreadable))
def test_mail_that_cannot_be_read_goes_to_triage_with_its_candidates(reason: Unreadable) -> None:
    found = ask(build(), "He harassed me", unreadable=(reason,))
    assert (found.category, found.risk) == ("triage", Risk.HIGH)
    assert found.triage_reasons == (TriageReason(reason.value),)


def test_an_empty_mail_goes_to_triage() -> None:
    assert TriageReason.EMPTY_TEXT in ask(build(), " \n ").triage_reasons


def test_text_over_the_cap_is_cut_and_goes_to_triage() -> None:
    found = ask(build(), "annual leave " + "x " * MOST_CHARACTERS)
    assert found.category == "triage"
    assert found.triage_reasons == (TriageReason.TEXT_CUT,)


def test_a_rule_that_fails_counts_as_a_hint_and_never_as_no_match() -> None:
    class Broken:
        def search(self, text: str) -> None:
            raise RuntimeError(text)

    when = "{text: {matches: 'x', but_not: [annual]}}"
    bundle = build(f"  - {{id: broken, category: harassment, when: {when}}}\n")
    for rule in bundle.rules:
        for wanted in getattr(rule.condition, "all", ()):
            for term in wanted.terms:
                object.__setattr__(term, "compiled", Broken())
    found = ask(bundle, "annual leave")
    assert (found.category, found.risk) == ("triage", Risk.HIGH)
    assert TriageReason.RULE_ERROR in found.triage_reasons


def test_flags_raise_the_risk_and_add_their_targets() -> None:
    bundle = build("  - {id: law, add: {flags: [legal_threat]}, when: {text: [my lawyer]}}\n")
    found = ask(bundle, "Annual leave, or my lawyer will write.")
    assert (found.category, found.risk, found.flags) == ("leave", Risk.HIGH, ("legal_threat",))
    assert found.escalate_to == ("legal-counsel",)


def test_additions_of_all_rules_are_united() -> None:
    rules = """
  - {id: a, add: {tags: [b, a], notify: [n1], sla: [extra]}, when: {text: [leave]}}
  - {id: b, add: {tags: [c, a], notify: [n2], escalate_to: [x]}, when: {text: [annual]}}
"""
    found = ask(build(rules), "annual leave")
    assert found.tags == ("a", "b", "c")
    assert found.notify == ("n1", "n2")
    assert found.slas == ("standard", "extra")
    assert found.escalate_to == ("x",)


def test_files_may_be_split_and_sorted_without_changing_anything() -> None:
    parts = [
        "rules:\n" + HINT,
        "rules:\n" + SEVERAL,
        "rules:\n  - {id: z, category: leave, risk: high, when: {text: [office]}}\n",
    ]
    mails = ["I am afraid in the office.", "They hurt me. I was injured.", "annual leave"]
    results = set()
    for order in permutations(parts):
        texts = {f"rules/{n}.yaml": part for n, part in enumerate(order)}
        bundle, _ = compile_texts(
            {**texts, "rules/zz.yaml": f"{CATEGORIES}rules:{FILLER}"}, KnownNames()
        )
        assert bundle is not None
        results.add((bundle.id, *(classify(bundle, MailFacts(text=mail)) for mail in mails)))
    assert len(results) == 1


def test_comments_and_the_order_of_rules_do_not_change_the_id() -> None:
    rules = [f"  - {{id: r{n}, category: leave, when: {{text: [word{n}]}}}}\n" for n in range(5)]
    first = build("".join(rules))
    random.Random(3).shuffle(rules)
    assert build("# a word\n" + "".join(rules)).id == first.id
    assert build("".join(rules[1:])).id != first.id


def test_rules_apply_between_their_dates_only() -> None:
    rule = """
  - {id: x, category: leave, from_date: 2026-12-01, until_date: 2026-12-31,
     when: {text: [shutdown]}}
"""
    bundle = build(rule)

    def at(day: str) -> str:
        return ask(bundle, "shutdown", received_at=datetime.fromisoformat(day)).category

    assert at("2026-11-30T10:00") == "triage"
    assert at("2026-12-01T00:00") == "leave"
    assert at("2026-12-31T23:59") == "leave"
    assert at("2027-01-01T00:00") == "triage"


def test_a_rule_that_is_switched_off_does_nothing() -> None:
    bundle = build("  - {id: x, enabled: false, category: leave, when: {text: [shutdown]}}\n")
    assert ask(bundle, "shutdown").category == "triage"


def test_without_any_rules_all_mail_goes_to_triage() -> None:
    found = ask(empty_bundle(team="hr-triage"), "He harassed me")
    assert (found.category, found.team, found.risk) == ("triage", "hr-triage", Risk.MODERATE)


BOSS = SenderFacts(
    address="bo@sales.acme.example",
    name="Bo Boss",
    in_directory=True,
    department="Sales North",
    title="Vice President Sales",
    country="DE",
    is_manager=True,
)


@pytest.mark.parametrize(
    ("when", "is_met"),
    [
        ("{from: [bo@sales.acme.example]}", True),
        ("{from: ['*@sales.acme.example']}", True),
        ("{from: [acme.example]}", True),
        ("{from: [example.org]}", False),
        ("{from: [Boss]}", True),
        ("{to: [hr@acme.example]}", True),
        ("{cc: ['*@acme.example']}", False),
        ("{alias: hr+leave@acme.example}", True),
        ("{sender: {title: ['vice *']}}", True),
        ("{sender: {title: [chief *]}}", False),
        ("{sender: {department: [sales]}}", True),
        ("{sender: {country: [de, at]}}", True),
        ("{sender: {country: [fr]}}", False),
        ("{sender: {domain: acme.example, is_manager: true, in_directory: true}}", True),
        ("{sender: {is_manager: false}}", False),
        ("{sender: {executive: true}}", False),
        ("{thread: reply}", True),
        ("{thread: new}", False),
        ("{received: {weekday: mon-fri}}", True),
        ("{received: {weekday: [sat, sun]}}", False),
        ("{received: {working_hours: false}}", True),
        ("{received: {working_hours: true, calendar: berlin}}", True),
        ("{auto_submitted: false}", True),
        ("{language: [de, en]}", True),
        ("{header: {X-Portal: [leave form]}}", True),
        ("{header: {X-Other: [leave form]}}", False),
        ("{attachments: {name: '*.pdf'}}", True),
        ("{attachments: {name: certificate, larger_than: 1 MB}}", True),
        ("{attachments: {larger_than: 10 MB}}", False),
        ("{attachments: {type: image/*}}", False),
        ("{attachments: {name: '*.pdf', type: image/*}}", False),
        ("{all: [{thread: reply}, {any: [{thread: new}, {cc: [x.example]}, {from: [Bo]}]}]}", True),
        ("{thread: reply, none: [{from: [Bo]}]}", False),
    ],
)
def test_conditions_on_facts(when: str, *, is_met: bool) -> None:
    facts = MailFacts(
        subject="x",
        text="x",
        sender=BOSS,
        to=("hr@acme.example",),
        alias="hr+leave@acme.example",
        thread=ThreadPosition.REPLY,
        received_at=datetime.fromisoformat("2026-11-23T20:00"),
        working_hours={"": False, "berlin": True},
        language="en",
        headers={"x-portal": "The Leave Form 2"},
        attachments=(AttachmentFacts("Certificate of Bo.PDF", "application/pdf", 2_000_000),),
    )
    bundle = build(f"  - {{id: x, category: leave, when: {when}}}\n")
    assert ("x" in classify(bundle, facts).rules) is is_met
