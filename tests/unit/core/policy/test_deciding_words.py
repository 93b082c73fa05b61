from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.casework.rules_bundle import load_rules
from mailflow.core.mail.parse import parse_message
from mailflow.core.policy.deciding_words import deciding_words
from mailflow.core.policy.rules.classify import classify
from mailflow.core.policy.rules.mail_facts import facts_of_message

if TYPE_CHECKING:
    from pathlib import Path

_RULES = """\
mailflow: 1
categories:
  - {id: harassment_discrimination, sensitive: true, risk: high, team: er, sla: standard,
     escalate_to: [er], escalate_to_alternate: [er], label: Harassment}
  - {id: triage, team: er, sla: standard, label: Triage}
rules:
  - id: touching
    category: harassment_discrimination
    when: {text: [my manager ... touch~]}
    tests:
      - {text: "My manager keeps touching me.", expect: harassment_discrimination}
      - {text: "A touching film.", expect_not: harassment_discrimination}
sla: {standard: {calendar: c, acknowledge: 24 clock hours}}
calendars: {c: {timezone: Europe/Berlin, hours: {mon-fri: 09:00-17:00}}}
"""


def test_the_owner_reads_the_mails_own_words_and_not_the_pattern(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(_RULES, encoding="utf-8")
    bundle = load_rules(tmp_path)
    message = parse_message(b"From: a@b.example\r\n\r\nHelp: my Manager often\r\n touches me.\r\n")
    found = classify(bundle, facts_of_message(message))
    assert deciding_words(message, found) == ("my Manager often touches",)
