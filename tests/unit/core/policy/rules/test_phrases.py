"""What a phrase finds, and where."""

from __future__ import annotations

import pytest

from tests.unit.core.policy.rules.sample_rules import ask, build, phrase_matches


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("pay slip", "my PAY\n   slip is wrong"),
        ("pay slip", "my pay-slip is wrong"),
        ("pay-slip", "my payslip is wrong"),
        ("can't work with", "I can\u2019t work with him"),
        ("can't work with", "i cant work with him"),
        ("injur*", "an INJURY at work"),
        ("bully~", "the bullies"),
        ("bully~", "she was bullied"),
        ("bully~", "bullying"),
        ("harass~", "harassment"),
        ("my manager ... yell~", "My manager keeps on yelling at me"),
        ("my manager ... yell~", "my manager yells"),
        ("my manager ... yell~", "my manager one two three four five yells"),
        ("take * to court", "take you to court"),
        ("take * to court", "take the whole company to court"),
        ("chief *", "chief financial officer"),
        ("* leave", "annual leave"),
        ("(he|she|they) keeps", "she keeps asking"),
        ("(he|my boss) ... shouts", "my boss often shouts"),
        ("cafe", "the CAF\u00c9"),
        ("caf\u00e9", "the cafe\u0301"),
        ("finally", "\ufb01nally"),
        ("strasse", "die STRA\u1e9eE"),
        ("harassed", "har\u00adas\u200bsed"),
        ("harassed", "\uff48\uff41\uff52\uff41\uff53\uff53\uff45\uff44"),
        ("401(k) plan", "the 401(k) plan"),
        ("i am 17", "I am 17 years old"),
        ("breathed in (the )?(smoke|gas)", "I breathed in smoke"),
        ("breathed in (the )?(smoke|gas)", "I breathed in the gas"),
        ("leave (next)? * week", "leave in the second week"),
        ("(he|she)? left early", "we left early"),
    ],
)
def test_a_phrase_finds_its_words_however_they_are_written(phrase: str, text: str) -> None:
    assert phrase_matches(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("pay slip", "pay the slip"),
        ("bully*", "bullies"),
        ("injur*", "the conjured"),
        ("my manager ... yell~", "my manager one two three four five six yells"),
        ("take * to court", "take to court"),
        ("take * to court", "take one two three four to court"),
        ("chief *", "he is the chief"),
        ("* leave", "leave now"),
        ("(he|she) keeps", "it keeps asking"),
        ("harass~", "the harness"),
        ("breathed in (the )?(smoke|gas)", "I breathed in a gas"),
    ],
)
def test_a_phrase_does_not_find_other_words(phrase: str, text: str) -> None:
    assert not phrase_matches(phrase, text)


@pytest.mark.parametrize(
    ("language", "phrase", "text"),
    [
        ("de", "Bel\u00e4stigung~", "wegen der Bel\u00e4stigungen"),
        ("de", "Bel\u00e4stigung~", "wegen der Belaestigungen"),
        ("de", "bel\u00e4stig*", "ich werde belaestigt"),
        ("de", "K\u00fcndigung", "meine Kuendigung"),
        ("fr", "harceler~", "il me harcelait"),
        ("es", "acosar~", "me acosaban"),
    ],
)
def test_word_forms_follow_the_language_of_the_file(language: str, phrase: str, text: str) -> None:
    assert phrase_matches(phrase, text, language=language)


def test_lists_combine_in_sequence_inside_a_phrase() -> None:
    head = """
phrases:
  person: [he, my boss, '<colleague>']
  colleague: [a coworker, Jan]
  touch: [touch~, grab~, put his hand on]
  body: [leg, arm, shoulder]
"""
    phrase = "<person> ... <touch> ... <body>"
    assert phrase_matches(phrase, "Yesterday my boss suddenly grabbed my arm.", head=head)
    assert phrase_matches(phrase, "Jan put his hand on my leg.", head=head)
    assert phrase_matches(phrase, "A coworker touched me on the shoulder.", head=head)
    assert not phrase_matches(phrase, "My arm hurts since he left; touch grass.", head=head)


def test_a_phrase_never_reaches_from_the_subject_into_the_text() -> None:
    bundle = build("  - {id: x, category: leave, when: {subject_or_text: [sick ... leave]}}\n")
    assert "x" not in ask(bundle, "leave", subject="sick").rules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("H\u00e9 \u201cwas\u201d harassed\u2026", "harassed"),
        ("\U0001f600\U0001f600 harass\u00ading me", "harass\u00ading"),
        ("x" * 30 + "\u1e9e harassment", "harassment"),
    ],
)
def test_spans_count_code_points_of_the_original_text(text: str, words: str) -> None:
    (why,) = ask(build(), text).why
    assert text[slice(*why.span)] == words


def test_the_span_of_a_gap_is_the_shortest_match() -> None:
    bundle = build("  - {id: x, category: leave, when: {text: [boss ... left]}}\n")
    text = "The boss, I mean my boss, just left."
    spans = [why.span for why in ask(bundle, text).why]
    assert [text[slice(*span)] for span in spans] == ["boss, just left"]


def test_masked_words_do_not_count_but_the_rest_does() -> None:
    rule = """
  - id: x
    category: leave
    when: {text: {any: [training, harass~], but_not: [harassment ... training]}}
"""
    bundle = build(rule)
    assert "x" not in ask(bundle, "About the harassment and conduct training.").rules
    found = ask(bundle, "After the harassment awareness training he harassed me.")
    assert "x" in found.rules
    assert [why.phrase for why in found.ignored] == ["harassment ... training"]


def test_at_least_counts_different_phrases() -> None:
    rule = "  - {id: x, category: leave, when: {text: {any: [noise, light, smell], at_least: 2}}}\n"
    bundle = build(rule)
    assert "x" in ask(bundle, "Noise and light all day.").rules
    assert "x" not in ask(bundle, "Noise, noise, noise.").rules


def test_near_finds_groups_in_any_order_within_its_window() -> None:
    rule = """
  - id: x
    category: leave
    when: {text: {near: {within: 4, all: [[salary, pay], [missing, wrong]]}}}
"""
    bundle = build(rule)
    assert "x" in ask(bundle, "Missing: half my salary.").rules
    assert "x" in ask(bundle, "The pay was quite wrong.").rules
    assert "x" not in ask(bundle, "The pay of last month was quite wrong.").rules


SENTENCE = """
  - id: x
    category: leave
    when: {text: {same_sentence: {all: [[I, me], [hurt~, hit]], without: [movie]}}}
"""


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("In the end, after a long day in the stock room, he hit somebody next to me.", True),
        ("He hit the gong. I left.", False),
        ("Mr. Jones hit me, e.g. on Friday.", True),
        ("He hit the road\n\n- I stay", False),
        ("a line\nbroken by hand: he hit\nme again", True),
        ("The movie is a hit for me.", False),
        ("The movie is long. He hit me.", True),
    ],
)
def test_same_sentence_looks_no_further_than_the_sentence(text: str, *, is_found: bool) -> None:
    assert ("x" in ask(build(SENTENCE), text).rules) is is_found


def test_regular_expressions_give_spans_in_code_points() -> None:
    rule = r"""  - {id: x, category: leave, when: {text: {matches: 'LV-\d{4}'}}}"""
    text = "\u00dcber \U0001f600 lv-1234!"
    (why,) = ask(build(rule), text).why
    assert text[slice(*why.span)] == "lv-1234"
