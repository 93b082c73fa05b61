"""What the links in an employee's mails do."""

from __future__ import annotations

from mailflow.core.case.case import State
from mailflow.core.case.next_steps import mark_wish
from tests.property.case_world import EMPLOYEE, World
from tests.unit.core.policy.talk_in_memory import A_MOMENT, at_work, resolved, state_of


def click(world: World, wish: str) -> None:
    world.employee_writes("", subject=mark_wish("…", wish, world.case.ref))


def test_where_is_my_case_is_answered_at_once_and_bothers_nobody() -> None:
    world = at_work()
    before = len(world.ordered)
    click(world, "status")
    (answer,) = world.ordered[before:]
    assert answer.recipient == EMPLOYEE
    assert answer.purpose == "status"
    assert state_of(world) is State.WORKING


def test_settled_ends_an_ordinary_case() -> None:
    world = at_work()
    click(world, "settled")
    world.pass_time(A_MOMENT)
    assert state_of(world) is State.RESOLVED


def test_settled_ends_no_serious_case_but_its_owner_hears_it() -> None:
    world = at_work("#risk high reason: a threat")
    before = len(world.ordered)
    click(world, "settled")
    world.pass_time(A_MOMENT)
    assert state_of(world) is State.WORKING
    assert any(mail.recipient == world.case.owner for mail in world.ordered[before:])


def test_not_settled_opens_the_case_again() -> None:
    world = resolved()
    click(world, "not_settled")
    assert state_of(world) is State.WORKING


def test_the_manager_is_kept_out_on_request() -> None:
    world = at_work()
    employee = world.house.directory.find(EMPLOYEE)
    assert employee is not None
    assert employee.manager is not None
    click(world, "keep_from_manager")
    assert employee.manager in world.case.excluded
