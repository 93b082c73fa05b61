"""Every slip of the pen in tests/rules/bad.*.yaml is named at its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mailflow.casework.rules_bundle import check_texts
from mailflow.core.policy.rules.inline_tests import measure_coverage, run_tests
from mailflow.core.policy.rules.known_names import KnownNames

if TYPE_CHECKING:
    from mailflow.errors import Mistake

FOLDER = Path(__file__).parents[4] / "rules"
BASE = """mailflow: 1
categories:
  - {id: leave, team: hr-ops, sla: standard}
  - {id: triage, team: hr-ops, sla: standard}
"""
KNOWN = KnownNames(
    teams={"hr-ops", "hr-leadership", "executive-office"},
    people={"dana.lead@acme.example"},
    slas={"standard"},
    calendars={"berlin"},
    templates={"acknowledgement"},
)
BAD = sorted(FOLDER.glob("bad.*.yaml"))
GOOD = sorted(FOLDER.glob("good.*.yaml"))


def find_mistakes(path: Path) -> tuple[Mistake, ...]:
    text = path.read_text(encoding="utf-8")
    texts = {f"rules/{path.name}": text}
    if "\ncategories:" not in text:
        texts["rules/base.yaml"] = BASE
    return check_texts(texts, KNOWN)[1]


def expected_codes(path: Path) -> list[str]:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    return sorted(code.strip() for code in first.removeprefix("# expect:").split(","))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_each_mistake_is_named_and_nothing_else(path: Path) -> None:
    found = find_mistakes(path)
    assert sorted(mistake.code for mistake in found) == expected_codes(path), "\n".join(
        map(str, found)
    )


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_each_mistake_shows_the_line_and_points_into_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for mistake in find_mistakes(path):
        assert mistake.source_line == lines[mistake.line - 1]
        assert 1 <= mistake.column <= len(mistake.source_line) + 1


def test_the_nearest_name_is_offered() -> None:
    (mistake,) = find_mistakes(FOLDER / "bad.unknown_key.yaml")
    assert str(mistake) == (
        'rules/bad.unknown_key.yaml:4:5: error[unknown-key] rule "leave": unknown key "catgory",'
        ' did you mean "category"?\n'
        "    4 |     catgory: leave\n"
        "      |     ^^^^^^^"
    )


def test_all_mistakes_of_all_files_come_in_one_run() -> None:
    texts = {
        f"rules/{path.name}": path.read_text(encoding="utf-8")
        for path in BAD
        if path.name in ("bad.unknown_key.yaml", "bad.tab.yaml", "bad.regex.yaml")
    }
    _, found = check_texts({**texts, "rules/base.yaml": BASE}, KNOWN)
    assert {mistake.code for mistake in found} >= {"unknown-key", "tab", "regex"}


def test_a_yml_file_is_told_to_be_renamed() -> None:
    rule = "rules: [{id: a, category: leave, when: {text: [annual leave]}}]"
    _, found = check_texts({"rules/base.yaml": BASE + rule, "rules/more.yml": "rules: []"}, KNOWN)
    assert [(one.code, one.file) for one in found] == [("yml", "rules/more.yml")]


def test_no_and_on_and_times_stay_text() -> None:
    rule = (
        "rules: [{id: a, category: leave, when: {sender: {country: [no, NO]}, text: [on leave]}}]"
    )
    bundle, found = check_texts({"rules/base.yaml": BASE + rule}, KNOWN)
    assert found == ()
    assert bundle is not None


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_good_files_have_no_mistakes(path: Path) -> None:
    _, found = check_texts({"rules/a.yaml": path.read_text(encoding="utf-8")}, KnownNames())
    assert found == ()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_the_tests_of_good_files_pass_and_reach_every_rule(path: Path) -> None:
    bundle, _ = check_texts({"rules/a.yaml": path.read_text(encoding="utf-8")}, KnownNames())
    assert bundle is not None
    outcomes = run_tests(bundle)
    assert [(one.test.title, one.problems) for one in outcomes if not one.is_passed] == []
    assert measure_coverage(bundle, outcomes).rules == ()


def test_a_section_that_may_stand_once_stands_once() -> None:
    rule = "rules: [{id: a, category: leave, when: {text: [annual leave]}}]"
    texts = {"rules/a.yaml": BASE + rule, "rules/b.yaml": BASE}
    _, found = check_texts(texts, KNOWN)
    assert [one.code for one in found] == ["duplicate-section"]
    assert "rules/a.yaml:2" in found[0].message


def test_a_folder_without_categories_is_told_so() -> None:
    assert [one.code for one in check_texts({}, KNOWN)[1]] == ["no-categories"]


def test_a_file_that_is_no_block_is_told_so() -> None:
    rule = "rules: [{id: a, category: leave, when: {text: [annual leave]}}]"
    _, found = check_texts({"rules/a.yaml": BASE + rule, "rules/b.yaml": "- a\n"}, KNOWN)
    assert [(one.file, one.code) for one in found] == [("rules/b.yaml", "wrong-type")]
