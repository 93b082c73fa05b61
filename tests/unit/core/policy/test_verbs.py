"""What staff verbs do to a case, each by its receipt and by the case afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import Risk, State
from mailflow.core.case.case_record import Allegation
from mailflow.core.case.commands import FindingResult, PartyRole
from tests.property.case_world import EMPLOYEE
from tests.unit.core.policy.talk_in_memory import A_MOMENT, at_work, owner_writes, state_of

if TYPE_CHECKING:
    from datetime import datetime

    from tests.property.case_world import World

LEAD = "paul.petersen@acme.example"
SERIOUS = "#risk high reason: a threat"


def due(world: World, target: str) -> datetime | None:
    assert world.file is not None
    clock = world.file.running(target)
    return clock.due_at if clock else None


def told(world: World, address: str) -> list[str]:
    return [mail.purpose for mail in world.ordered if mail.recipient == address]


def test_nothing_of_a_mail_happens_when_one_line_is_refused() -> None:
    world = at_work("#flag legal_threat\n#party witness: Wes Walker\n#done 7\n\nText below.")
    assert "legal_threat" not in world.case.flags
    assert not world.case.record.parties
    assert not world.notes
    assert any(line.startswith("✘") for line in world.receipt())


def test_every_line_has_its_mark_in_the_receipt() -> None:
    world = at_work("#flag legal_threat\n#action text: asked payroll\n#remind +2d look again")
    lines = world.receipt()
    assert [line[0] for line in lines] == ["✔", "✔", "✔"]


@pytest.mark.parametrize(
    "text",
    ["#clsoe outcome: resolved resolution: paid", "#repyl\n\nIt is paid.", "#reply\n\n#clsoe now"],
)
def test_a_mistyped_verb_does_nothing_and_names_the_nearest(text: str) -> None:
    world = at_work(text)
    (line,) = world.receipt()
    assert line.startswith("✘")
    assert "#close" in line or "#reply" in line or "#clsoe" in line
    assert "nothing was sent" in line
    world.pass_time(A_MOMENT)
    assert not world.letters
    assert state_of(world) is State.WORKING


def test_the_risk_rises_and_falls_by_a_person_with_a_reason_alone() -> None:
    world = at_work(SERIOUS)
    seen = [world.case.risk]
    for text in ("#risk low", "#risk low reason: it was a joke between friends"):
        owner_writes(world, text)
        seen.append(world.case.risk)
    assert seen == [Risk.HIGH, Risk.HIGH, Risk.LOW]


def test_the_date_of_the_resolution_moves_and_stays_moved() -> None:
    world = at_work("#due +10d reason: the payroll system is down")
    moved = due(world, "resolve")
    assert moved is not None
    owner_writes(world, "#wait employee until: +2d q: Which month?")
    world.employee_writes("October.")
    assert due(world, "resolve") == moved
    owner_writes(world, "#due 2020-01-01 reason: by mistake")
    assert world.receipt()[0].startswith("✘")
    assert due(world, "resolve") == moved


def test_a_reminder_comes_to_whoever_asked_for_it_once() -> None:
    world = at_work("#remind +2d look again")
    world.pass_time(timedelta(days=5))
    said = [str(mail.fields.get("what")) for mail in world.ordered]
    assert sum("look again" in what for what in said) == 1


def test_an_investigation_is_on_record_step_by_step() -> None:
    world = at_work(
        "#category manager_complaint",
        SERIOUS,
        "#begin plan: ask both",
        "#party subject: Wes Walker",
        "#allegation type: conduct text: shouted",
        "#finding 1 unsubstantiated basis: nobody heard it",
        "#action who: Paul due: +3d text: talk to both",
        "#done 1",
    )
    record = world.case.record
    assert due(world, "begin_investigation") is None
    assert record.plan == "ask both"
    assert [(p.name, p.role) for p in record.parties] == [("Wes Walker", PartyRole.SUBJECT)]
    assert "wes.walker@acme.example" in world.case.excluded
    assert record.allegations == (Allegation("conduct", "shouted"),)
    assert record.findings[0].result is FindingResult.UNSUBSTANTIATED
    assert record.actions[0].done_at is not None


def test_begin_without_a_plan_stops_no_clock() -> None:
    world = at_work("#category manager_complaint", SERIOUS, "#begin")
    assert due(world, "begin_investigation") is not None
    assert world.receipt()[0].startswith("✘")


def test_a_subject_who_owns_the_case_loses_it_at_once() -> None:
    world = at_work()
    owner = world.case.owner
    owner_writes(world, "#party subject: Priya Patel")
    assert world.case.owner != owner
    assert owner in world.case.excluded


def test_a_case_is_handed_over_with_a_word_of_what_it_is_about() -> None:
    world = at_work(f"#assign {LEAD} summary: only the overtime is open")
    assert world.case.owner == LEAD
    (word, *_) = [mail for mail in world.ordered if mail.recipient == LEAD]
    assert word.fields["summary"] == "only the overtime is open"
    assert due(world, "confirm_owner") is not None


def test_passing_up_tells_the_people_above() -> None:
    world = at_work("#escalate reason: stuck")
    assert "escalation" in told(world, LEAD)
    assert LEAD in world.case.assigned


def test_a_case_that_is_on_hold_stays_so_until_a_second_person_agrees() -> None:
    world = at_work("#hold reason: a claim", "#release reason: over", "#approve")
    assert world.case.record.hold == "a claim", "nobody approves what they asked for"
    owner_writes(world, f"#assign {LEAD}")
    world.staff_writes(LEAD, "#approve")
    assert not world.case.record.hold


def test_whoever_is_named_in_a_conflict_is_out_and_not_the_requester() -> None:
    world = at_work("#conflict Wes Walker")
    assert "wes.walker@acme.example" in world.case.excluded
    owner_writes(world, f"#conflict {EMPLOYEE}")
    assert EMPLOYEE not in world.case.excluded


def test_resume_ends_a_wait_and_its_clock_goes_on() -> None:
    world = at_work("#wait third party until: +5d q: the bank")
    assert state_of(world) is State.WAITING_THIRD_PARTY
    owner_writes(world, "#resume")
    assert state_of(world) is State.WORKING
    assert due(world, "resolve") is not None
    owner_writes(world, "#resume")
    assert world.receipt()[0].startswith("✘")
