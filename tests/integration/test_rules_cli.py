"""`mailflow rules` as people and scripts call it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from mailflow.cli.rules import app

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

RULES = """mailflow: 1
categories:
  - {id: harassment, sensitive: true, risk: high, team: er, sla: standard,
     escalate_to: [leaders], escalate_to_alternate: [office]}
  - {id: leave, team: hr-ops, sla: standard}
  - {id: triage, team: hr-ops, sla: standard}
rules:
  - id: harassment
    category: harassment
    when: {subject_or_text: {any: [harass~], but_not: [harassment training]}}
    tests:
      - {text: He harassed me., expect: harassment, risk: high}
      - {text: When is the harassment training?, expect: triage}
  - id: leave
    category: leave
    when: {subject_or_text: [annual leave]}
    tests: [{text: Annual leave please, expect: leave, risk: low}]
"""
MAIL = """From: Ana Example <ana@acme.example>
To: hr@acme.example
Subject: Harassment training
Date: Mon, 23 Nov 2026 10:00:00 +0100
Message-ID: <{number}@acme.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}
"""
HARASSED = "After the harassment training he harassed me."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "hr.yaml").write_text(RULES)
    return tmp_path


def run(home: Path, *arguments: str | Path) -> Result:
    command, *rest = map(str, arguments)
    return CliRunner().invoke(app, [command, *rest, "--home", str(home)])


def change(home: Path, old: str, new: str, folder: str = "rules") -> Path:
    target = home / folder
    target.mkdir(exist_ok=True)
    assert old in RULES
    (target / "hr.yaml").write_text(RULES.replace(old, new))
    return target


def write_mail(home: Path, name: str = "a.eml", text: str = HARASSED) -> Path:
    path = home / name
    path.write_text(MAIL.format(text=text, number=name), encoding="utf-8")
    return path


def write_mbox(home: Path, *texts: str) -> Path:
    path = home / "past.mbox"
    mails = (MAIL.format(text=text, number=n) for n, text in enumerate(texts))
    path.write_text("".join(f"From ana Mon Nov 23 10:00:00 2026\n{mail}\n" for mail in mails))
    return path


def test_check_says_that_all_is_well(home: Path) -> None:
    result = run(home, "check")
    assert result.exit_code == 0
    assert result.stdout.startswith("0 errors, 0 warnings. Bundle ")


def test_check_shows_file_line_column_caret_and_the_nearest_name(home: Path) -> None:
    change(home, "category: leave", "catgory: leave")
    result = run(home, "check")
    assert result.exit_code == 1
    message = 'rule "leave": unknown key "catgory", did you mean "category"?'
    assert result.stdout.splitlines() == [
        f"rules/hr.yaml:15:5: error[unknown-key] {message}",
        "   15 |     catgory: leave",
        "      |     ^^^^^^^",
        "1 error, 0 warnings.",
    ]


def test_warnings_alone_are_no_failure_unless_strict(home: Path) -> None:
    change(home, "[annual leave]", "[annual leave, apply*]")
    assert run(home, "check").exit_code == 0
    result = run(home, "check", "--strict")
    assert result.exit_code == 1
    assert 'warning[word-form] "apply*" misses "applies", "applied": write apply~' in result.stdout


def test_a_rule_without_a_test_that_reaches_it_is_a_warning(home: Path) -> None:
    change(home, "    tests: [{text: Annual leave please, expect: leave, risk: low}]\n", "")
    assert 'warning[untested-rule] no test reaches the rule "leave"' in run(home, "check").stdout


def test_check_speaks_json_and_github(home: Path) -> None:
    change(home, "category: leave", "catgory: leave")
    found = json.loads(run(home, "check", "--format", "json").stdout)["findings"]
    assert [(one["line"], one["column"], one["code"]) for one in found] == [(15, 5, "unknown-key")]
    line = run(home, "check", "--format", "github").stdout.splitlines()[0]
    assert line.startswith("::error file=rules/hr.yaml,line=15,col=5,title=unknown-key::rule")


def test_check_refuses_teams_that_the_staff_file_does_not_have(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "staff.yaml").write_text(
        "teams: {er: {}, hr-opps: {}, leaders: {}, office: {}}"
    )
    result = run(home, "check")
    assert 'error[unknown-team] unknown team "hr-ops", did you mean "hr-opps"?' in result.stdout


def test_a_missing_folder_is_a_usage_error(home: Path) -> None:
    assert run(home, "check", home / "nowhere").exit_code == 2


def test_inline_tests_pass(home: Path) -> None:
    result = run(home, "test")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "3 passed, 0 failed"


def test_a_failed_test_is_shown_with_its_explanation(home: Path) -> None:
    change(home, "[annual leave]", "[sick leave]")
    result = run(home, "test")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "FAIL leave tests[0] hr.yaml:17  expected leave/low, got triage/moderate"
    assert "near miss leave: subject_or_text has none of 1 phrase" in result.stdout
    assert lines[-1] == "2 passed, 1 failed"


def test_tests_may_be_picked_by_name_and_coverage_lists_what_is_untouched(home: Path) -> None:
    result = run(home, "test", "-k", "harass", "--coverage")
    assert 'untested leave hr.yaml:14  "annual leave"' in result.stdout
    assert result.stdout.splitlines()[-1] == "2 passed, 0 failed"
    assert run(home, "test", "-k", "nothing-like-it").exit_code == 2


@pytest.mark.parametrize("command", [["test"], ["explain", "a.eml"], ["diff", "rules"]])
def test_invalid_rules_mean_that_the_question_was_not_asked(home: Path, command: list[str]) -> None:
    mail = write_mail(home)
    change(home, "category: leave", "catgory: leave")
    paths = {"a.eml": str(mail), "rules": str(home / "rules")}
    assert run(home, *(paths.get(part, part) for part in command)).exit_code == 3


def test_explain_says_what_decided_and_what_was_masked(home: Path) -> None:
    lines = run(home, "explain", write_mail(home)).stdout.splitlines()
    assert lines[0] == "category  harassment   by rule harassment (hr.yaml:8)"
    assert lines[1] == "risk      high   low (defaults) -> high (category harassment)"
    assert lines[2].endswith(
        '"harass~" matched "harassed" in "After the harassment training he >harassed< me."'
    )
    assert 'ignored 2x "harassment training" (but_not)' in "\n".join(lines)


def test_explain_all_names_the_failing_condition_of_every_rule(home: Path) -> None:
    stdout = run(home, "explain", write_mail(home), "--all").stdout
    assert "rule      leave (hr.yaml:14): subject_or_text has none of 1 phrase" in stdout
    assert "rule      harassment (hr.yaml:8): matches" in stdout


def test_explain_json_has_the_keys_that_scripts_hold_on_to(home: Path) -> None:
    mail = write_mail(home, text="Gr\u00fc\u00dfe \U0001f600. He harassed me.")
    found = json.loads(run(home, "explain", mail, "--json").stdout)
    assert found["file"] == str(mail)
    assert (found["category"], found["risk"], found["certainty"]) == ("harassment", "high", "sure")
    assert found["secondary"] == found["flags"] == []
    assert found["why"] == [
        {"rule": "harassment", "field": "text", "phrase": "harass~", "span": [12, 20]}
    ]
    assert len(found["bundle"]) == 12


def test_explain_json_of_several_files_is_one_object_a_line(home: Path) -> None:
    mails = [write_mail(home), write_mail(home, "b.eml", "My annual leave")]
    lines = run(home, "explain", *mails, "--json").stdout.splitlines()
    assert [json.loads(line)["category"] for line in lines] == ["harassment", "leave"]


def test_explain_of_a_missing_file_or_case_is_a_usage_error(home: Path) -> None:
    assert run(home, "explain", home / "no.eml").exit_code == 2
    assert run(home, "explain", "HR-7K2Q9M").exit_code == 2


def test_diff_tells_meaning_and_not_text(home: Path) -> None:
    new = change(home, "[annual leave]", "[day off]", "new")
    assert run(home, "diff", new).stdout.splitlines()[:2] == [
        '- rule leave: phrase "annual leave"',
        '+ rule leave: phrase "day off"',
    ]
    (new / "hr.yaml").write_text("# another comment\n" + RULES)
    assert run(home, "diff", new).stdout.startswith("0 differences")


def test_backtest_refuses_what_would_lower_a_case(home: Path) -> None:
    new = change(home, "any: [harass~]", "any: [harassing, harassed us, he harassed]", "new")
    mbox = write_mbox(home, "They harass me.", "My annual leave")
    result = run(home, "backtest", new, "--mbox", mbox)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("2 messages, old ")
    assert "Ha... tr..." in lines[2]
    assert "Harassment training" not in result.stdout
    assert "harassment -> triage" in lines[2]
    assert lines[2].endswith("harassment no longer matches   LOWERED")
    assert lines[-1] == (
        "1 changed: 0 raised, 1 lowered, 1 left a sensitive category, 0 other; triage 0 -> 1"
    )
    assert run(home, "backtest", new, "--mbox", mbox, "--fail-on", "none").exit_code == 0


def test_backtest_lets_a_raise_pass(home: Path) -> None:
    new = change(home, "any: [harass~]", "any: [harass~, annual leave]", "new")
    result = run(home, "backtest", new, "--mbox", write_mbox(home, "My annual leave"))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[2].endswith('harassment "annual leave"   RAISED')


def test_backtest_needs_past_mail(home: Path) -> None:
    assert run(home, "backtest", home / "rules").exit_code == 2


def test_apply_puts_rules_in_force_only_with_the_shown_number(home: Path) -> None:
    new = change(home, "any: [harass~]", "any: [he harassed]", "new")
    mbox = write_mbox(home, "They harass me.")
    refused = run(home, "apply", new, "--mbox", mbox)
    assert refused.exit_code == 1
    assert (home / "rules" / "hr.yaml").read_text() == RULES
    assert run(home, "apply", new, "--mbox", mbox, "--accept-lowered", "2").exit_code == 1
    accepted = run(home, "apply", new, "--mbox", mbox, "--accept-lowered", "1")
    assert accepted.exit_code == 0
    assert (home / "rules" / "hr.yaml").read_text() == (new / "hr.yaml").read_text()
    assert [path.name for path in (home / "rules").iterdir()] == ["hr.yaml"]


def test_apply_refuses_rules_whose_tests_fail(home: Path) -> None:
    new = change(home, "[annual leave]", "[sick leave]", "new")
    result = run(home, "apply", new, "--mbox", write_mbox(home, "Hello"))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "2 passed, 1 failed"


def test_schema_offers_the_names_of_this_site(home: Path) -> None:
    schema = json.loads(run(home, "schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    category = schema["$defs"]["rule"]["properties"]["category"]
    assert category["anyOf"][0]["enum"] == ["harassment", "leave", "triage"]
    assert set(schema["properties"]) >= {"categories", "rules", "phrases", "tests", "sla"}


@pytest.mark.parametrize(
    ("encoding", "old", "new", "place"),
    [
        ("latin-1", "[annual leave]", "[congés payés]", ":16:34"),
        ("utf-16", "[annual leave]", "[day off]", ":1:1"),
    ],
)
def test_a_file_in_another_encoding_is_told_and_never_half_read(
    home: Path, encoding: str, old: str, new: str, place: str
) -> None:
    (home / "rules" / "hr.yaml").write_bytes(RULES.replace(old, new).encode(encoding))
    result = run(home, "check")
    assert result.exit_code == 1
    first = result.stdout.splitlines()[0]
    assert first.startswith(f"rules/hr.yaml{place}: error[encoding]")
    assert "UTF-8" in first
    assert result.stdout.splitlines()[-1].startswith("1 error,")


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_and_marks_of_other_systems_mean_nothing(home: Path, line_end: str) -> None:
    before = run(home, "check").stdout
    text = "\N{ZERO WIDTH NO-BREAK SPACE}" + RULES.replace("\n", line_end)
    (home / "rules" / "hr.yaml").write_bytes(text.encode())
    assert run(home, "check").stdout == before


def test_a_blank_copied_from_a_web_page_is_named(home: Path) -> None:
    folder = change(home, "    category: leave", " \N{NO-BREAK SPACE}  category: leave")
    assert "hr.yaml:15:2: error[odd-blank]" in run(home, "check", folder).stdout


def test_curly_quotes_are_told_to_be_none(home: Path) -> None:
    curly = "{text: \N{LEFT DOUBLE QUOTATION MARK}Annual leave, please"
    folder = change(home, "{text: Annual leave please", curly)
    assert "curly quotes are ordinary letters" in run(home, "check", folder).stdout


def test_what_is_no_folder_of_rules_is_told(home: Path) -> None:
    (home / "empty").mkdir()
    for wrong, words in (
        (home / "rules" / "hr.yaml", "is a file: give the folder"),
        (home / "empty", "no file of rules (.yaml)"),
        (home / "nowhere", "no such folder"),
    ):
        for command in ("check", "test", "diff"):
            result = run(home, command, wrong)
            assert (result.exit_code, words in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"Hello,\n\nplease pay me.\n", "is no mail"),
        (b"\xd0\xcf\x11\xe0rest", "save it as .eml"),
        (bytes(range(256)), "is no mail"),
    ],
    ids=["empty", "text", "outlook", "octets"],
)
def test_a_file_that_is_no_mail_is_not_explained(home: Path, data: bytes, words: str) -> None:
    (home / "a.eml").write_bytes(data)
    result = run(home, "explain", home / "a.eml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_file_without_mails_is_no_past_mail(home: Path) -> None:
    path = write_mail(home)
    result = run(home, "backtest", home / "rules", "--mbox", path)
    assert result.exit_code == 2
    assert 'begins with "From "' in result.stderr


def test_new_rules_are_applied_only_if_the_instances_own_teams_are_in_them(home: Path) -> None:
    (home / "config").mkdir()
    people = "people: [{name: Dana, email: dana@acme.example, roles: [lead], team: er}]"
    teams = "teams: {er: {}, hr-ops: {}, leaders: {}, office: {}}"
    (home / "config" / "staff.yaml").write_text(f"{people}\n{teams}\n")
    elsewhere = home.parent / "elsewhere"
    elsewhere.mkdir()
    text = RULES.replace(
        "team: hr-ops, sla: standard}\n  - {id: triage", "team: hr, sla: standard}\n  - {id: triage"
    )
    (elsewhere / "hr.yaml").write_text(text)
    result = run(home, "apply", elsewhere, "--mbox", write_mbox(home, HARASSED))
    assert result.exit_code == 3
    assert 'unknown team "hr"' in result.stderr
    assert (home / "rules" / "hr.yaml").read_text() == RULES


def test_a_portals_mail_is_explained_as_the_request_in_it(home: Path) -> None:
    adapter = """adapters:
  - id: portal
    when: {from: [ana@acme.example]}
    read: {text: ['(?m)^For: (?P<requester>\\S+)$', '(?s)Words: (?P<words>.*)']}
    text: words
    category: leave
"""
    (home / "rules" / "adapters.yaml").write_text(adapter)
    mail = write_mail(home, text="For: bob@acme.example\nWords: I am off on Monday.")
    said = run(home, "explain", mail).stdout
    assert said.startswith("portal    adapter portal: a request of bob@acme.example; it read")
    assert "category  leave   by rule adapter portal" in said
    found = json.loads(run(home, "explain", mail, "--json").stdout)
    assert found["portal"]["requester"] == "bob@acme.example"
