"""What a rule asks of a mail, as values. evaluate.py answers, read_condition.py reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# The words of a field of the rules file, and where in a mail they are looked for.
TEXT_FIELDS: dict[str, tuple[str, ...]] = {
    "subject": ("subject",),
    "text": ("text",),
    "subject_or_text": ("subject", "text"),
    "quoted": ("quoted",),
    "forwarded": ("forwarded",),
}


@dataclass(frozen=True)
class Pattern:
    """A regular expression, compiled by RE2: linear in the text whatever it says."""

    source: str
    compiled: Any


@dataclass(frozen=True)
class Near:
    """A phrase of each group, the last words of all within ``within`` words, in any order."""

    groups: tuple[frozenset[int], ...]
    within: int


@dataclass(frozen=True)
class SameSentence:
    """A phrase of each group in one sentence that has no phrase of ``without``."""

    groups: tuple[frozenset[int], ...]
    without: frozenset[int] = frozenset()


Term = Pattern | Near | SameSentence


@dataclass(frozen=True)
class Wanted:
    """Any one of these: phrases by number, and other terms."""

    phrases: frozenset[int] = frozenset()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class TextTest:
    """``label`` is the field as the rules file names it, ``fields`` those of the mail.

    ``any`` needs ``at_least`` different phrases or terms; each of ``all`` needs one. The words of
    ``but_not`` are blanked first.
    """

    label: str
    fields: tuple[str, ...]
    any: Wanted | None = None
    all: tuple[Wanted, ...] = ()
    at_least: int = 1
    but_not: frozenset[int] = frozenset()


@dataclass(frozen=True)
class AddressTest:
    """``label`` is from, to, cc, alias or domain. Patterns are in lower case; see fact_tests."""

    label: str
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class FactTest:
    """The fact named ``key`` is one of ``wanted`` (true and false as words)."""

    key: str
    wanted: frozenset[str]
    calendar: str = ""


@dataclass(frozen=True)
class AttachmentTest:
    """One attachment that meets all that is given; ``none_allowed``: or none at all."""

    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    larger_than: int | None = None
    none_allowed: bool = False


@dataclass(frozen=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class NoneOf:
    parts: tuple[Condition, ...]


Condition = TextTest | AddressTest | FactTest | AttachmentTest | AllOf | AnyOf | NoneOf


def leaves(condition: Condition) -> Iterable[Condition]:
    """The tests of a condition, in the order of the file."""
    if isinstance(condition, AllOf | AnyOf | NoneOf):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def blocks(condition: Condition) -> Iterable[Condition]:
    """The condition and everything nested in it."""
    yield condition
    if isinstance(condition, AllOf | AnyOf | NoneOf):
        for part in condition.parts:
            yield from blocks(part)


def phrases_of(condition: Condition) -> frozenset[int]:
    """Every phrase that the condition looks for, masks included."""
    numbers: set[int] = set()
    for test in leaves(condition):
        if isinstance(test, TextTest):
            numbers |= test.but_not
            for wanted in (*test.all, *([test.any] if test.any else ())):
                numbers |= wanted.phrases
                for term in wanted.terms:
                    if isinstance(term, Near | SameSentence):
                        numbers |= frozenset().union(*term.groups)
                    if isinstance(term, SameSentence):
                        numbers |= term.without
    return frozenset(numbers)


def trigger_phrases(condition: Condition) -> frozenset[int] | None:
    """Phrases of which one must be in the mail for the condition to hold; None when none must."""
    if isinstance(condition, AllOf):
        return _rarest(trigger_phrases(part) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return _union(trigger_phrases(part) for part in condition.parts)
    if isinstance(condition, TextTest):
        wanted = (*condition.all, *([condition.any] if condition.any else ()))
        return _rarest(_wanted_triggers(one) for one in wanted)
    return None


def _wanted_triggers(wanted: Wanted) -> frozenset[int] | None:
    found: frozenset[int] | None = wanted.phrases
    for term in wanted.terms:
        if isinstance(term, Pattern) or found is None:
            return None
        found |= min(term.groups, key=len)
    return found


def _rarest(options: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    return min((option for option in options if option is not None), key=len, default=None)


def _union(options: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    found: set[int] = set()
    for option in options:
        if option is None:
            return None
        found |= option
    return frozenset(found)
