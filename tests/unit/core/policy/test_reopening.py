"""What a mail to a case that has ended does: nothing, open it again, or open another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.core.case.case import State
from mailflow.core.case.case_record import CaseLink
from tests.unit.core.policy.talk_in_memory import at_work, owner_writes, resolved, state_of

STILL_SHORT = "It is still not there. When does it come?"
GRACE = timedelta(days=8)


def test_a_resolved_case_closes_after_five_working_days() -> None:
    world = resolved()
    assert state_of(world) is State.RESOLVED
    world.pass_time(timedelta(days=6))
    assert state_of(world) is State.RESOLVED
    world.pass_time(timedelta(days=3))
    assert state_of(world) is State.CLOSED


@pytest.mark.parametrize("text", ["Thank you!", "Danke, super.", "Merci beaucoup"])
def test_thanks_reopen_nothing(text: str) -> None:
    world = resolved()
    world.employee_writes(text)
    assert state_of(world) is State.RESOLVED
    assert not world.opened


def test_an_answer_within_fourteen_days_reopens_to_the_same_owner() -> None:
    world = resolved()
    owner = world.case.owner
    world.pass_time(GRACE + timedelta(days=13))
    assert state_of(world) is State.CLOSED
    world.employee_writes(STILL_SHORT)
    assert state_of(world) is State.WORKING
    assert world.case.owner == owner
    assert world.case.record.closing is None
    assert world.file is not None
    assert world.file.running("resolve") is not None


def test_a_later_answer_opens_a_case_that_follows_it() -> None:
    world = resolved()
    world.pass_time(GRACE + timedelta(days=20))
    old = world.case.ref
    world.employee_writes(STILL_SHORT)
    assert state_of(world) is State.CLOSED
    (follower,) = world.opened
    assert follower.case is not None
    assert CaseLink(old, "follows") in follower.case.record.links


SERIOUS = "#risk high reason: a threat"
CLOSE_SERIOUS = (
    "#close outcome: resolved resolution: talked it over complainant: told today subject: waived "
    "corrective: none hold: none aftercare: none"
)


def test_a_serious_case_reopens_for_ninety_days() -> None:
    world = at_work(SERIOUS)
    owner_writes(world, CLOSE_SERIOUS)
    world.pass_time(GRACE)
    assert state_of(world) is State.CLOSED
    world.pass_time(timedelta(days=60))
    world.employee_writes(STILL_SHORT)
    assert state_of(world) is State.WORKING
    assert not world.opened


def test_retaliation_after_a_serious_case_is_a_case_of_its_own() -> None:
    world = at_work(SERIOUS)
    owner_writes(world, CLOSE_SERIOUS)
    world.pass_time(GRACE)
    world.employee_writes("Since I reported it my manager demoted me. That is retaliation.")
    assert state_of(world) is State.CLOSED
    (new,) = world.opened
    assert new.case is not None
    assert new.case.risk.is_urgent
    assert CaseLink(world.case.ref, "follows") in new.case.record.links


def test_a_cancelled_case_goes_back_to_triage() -> None:
    world = at_work("#cancel-case reason: not for HR")
    assert state_of(world) is State.CANCELLED
    owner_writes(world, "#reopen reason: it is for us after all")
    assert state_of(world) is State.TRIAGE
