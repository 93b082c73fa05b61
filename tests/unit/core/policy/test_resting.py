"""How many working days a case may still rest, by what it rested before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailflow.core.case.commands import WaitFor
from mailflow.core.case.waits import Waiting
from mailflow.core.policy.resting import days_left_to_rest, rest_timer
from tests.unit.core.sample_house import a_message, decide, sample_house

CASE = decide(a_message("I have moved."), "documentation_update").case
assert CASE is not None


def at(text: str) -> datetime:
    """Of November and December 2026; the 24th of November is a Tuesday, in office hours."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def waited(since: str, ended: str, *, waits_for: WaitFor = WaitFor.EMPLOYEE) -> Waiting:
    return Waiting(waits_for, at(since), ended_at=at(ended))


@pytest.mark.parametrize(
    ("waits", "left"),
    [
        ((), 20),
        ((waited("11-24T09:00", "11-24T15:00"),), 20),
        ((waited("11-24T09:00", "11-25T09:00"),), 20),
        ((waited("11-24T09:00", "11-25T20:00"),), 19),
        ((waited("11-27T09:00", "11-30T20:00"),), 19),
        ((waited("11-24T09:00", "12-01T09:00"),), 16),
        ((waited("11-24T09:00", "11-25T20:00"), waited("11-26T09:00", "11-27T20:00")), 18),
        ((waited("11-24T09:00", "12-31T20:00"),), 0),
        ((waited("11-24T09:00", "12-01T09:00", waits_for=WaitFor.INTERNAL),), 20),
        ((replace(waited("11-24T09:00", "12-01T09:00"), runs_on=True),), 20),
    ],
    ids=[
        "never",
        "within a day",
        "until the next morning",
        "over one close",
        "a weekend does not count",
        "until a morning a week later",
        "two waits add up",
        "more than all",
        "waiting inside is no rest",
        "a wait that stopped nothing",
    ],
)
def test_the_working_days_of_earlier_waits_are_used_up(
    waits: tuple[Waiting, ...], left: int
) -> None:
    assert CASE is not None
    assert days_left_to_rest(replace(CASE, waits=waits), sample_house()) == left


def test_a_wait_ends_with_the_last_day_that_was_left() -> None:
    assert CASE is not None
    before = waited("11-02T09:00", "11-20T23:00")
    now = Waiting(WaitFor.THIRD_PARTY, at("11-24T09:00"), until=at("12-31T16:00"))
    case = replace(CASE, waits=(before, now))
    left = days_left_to_rest(case, sample_house())
    assert left == 6
    timer = rest_timer(case, sample_house(), target="waiting", since=now.since)
    assert timer.fire_at.date() == at("12-02T00:00").date()
    assert timer.generation == 2
