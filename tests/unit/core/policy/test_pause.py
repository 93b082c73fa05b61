"""Pauses: half-open, united, subtracted from working time; never from the clock or a cycle."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.policy.due import due_at, time_left
from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.pauses import Pause, unite_pauses, worked_outside_pauses
from tests.unit.core.policy.sample_calendars import BERLIN, local

if TYPE_CHECKING:
    from datetime import datetime


def pause(begin: str, end: str | None = None) -> Pause:
    """Times of Monday 23 November 2026 in Berlin, unless a day is named."""
    return Pause(_at(begin), None if end is None else _at(end))


def _at(text: str) -> datetime:
    return local(BERLIN, text if "T" in text else f"2026-11-23T{text}")


@pytest.mark.parametrize(
    ("pauses", "united"),
    [
        ([("10:00", "11:00"), ("10:30", "12:00")], [("10:00", "12:00")]),
        ([("10:00", "12:00"), ("10:30", "11:00")], [("10:00", "12:00")]),
        ([("11:00", "12:00"), ("10:00", "11:00")], [("10:00", "12:00")]),
        ([("10:00", "11:00"), ("12:00", "13:00")], [("10:00", "11:00"), ("12:00", "13:00")]),
        ([("10:00", "10:00")], []),
        ([("10:00", None), ("11:00", "12:00")], [("10:00", None)]),
        ([("10:00", "11:30"), ("11:00", None)], [("10:00", None)]),
    ],
)
def test_pauses_are_united(
    pauses: list[tuple[str, str | None]], united: list[tuple[str, str | None]]
) -> None:
    found = unite_pauses(pause(*one) for one in pauses)
    assert found == tuple(pause(*one) for one in united)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        pytest.param([("08:00", "09:30")], "14:00", id="before-the-start"),
        pytest.param([("09:30", "10:30")], "14:30", id="over-the-start"),
        pytest.param([("14:00", "15:00")], "14:00", id="from-the-due-time-on"),
        pytest.param([("13:59", "15:00")], "15:01", id="a-minute-before-it"),
        pytest.param([("11:00", "12:00"), ("11:30", "13:00")], "16:00", id="overlapping"),
        pytest.param([("11:00", "2026-11-24T08:00")], "2026-11-24T12:00", id="over-closing"),
        pytest.param([("18:00", "2026-11-24T08:00")], "14:00", id="while-closed"),
        pytest.param([("15:00", None)], "14:00", id="open-but-later"),
    ],
)
def test_due_with_pauses(pauses: list[tuple[str, str | None]], due: str) -> None:
    held = [pause(*one) for one in pauses]
    target = parse_duration("4 working hours")
    assert due_at(target, BERLIN, start=_at("10:00"), pauses=held) == _at(due)


def test_no_due_while_a_pause_lasts() -> None:
    target = parse_duration("4 working hours")
    assert due_at(target, BERLIN, start=_at("10:00"), pauses=[pause("12:00")]) is None


def test_a_zero_budget_is_due_at_once_in_a_pause_too() -> None:
    target = parse_duration("0 working hours")
    found = due_at(target, BERLIN, start=_at("10:00"), pauses=[pause("09:00")])
    assert found == _at("10:00")


@pytest.mark.parametrize(
    ("target", "due"),
    [("24 clock hours", "2026-11-24T10:00"), ("1 payroll cycle", "2026-12-24T12:00")],
)
def test_clock_hours_and_cycles_ignore_pauses(target: str, due: str) -> None:
    found = due_at(parse_duration(target), BERLIN, start=_at("10:00"), pauses=[pause("11:00")])
    assert found == _at(due)


def test_working_days_keep_their_budget_over_a_pause() -> None:
    held = [pause("2026-11-24T09:00", "2026-11-24T17:00")]
    found = due_at(parse_duration("2 working days"), BERLIN, start=_at("10:00"), pauses=held)
    assert found == _at("2026-11-26T17:00")


@pytest.mark.parametrize(
    ("pauses", "hours"),
    [
        ([], 7),
        ([("11:00", "12:00")], 6),
        ([("08:00", "11:00")], 6),
        ([("15:00", None)], 5),
        ([("17:00", None)], 7),
    ],
)
def test_time_worked_so_far_leaves_pauses_out(
    pauses: list[tuple[str, str | None]], hours: int
) -> None:
    held = [pause(*one) for one in pauses]
    worked = worked_outside_pauses(BERLIN.working_time, _at("10:00"), _at("17:00"), pauses=held)
    assert worked == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("target", "now", "left"),
    [
        pytest.param("4 working hours", "09:00", timedelta(hours=4), id="not-begun"),
        pytest.param("4 working hours", "11:30", timedelta(hours=2.5), id="running"),
        pytest.param("4 working hours", "13:00", timedelta(hours=2), id="paused"),
        pytest.param("4 working hours", "2026-11-24T09:00", timedelta(hours=2), id="next-day"),
        pytest.param("2 working hours", "2026-11-24T09:00", timedelta(0), id="used-up"),
        pytest.param("24 clock hours", "13:00", timedelta(hours=21), id="clock"),
        pytest.param("24 clock hours", "09:00", timedelta(hours=24), id="clock-not-begun"),
        pytest.param("1 payroll cycle", "2026-12-24T11:00", timedelta(hours=1), id="cycle"),
    ],
)
def test_what_is_left_stands_still_in_a_pause(target: str, now: str, left: timedelta) -> None:
    """Paused from noon on, without an end."""
    found = time_left(
        parse_duration(target), BERLIN, start=_at("10:00"), now=_at(now), pauses=[pause("12:00")]
    )
    assert found == left
