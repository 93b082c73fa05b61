"""What is doubtful in a policy that can be read: warnings, before a promise is broken by them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from mailflow.core.policy.due import unpaused_due
from mailflow.core.policy.durations import Unit
from mailflow.core.policy.working_time import NeverOpenError
from mailflow.errors import Mistake
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.case.people import Staff
    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.durations import Duration
    from mailflow.core.policy.sla import SlaPolicy
    from mailflow.core.policy.targets import TargetSet

_CALENDARS_FILE = "rules/calendars.yaml"
_SLA_FILE = "rules/sla.yaml"
_STAFF_FILE = "config/staff.yaml"
_A_YEAR = timedelta(days=366)


def check_sla(policy: SlaPolicy, staff: Staff, today: date) -> tuple[Mistake, ...]:
    """Warnings, whole-file ones: holidays that run out, targets out of reach, idle teams."""
    return (
        *_missing_holidays(policy, today),
        *_unreachable_targets(policy, today),
        *_team_calendars(policy, staff),
    )


def _missing_holidays(policy: SlaPolicy, today: date) -> Iterator[Mistake]:
    for calendar in policy.calendars.values():
        if _holidays_of(calendar, today.year) and not _holidays_of(calendar, today.year + 1):
            yield _warning(
                _CALENDARS_FILE,
                "holidays-end",
                f'calendar "{calendar.name}" has holidays in {today.year}, but none in '
                f'{today.year + 1}: add them under "also:"',
            )


def _holidays_of(calendar: Calendar, year: int) -> frozenset[date]:
    own = {day for day in calendar.extra_holidays if day.year == year}
    return calendar.public_holidays(year) | own


def _unreachable_targets(policy: SlaPolicy, today: date) -> Iterator[Mistake]:
    start = datetime(today.year, today.month, today.day, tzinfo=UTC)
    for one in policy.sets.values():
        calendar = policy.calendars.get(one.calendar or "")
        if calendar is None:
            continue
        for name, duration in _durations_of(one):
            if not _is_reached_within_a_year(duration, calendar, start):
                yield _warning(
                    _SLA_FILE,
                    "out-of-reach",
                    f'sla "{one.name}": {name} of {duration} is not over within a year in calendar '
                    f'"{calendar.name}": lengthen its hours or shorten the target',
                )


def _durations_of(one: TargetSet) -> Iterator[tuple[str, Duration]]:
    yield from ((target.value, duration) for target, duration in one.targets.items())
    yield from ((clock.name, clock.within) for clock in one.statutory)


def _is_reached_within_a_year(duration: Duration, calendar: Calendar, start: datetime) -> bool:
    if duration.unit is Unit.CYCLES and duration.cycle not in calendar.cycles:
        return False
    try:
        return unpaused_due(duration, calendar, start) - start <= _A_YEAR
    except NeverOpenError:
        return False


def _team_calendars(policy: SlaPolicy, staff: Staff) -> Iterator[Mistake]:
    for team in staff.teams.values():
        if team.calendar is None:
            yield _warning(
                _STAFF_FILE,
                "no-calendar",
                f'team "{team.name}" has no calendar: its people are nudged at night too',
            )
        elif team.calendar not in policy.calendars:
            named = unknown_name(team.calendar, policy.calendars, what="calendar")
            yield _warning(_STAFF_FILE, "unknown-calendar", f'team "{team.name}": {named}')


def _warning(file: str, code: str, message: str) -> Mistake:
    return Mistake(file, 0, 0, code, message, severity="warning")
