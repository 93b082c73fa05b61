"""Cycles as people write them: every month or every N weeks, a pay day, a cutoff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.casework.hours_fields import read_minute
from mailflow.core.policy.cycles import Cycle, EveryWeeks, IfClosed, Monthly
from mailflow.located import Entry, Leaf, Table, nearest

if TYPE_CHECKING:
    from mailflow.casework.field_reader import FieldReader

_KEYS = ("every", "pay_day", "anchor", "if_closed", "cutoff")
_LAST = "last"
_LONGEST_RHYTHM_WEEKS = 52
_LONGEST_CUTOFF_DAYS = 60


def read_cycle(reader: FieldReader, entry: Entry) -> Cycle | None:
    what = f'cycle "{entry.key}"'
    table = reader.table(entry.value, what=what)
    if table is None:
        return None
    reader.known_keys(table, _KEYS, what=what)
    rhythm = _read_rhythm(reader, table, entry, what=what)
    if_closed = _read_if_closed(reader, table)
    cutoff = _read_cutoff(reader, table)
    if rhythm is None or cutoff is None:
        return None
    return Cycle(entry.key, rhythm, if_closed, *cutoff)


def _read_rhythm(
    reader: FieldReader, table: Table, entry: Entry, *, what: str
) -> Monthly | EveryWeeks | None:
    node = table.get("every")
    if node is None:
        message = f'{what} needs "every: month" or "every: 2 weeks"'
        reader.note(entry.place, "missing-key", message, width=len(entry.key))
        return None
    text = reader.text(node, what="every")
    if text is None:
        return None
    if text == "month":
        return _read_monthly(reader, table, entry, what=what)
    weeks = _read_weeks(text)
    if weeks is None:
        guess = nearest(text, ("month", "week", "2 weeks"))
        hint = f', did you mean "{guess}"?' if guess else ': write "month" or "2 weeks"'
        reader.note(
            node.place, "wrong-value", f'every: "{text}" is no rhythm{hint}', width=len(text)
        )
        return None
    return _read_every_weeks(reader, table, entry, weeks=weeks)


def _read_monthly(reader: FieldReader, table: Table, entry: Entry, *, what: str) -> Monthly | None:
    anchor = next((one for one in table if one.key == "anchor"), None)
    if anchor is not None:
        message = "an anchor is for rhythms of weeks; a month needs a pay_day"
        reader.note(anchor.place, "anchor", message, width=len("anchor"))
    node = table.get("pay_day")
    if node is None:
        message = f'{what} needs a pay_day: a day of the month, or "last"'
        reader.note(entry.place, "missing-key", message, width=len(entry.key))
        return None
    if isinstance(node, Leaf) and node.value == _LAST:
        return Monthly(None)
    day = reader.whole_number(node, what='pay_day (or "last")', least=1, most=31)
    return None if day is None else Monthly(day)


def _read_every_weeks(
    reader: FieldReader, table: Table, entry: Entry, *, weeks: int
) -> EveryWeeks | None:
    pay_day = next((one for one in table if one.key == "pay_day"), None)
    if pay_day is not None:
        message = "a rhythm of weeks has an anchor (any one pay day) instead of a pay_day"
        reader.note(pay_day.place, "pay-day", message, width=len("pay_day"))
    node = table.get("anchor")
    if node is None:
        message = "a rhythm of weeks needs an anchor: the date of any one pay day"
        reader.note(entry.place, "missing-key", message, width=len(entry.key))
        return None
    text = reader.text(node, what="anchor")
    anchor = None if text is None else reader.day(text, node.place, what="anchor")
    return None if anchor is None else EveryWeeks(weeks, anchor)


def _read_weeks(text: str) -> int | None:
    words = text.split()
    if words == ["week"]:
        return 1
    match words:
        case [number, "week" | "weeks"] if _is_number(number):
            weeks = int(number)
            return weeks if 1 <= weeks <= _LONGEST_RHYTHM_WEEKS else None
    return None


def _read_if_closed(reader: FieldReader, table: Table) -> IfClosed:
    node = table.get("if_closed")
    choice = None if node is None else reader.choice(node, tuple(IfClosed), what="if_closed")
    return IfClosed.PREVIOUS if choice is None else IfClosed(choice)


def _read_cutoff(reader: FieldReader, table: Table) -> tuple[int, int] | None:
    """Working days before the pay day, and minutes since midnight.

    Without a cutoff, what arrives before the pay day begins is in time.
    """
    node = table.get("cutoff")
    if node is None:
        return 0, 0
    text = reader.text(node, what="cutoff")
    if text is None:
        return None
    match text.split():
        case [number, "working", "day" | "days", "before", "at", time]:
            minute = read_minute(time)
            is_near = _is_number(number) and int(number) <= _LONGEST_CUTOFF_DAYS
            if is_near and minute is not None:
                return int(number), minute
    message = f'"{text}" is no cutoff: write for example "5 working days before at 12:00"'
    reader.note(node.place, "wrong-cutoff", message, width=len(text))
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("60")
