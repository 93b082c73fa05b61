"""Opening hours as people write them: `mon-thu: [08:30-12:30, 13:15-17:15]`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mailflow.core.policy.calendars import DAYS_A_WEEK
from mailflow.core.policy.wall_time import MINUTES_A_DAY, Hours
from mailflow.located import Entry, Leaf, Node, Place, Series, unknown_name

if TYPE_CHECKING:
    from mailflow.casework.field_reader import FieldReader

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOSED = "closed"
_DASHES = str.maketrans({"\N{EN DASH}": "-", "\N{EM DASH}": "-"})


def read_weekly(reader: FieldReader, node: Node) -> tuple[tuple[Hours, ...], ...]:
    """Seven tuples, Monday first; days that are not named are closed. Empty for a wrong type."""
    table = reader.table(node, what="hours")
    if table is None:
        return ()
    weekly: dict[int, tuple[Hours, ...]] = {}
    for entry in table:
        hours = read_intervals(reader, entry.value)
        for weekday in _read_weekdays(reader, entry):
            if weekday in weekly:
                message = f'"{_WEEKDAYS[weekday]}" has hours twice: name each day once'
                reader.note(entry.place, "day-twice", message, width=len(entry.key))
            weekly[weekday] = hours
    return tuple(weekly.get(weekday, ()) for weekday in range(DAYS_A_WEEK))


def read_intervals(reader: FieldReader, node: Node) -> tuple[Hours, ...]:
    """A list of intervals, one alone, or `closed`; sorted. An empty list is closed too."""
    if isinstance(node, Leaf) and node.value == _CLOSED:
        return ()
    if isinstance(node, Series) and not node.items:
        return ()
    found = [
        (hours, place)
        for text, place in reader.texts(node, what="an interval")
        if (hours := _read_interval(reader, text, place)) is not None
    ]
    found.sort(key=lambda pair: pair[0])
    for (earlier, _), (later, place) in pairwise(found):
        if later.opens < earlier.closes:
            message = f"{_shown(later)} overlaps {_shown(earlier)}"
            reader.note(place, "overlap", message, width=len(_shown(later)))
    return tuple(hours for hours, _ in found)


def read_minute(text: str) -> int | None:
    """Minutes since midnight of `08:30`; 24:00 is 1440. None when it is no time of day."""
    hour, colon, minute = text.strip().partition(":")
    if not (colon and _is_number(hour) and _is_number(minute) and len(minute) == len("00")):
        return None
    minutes = int(hour) * 60 + int(minute)
    return minutes if int(minute) < 60 and minutes <= MINUTES_A_DAY else None  # noqa: PLR2004 - minutes an hour.


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("24")


def _read_interval(reader: FieldReader, text: str, place: Place) -> Hours | None:
    opens_text, dash, closes_text = text.translate(_DASHES).partition("-")
    opens, closes = read_minute(opens_text), read_minute(closes_text)
    if not dash or opens is None or closes is None:
        message = f'"{text}" is no interval: write for example 09:00-17:00 (24:00 ends the day)'
        reader.note(place, "wrong-interval", message, width=len(text))
        return None
    if closes <= opens:
        message = (
            f'"{text}" ends before it begins: write a night shift as two intervals, '
            f"{_time(opens)}-24:00 and 00:00-{_time(closes)} on the next day"
        )
        if closes in (opens, 0):
            message = f'"{text}" has no length (the end of a day is written 24:00)'
        reader.note(place, "reversed-interval", message, width=len(text))
        return None
    return Hours(opens, closes)


def _read_weekdays(reader: FieldReader, entry: Entry) -> tuple[int, ...]:
    """`mon-thu`, `sun-thu` (over the week's end) or `mon, wed`."""
    days: list[int] = []
    for part in entry.key.lower().translate(_DASHES).split(","):
        names = [name.strip() for name in part.split("-")]
        unknown = [name for name in names if name not in _WEEKDAYS]
        if unknown or len(names) not in (1, 2):
            name = unknown[0] if unknown else part.strip()
            message = unknown_name(name, _WEEKDAYS, what="weekday")
            reader.note(entry.place, "unknown-weekday", message, width=len(entry.key))
            continue
        first, last = _WEEKDAYS.index(names[0]), _WEEKDAYS.index(names[-1])
        length = (last - first) % DAYS_A_WEEK + 1
        days.extend((first + step) % DAYS_A_WEEK for step in range(length))
    return tuple(days)


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _shown(hours: Hours) -> str:
    return f"{_time(hours.opens)}-{_time(hours.closes)}"
