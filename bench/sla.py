"""What one due time costs once a calendar's table is built, and what building it costs."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailflow.core.policy.calendars import Calendar
from mailflow.core.policy.cycles import Cycle, IfClosed, Monthly
from mailflow.core.policy.due import due_at
from mailflow.core.policy.durations import parse_duration
from mailflow.core.policy.nudges import AfterStep, Ladder, PercentStep, Recipient, nudge_times
from mailflow.core.policy.pauses import Pause
from mailflow.core.policy.wall_time import Hours

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
CALLS = 3_000
GOAL_MICROSECONDS = 20
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
STARTS = tuple(START + number * timedelta(minutes=151) for number in range(CALLS))
LADDER = Ladder(
    tuple(PercentStep(percent, (Recipient.OWNER,)) for percent in (50, 80, 100)),
    AfterStep(parse_duration("8 working hours"), 5, (Recipient.TEAM_LEAD,)),
)


def make_calendar(zone: str) -> Calendar:
    morning, afternoon = Hours(510, 750), Hours(795, 1035)
    return Calendar(
        "bench",
        ZoneInfo(zone),
        ((morning, afternoon),) * 5 + ((), ()),
        extra_holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25)}),
        cycles={"payroll": Cycle("payroll", Monthly(25), IfClosed.PREVIOUS, 5, 720)},
    )


def measure(call: Callable[[datetime], object]) -> float:
    """Microseconds a call: the median of rounds over many starts."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for start in STARTS:
            call(start)
        rounds.append((time.perf_counter() - began) / CALLS * 1e6)
    return statistics.median(rounds)


def main() -> None:
    calendar = make_calendar("Europe/Berlin")
    for target in ("4 working hours", "24 clock hours", "10 working days", "1 payroll cycle"):
        duration = parse_duration(target)
        cost = measure(lambda start, duration=duration: due_at(duration, calendar, start=start))  # type: ignore[misc]  # a default binds the loop's value.
        verdict = "" if cost < GOAL_MICROSECONDS else f"  over {GOAL_MICROSECONDS} us"
        print(f"due  {target:<18} {cost:8.2f} us{verdict}")
    resolve = parse_duration("10 working days")
    pause = timedelta(hours=20)
    paused = measure(
        lambda start: due_at(
            resolve, calendar, start=start, pauses=(Pause(start + pause, start + 3 * pause),)
        )
    )
    print(f"due  {'one pause':<18} {paused:8.2f} us")
    rungs = measure(lambda start: nudge_times(LADDER, resolve, calendar=calendar, start=start))
    print(f"all rungs of a ladder   {rungs:8.2f} us")
    began = time.perf_counter()
    for _ in range(10):
        fresh = make_calendar("America/New_York")
        fresh.working_time.worked(START, START + timedelta(days=500))
    print(f"building 10 calendars x 2 years {(time.perf_counter() - began) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
