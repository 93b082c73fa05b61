"""What two bundles mean differently: categories, rules, phrases, floors, targets, tests."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from mailflow.core.policy.rules.conditions import phrases_of
from mailflow.core.policy.rules.inline_tests import run_test
from mailflow.located import Table, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.core.policy.rules.rule import InlineTest, Rule

_RULE_KEYS = (
    "categories",
    "certainty",
    "risk",
    "add",
    "is_enabled",
    "speaks_alone",
    "from_date",
    "until_date",
)


class ChangeKind(StrEnum):
    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"


@dataclass(frozen=True)
class Change:
    """``what`` names the thing ("rule x"), ``detail`` says how it changed."""

    kind: ChangeKind
    what: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.what}{': ' if self.detail else ''}{self.detail}"


def compare_bundles(old: Bundle, new: Bundle) -> tuple[Change, ...]:
    """Every difference in meaning; none for bundles of one id."""
    return (
        *_compare_records("category", old.categories, new.categories),
        *_compare_ranks(old, new),
        *_compare_records("flag", old.flags, new.flags),
        *_compare_rules(old, new),
        *_compare_sections(old, new),
        *_compare_tests(old, new),
    )


def _compare_records(
    what: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Change]:
    yield from _added_and_removed(what, old, new)
    for name in old.keys() & new.keys():
        before, after = _values(old[name]), _values(new[name])
        for key in before:
            if before[key] != after[key] and key not in ("rank", "note"):
                detail = f"{key} {_shown(before[key])} -> {_shown(after[key])}"
                yield Change(ChangeKind.CHANGED, f"{what} {name}", detail)


def _compare_ranks(old: Bundle, new: Bundle) -> Iterator[Change]:
    both = [name for name in old.categories if name in new.categories]
    order = sorted(both, key=new.rank)
    if both != order:
        yield Change(ChangeKind.CHANGED, "rank of categories", f"now {', '.join(order)}")


def _compare_rules(old: Bundle, new: Bundle) -> Iterator[Change]:
    before = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules}
    yield from _added_and_removed("rule", before, after)
    for name in sorted(before.keys() & after.keys()):
        one, two = before[name], after[name]
        what = f"rule {name}"
        gone = _phrases(old, one) - _phrases(new, two)
        come = _phrases(new, two) - _phrases(old, one)
        for text in sorted(gone):
            yield Change(ChangeKind.REMOVED, what, f'phrase "{text}"')
        for text in sorted(come):
            yield Change(ChangeKind.ADDED, what, f'phrase "{text}"')
        for key in _RULE_KEYS:
            if getattr(one, key) != getattr(two, key):
                detail = f"{key} {_shown(getattr(one, key))} -> {_shown(getattr(two, key))}"
                yield Change(ChangeKind.CHANGED, what, detail)
        if not gone and not come and one.when != two.when:
            yield Change(ChangeKind.CHANGED, what, "its conditions")


def _phrases(bundle: Bundle, rule: Rule) -> set[str]:
    return {bundle.book.phrases[number].text for number in phrases_of(rule.condition)}


def _compare_sections(old: Bundle, new: Bundle) -> Iterator[Change]:
    for key in sorted(old.sections.keys() | new.sections.keys()):
        before, after = old.sections.get(key), new.sections.get(key)
        if isinstance(before, Table) and isinstance(after, Table):
            one = {entry.key: plain(entry.value) for entry in before}
            two = {entry.key: plain(entry.value) for entry in after}
            yield from _added_and_removed(key, one, two)
            for name in sorted(one.keys() & two.keys()):
                if one[name] != two[name]:
                    yield Change(ChangeKind.CHANGED, f"{key} {name}")
        elif (before and plain(before)) != (after and plain(after)):
            yield Change(ChangeKind.CHANGED, key)


def _compare_tests(old: Bundle, new: Bundle) -> Iterator[Change]:
    """Tests added and removed, and mails of old tests that now come out differently."""
    before, after = _by_content(old), _by_content(new)
    for key, test in before.items():
        if key not in after:
            yield Change(ChangeKind.REMOVED, f"test {test.title}", _mail(test))
        one, two = run_test(old, test).found, run_test(new, test).found
        if (one.category, one.risk) != (two.category, two.risk):
            detail = f"{one.category}/{one.risk} -> {two.category}/{two.risk}  {_mail(test)}"
            yield Change(ChangeKind.CHANGED, f"result of {test.title}", detail)
    for key, test in after.items():
        if key not in before:
            yield Change(ChangeKind.ADDED, f"test {test.title}", _mail(test))


def _by_content(bundle: Bundle) -> dict[tuple[object, ...], InlineTest]:
    found: dict[tuple[object, ...], InlineTest] = {}
    for test in bundle.tests:
        mail = (test.facts.subject, test.facts.text)
        found[test.rule, *mail, test.expect, test.expect_not, test.risk] = test
    return found


def _mail(test: InlineTest) -> str:
    text = " ".join(f"{test.facts.subject} {test.facts.text}".split())
    return f'"{text[:50]}{"…" if len(text) > 50 else ""}"'  # noqa: PLR2004 - what fits a line.


def _added_and_removed(
    what: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Change]:
    for name in sorted(old.keys() - new.keys()):
        yield Change(ChangeKind.REMOVED, f"{what} {name}")
    for name in sorted(new.keys() - old.keys()):
        yield Change(ChangeKind.ADDED, f"{what} {name}")


def _values(record: object) -> dict[str, object]:
    return {one.name: getattr(record, one.name) for one in fields(record)}  # type: ignore[arg-type] # only dataclasses come here.


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)
