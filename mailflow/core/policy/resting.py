"""How long a case may rest: what a wait takes of its 20 working days, and what follows when they
are used up. How waiting stops clocks is told elsewhere.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.policy.clock_changes import pauses_of
from mailflow.core.policy.moments import calendar_of, working_days_later

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.policy.house import House
    from mailflow.core.policy.pauses import Pause
    from mailflow.core.policy.working_time import WorkingTime

MOST_DAYS = 20
RESTED = "rested"


def days_left_to_rest(case: Case, house: House) -> int:
    """Working days that a new wait may still stop the clocks for; waits of the past count."""
    calendar = calendar_of(case, house)
    working = calendar.working_time if calendar else None
    return max(MOST_DAYS - sum(_days_rested(pause, working) for pause in pauses_of(case)), 0)


def _days_rested(pause: Pause, working: WorkingTime | None) -> int:
    """Working days whose close lies in the pause, less the day it began on; none while it lasts."""
    if pause.end is None:
        return 0
    if working is None:
        return (pause.end - pause.start) // timedelta(days=1)
    last = working.local_date(pause.end)
    if not working.is_working_day(last) or working.close_of(last) > pause.end:
        last -= timedelta(days=1)
    return working.count_working_days(working.local_date(pause.start) + timedelta(days=1), last)


def rest_timer(case: Case, house: House, *, target: str, since: datetime) -> Timer:
    """When a wait that began at ``since`` has used up the days that were left."""
    at = working_days_later(days_left_to_rest(case, house), case, house, start=since)
    return Timer(TimerKind.CHASE, at, target, RESTED, len(case.waits))
