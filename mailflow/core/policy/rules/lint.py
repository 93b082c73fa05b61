"""What is wrong with a bundle as a whole, beyond each single value."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.category import Certainty
from mailflow.core.policy.rules.conditions import TextTest, leaves
from mailflow.core.policy.rules.token_stream import TokenStream
from mailflow.core.policy.rules.words import split_words

if TYPE_CHECKING:
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.findings import Findings
    from mailflow.core.policy.rules.rule import InlineTest, Rule
    from mailflow.located import Place


def check_bundle(findings: Findings, bundle: Bundle, categories_place: Place) -> None:
    """Note categories nobody sets, sensitive ones without tests, phrases covered by others."""
    nothing = bundle.defaults.nothing_category
    if nothing not in bundle.categories:
        message = f'if_nothing_matches names an unknown category "{nothing}"'
        findings.error(categories_place, "unknown-category", message)
    _check_adapter_ids(findings, bundle)
    _check_categories_are_set(findings, bundle, categories_place)
    _check_sensitive_tests(findings, bundle, categories_place)
    for rule in bundle.rules:
        _check_covered_phrases(findings, bundle, rule)
        _check_none_of_hints(findings, bundle, rule)


def _check_adapter_ids(findings: Findings, bundle: Bundle) -> None:
    for one, two in pairwise(bundle.adapters):
        if one.id == two.id:
            message = f'the adapter "{two.id}" exists already'
            findings.error(two.place, "duplicate-id", message, width=len(two.id))


def _check_categories_are_set(findings: Findings, bundle: Bundle, place: Place) -> None:
    found = {category for rule in bundle.rules for category in rule.categories}
    for adapter in bundle.adapters:
        found |= {*(adapter.category_map or {}).values(), adapter.category or ""}
    for category in bundle.categories.values():
        if category.is_triage or category.id in found or category.id in bundle.spoiled:
            continue
        if category.id == bundle.defaults.nothing_category:
            continue
        message = f'no rule finds the category "{category.id}": write one or remove the category'
        where = _place_of(bundle, category.id, place)
        findings.error(where, "category-unset", message, width=len(category.id))


def _check_sensitive_tests(findings: Findings, bundle: Bundle, place: Place) -> None:
    for category in bundle.categories.values():
        if not category.sensitive or category.id in bundle.spoiled:
            continue
        own = [
            test for rule in bundle.rules if category.id in rule.categories for test in rule.tests
        ]
        where = _place_of(bundle, category.id, place)
        if not any(test.expect == category.id for test in bundle.tests):
            message = f'"{category.id}" is sensitive and has no test that expects it'
            findings.error(where, "no-test", message, width=len(category.id))
        if not any(_is_near_miss(test, category.id) for test in own) and not any(
            category.id in test.expect_not for test in bundle.tests
        ):
            message = (
                f'"{category.id}" is sensitive and has no near miss: a test with words like these'
                f" that must not become {category.id} (expect_not, or expect another)"
            )
            findings.error(where, "no-near-miss", message, width=len(category.id))


def _is_near_miss(test: InlineTest, category: str) -> bool:
    if test.expect is not None:
        return test.expect != category
    return category in test.expect_not


def _place_of(bundle: Bundle, category: str, place: Place) -> Place:
    return bundle.places.get(category, place)


def _check_covered_phrases(findings: Findings, bundle: Bundle, rule: Rule) -> None:
    """Warn of a phrase that another one of the same list finds anyway."""
    phrases = bundle.book.phrases
    for test in leaves(rule.condition):
        if not isinstance(test, TextTest) or test.any is None or test.at_least > 1:
            continue
        numbers = test.any.phrases
        for number in sorted(numbers):
            text = phrases[number].text
            if any(sign in text for sign in "*(<…") or "..." in text:
                continue
            stream = TokenStream(bundle.book, {"text": text.replace("~", "")})
            present = bundle.book.phrases_in(stream)
            for other in sorted(present & numbers - {number}):
                if not _equal(phrases[other].text, text, later=other > number):
                    message = f'"{text}" is covered by "{phrases[other].text}" already'
                    _warn_at_phrase(findings, bundle, rule, number, message)
                    break


def _equal(one: str, two: str, *, later: bool) -> bool:
    """Of two phrases that cover each other only the later is reported."""
    return later and [*split_words(one)] == [*split_words(two)]


def _warn_at_phrase(
    findings: Findings, bundle: Bundle, rule: Rule, number: int, message: str
) -> None:
    place = bundle.phrase_places.get((rule.id, number), rule.place)
    findings.warning(place, "covered", f'rule "{rule.id}": {message}')


def _check_none_of_hints(findings: Findings, bundle: Bundle, rule: Rule) -> None:
    if rule.certainty is not Certainty.HINT:
        return
    sensitive = [one for one in rule.categories if bundle.is_sensitive(one)]
    if sensitive and rule.has_none:
        message = (
            f'rule "{rule.id}": none never hides a mail from the sensitive "{sensitive[0]}",'
            " so it has no effect on a hint: use but_not"
        )
        findings.warning(rule.place, "none-on-hint", message)
