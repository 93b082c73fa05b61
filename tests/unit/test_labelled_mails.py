from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import CATEGORY_RANK, TRIAGE, Risk
from mailflow.errors import InvalidFilesError
from tests.mails.read_labelled import LabelledMail, Split, Trap, read_labelled

if TYPE_CHECKING:
    from pathlib import Path

_TUNE = read_labelled(Split.TUNE)
_HELD_OUT = read_labelled(Split.HELD_OUT)
_VALIDATION = read_labelled(Split.VALIDATION)
_ALL = (*_TUNE, *_HELD_OUT, *_VALIDATION)
_READ = (*_TUNE, *_HELD_OUT)
_ENGLISH = tuple(mail for mail in _ALL if mail.language == "en")

_SENSITIVE = frozenset(CATEGORY_RANK[:8])
# Answers that keep a sensitive mail among few eyes.
_CAREFUL = _SENSITIVE | {"workplace_conflict", TRIAGE}
_LEAST_RISK = {
    "whistleblower_report": Risk.CONFIDENTIAL,
    "regulatory_complaint": Risk.CONFIDENTIAL,
    "investigation": Risk.CONFIDENTIAL,
    "harassment_discrimination": Risk.HIGH,
    "safety_incident": Risk.HIGH,
    "conduct_concern": Risk.HIGH,
    "manager_complaint": Risk.MODERATE,
    "accommodation_request": Risk.MODERATE,
    "workplace_conflict": Risk.MODERATE,
    "payroll_discrepancy": Risk.MODERATE,
}
_RUN_WORDS = 7

_GOOD = """\
mails:
  - id: a-1
    language: en
    subject: "Hello"
    text: Is the canteen open?
    category: triage
    risk: low
    sensitive: false
    trap: none
"""


def test_ids_are_unique() -> None:
    counts = Counter(mail.id for mail in _ALL)
    assert [name for name, count in counts.items() if count > 1] == []


def test_english_is_at_least_450_mails_and_each_other_language_20() -> None:
    counts = Counter(mail.language for mail in _ALL)
    assert counts["en"] >= 450
    assert {language for language, count in counts.items() if count >= 20} == {
        "en", "de", "fr", "es",
    }  # fmt: skip


@pytest.mark.parametrize("category", CATEGORY_RANK)
def test_each_category_has_18_english_mails_in_both_splits(category: str) -> None:
    mails = [mail for mail in _ENGLISH if mail.category == category]
    assert len(mails) >= 18
    assert {mail.split for mail in mails} >= {Split.TUNE, Split.HELD_OUT}


def test_each_category_has_mails_to_validate() -> None:
    assert {mail.category for mail in _VALIDATION} == set(CATEGORY_RANK)


@pytest.mark.parametrize("theme", sorted({mail.theme for mail in _READ}))
def test_a_third_of_every_theme_is_held_out(theme: str) -> None:
    mails = [mail for mail in _ALL if mail.theme == theme]
    held_out = sum(mail.split is Split.HELD_OUT for mail in mails)
    assert abs(held_out - len(mails) / 3) < 1


def test_at_least_60_harmless_mails_carry_alarming_words() -> None:
    harmless = [mail for mail in _ENGLISH if mail.trap is Trap.ALARMING_WORDS]
    assert sum(not mail.is_sensitive for mail in harmless) >= 60


def test_at_least_90_sensitive_mails_say_it_indirectly() -> None:
    indirect = [mail for mail in _ENGLISH if mail.trap is Trap.INDIRECT]
    assert sum(mail.is_sensitive for mail in indirect) >= 90


@pytest.mark.parametrize("mail", _ALL, ids=lambda mail: mail.id)
def test_labels_do_not_contradict_each_other(mail: LabelledMail) -> None:
    assert mail.category not in mail.acceptable
    assert len(set(mail.acceptable)) == len(mail.acceptable)
    assert mail.risk.rank >= _LEAST_RISK.get(mail.category, Risk.LOW).rank
    if mail.category in _SENSITIVE or mail.risk.is_urgent:
        assert mail.is_sensitive
    if mail.category in _SENSITIVE:
        assert set(mail.acceptable) <= _CAREFUL
    if mail.is_sensitive and mail.category == TRIAGE:
        assert mail.risk.is_urgent
    if "imminent_danger" in mail.flags:
        assert mail.risk.is_urgent


@pytest.mark.parametrize("mail", _ALL, ids=lambda mail: mail.id)
def test_every_mail_says_something(mail: LabelledMail) -> None:
    assert mail.subject.strip() or mail.split is Split.VALIDATION  # people leave it empty
    assert mail.text.strip()
    assert bool(mail.quoted) or mail.trap is not Trap.QUOTATION


def test_no_two_mails_share_a_run_of_words() -> None:
    first_seen: dict[tuple[str, ...], str] = {}
    shared: set[tuple[str, str, str]] = set()
    # Who wrote those of validation had not seen the others: a turn of phrase in both is chance.
    for mail in _READ:
        words = re.findall(r"\w+", mail.text.lower())
        for start in range(len(words) - _RUN_WORDS + 1):
            run = tuple(words[start : start + _RUN_WORDS])
            other = first_seen.setdefault(run, mail.id)
            if other != mail.id:
                shared.add((other, mail.id, " ".join(run)))
    assert sorted(shared) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("category: triage", "category: triag", 'did you mean "triage"'),
        ("risk: low", "risk: lowest", 'did you mean "low"'),
        ("trap: none", "trap: irony", 'unknown trap "irony"'),
        ("    trap: none\n", "", '"trap" is missing'),
        ("trap: none", "trap: none\n    flag: [minor]", 'did you mean "flags"'),
        ("sensitive: false", "sensitive: maybe", 'unknown sensitive "maybe"'),
        ("mails:", "mail:", 'a list under "mails:"'),
    ],
)
def test_a_wrong_label_is_named_with_its_place(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    (tmp_path / "tune").mkdir()
    (tmp_path / "tune" / "some.yaml").write_text(_GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidFilesError, match=re.escape(expected)) as caught:
        read_labelled(Split.TUNE, tmp_path)
    assert caught.value.mistakes[0].line > 0


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "held_out").mkdir()
    (tmp_path / "held_out" / "some.yaml").write_text(_GOOD, encoding="utf-8")
    (mail,) = read_labelled(Split.HELD_OUT, tmp_path)
    assert (mail.id, mail.theme, mail.split) == ("a-1", "some", Split.HELD_OUT)
    assert mail.accepts(TRIAGE)
    assert not mail.accepts("leave_request")
