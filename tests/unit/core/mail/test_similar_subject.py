from __future__ import annotations

from time import perf_counter

import pytest

from mailflow.core.mail.similar_subject import are_similar, subject_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paycheck", "Re: PAYCHECK!"),
        ("WG: AW: Gehalt für März", "gehalt fur marz"),
        ("Pay?", "Fwd: pay"),
        ("October pay", "Pay, October"),
        ("Wrong payslip for October", "Wrong payslip October, again"),
        ("Payslip 10/2026 is wrong", "Wrong payslip 10/2026"),
        ("給与明細について", "Re: 給与明細について"),
    ],
)
def test_subjects_with_the_same_or_most_words_are_similar(one: str, other: str) -> None:
    assert are_similar(subject_words(one), subject_words(other))
    assert are_similar(subject_words(other), subject_words(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        ("Re:", "Fwd:"),
        ("!!!", "!!!"),
        ("Paycheck October", "Paycheck November"),
        ("Question about my payslip", "Question about my parking"),
        ("Payslip 10/2026", "Payslip 11/2026"),
        ("Pay", "Pay and parental leave"),
        ("This is for you", "This is for me"),
    ],
)
def test_subjects_that_share_little_are_not_similar(one: str, other: str) -> None:
    assert not are_similar(subject_words(one), subject_words(other))


def test_a_hostile_subject_takes_no_time() -> None:
    begin = perf_counter()
    subject_words("Re: " * 400_000)
    subject_words("a\u0301" + "\u0301" * 1_000_000)
    assert perf_counter() - begin < 1
