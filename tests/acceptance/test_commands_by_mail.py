from __future__ import annotations

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from mailflow.cli import build_app
from mailflow.core.case.case import Risk, State
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk
from tests.acceptance.site import Site, text_of

pytestmark = pytest.mark.servers
LATER = timedelta(minutes=15)


@pytest.fixture
def talk(site: Site) -> Talk:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    return talk


def test_a_payroll_case_goes_from_receipt_to_closure_by_mail_alone(talk: Talk) -> None:
    owner = talk.site.case().case.owner
    notice = talk.last_to(owner)
    talk.write(owner, "#ack", answers=notice)
    assert talk.site.case().case.state is State.WORKING
    assert talk.site.clock_of("confirm_owner").met_at is not None

    talk.write(owner, "#close", answers=notice, subject="close it")
    refusal = text_of(talk.last_to(owner))
    assert "NOT closed. Missing: outcome, resolution" in refusal
    assert "#close outcome: resolved" in refusal
    assert talk.site.case().case.state is State.WORKING

    talk.write(owner, "#wait employee until: +5d q: Which days were it?", answers=notice)
    assert talk.site.case().case.state is State.WAITING_EMPLOYEE
    talk.pass_time(LATER)
    question = talk.last_to(EMPLOYEE)
    assert "Which days were it?" in text_of(question)
    talk.write(EMPLOYEE, "The 3rd and the 4th.", answers=question)
    assert talk.site.case().case.state is State.WORKING

    talk.write(
        owner,
        "#close outcome: resolved resolution: overtime of the 3rd and 4th paid in November\n\n"
        "It comes with the November run.",
        answers=talk.last_to(owner),
    )
    assert talk.site.case().case.state is State.WORKING, "not before the outcome mail has left"
    talk.pass_time(LATER)
    letter = text_of(talk.last_to(EMPLOYEE))
    assert "It comes with the November run." in letter
    assert "is settled from our side" in letter
    resolved = talk.site.case().case
    assert resolved.state is State.RESOLVED
    assert resolved.record.closing is not None
    assert talk.site.clock_of("resolve").met_at is not None

    talk.pass_time(timedelta(days=10))
    assert talk.site.case().case.state is State.CLOSED

    talk.write(EMPLOYEE, "Thank you!", answers=talk.last_to(EMPLOYEE))
    assert talk.site.case().case.state is State.CLOSED
    talk.write(EMPLOYEE, "The 4th is still missing.", answers=talk.last_to(EMPLOYEE))
    assert talk.site.case().case.state is State.WORKING


def test_a_raised_risk_moves_clocks_and_escalates_and_a_lowered_one_needs_a_reason(
    talk: Talk,
) -> None:
    owner = talk.site.case().case.owner
    notice = talk.last_to(owner)
    talk.write(owner, "#risk high reason: she was threatened", answers=notice)
    case = talk.site.case().case
    assert case.risk is Risk.HIGH
    assert case.assigned, "whoever it escalates to is told"
    talk.write(owner, "#risk moderate", answers=notice)
    assert "lacks reason:" in text_of(talk.last_to(owner))
    assert talk.site.case().case.risk is Risk.HIGH


WORSE = "And the team lead hit me in the corridor yesterday, I am afraid to come in."


def test_worse_words_move_the_category_and_what_decided_is_on_record(talk: Talk) -> None:
    before = talk.site.case().case
    decided = "SELECT id FROM decisions"
    rows = len(talk.site.rows(decided))
    talk.write(EMPLOYEE, WORSE, answers=talk.last_to(EMPLOYEE))
    loaded = talk.site.case()
    assert loaded.case.risk is Risk.HIGH
    assert loaded.case.category != before.category
    moved = [e.data for e in talk.site.events(loaded) if e.kind == "categorised"][-1]
    assert (moved["before"], moved["by"]) == (before.category, "rules")
    assert len(talk.site.rows(decided)) == rows + 1


def test_a_category_chosen_by_hand_stands_while_worse_words_raise_the_risk(talk: Talk) -> None:
    owner = talk.site.case().case.owner
    talk.write(owner, "#category expense_reimbursement", answers=talk.last_to(owner))
    talk.write(EMPLOYEE, WORSE, answers=talk.last_to(EMPLOYEE))
    case = talk.site.case().case
    assert (case.category, case.risk) == ("expense_reimbursement", Risk.HIGH)
    assert "rules_disagree" in case.flags
    assert case.assigned, "whoever it escalates to is told"
    assert "hit me" in " ".join(text_of(talk.last_to(case.owner)).split("Words that decided")[-1:])


def test_a_case_is_handed_over_and_the_new_owner_has_what_was_written(talk: Talk) -> None:
    owner = talk.site.case().case.owner
    other = "paul.petersen@acme.example"
    other = other if other != owner else "priya.patel@acme.example"
    talk.write(owner, f"#assign {other} summary: see October", answers=talk.last_to(owner))
    assert talk.site.case().case.owner == other
    assert "overtime of October" in text_of(talk.last_to(other))


def test_commands_without_a_case_are_answered_at_the_staff_address(talk: Talk) -> None:
    case = talk.site.case().case
    staff = "hr+staff@acme.example"
    talk.write(case.owner, "#mine", to=staff)
    assert case.ref in text_of(talk.last_to(case.owner))
    talk.write(case.owner, f"#status {case.ref}", to=staff)
    assert "overtime of October" in text_of(talk.last_to(case.owner))
    talk.write("carla.conti@acme.example", "#help", to=staff)
    assert "#close" in text_of(talk.last_to("carla.conti@acme.example"))
    talk.write("carla.conti@acme.example", f"#status {case.ref}", to=staff)
    answer = text_of(talk.last_to("carla.conti@acme.example"))
    assert "overtime of October" not in answer or case.risk is not Risk.HIGH


def test_a_call_becomes_the_callers_case(talk: Talk) -> None:
    staff = "hr+staff@acme.example"
    handler = "hana.handler@acme.example"
    talk.write(
        handler,
        "#new for: ed.ellis@acme.example channel: phone\n\nEd called: his payslip lacks a bonus.",
        to=staff,
    )
    (opened,) = (c.case for c in talk.site.cases() if c.case.requester != EMPLOYEE)
    assert opened.requester == "ed.ellis@acme.example"
    assert talk.count_to("ed.ellis@acme.example") == 1
    assert opened.ref in text_of(talk.last_to(handler))


def test_merge_and_split_never_widen_an_audience(talk: Talk) -> None:
    first = talk.site.case().case
    notice = talk.last_to(first.owner)
    talk.write("ed.ellis@acme.example", "my paycheck is missing the overtime of October")
    other = next(one.case for one in talk.site.cases() if one.case.ref != first.ref)
    talk.write(first.owner, f"#merge {other.ref}", answers=notice)
    receipt = text_of(talk.last_to(first.owner))
    assert "link the two with #link, never merge them" in receipt
    assert all(one.case.merged_into is None for one in talk.site.cases())
    talk.write(first.owner, "#split lines: 3", answers=notice)
    known = {first.ref, other.ref}
    (child,) = (one.case for one in talk.site.cases() if one.case.ref not in known)
    assert child.requester == EMPLOYEE
    assert talk.count_to(EMPLOYEE) == 1, "the employee is not told of the split"


def test_the_case_file_is_exported_with_its_six_fields_first(talk: Talk) -> None:
    case = talk.site.case().case
    talk.write(
        case.owner,
        "#redact text: overtime of October\n#party other: Wes Walker\n#action text: asked payroll",
        answers=talk.last_to(case.owner),
    )
    talk.site.close()
    reader = ["--as", case.owner, "--home", str(talk.site.home)]
    export = ["case", "export", case.ref]
    page = CliRunner().invoke(build_app(), [*export, *reader], env=talk.site.environ)
    assert page.exit_code == 0, page.output
    assert page.output.index("Date received") < page.output.index("Conversation")
    assert "Wes Walker (other)" in page.output
    assert "overtime of October" not in page.output.split("<h2>What happened")[0]
    pdf = talk.site.home / "case.pdf"
    printed = [*export, *reader, "--format", "pdf", "--out", str(pdf)]
    assert CliRunner().invoke(build_app(), printed, env=talk.site.environ).exit_code == 0
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert pdf.stat().st_mode & 0o777 == 0o600
    foreign = ["--as", "lucia.lopez@acme.example", "--home", str(talk.site.home)]
    refused = CliRunner().invoke(build_app(), [*export, *foreign], env=talk.site.environ)
    assert refused.exit_code == 1


def test_the_file_of_a_sealed_case_leaves_only_with_a_second_persons_consent(site: Site) -> None:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, "My colleague sexually harassed me at work.", subject="Please help")
    case = site.case().case
    assert case.case_class.is_sealed
    command = ["case", "export", case.ref, "--as", case.owner, "--home", str(site.home)]

    def export() -> tuple[int, str]:
        site.close()
        result = CliRunner().invoke(build_app(), command, env=site.environ)
        return result.exit_code, result.output

    code, said = export()
    assert code == 1
    assert "asked by mail" in said
    talk.pass_time(LATER)
    asked = {
        person
        for person in site.told()
        if any("#approve" in text for text in talk.texts_to(person))
    }
    assert asked
    assert case.owner not in asked
    talk.write(case.owner, "#approve", answers=talk.last_to(case.owner))
    assert "Otra persona tiene que aprobar" in text_of(talk.last_to(case.owner)), "Ines reads es"
    assert export()[0] == 1

    talk.pass_time(LATER)
    approver = min(asked)
    talk.write(approver, "#approve", answers=talk.last_to(approver))
    code, said = export()
    assert code == 0
    assert "<h2>Documentación</h2>" in said, "Ines reads es"
    assert export()[0] == 1, "an approval is good for one export"
