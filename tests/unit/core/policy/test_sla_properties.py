"""Laws that hold for every calendar, start and pause, whatever the hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from mailflow.core.policy.due import due_at, unpaused_due
from mailflow.core.policy.durations import Duration, Unit
from mailflow.core.policy.pauses import Pause, worked_outside_pauses
from tests.unit.core.policy.sample_calendars import ALL

if TYPE_CHECKING:
    from mailflow.core.policy.calendars import Calendar

calendars = st.sampled_from(ALL)
starts = st.datetimes(
    datetime(2025, 12, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone beside one.
    datetime(2027, 2, 1),  # noqa: DTZ001 - as above.
    timezones=st.just(UTC),
)
minutes = st.integers(0, 6000)
lengths = st.timedeltas(timedelta(0), timedelta(days=9))


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> tuple[Pause, ...]:
    begins = draw(st.lists(lengths, max_size=3))
    return tuple(Pause(start + begin, start + begin + draw(lengths)) for begin in begins)


@given(calendars, starts, minutes, st.data())
def test_at_the_due_time_exactly_the_budget_is_worked(
    calendar: Calendar, start: datetime, budget: int, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    duration = Duration(budget, Unit.WORKING_MINUTES)
    due = due_at(duration, calendar, start=start, pauses=pauses)
    assert due is not None
    worked = worked_outside_pauses(calendar.working_time, start, due, pauses=pauses)
    assert worked == timedelta(minutes=budget)


@given(calendars, starts, minutes, st.data())
def test_a_pause_never_makes_a_target_due_earlier(
    calendar: Calendar, start: datetime, budget: int, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    duration = Duration(budget, Unit.WORKING_MINUTES)
    due = due_at(duration, calendar, start=start, pauses=pauses)
    assert due is not None
    assert due >= unpaused_due(duration, calendar, start)


@given(calendars, starts, lengths, st.sampled_from([Unit.WORKING_HOURS, Unit.WORKING_DAYS]))
def test_who_starts_later_is_never_due_earlier(
    calendar: Calendar, start: datetime, later: timedelta, unit: Unit
) -> None:
    duration = Duration(3, unit)
    assert unpaused_due(duration, calendar, start) <= unpaused_due(
        duration, calendar, start + later
    )
