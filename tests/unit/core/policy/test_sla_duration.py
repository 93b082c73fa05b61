"""Lengths of time as people write them, and what is said when they write them otherwise."""

from __future__ import annotations

import pytest

from mailflow.core.policy.durations import Duration, DurationError, Unit, parse_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 working hours", Duration(4, Unit.WORKING_HOURS)),
        ("1 working hour", Duration(1, Unit.WORKING_HOURS)),
        ("90 Working Minutes", Duration(90, Unit.WORKING_MINUTES)),
        ("24 clock hours", Duration(24, Unit.CLOCK_HOURS)),
        ("15 clock minutes", Duration(15, Unit.CLOCK_MINUTES)),
        ("  2   working  days ", Duration(2, Unit.WORKING_DAYS)),
        ("7 calendar days", Duration(7, Unit.CALENDAR_DAYS)),
        ("1 calendar month", Duration(1, Unit.CALENDAR_MONTHS)),
        ("1 payroll cycle", Duration(1, Unit.CYCLES, "payroll")),
        ("2 hourly cycles", Duration(2, Unit.CYCLES, "hourly")),
        ("0 working hours", Duration(0, Unit.WORKING_HOURS)),
        ("0000000000004 working hours", Duration(4, Unit.WORKING_HOURS)),
    ],
)
def test_durations_are_read(text: str, expected: Duration) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["1 working hour", "2 working days", "1 payroll cycle"])
def test_durations_are_shown_as_they_are_written(text: str) -> None:
    assert str(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("24 hours", '"24 clock hours"'),
        ("24 hours", '"24 working hours"'),
        ("1 minute", '"1 working minutes"'),
        ("2 days", '"2 calendar days"'),
        ("1 month", '"1 calendar months"'),
        ("1 cycle", '"1 payroll cycle"'),
        ("3 weeks", "no length of time"),
        ("2 business days", '"2 working days"'),
        ("2 clock days", '"2 calendar days"'),
        ("2 wroking hours", '"2 working hours"'),
        ("2 purple elephants", "no unit that is known"),
        ("two working days", "whole number"),
        ("1.5 working hours", "whole number"),
        ("-1 working hours", "whole number"),
        ("4 working hours please", "no length of time"),
        ("", "missing"),
        ("99999999999 clock hours", "ten years"),
    ],
)
def test_a_wrong_duration_says_how_to_mend_it(text: str, mend: str) -> None:
    with pytest.raises(DurationError) as raised:
        parse_duration(text)
    assert mend in str(raised.value)


@pytest.mark.parametrize(
    ("text", "is_pausable"),
    [
        ("4 working hours", True),
        ("2 working days", True),
        ("24 clock hours", False),
        ("7 calendar days", False),
        ("1 payroll cycle", False),
    ],
)
def test_only_working_time_can_pause(text: str, *, is_pausable: bool) -> None:
    assert parse_duration(text).is_pausable is is_pausable
