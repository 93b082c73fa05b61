"""`mailflow sla` on rules in a folder: answers, exit codes, and every mistake at its place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from typer.testing import CliRunner

from mailflow.casework.sla_policy import load_sla, tzdata_version
from mailflow.cli.sla import app
from mailflow.core.case.case import CATEGORY_RANK, Risk
from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.targets import Target
from mailflow.errors import InvalidFilesError

SHIPPED = Path(__file__).parents[2] / "rules"
CALENDARS = """
    calendars:
      berlin:
        timezone: Europe/Berlin
        hours: {mon-thu: [08:30-12:30, 13:15-17:15], fri: [08:30-14:00]}
        holidays: {country: DE, region: BE, also: [2026-12-31], except: [2027-03-08]}
        special_days: {2026-12-24: [09:00-12:00]}
        cycles:
          payroll:
            {every: month, pay_day: 25, if_closed: previous, cutoff: 5 working days before at 12:00}
          hourly: {every: 2 weeks, anchor: 2026-11-13, if_closed: next}
      plain:
        timezone: Europe/Berlin
        hours: {mon-fri: 09:00-17:00}
        holidays: {country: DE, region: BE}
        special_days: {2026-12-24: [09:00-12:00]}
        cycles:
          payroll:
            {every: month, pay_day: 25, if_closed: previous, cutoff: 5 working days before at 12:00}
      new_york:
        {timezone: America/New_York, hours: {mon-fri: [09:00-17:00]}, holidays: {country: US}}
      shift: {timezone: America/New_York, hours: {mon-sun: [00:00-06:00, 22:00-24:00]}}
"""


@dataclass(frozen=True)
class Instance:
    home: Path

    def write(self, name: str, text: str) -> None:
        file = self.home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))

    def run(self, *arguments: str, exit_code: int = 0) -> str:
        result = CliRunner().invoke(app, [*arguments, "--home", str(self.home)])
        assert result.exit_code == exit_code, result.output
        return result.stdout if exit_code == 0 else result.stderr

    def ask(self, *arguments: str) -> object:
        return json.loads(self.run(*arguments, "--json"))

    def mistakes(self) -> list[str]:
        with pytest.raises(InvalidFilesError) as raised:
            load_sla(self.home / "rules")
        return [str(one).splitlines()[0] for one in raised.value.mistakes]


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance(tmp_path)
    made.write("rules/calendars.yaml", CALENDARS)
    return made


@pytest.mark.parametrize(
    ("calendar", "start", "target", "due"),
    [
        ("plain", "2026-11-20T13:00+01:00", "4 working hours", "2026-11-20T16:00:00Z"),
        ("plain", "2026-04-02T15:00", "8 working hours", "2026-04-07T13:00:00Z"),
        ("plain", "2026-03-28T11:00:00Z", "24 clock hours", "2026-03-29T11:00:00Z"),
        ("new_york", "2026-10-30T20:00", "48 clock hours", "2026-11-02T00:00:00Z"),
        ("shift", "2026-03-07T22:00", "8 working hours", "2026-03-09T03:00:00Z"),
        ("plain", "2026-12-23T16:00", "5 working hours", "2026-12-28T09:00:00Z"),
        ("plain", "2026-11-18T12:00", "1 payroll cycle", "2026-12-24T11:00:00Z"),
        ("berlin", "2026-11-12T23:59", "1 hourly cycle", "2026-11-13T13:00:00Z"),
        ("berlin", "2026-11-20T09:00:00.5", "1 working hour", "2026-11-20T09:00:00.500000Z"),
    ],
)
def test_due_is_printed_in_utc(
    instance: Instance, calendar: str, start: str, target: str, due: str
) -> None:
    found = instance.ask("due", "--calendar", calendar, "--start", start, "--target", target)
    assert found == {"due": due}


MONDAY = ("due", "--calendar", "plain", "--start", "2026-11-23T10:00", "--target")


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (("--pause", "2026-11-23T12:00/2026-11-24T10:00"), "2026-11-24T11:00:00Z"),
        (("--pause", "2026-11-23T12:00/"), None),
        (
            ("--pause", "2026-11-23T11:00/2026-11-23T12:00",
             "--pause", "2026-11-23T11:30/2026-11-23T13:00"),
            "2026-11-23T15:00:00Z",
        ),
        (("--reclassified", "1 working hour", "--at", "2026-11-23T10:30"), "2026-11-23T11:30:00Z"),
    ],
)  # fmt: skip
def test_due_with_pauses_and_a_raised_class(
    instance: Instance, arguments: tuple[str, ...], due: str | None
) -> None:
    assert instance.ask(*MONDAY, "4 working hours", *arguments) == {"due": due}


def test_people_read_local_time(instance: Instance) -> None:
    assert instance.run(*MONDAY, "4 working hours") == "Mon 2026-11-23 14:00:00 CET\n"
    assert instance.run(*MONDAY, "4 working hours", "--pause", "2026-11-23T11:00/") == "paused\n"


def test_elapsed_counts_working_minutes(instance: Instance) -> None:
    question = ("elapsed", "--calendar", "plain", "--from", "2026-11-20T13:00", "--to")
    assert instance.ask(*question, "2026-11-23T10:30") == {"working_minutes": 330}
    assert instance.ask(*question, "2026-11-20T13:00:30") == {"working_minutes": 0.5}
    assert instance.run(*question, "2026-11-23T10:30") == "330 working minutes\n"


def test_open_says_when_it_opens_next(instance: Instance) -> None:
    question = ("open", "--calendar", "plain", "--at")
    assert instance.ask(*question, "2026-11-23T10:00") == {
        "working": True,
        "next_opening": "2026-11-23T09:00:00Z",
    }
    assert instance.ask(*question, "2026-11-21T10:00") == {
        "working": False,
        "next_opening": "2026-11-23T08:00:00Z",
    }
    assert instance.run(*question, "2026-11-23T10:00") == "open\n"
    assert instance.run(*question, "2026-11-21T10:00") == (
        "closed until Mon 2026-11-23 09:00:00 CET\n"
    )


def test_nudges_follow_the_ladder_of_the_rules(instance: Instance) -> None:
    instance.write(
        "rules/other.yaml",
        """
        nudges:
          - {at: 100%, to: [owner, escalation]}
          - {at: 50%, to: owner}
          - {after: 2 working hours, to: [team_lead]}
        """,
    )
    question = ("nudges", "--calendar", "plain", "--start", "2026-11-20T13:00", "--target")
    assert instance.ask(*question, "4 working hours") == [
        {"step": "50%", "at": "2026-11-20T14:00:00Z"},
        {"step": "100%", "at": "2026-11-20T16:00:00Z"},
        {"step": "+1", "at": "2026-11-23T10:00:00Z"},
    ]
    assert "team_lead" in instance.run(*question, "4 working hours")


def test_the_usual_ladder_holds_where_the_rules_name_none(instance: Instance) -> None:
    question = ("nudges", "--calendar", "plain", "--start", "2026-11-20T13:00", "--target")
    found = instance.ask(*question, "4 working hours")
    assert isinstance(found, list)
    steps = [one["step"] for one in found]
    assert steps == ["50%", "80%", "100%", "+1", "+2", "+3", "+4", "+5"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*MONDAY, "24 hours"), "clock hours"),
        ((*MONDAY, "1 payrol cycle"), 'did you mean "payroll"'),
        ((*MONDAY, "4 working hours", "--calendar", "plane"), 'did you mean "plain"'),
        ((*MONDAY, "4 working hours", "--calendar", "shift", "--start", "soon"), "no time"),
        ((*MONDAY, "1 payroll cycle", "--calendar", "shift"), "has no cycles"),
        ((*MONDAY, "4 working hours", "--start", "1066-10-14"), "out of range"),
        ((*MONDAY, "4 working hours", "--pause", "2026-11-23T12:00"), "no pause"),
        (
            (*MONDAY, "4 working hours", "--pause", "2026-11-23T12:00/2026-11-23T11:00"),
            "ends before it begins",
        ),
        ((*MONDAY, "4 working hours", "--at", "2026-11-23T12:00"), "go together"),
        (
            ("elapsed", "--calendar", "plain", "--from", "2026-11-23", "--to", "2026-11-22"),
            "lies before",
        ),
        (("simulate", "--mbox", "missing.mbox", "--domain", "acme.example"), "cannot be read"),
        (("simulate", "--mbox", "missing.mbox"), "--domain"),
        (("simulate", "--mbox", "m", "--sla", "standard"), "unknown sla"),
    ],
)
def test_wrong_arguments_exit_2(
    instance: Instance, arguments: tuple[str, ...], message: str
) -> None:
    assert message in instance.run(*arguments, exit_code=2)


def test_invalid_rules_exit_3(instance: Instance) -> None:
    instance.write("rules/calendars.yaml", "calendars: {c: {timezone: Europe/Berlim}}")
    shown = instance.run(*MONDAY, "4 working hours", exit_code=3)
    assert 'did you mean "Europe/Berlin"' in shown


def test_a_calendar_that_never_opens_again_answers_no(instance: Instance) -> None:
    mondays = (date(2025, 12, 29) + timedelta(weeks=week) for week in range(30 * 53))
    days = ", ".join(f"{monday}: closed" for monday in mondays)
    plain = f"timezone: UTC, hours: {{mon: 09:00-10:00}}, special_days: {{{days}}}"
    instance.write("rules/calendars.yaml", f"calendars: {{plain: {{{plain}}}}}")
    for question in (
        ("open", "--calendar", "plain", "--at", "2026-05-04T09:30"),
        (*MONDAY, "1 working hour"),
        ("nudges", *MONDAY[1:], "1 working day"),
    ):
        assert "no working time" in instance.run(*question, exit_code=1)


def test_sections_may_stand_in_any_file(instance: Instance) -> None:
    instance.write("rules/all.yaml", "sla: {standard: {calendar: extra, resolve: 2 working days}}")
    instance.write(
        "rules/more.yaml", "calendars: {extra: {timezone: UTC, hours: {mon: 09:00-10:00}}}"
    )
    instance.write("rules/detection.yaml", "rules: [{this is: not ours}]")
    policy = load_sla(instance.home / "rules")
    assert policy.sets["standard"].calendar == "extra"
    assert set(policy.calendars) == {"berlin", "plain", "new_york", "shift", "extra"}


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "a: {timezone: UTC, hours: {mon: 09:00-10:00}, cycle: {}}",
            '2:49: error[unknown-key] calendar "a": unknown key "cycle", did you mean "cycles"?',
        ),
        ("a: {timezone: Europe/Berlim, hours: {mon: 09:00-10:00}}", 'did you mean "Europe/Berlin"'),
        ("a: {hours: {mon: 09:00-10:00}}", "needs a timezone"),
        ("a: {timezone: UTC}", "needs hours"),
        ("a: {timezone: UTC, hours: {}}", "never open"),
        ("a: {timezone: UTC, hours: [09:00-17:00]}", "hours must be a mapping"),
        ("a: {timezone: UTC, hours: {mon: 09:00-25:00}}", '"09:00-25:00" is no interval'),
        ("a: {timezone: UTC, hours: {mon: [22:00-06:00]}}", "22:00-24:00 and 00:00-06:00"),
        ("a: {timezone: UTC, hours: {mon: [09:00-09:00]}}", "has no length"),
        ("a: {timezone: UTC, hours: {mon: [09:00-12:00, 11:00-13:00]}}", "11:00-13:00 overlaps"),
        ("a: {timezone: UTC, hours: {mon-fri: 09:00-17:00, fri: 09:00-12:00}}", "has hours twice"),
        ("a: {timezone: UTC, hours: {mo: 09:00-10:00}}", 'did you mean "mon"'),
        ("a: {timezone: UTC, hours: {mon-tue-wed: 09:00-10:00}}", "unknown weekday"),
        ("a: {timezone: UTC, hours: {mon: 09:00-10:00}, holidays: {country: de}}", '"DE"'),
        ("a: {timezone: UTC, hours: {mon: 09:00-10:00}, holidays: {country: XQ}}", "ISO 3166"),
        (
            "a: {timezone: UTC, hours: {mon: 09:00-10:00}, holidays: {country: DE, region: be}}",
            'did you mean "BE"',
        ),
        (
            "a: {timezone: UTC, hours: {mon: 09:00-10:00}, holidays: {country: DE, region: ZZ}}",
            "unknown region of DE",
        ),
        (
            "a: {timezone: UTC, hours: {mon: 09:00-10:00}, holidays: {country: JP, region: X}}",
            "JP has no regions",
        ),
        (
            "a: {timezone: UTC, hours: {mon: 09:00-10:00}, holidays: {region: BE}}",
            "needs its country",
        ),
        (
            "a: {timezone: UTC, hours: {mon: 09:00-10:00}, holidays: {also: [2026-02-30]}}",
            '"2026-02-30" is no date',
        ),
        (
            "a: {timezone: UTC, hours: {mon: 09:00-10:00}, special_days: {tomorrow: closed}}",
            '"tomorrow" is no date',
        ),
    ],
)
def test_a_mistake_in_a_calendar_has_its_place_and_mend(
    instance: Instance, text: str, mistake: str
) -> None:
    instance.write("rules/calendars.yaml", f"calendars:\n  {text}\n")
    found = instance.mistakes()
    assert len(found) == 1, found
    assert found[0].startswith("rules/calendars.yaml:2:")
    assert mistake in found[0]


@pytest.mark.parametrize(
    ("cycle", "mistake"),
    [
        ("{pay_day: 25}", 'needs "every: month"'),
        ("{every: month}", "needs a pay_day"),
        ("{every: month, pay_day: 32}", "1 to 31"),
        ("{every: month, pay_day: 25, anchor: 2026-11-13}", "an anchor is for"),
        ("{every: moth, pay_day: 25}", 'did you mean "month"'),
        ("{every: 60 weeks, anchor: 2026-11-13}", "no rhythm"),
        ("{every: 2 weeks}", "needs an anchor"),
        ("{every: 2 weeks, anchor: soon}", '"soon" is no date'),
        ("{every: 2 weeks, anchor: 2026-11-13, pay_day: 25}", "has an anchor"),
        ("{every: month, pay_day: last, if_closed: skip}", "unknown if_closed"),
        ("{every: month, pay_day: last, cutoff: 5 days before}", "no cutoff"),
        ("{every: month, pay_day: last, cutof: x}", 'did you mean "cutoff"'),
        ("payday", "must be a mapping"),
    ],
)
def test_a_mistake_in_a_cycle_has_its_place_and_mend(
    instance: Instance, cycle: str, mistake: str
) -> None:
    head = "calendars: {a: {timezone: UTC, hours: {mon: 09:00-10:00}, cycles: {payroll:"
    instance.write("rules/calendars.yaml", f"{head} {cycle}}}}}}}")
    found = instance.mistakes()
    assert len(found) == 1, found
    assert mistake in found[0]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("sla: {a: {acknowledge: 24 hours}}", '"24 clock hours"'),
        ("sla: {a: {acknowlege: 24 clock hours}}", 'did you mean "acknowledge"'),
        ("sla: {a: {calendar: berlim}}", 'unknown calendar "berlim", did you mean "berlin"'),
        ("sla: {a: {extends: b}}", 'unknown sla to extend "b"'),
        ("sla: {a: {extends: a}}", "in a circle: a -> a"),
        ("sla: {a: {calendar: berlin, resolve: 1 payrol cycle}}", 'did you mean "payroll"'),
        ("sla: {a: {calendar: shift, resolve: 1 payroll cycle}}", "has no cycle"),
        ("sla: {a: {resolve: 1 monthly cycle}}", 'unknown cycle "monthly"'),
        ("sla: {a: {pausable: [acknowledge]}}", "never pauses"),
        ("sla: {a: {cycle_by: team}}", "unknown cycle_by"),
        ("sla: {a: {if_high: {resolv: 1 working day}}}", 'did you mean "resolve"'),
        ("sla: {a: {if_flag: {minor: 1 working day}}}", "minor must be a mapping"),
        ("sla: {a: {statutory: {act: {from: receipt}}}}", 'needs "within"'),
        ("sla: {a: {statutory: {act: {within: 7 days}}}}", "calendar days"),
        ("sla: {a: {statutory: {act: {within: 7 calendar days, from: reciept}}}}", '"receipt"'),
        ("sla: {a: {statutory: {triage: {within: 7 calendar days}}}}", "has the name of a target"),
        (
            "sla: {a: {statutory: {notice_about_the_family_leave: {within: 7 calendar days}}}}",
            "29 characters: 24 are the most",
        ),
        ("sla: {a: []}", "must be a mapping"),
        ("sla: {a: {resolve: [1 working day]}}", "resolve must be a text"),
        ("nudges: {at: 50%}", "must be a list"),
        ("nudges: [{at: 50%, to: [boss]}]", 'unknown nudge recipient "boss"'),
        ("nudges: [{at: 50, to: [owner]}]", "must be a percentage"),
        ("nudges: [{at: 150%, to: [owner]}]", "must be a percentage"),
        ("nudges: [{at: 50%, to: []}]", "to nobody"),
        ("nudges: [{at: 50%}]", 'needs "to"'),
        ("nudges: [{to: [owner]}]", "either"),
        ("nudges: [{at: 50%, repeat: 3, to: [owner]}]", 'goes with "after"'),
        ("nudges: [{at: 50%, to: owner}, {at: 50%, to: team_lead}]", "stands here twice"),
        ("nudges: [{after: 8 hours, to: owner}]", '"8 working hours"'),
        ("nudges: [{after: 1 working day, to: owner}]", "hours or minutes"),
        ("nudges: [{after: 8 working hours, repeat: often, to: owner}]", "whole number"),
        ("nudge_mail: {quiet_hours: night}", "unknown quiet_hours"),
        ("nudge_mail: {digest_every: daily}", "minutes or hours"),
        ("nudge_mail: {urgent_from_risk: hihg}", 'did you mean "high"'),
        ("nudge_mail: often", "must be a mapping"),
        ("calendars: {plain: {timezone: UTC, hours: {mon: 09:00-10:00}}}", "stands already in"),
    ],
)
def test_a_mistake_in_targets_or_nudges_has_its_place_and_mend(
    instance: Instance, text: str, mistake: str
) -> None:
    instance.write("rules/sla.yaml", text)
    found = instance.mistakes()
    assert len(found) == 1, found
    assert found[0].startswith("rules/sla.yaml:1:")
    assert mistake in found[0]


def test_a_circle_is_told_once_for_each_set_in_it(instance: Instance) -> None:
    instance.write("rules/sla.yaml", "sla: {a: {extends: b}, b: {extends: a}, c: {extends: a}}")
    assert [one.partition("] ")[2] for one in instance.mistakes()] == [
        "these extend each other in a circle: a -> b -> a",
        "these extend each other in a circle: b -> a -> b",
    ]


def test_all_mistakes_of_all_files_are_told_at_once(instance: Instance) -> None:
    instance.write("rules/sla.yaml", "sla: {a: {resolve: 3 hours, calendar: x}}\nnudges: 5\n")
    instance.write("rules/z.yaml", "nudges: []\nsla:\n\tb: {}\n")
    found = instance.mistakes()
    assert [one.partition(":")[0] for one in found] == ["rules/sla.yaml"] * 3 + ["rules/z.yaml"]


def test_a_second_ladder_is_a_mistake(instance: Instance) -> None:
    instance.write("rules/a.yaml", "nudges: [{at: 50%, to: owner}]")
    instance.write("rules/b.yaml", "nudges: [{at: 80%, to: owner}]")
    assert 'rules/b.yaml:1:1: error[duplicate-key] "nudges" stands already in rules/a.yaml:1' in (
        instance.mistakes()
    )


def test_a_calendar_that_cannot_be_read_is_not_unknown_too(instance: Instance) -> None:
    instance.write(
        "rules/calendars.yaml", "calendars: {a: {timezone: Nowhere, hours: {mon: closed}}}"
    )
    instance.write("rules/sla.yaml", "sla: {s: {calendar: a, resolve: 1 payroll cycle}}")
    assert all("sla.yaml" not in one for one in instance.mistakes())


def test_a_folder_without_calendars_says_so(tmp_path: Path) -> None:
    (found,) = Instance(tmp_path).mistakes()
    assert found.startswith('rules: error[no-calendars] no file here has "calendars:"')


def test_a_yml_file_is_told_to_be_renamed_and_a_hidden_one_is_not_read(instance: Instance) -> None:
    instance.write("rules/sla.yml", "sla: {}")
    instance.write("rules/.#sla.yaml", "sla: 5")
    assert instance.mistakes() == [
        "rules/sla.yml: error[yml] rename it to sla.yaml: only .yaml files are read"
    ]


def test_a_file_that_is_no_text_is_told(instance: Instance) -> None:
    (instance.home / "rules" / "bad.yaml").write_bytes(b"sla: \xff\xfe")
    assert "rules/bad.yaml: error[unreadable]" in instance.mistakes()[0]


def test_an_extended_set_is_inherited_replaced_and_taken_away(instance: Instance) -> None:
    instance.write(
        "rules/sla.yaml",
        """
        sla:
          child: {extends: parent, resolve: 3 working days, acknowledge: none, pausable: [],
                  if_flag: {imminent_danger: {triage: none}}, statutory: {act: none}}
          parent:
            calendar: berlin
            acknowledge: 24 clock hours
            first_response: 2 working days
            resolve: 10 working days
            cycle_by: payroll_group
            if_high: {first_response: 1 working day}
            statutory: {act: {within: 7 calendar days, flag: minor}}
        """,
    )
    child = load_sla(instance.home / "rules").sets["child"]
    assert child.calendar == "berlin"
    assert child.cycle_by_payroll_group
    assert child.pausable == frozenset()
    assert child.statutory == ()
    assert {target.value: str(duration) for target, duration in child.targets.items()} == {
        "confirm_owner": "4 working hours",
        "triage": "4 working hours",
        "first_response": "2 working days",
        "resolve": "3 working days",
        "next_response": "2 working days",
    }
    assert child.if_high[Target.FIRST_RESPONSE] == parse_duration("1 working day")
    assert child.if_flag == {"imminent_danger": {}}


def test_nudge_mail_is_read(instance: Instance) -> None:
    instance.write(
        "rules/sla.yaml",
        "nudge_mail: {quiet_hours: none, digest_every: 2 hours, urgent_from_risk: confidential}",
    )
    found = load_sla(instance.home / "rules").nudge_mail
    assert not found.keeps_quiet_hours
    assert found.digest_every.total_seconds() == 7200
    assert found.urgent_from is Risk.CONFIDENTIAL


def test_the_shipped_rules_promise_something_for_every_category() -> None:
    policy = load_sla(SHIPPED)
    for name in (*CATEGORY_RANK, "standard", "payroll", "urgent"):
        targets = policy.sets[name].targets
        assert targets[Target.ACKNOWLEDGE].fixed_length, name
        assert {Target.FIRST_RESPONSE, Target.RESOLVE, Target.CONFIRM_OWNER} <= set(targets), name
    assert str(policy.sets["payroll_discrepancy"].targets[Target.RESOLVE]) == "1 payroll cycle"
    assert policy.sets["safety_incident"].calendar == "always"


def test_the_build_names_the_data_that_dates_depend_on() -> None:
    build = load_sla(SHIPPED).build
    assert build.startswith(f"tzdata {tzdata_version()}, holidays ")


MBOX = """\
From ana@acme.example Mon Nov 16 09:00:00 2026
From: Ana <ana@acme.example>
To: hr@acme.example
Subject: Payslip
Date: Mon, 16 Nov 2026 03:00:00 +0100
Received: from a.example by mx.acme.example; Mon, 16 Nov 2026 10:00:00 +0100
Message-ID: <a@acme.example>

My payslip is wrong.

From hana@acme.example Mon Nov 16 11:00:00 2026
From: Hana <hana@acme.example>
To: ana@acme.example
Subject: Re: Payslip
Date: Wed, 18 Nov 2026 16:00:00 +0100
Message-ID: <b@acme.example>
In-Reply-To: <a@acme.example>

It is mended.

From ben@acme.example Mon Nov 16 12:00:00 2026
From: Ben <ben@acme.example>
To: hr@acme.example
Subject: Leave
Date: Thu, 26 Nov 2026 12:00:00 +0100
Message-ID: <c@acme.example>

May I take leave?

"""


def test_a_past_mailbox_is_tried_against_the_promises(instance: Instance) -> None:
    instance.write("past.mbox", MBOX)
    instance.write("config/mailflow.yaml", "organization: {domains: [acme.example]}")
    instance.write(
        "rules/sla.yaml",
        """
        sla:
          standard:
            {calendar: plain, acknowledge: 24 clock hours, first_response: 3 working days}
        """,
    )
    mbox = str(instance.home / "past.mbox")
    found = instance.ask("simulate", "--mbox", mbox, "--calendar", "plain")
    assert found == {
        "mails": 3,
        "until": "2026-11-26T11:00:00Z",
        "requests": 2,
        "requests_per_working_day": 0.22,
        "answers_per_working_day": 0.11,
        "targets": [
            {"sla": "standard", "target": "acknowledge", "promise": "24 clock hours",
             "met": 0, "breached": 1, "running": 1},
            {"sla": "standard", "target": "first_response", "promise": "3 working days",
             "met": 1, "breached": 0, "running": 1},
        ],
    }  # fmt: skip
    assert "standard" in instance.run("simulate", "--mbox", mbox, "--domain", "acme.example")


def test_an_empty_mailbox_has_nothing_to_breach(instance: Instance) -> None:
    instance.write("past.mbox", "")
    mbox = str(instance.home / "past.mbox")
    found = instance.ask("simulate", "--mbox", mbox, "--domain", "acme.example")
    assert found == {
        "mails": 0, "until": None, "requests": 0, "requests_per_working_day": 0.0,
        "answers_per_working_day": 0.0, "targets": [],
    }  # fmt: skip


def test_a_broken_configuration_exits_3(instance: Instance) -> None:
    instance.write("config/mailflow.yaml", "organization: {domains: [acme.example")
    shown = instance.run("simulate", "--mbox", "m", exit_code=3)
    assert "config/mailflow.yaml:" in shown
