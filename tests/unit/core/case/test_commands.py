from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core.case import commands as c
from mailflow.core.case.case import Risk
from mailflow.core.case.command_dates import When, read_when
from mailflow.core.case.command_grammar import edit_distance, nearest_verb, read_instructions
from mailflow.core.case.command_shapes import SHAPES

_CASES: list[tuple[str, tuple[c.Command, ...], str]] = [
    ("Hello Ana,\n\nyour pay is right.", (), "Hello Ana,\n\nyour pay is right."),
    ("#reply\nHello Ana", (c.Reply("reply", 1),), "Hello Ana"),
    ("\n\n#REPLY confirm\n\nHello", (c.Reply("reply", 3, confirmed=True),), "Hello"),
    ("\uff03note\n\nthink", (c.Note("note", 1),), "think"),
    ("\u200b#\u200back\u00a0", (c.Ack("ack", 1),), ""),
    (
        "#assign dana@acme.example<mailto:dana@acme.example>",
        (c.Assign("assign", 1, person="dana@acme.example"),),
        "",
    ),
    (
        "#assign [dana@acme.example](mailto:dana@acme.example) summary: on leave next week",
        (c.Assign("assign", 1, person="dana@acme.example", summary="on leave next week"),),
        "",
    ),
    (
        "#risk high reason: he threatened her",
        (c.SetRisk("risk", 1, risk=Risk.HIGH, reason="he threatened her"),),
        "",
    ),
    (
        "#wait third party until: +5d",
        (
            c.Wait(
                "wait", 1, waits_for=c.WaitFor.THIRD_PARTY, until=When(working_days=5), question=""
            ),
        ),
        "",
    ),
    (
        "#wait employee until: fri q: Which month\n is it?\n  And which shift?",
        (
            c.Wait(
                "wait",
                1,
                waits_for=c.WaitFor.EMPLOYEE,
                until=When(weekday=4),
                question="Which month is it? And which shift?",
            ),
        ),
        "",
    ),
    (
        "#close outcome: resolved resolution: paid: 200 EUR with November date: 2026-11-24",
        (
            c.Close(
                "close",
                1,
                outcome=c.Outcome.RESOLVED,
                resolution="paid: 200 EUR with November",
                date=When(on=date(2026, 11, 24)),
            ),
        ),
        "",
    ),
    (
        "#party subject: Bruno Berger witness: Mia Maurer",
        (
            c.AddParty("party", 1, role=c.PartyRole.SUBJECT, name="Bruno Berger"),
            c.AddParty("party", 1, role=c.PartyRole.WITNESS, name="Mia Maurer"),
        ),
        "",
    ),
    (
        "#finding 1 partially substantiated basis: two witnesses",
        (
            c.AddFinding(
                "finding",
                1,
                allegation=1,
                result=c.FindingResult.PARTIALLY_SUBSTANTIATED,
                basis="two witnesses",
            ),
        ),
        "",
    ),
    ("#ack\n#send #2", (c.Ack("ack", 1), c.Send("send", 2, note=2)), ""),
    ("#split lines: 3-7, 9", (c.Split("split", 1, lines=((3, 7), (9, 9))),), ""),
    (
        "#new for: ana@x.example channel: phone\nShe called about her payslip.",
        (),
        "",
    ),
    ("Number # 1 and #1 are text", (), "Number # 1 and #1 are text"),
]


@pytest.mark.parametrize(("text", "commands", "body"), _CASES[:-2] + _CASES[-1:])
def test_a_staff_mail_is_read_as_commands_and_a_body(
    text: str, commands: tuple[c.Command, ...], body: str
) -> None:
    read = read_instructions(text)
    assert read.mistakes == ()
    assert read.commands == commands
    assert read.body == body


_MISTAKES = [
    ("#clsoe outcome: resolved", "unknown_verb_guess", "close"),
    ("#repyl\nDear Ana", "unknown_verb_guess", "reply"),
    ("#payroll is late", "unknown_verb", ""),
    ("Dear Ana,\n#reply", "command_in_text", "reply"),
    ("Dear Ana,\n\n#clsoe", "unknown_verb_guess", "close"),
    ("Dear Ana,\n  #hashtag", "command_in_text", ""),
    ("#close outcome: great resolution: x", "argument_wrong", ""),
    ("#risk high", "argument_missing", ""),
    ("#wait employee until: fri", "argument_missing", ""),
    ("#wait employee until: someday q: Which?", "no_date", ""),
    ("#due 2026-02-30 reason: x", "no_date", ""),
    ("#ack please", "text_after_verb", ""),
    ("#close resolution: a resolution: b", "key_twice", ""),
    ("#reply\n#note\n\nHello", "contradiction", ""),
    (
        "#close outcome: resolved resolution: the money was paid with\nthe next run",
        "no_blank_line",
        "",
    ),
    ("\n".join(["#ack"] * 11), "too_many_commands", ""),
    ("#rep\n\nHello", "unknown_verb", ""),
]


@pytest.mark.parametrize(("text", "code", "guess"), _MISTAKES)
def test_a_line_that_is_no_command_is_a_mistake_and_never_text(
    text: str, code: str, guess: str
) -> None:
    (mistake, *_) = read_instructions(text).mistakes
    assert mistake.code == code
    if code == "unknown_verb_guess":
        assert mistake.facts["guess"] == guess


_EXAMPLES = {
    "send": "#send 2",
    "to": "#to witness-1",
    "assign": "#assign dana@acme.example",
    "escalate": "#escalate to: legal-counsel reason: a threat",
    "category": "#category leave_request",
    "risk": "#risk high reason: a threat",
    "flag": "#flag retaliation",
    "restrict": "#restrict dana@acme.example, ines@acme.example",
    "wait": "#wait internal",
    "due": "#due +3d reason: holidays",
    "remind": "#remind fri look again",
    "party": "#party subject: Bruno Berger",
    "allegation": "#allegation type: conduct text: shouted",
    "conflict": "#conflict Bruno Berger",
    "clear-conflict": "#clear-conflict Bruno Berger reason: another Bruno",
    "begin": "#begin plan: ask both",
    "finding": "#finding 1 substantiated basis: two witnesses",
    "action": "#action who: Dana due: fri text: speak with both",
    "done": "#done 1",
    "hold": "#hold reason: a claim",
    "release": "#release reason: over",
    "link": "#link HR-7K2Q9M",
    "merge": "#merge HR-7K2Q9M",
    "split": "#split lines: 3-7",
    "redact": "#redact text: her address",
    "new": "#new for: ana@x.example channel: phone",
    "reopen": "#reopen reason: not done",
    "cancel-case": "#cancel-case reason: spam",
    "trigger": "#trigger fmla_notice at: 2026-11-23",
    "met": "#met fmla_notice text: notice handed over",
    "away": "#away until: fri delegate: Dana",
}


@pytest.mark.parametrize("verb", list(SHAPES))
def test_every_verb_is_read_in_its_simplest_form(verb: str) -> None:
    read = read_instructions(_EXAMPLES.get(verb, f"#{verb}"))
    assert read.mistakes == ()
    assert {command.verb for command in read.commands} == {verb}


def test_no_verb_is_known_by_its_beginning_alone() -> None:
    for verb in SHAPES:
        for length in range(2, len(verb)):
            if verb[:length] not in SHAPES:
                assert read_instructions(f"#{verb[:length]}").mistakes


def test_every_verb_within_two_edits_is_named_in_the_mistake() -> None:
    assert nearest_verb("clsoe") == "close"
    assert nearest_verb("escalte") == "escalate"
    assert nearest_verb("assgin") == "assign"
    assert nearest_verb("entirely") is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-12-01", When(on=date(2026, 12, 1))),
        ("Fri", When(weekday=4)),
        ("thursday.", When(weekday=3)),
        ("+3d", When(working_days=3)),
        ("+2w", When(working_days=10)),
        ("+0d", None),
        ("2026-13-01", None),
        ("soon", None),
    ],
)
def test_dates_are_iso_weekdays_or_working_days(text: str, when: When | None) -> None:
    assert read_when(text) == when


def test_a_weekday_is_the_next_one_after_today() -> None:
    tuesday = date(2026, 11, 24)
    assert When(weekday=4).nearest(today=tuesday) == date(2026, 11, 27)
    assert When(weekday=1).nearest(today=tuesday) == date(2026, 12, 1)


@given(st.text(max_size=30), st.text(max_size=30))
def test_edit_distance_is_symmetric_and_zero_only_for_equals(one: str, other: str) -> None:
    assert edit_distance(one, other) == edit_distance(other, one)
    assert (edit_distance(one, other) == 0) == (one == other)


@given(st.text(alphabet="#:abcreplynote \n\u00a0<>", max_size=200))
def test_no_text_makes_the_grammar_fail_or_lose_a_line_that_begins_with_a_verb(text: str) -> None:
    read = read_instructions(text)
    if read.mistakes:
        return
    for line in read.body.split("\n"):
        assert not line.lstrip().startswith(("#a", "#r", "#n"))
