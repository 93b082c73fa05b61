"""What a case must have before it ends, by its class; a refusal is a block to copy."""

from __future__ import annotations

import pytest

from mailflow.core.case.case import State
from tests.unit.core.policy.talk_in_memory import A_MOMENT, CLOSE, at_work, owner_writes, state_of

SERIOUS = "#risk high reason: a threat"
SUBJECT = "#party subject: Wes Walker"
ALLEGATION = "#allegation type: conduct text: shouted"
FACTS = {
    "outcome": "substantiated",
    "resolution": "it was so",
    "complainant": "told today",
    "subject": "told today",
    "corrective": "a warning",
    "hold": "none",
    "aftercare": "2027-01-15",
}


def close_with(**facts: str) -> str:
    return "#close " + "\n ".join(f"{name}: {value}" for name, value in facts.items())


def test_a_close_without_anything_is_told_what_is_missing_in_one_block() -> None:
    world = at_work("#close")
    (line,) = world.receipt()
    assert line.startswith("✘ NOT closed. Missing: outcome, resolution")
    assert "#close outcome: resolved\n resolution: …" in line
    assert state_of(world) is State.WORKING
    block = line.split("\n\n", 1)[1].replace("…", "paid in November")
    owner_writes(world, block)
    world.pass_time(A_MOMENT)
    assert state_of(world) is State.RESOLVED, "the block, filled in, closes it"


def test_what_was_given_already_stands_in_the_block() -> None:
    world = at_work("#close outcome: answered")
    (line,) = world.receipt()
    assert "Missing: resolution" in line
    assert "#close outcome: answered" in line


@pytest.mark.parametrize(
    ("date", "is_closed"), [("2020-01-01", False), ("2030-01-01", False), ("2026-11-24", True)]
)
def test_the_resolution_lies_between_receipt_and_today(date: str, *, is_closed: bool) -> None:
    world = at_work(f"{CLOSE} date: {date}")
    world.pass_time(A_MOMENT)
    assert (state_of(world) is State.RESOLVED) == is_closed


def test_a_finding_is_for_serious_cases_only() -> None:
    world = at_work("#close outcome: substantiated resolution: it was so")
    assert "employee relations and investigations only" in world.receipt()[0]
    assert state_of(world) is State.WORKING


@pytest.mark.parametrize("left_out", sorted(FACTS))
def test_a_serious_case_asks_for_each_of_its_facts(left_out: str) -> None:
    world = at_work(SERIOUS, SUBJECT, ALLEGATION, "#finding 1 substantiated basis: two witnesses")
    owner_writes(world, close_with(**{k: v for k, v in FACTS.items() if k != left_out}))
    (line,) = world.receipt()
    assert f"Missing: {left_out}" in line
    assert f"{left_out}: " in line.split("\n\n", 1)[1]
    world.pass_time(A_MOMENT)
    assert state_of(world) is State.WORKING
    owner_writes(world, close_with(**FACTS))
    world.pass_time(A_MOMENT)
    assert state_of(world) is State.RESOLVED


def test_every_allegation_is_decided_before_the_end() -> None:
    world = at_work(SERIOUS, SUBJECT, ALLEGATION, ALLEGATION)
    owner_writes(world, "#finding 1 substantiated basis: two witnesses")
    owner_writes(world, close_with(**FACTS))
    (line,) = world.receipt()
    assert "Missing: finding 2." in line
    assert "#finding 2 " in line
    owner_writes(world, "#finding 2 not_investigated basis: withdrawn by the complainant")
    owner_writes(world, close_with(**FACTS))
    world.pass_time(A_MOMENT)
    assert state_of(world) is State.RESOLVED


def test_a_serious_complaint_that_was_withdrawn_is_still_looked_into() -> None:
    world = at_work(SERIOUS, "#cancel-case reason: withdrawn by the employee")
    assert state_of(world) is State.WORKING
    assert "still looked into" in world.receipt()[0]
    lighter = at_work("#cancel-case reason: withdrawn by the employee")
    assert state_of(lighter) is State.CANCELLED
