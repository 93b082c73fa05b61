"""Which rules are asked about a mail: never too few."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.policy.rules.classify import open_mail
from mailflow.core.policy.rules.facts import MailFacts
from tests.unit.core.policy.rules.sample_rules import build

WORDS = ("bab", "cod", "ded", "fuf", "gag", "x")
BUNDLE = build(
    """
  - {id: one, category: leave, when: {text: [bab, "cod ded"]}}
  - {id: all, category: leave, when: {text: {all: [[bab, cod], [ded, "fuf gag"]]}}}
  - {id: parts, category: leave, when: {all: [{text: [bab]}, {subject: [cod]}]}}
  - {id: either, category: leave, when: {any: [{text: [fuf]}, {subject: [gag]}]}}
  - {id: unless, category: leave, when: {all: [{text: [gag]}, {none: [{text: [fuf]}]}]}}
  - {id: near, category: leave, when: {text: {near: {within: 4, all: [[bab], [fuf, gag]]}}}}
  - {id: sentence, category: leave, when: {text: {same_sentence: [[cod], [ded]]}}}
  - {id: pattern, category: leave, when: {text: [{matches: "x +x"}, ded]}}
  - {id: several, category: leave, when: {text: {any: [bab, cod, ded], at_least: 2}}}
"""
)


@settings(deadline=None, max_examples=300)
@given(
    words=st.lists(st.sampled_from(WORDS), max_size=10),
    subject=st.lists(st.sampled_from(WORDS), max_size=3),
)
def test_a_rule_that_matches_is_always_asked(words: list[str], subject: list[str]) -> None:
    reader = open_mail(BUNDLE, MailFacts(subject=" ".join(subject), text=" ".join(words)))
    asked = {rule.id for rule in BUNDLE.rules_for(reader.reading.present)}
    matching = {rule.id for rule in BUNDLE.rules if reader.match(rule) is not None}
    assert matching <= asked


def test_a_rule_without_one_of_its_words_is_not_asked() -> None:
    reader = open_mail(BUNDLE, MailFacts(text="bab bab"))
    asked = {rule.id for rule in BUNDLE.rules_for(reader.reading.present)}
    assert "one" in asked
    assert not asked & {"all", "parts", "near", "sentence"}
