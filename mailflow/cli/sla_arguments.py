"""What the `mailflow sla` commands are given, read and checked; wrong arguments end with 2."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

import typer

from mailflow.casework.sla_policy import load_sla
from mailflow.core.policy.durations import Duration, DurationError, Unit, parse_duration
from mailflow.core.policy.pauses import Pause
from mailflow.core.policy.wall_time import opening_instant
from mailflow.errors import InvalidFilesError
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from mailflow.core.policy.calendars import Calendar
    from mailflow.core.policy.sla import SlaPolicy

USAGE = 2
INVALID = 3
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def refuse(message: str) -> NoReturn:
    """The command was called wrongly: say why, exit 2."""
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)


def open_policy(home: Path) -> SlaPolicy:
    """The policy of the instance; invalid files are shown and exit 3."""
    try:
        return load_sla(home / "rules")
    except InvalidFilesError as error:
        typer.echo(error, err=True)
        raise typer.Exit(INVALID) from None


def pick_calendar(policy: SlaPolicy, name: str) -> Calendar:
    calendar = policy.calendars.get(name)
    if calendar is None:
        refuse(unknown_name(name, policy.calendars, what="calendar"))
    return calendar


def read_target(text: str, calendar: Calendar) -> Duration:
    try:
        duration = parse_duration(text)
    except DurationError as error:
        refuse(str(error))
    if duration.unit is Unit.CYCLES and duration.cycle not in calendar.cycles:
        if not calendar.cycles:
            refuse(f'calendar "{calendar.name}" has no cycles')
        unknown = unknown_name(duration.cycle or "", calendar.cycles, what="cycle")
        refuse(f'calendar "{calendar.name}": {unknown}')
    return duration


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 time; without an offset it is wall time of the calendar's zone."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        refuse(f'"{text}" is no time: write for example 2026-11-20T13:00+01:00')
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        refuse(f'"{text}" is out of range: years {_FIRST_YEAR} to {_LAST_YEAR} are known')
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    rest = timedelta(seconds=at.second, microseconds=at.microsecond)
    return opening_instant(zone, at.date(), at.hour * 60 + at.minute) + rest


def read_pauses(texts: Iterable[str], zone: ZoneInfo) -> tuple[Pause, ...]:
    """`A/B`, or `A/` for a pause that lasts."""
    return tuple(_read_pause(text, zone) for text in texts)


def _read_pause(text: str, zone: ZoneInfo) -> Pause:
    begin, slash, end = text.partition("/")
    if not slash:
        refuse(f'"{text}" is no pause: write BEGIN/END, or BEGIN/ while it lasts')
    pause = Pause(read_instant(begin, zone), read_instant(end, zone) if end.strip() else None)
    if pause.end is not None and pause.end < pause.start:
        refuse(f'"{text}" ends before it begins')
    return pause


def format_instant(at: datetime) -> str:
    """`2026-11-20T15:00:00Z`; a fraction of a second is shown only when there is one."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def format_local(at: datetime, zone: ZoneInfo) -> str:
    """For people: `Fri 2026-11-20 16:00:00 CET`."""
    return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M:%S %Z")
