"""Builders of small bundles for the tests of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.casework.rules_bundle import compile_texts
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.facts import MailFacts
from mailflow.core.policy.rules.known_names import KnownNames

if TYPE_CHECKING:
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.classification import Classification

CATEGORIES = """mailflow: 1
defaults:
  sla: standard
  if_nothing_matches: {category: triage, risk: moderate}
  if_unsure: {team: hr-triage}
  escalate_to_alternate: [executive-office]
categories:
  - {id: fraud, sensitive: true, risk: confidential, team: speak-up, sla: fraud,
     escalate_to: [audit-committee]}
  - {id: harassment, sensitive: true, risk: high, team: employee-relations, sla: urgent,
     escalate_to: [hr-leadership]}
  - {id: safety, sensitive: true, risk: high, team: safety, sla: urgent,
     escalate_to: [safety-lead]}
  - {id: payroll, risk: moderate, team: payroll, sla: payroll}
  - {id: leave, team: leave}
  - {id: triage, team: hr-triage-desk}
flags:
  - {id: legal_threat, risk: high, escalate_to: [legal-counsel]}
  - {id: medical_data}
"""
# Rules that find every category and test the sensitive ones, so that others can be added.
FILLER = """
  - id: f-fraud
    category: fraud
    when: {text: [kickback~]}
    tests: [{text: A kickback, expect: fraud}, {text: Lunch, expect_not: fraud}]
  - id: f-harassment
    category: harassment
    when: {text: [harass~]}
    tests: [{text: He harassed me, expect: harassment}, {text: Lunch, expect_not: harassment}]
  - id: f-safety
    category: safety
    when: {text: [injur*]}
    tests: [{text: I was injured, expect: safety}, {text: Lunch, expect_not: safety}]
  - {id: f-payroll, category: payroll, when: {text: [payslip~]}}
  - {id: f-leave, category: leave, when: {text: [annual leave]}}
"""


def build(rules: str = "", *, head: str = "", language: str = "en") -> Bundle:
    """A bundle of the sample categories and these rules (indented by two); no mistake may be."""
    texts = {"rules/categories.yaml": f"{CATEGORIES}rules:{FILLER}"}
    if rules or head:
        listed = f"rules:\n{rules}" if rules else ""
        texts["rules/more.yaml"] = f"language: {language}\n{head}\n{listed}"
    bundle, mistakes = compile_texts(texts, KnownNames())
    assert bundle is not None, "\n".join(map(str, mistakes))
    return bundle


def ask(bundle: Bundle, text: str, subject: str = "", **facts: object) -> Classification:
    return classify(bundle, MailFacts(subject=subject, text=text, **facts))  # type: ignore[arg-type] # facts by name.


def phrase_matches(phrase: str, text: str, *, language: str = "en", head: str = "") -> bool:
    """Whether one phrase, the only thing asked for, is found in the text."""
    quoted = phrase.replace("'", "''")
    rule = f"  - {{id: phrase, category: leave, when: {{text: ['{quoted}']}}}}\n"
    return "phrase" in ask(build(rule, head=head, language=language), text).rules
