"""Cycles: pay days, cutoffs, closed days, and which run a message is in time for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from mailflow.core.policy.cycles import Cycle, IfClosed, Monthly, cycle_due, runs_from
from tests.unit.core.policy.sample_calendars import (
    BERLIN,
    FORTNIGHTLY,
    MONTH_END,
    MONTHLY_25TH,
    NOON,
    local,
)


def pay_days(cycle: Cycle, start: str, count: int) -> list[date]:
    runs = runs_from(cycle, BERLIN.working_time, start=local(BERLIN, start))
    return [run.pay_day for run in islice(runs, count)]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param("2026-11-18T11:59:59", "2026-11-25T17:00", id="before-the-cutoff"),
        pytest.param("2026-11-18T12:00", "2026-12-24T12:00", id="at-the-cutoff"),
        pytest.param("2026-11-18T12:00:01", "2026-12-24T12:00", id="after-the-cutoff"),
    ],
)
def test_the_cutoff_itself_is_too_late(start: str, due: str) -> None:
    found = cycle_due(MONTHLY_25TH, BERLIN.working_time, runs=1, start=local(BERLIN, start))
    assert found == local(BERLIN, due)


def test_the_second_run_is_one_later() -> None:
    start = local(BERLIN, "2026-11-02T10:00")
    found = cycle_due(MONTHLY_25TH, BERLIN.working_time, runs=2, start=start)
    assert found == local(BERLIN, "2026-12-24T12:00")


def test_a_closed_pay_day_moves_back() -> None:
    assert pay_days(MONTHLY_25TH, "2026-09-28T10:00", 3) == [
        date(2026, 10, 23), date(2026, 11, 25), date(2026, 12, 24),
    ]  # fmt: skip


def test_a_closed_last_day_moves_into_the_next_month() -> None:
    assert pay_days(MONTH_END, "2026-10-26T10:00", 3) == [
        date(2026, 11, 2), date(2026, 11, 30), date(2026, 12, 31),
    ]  # fmt: skip


def test_a_run_that_moved_into_this_month_is_still_found() -> None:
    late = replace(MONTH_END, cutoff_days=0)
    assert pay_days(late, "2026-11-02T10:00", 1) == [date(2026, 11, 2)]


def test_a_fortnight_is_counted_from_its_anchor_in_both_directions() -> None:
    assert pay_days(FORTNIGHTLY, "2026-10-26T09:00", 3) == [
        date(2026, 10, 30), date(2026, 11, 13), date(2026, 11, 27),
    ]  # fmt: skip


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    cycle = Cycle("c", Monthly(31), IfClosed.PREVIOUS, 0, NOON)
    assert pay_days(cycle, "2026-09-01T09:00", 1) == [date(2026, 9, 30)]


def test_the_cutoff_counts_working_days_over_holidays() -> None:
    run = next(runs_from(MONTHLY_25TH, BERLIN.working_time, start=local(BERLIN, "2026-12-01T09")))
    assert run.cutoff == local(BERLIN, "2026-12-17T12:00")


def test_a_cutoff_after_closing_is_never_due_before_the_start() -> None:
    evening = Cycle("c", Monthly(25), IfClosed.PREVIOUS, 0, 20 * 60)
    start = local(BERLIN, "2026-11-25T18:00")
    assert cycle_due(evening, BERLIN.working_time, runs=1, start=start) == start
