"""Which steps of a clock are believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mailflow.core.policy.clock_jump import say_gap, say_jump

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [0, 59, -59, 60, -60])
def test_a_step_of_an_hour_or_less_is_believed(minutes: int) -> None:
    assert say_jump(NOW + timedelta(minutes=minutes), NOW) is None


@pytest.mark.parametrize(("hours", "word"), [(2, "ahead"), (-2, "back"), (8760, "ahead")])
def test_a_larger_step_is_not(hours: int, word: str) -> None:
    said = say_jump(NOW + timedelta(hours=hours), NOW)
    assert said is not None
    assert f"jumped {word} from 2026-03-02 09:00" in said


@pytest.mark.parametrize("days", [0, 1, 30])
def test_a_pause_of_a_month_is_believed(days: int) -> None:
    assert say_gap(NOW + timedelta(days=days), NOW) is None


@pytest.mark.parametrize("step", [timedelta(days=31), timedelta(hours=-2)])
def test_a_longer_pause_or_a_time_before_the_last_word_is_not(step: timedelta) -> None:
    assert say_gap(NOW + step, NOW) is not None
