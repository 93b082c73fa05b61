"""The ``calendars:`` section of the rules to Calendar values, with every mistake in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from mailflow.casework.cycle_fields import read_cycle
from mailflow.casework.hours_fields import read_intervals, read_weekly
from mailflow.casework.public_holidays import (
    find_country_problem,
    find_region_problem,
    holiday_source,
)
from mailflow.core.policy.calendars import DAYS_A_WEEK, Calendar
from mailflow.located import Entry, Node, Table, unknown_name

if TYPE_CHECKING:
    from datetime import date

    from mailflow.casework.field_reader import FieldReader
    from mailflow.core.policy.cycles import Cycle
    from mailflow.core.policy.wall_time import Hours

_KEYS = ("timezone", "hours", "holidays", "special_days", "cycles")
_HOLIDAY_KEYS = ("country", "region", "also", "except")


def read_calendar(reader: FieldReader, entry: Entry) -> Calendar | None:
    """One entry of ``calendars:``; None when it cannot stand for a calendar at all."""
    what = f'calendar "{entry.key}"'
    table = reader.table(entry.value, what=what)
    if table is None:
        return None
    reader.known_keys(table, _KEYS, what=what)
    zone = _read_zone(reader, table, entry, what=what)
    weekly = _read_hours(reader, table, entry, what=what)
    holidays = table.get("holidays")
    fields = _Holidays(reader, holidays, what=what)
    special_days = _read_special_days(reader, table.get("special_days"), what=what)
    cycles = _read_cycles(reader, table.get("cycles"), what=what)
    if zone is None or weekly is None:
        return None
    return Calendar(
        name=entry.key,
        zone=zone,
        weekly=weekly,
        public_holidays=holiday_source(fields.country, fields.region),
        extra_holidays=fields.also,
        no_holidays_on=fields.exceptions,
        special_days=special_days,
        cycles=cycles,
    )


def _read_zone(reader: FieldReader, table: Table, entry: Entry, *, what: str) -> ZoneInfo | None:
    node = table.get("timezone")
    if node is None:
        message = f'{what} needs a timezone, for example "timezone: Europe/Berlin"'
        reader.note(entry.place, "missing-key", message, width=len(entry.key))
        return None
    name = reader.text(node, what="timezone")
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = unknown_name(name, available_timezones(), what="timezone")
        reader.note(node.place, "unknown-timezone", message, width=len(name))
        return None


def _read_hours(
    reader: FieldReader, table: Table, entry: Entry, *, what: str
) -> tuple[tuple[Hours, ...], ...] | None:
    node = table.get("hours")
    if node is None:
        message = f'{what} needs hours, for example "hours: {{mon-fri: [09:00-17:00]}}"'
        reader.note(entry.place, "missing-key", message, width=len(entry.key))
        return None
    known = len(reader.mistakes)
    weekly = read_weekly(reader, node)
    if not any(weekly) and len(reader.mistakes) == known:
        reader.note(node.place, "never-open", f"{what} is never open: no target could be met")
    return weekly if len(weekly) == DAYS_A_WEEK else None


class _Holidays:
    """``holidays:`` as far as it could be read; what could not counts as not given."""

    def __init__(self, reader: FieldReader, node: Node | None, *, what: str) -> None:
        self.country: str | None = None
        self.region: str | None = None
        self.also: frozenset[date] = frozenset()
        self.exceptions: frozenset[date] = frozenset()
        table = None if node is None else reader.table(node, what=f"holidays of {what}")
        if table is None:
            return
        reader.known_keys(table, _HOLIDAY_KEYS, what=f"holidays of {what}")
        self._read_country(reader, table)
        self._read_region(reader, table)
        also, exceptions = table.get("also"), table.get("except")
        if also is not None:
            self.also = reader.days(also, what="also")
        if exceptions is not None:
            self.exceptions = reader.days(exceptions, what="except")

    def _read_country(self, reader: FieldReader, table: Table) -> None:
        node = table.get("country")
        text = None if node is None else reader.text(node, what="country")
        if node is None or text is None:
            return
        problem = find_country_problem(text)
        if problem is None:
            self.country = text
        else:
            reader.note(node.place, "unknown-country", problem, width=len(text))

    def _read_region(self, reader: FieldReader, table: Table) -> None:
        node = table.get("region")
        text = None if node is None else reader.text(node, what="region")
        if node is None or text is None:
            return
        if self.country is None:
            if table.get("country") is None:
                reader.note(node.place, "missing-key", "a region needs its country beside it")
            return
        problem = find_region_problem(self.country, text)
        if problem is None:
            self.region = text
        else:
            reader.note(node.place, "unknown-region", problem, width=len(text))


def _read_special_days(
    reader: FieldReader, node: Node | None, *, what: str
) -> dict[date, tuple[Hours, ...]]:
    table = None if node is None else reader.table(node, what=f"special_days of {what}")
    if table is None:
        return {}
    days: dict[date, tuple[Hours, ...]] = {}
    for entry in table:
        day = reader.day(entry.key, entry.place, what="special_days")
        hours = read_intervals(reader, entry.value)
        if day is not None:
            days[day] = hours
    return days


def _read_cycles(reader: FieldReader, node: Node | None, *, what: str) -> dict[str, Cycle]:
    table = None if node is None else reader.table(node, what=f"cycles of {what}")
    if table is None:
        return {}
    cycles = (read_cycle(reader, entry) for entry in table)
    return {cycle.name: cycle for cycle in cycles if cycle is not None}
