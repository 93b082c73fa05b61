from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.policy.undelivered import late_timer

if TYPE_CHECKING:
    from mailflow.core.case.clock import Timer

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def timer_of_a_try(tried_hours: float, next_hours: float) -> Timer | None:
    """Hours are counted from when the mail was ordered."""
    return late_timer(
        "a" * 32,
        created_at=NOON,
        tried_at=NOON + timedelta(hours=tried_hours),
        next_at=NOON + timedelta(hours=next_hours),
    )


@pytest.mark.parametrize(("tried", "next_try"), [(0, 1), (3, 3.9), (4, 5), (4.9, 5.9)])
def test_most_tries_set_no_notice(tried: float, next_try: float) -> None:
    assert timer_of_a_try(tried, next_try) is None


@pytest.mark.parametrize(("tried", "next_try"), [(3, 4), (3.9, 4.9)])
def test_the_last_try_within_four_hours_sets_the_notice(tried: float, next_try: float) -> None:
    timer = timer_of_a_try(tried, next_try)
    assert timer is not None
    assert timer.fire_at == NOON + timedelta(hours=4)
