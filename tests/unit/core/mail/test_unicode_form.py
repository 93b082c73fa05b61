from __future__ import annotations

import unicodedata

import pytest

from mailflow.core.case.name_words import name_words
from mailflow.core.mail.unicode_form import LONGEST_WORD, MOST_MARKS, fold, normal_form
from mailflow.core.policy.rules.words import fold_word, lower_word


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Müller", "muller"),
        ("MU\u0308LLER", "muller"),
        ("Ｍｕｌｌｅｒ", "muller"),
        ("mu\u00adl\u200bler", "muller"),
        ("Łukasz", "lukasz"),
        ("Ærø", "aero"),
        ("GROẞ", "gross"),
        ("ﬁle", "file"),
        ("O'Brien", "obrien"),
        ("İpek", "ipek"),
        ("ıpek", "ipek"),
        ("Søren2", "soren2"),
        ("日本", "日本"),
    ],
)
def test_words_that_read_alike_are_compared_as_one(written: str, plain: str) -> None:
    assert fold(written) == plain
    assert fold(fold(written)) == plain


def test_rules_names_and_indexes_share_the_form() -> None:
    for word in ("Müller", "ﬁle", "Ærø", "O’Brien"):
        assert name_words(word) == (fold(word),)
        assert fold_word(word) == fold(word)


def test_a_sign_that_stands_for_eighteen_cannot_blow_up() -> None:
    salutation = "\ufdfa"
    assert len(unicodedata.normalize("NFKC", salutation)) == 18
    bomb = salutation * 1_000_000
    assert len(fold(bomb)) <= 18 * LONGEST_WORD
    assert len(lower_word(bomb)) <= 18 * LONGEST_WORD
    assert all(len(word) <= 18 * LONGEST_WORD for word in name_words(bomb))


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFD", "NFKD"])
def test_a_run_of_marks_is_cut_before_it_is_sorted(form: str) -> None:
    bomb = "a" + "\u0316\u0300" * 500_000 + "b"
    assert len(normal_form(form, bomb)) <= MOST_MARKS + 2  # type: ignore[arg-type]  # the four names
    assert len(fold("a" + "\u0316\u0300" * 500_000)) == 1


def test_ordinary_marks_stay() -> None:
    assert normal_form("NFC", "e\u0301t\u00e9") == "\u00e9t\u00e9"
    assert normal_form("NFC", "plain") == "plain"
