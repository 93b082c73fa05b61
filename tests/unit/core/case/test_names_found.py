"""Whom a text names: what politeness hides, what short words mean, and what is no name at all."""

from __future__ import annotations

import pytest

from mailflow.core.case.conflict import find_named, index_people
from mailflow.core.case.greeting import without_greeting
from mailflow.core.case.people import Directory, Employee, Staff, StaffMember

INES = StaffMember("Ines Ibarra", "ines@acme.example")
PEOPLE = index_people(
    Staff((INES,), {}, fallback_owner=INES.email, independent_contact="law@firm.example"),
    Directory(
        (
            Employee("Ines Ibarra", INES.email),
            Employee("Madonna", "madonna@acme.example"),
            Employee("A B C D E F G", "letters@acme.example"),
        )
    ),
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hello Ines Ibarra, he hit me", " he hit me"),
        ("Hello Ines Ibarra", ""),
        ("Dear Ines Ibarra hit me again on Friday", "Dear Ines Ibarra hit me again on Friday"),
        ("He hit me\nBest regards\nInes", "He hit me"),
    ],
)
def test_only_the_words_of_politeness_are_left_out(text: str, kept: str) -> None:
    assert without_greeting(text) == kept


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("It was my boss.", {1}),
        ("It was my direct line manager's manager.", {2}),
        ("It was my own direct", set()),
        ("It was my own direct current team", set()),
        ("It was my neighbour.", set()),
    ],
)
def test_how_far_above_the_writer_somebody_stands(text: str, levels: set[int]) -> None:
    assert find_named(text, PEOPLE).levels == levels


def test_a_name_of_one_word_or_of_too_many_is_no_full_name() -> None:
    found = find_named("It was Madonna, or A B C D E F G.", PEOPLE)
    assert not found.certain


def test_a_full_name_is_certain_and_an_address_too() -> None:
    assert find_named("It was Ines Ibarra.", PEOPLE).certain == {INES.email}
    assert find_named("Ask ines@acme.example.", PEOPLE).certain == {INES.email}
