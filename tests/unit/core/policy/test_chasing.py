"""Waiting for an answer: reminders, back to the owner, and an end by silence or none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.events import EventKind
from tests.unit.core.policy.talk_in_memory import A_MOMENT, at_work, owner_writes, state_of

if TYPE_CHECKING:
    from tests.property.case_world import World

QUESTION = "Which month is it?"
WAIT = f"#wait employee q: {QUESTION}"


def chased_on_day(world: World) -> list[object]:
    return [e.data["days"] for e in world.events if e.kind is EventKind.EMPLOYEE_CHASED]


def test_the_question_is_mailed_and_asked_again_on_the_third_and_seventh_working_day() -> None:
    world = at_work(WAIT)
    world.pass_time(A_MOMENT)
    assert QUESTION in world.letters[-1]
    world.pass_time(timedelta(days=4))
    assert chased_on_day(world) == [3]
    world.pass_time(timedelta(days=6))
    assert chased_on_day(world) == [3, 7]
    assert world.letters.count(QUESTION) == 3
    assert state_of(world) is State.WAITING_EMPLOYEE


def test_after_ten_working_days_the_case_is_back_and_after_fourteen_it_ends() -> None:
    world = at_work(WAIT)
    world.pass_time(timedelta(days=15))
    assert state_of(world) is State.WORKING
    said = [str(mail.fields.get("what")) for mail in world.ordered]
    assert sum("10 working days" in what for what in said) == 1
    world.pass_time(timedelta(days=7))
    assert state_of(world) is State.RESOLVED
    assert world.case.record.closing is not None
    assert world.case.record.closing.resolution == "no answer from the employee"


def test_a_serious_case_never_ends_by_silence() -> None:
    world = at_work("#risk high reason: a threat", WAIT)
    world.pass_time(timedelta(days=60))
    assert state_of(world) is State.WORKING


def test_an_answer_ends_the_wait_and_its_reminders() -> None:
    world = at_work(WAIT)
    world.pass_time(timedelta(days=1))
    world.employee_writes("It is October.")
    assert state_of(world) is State.WORKING
    world.pass_time(timedelta(days=30))
    assert chased_on_day(world) == []
    assert state_of(world) is State.WORKING


def test_an_internal_wait_stops_no_clock() -> None:
    world = at_work()
    assert world.file is not None
    before = {clock.target: clock.due_at for clock in world.file.clocks if clock.is_running}
    owner_writes(world, "#wait internal until: +5d q: the works council")
    after = {clock.target: clock.due_at for clock in world.file.clocks if clock.is_running}
    assert state_of(world) is State.WAITING_INTERNAL
    assert after == before
