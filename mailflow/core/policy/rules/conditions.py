"""What a rule asks of a mail, as values. evaluate.py answers, read_condition.py reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import re2

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

    def __reduce__(self) -> tuple[object, tuple[str]]:
        # What RE2 compiled cannot travel to another process; its source can.
        return compile_pattern, (self.source,)


def compile_pattern(source: str) -> Pattern:
    """Upper and lower case are alike. Raises re2.error."""
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    return Pattern(source, re2.compile(source, options=options))  # type: ignore[no-untyped-call] # the library has no types.


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


def required_phrases(condition: Condition) -> tuple[frozenset[int], ...]:
    """Sets of phrases: where the condition holds, the mail has at least one of each set.

    Empty when nothing can be said, as of tests of what is no text.
    """
    if isinstance(condition, AllOf):
        return tuple(one for part in condition.parts for one in required_phrases(part))
    if isinstance(condition, AnyOf):
        return _one_of([required_phrases(part) for part in condition.parts])
    if isinstance(condition, TextTest):
        wanted = (*condition.all, *([condition.any] if condition.any else ()))
        return tuple(one for each in wanted for one in _required_by(each))
    return ()


def _required_by(wanted: Wanted) -> tuple[frozenset[int], ...]:
    """One phrase does, or else each group of one term."""
    own = [(wanted.phrases,)] if wanted.phrases else []
    terms = [() if isinstance(term, Pattern) else term.groups for term in wanted.terms]
    return _one_of([*own, *terms])


def _one_of(options: Iterable[tuple[frozenset[int], ...]]) -> tuple[frozenset[int], ...]:
    """What is required where one of several holds and each has requirements of its own."""
    listed = list(options)
    if len(listed) == 1:
        return listed[0]
    if not listed or not all(listed):
        return ()
    return (frozenset[int]().union(*(min(sets, key=len) for sets in listed)),)
