"""Dates as people write them in commands: ISO, a weekday, or so many working days from now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_AHEAD = re.compile(r"\+(\d{1,3})\s?(d|w)(?:ays?|eeks?)?", re.IGNORECASE)
_WEEK_OF_WORK_DAYS = 5
_LONGEST_DAYS = 366
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST_NAME = 3
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class When:
    """One of: a date, a weekday (0 is Monday; the next one after today), or working days ahead."""

    on: date | None = None
    weekday: int | None = None
    working_days: int | None = None

    def nearest(self, *, today: date) -> date | None:
        """The date, where no calendar is needed to know it; None for working days."""
        if self.on is not None:
            return self.on
        if self.weekday is None:
            return None
        ahead = (self.weekday - today.weekday()) % DAYS_A_WEEK or DAYS_A_WEEK
        return today + timedelta(days=ahead)


def read_when(text: str) -> When | None:
    """``2026-12-01``, ``fri``, ``friday``, ``today``-less ``+3d``, ``+2w``; None for anything else.

    ``+2w`` is ten working days.
    """
    word = text.strip().rstrip(".,;").lower()
    iso = _ISO.fullmatch(word)
    if iso is not None:
        try:
            return When(on=date(*map(int, iso.groups())))
        except ValueError:
            return None
    ahead = _AHEAD.fullmatch(word)
    if ahead is not None:
        days = int(ahead.group(1)) * (_WEEK_OF_WORK_DAYS if ahead.group(2) == "w" else 1)
        return When(working_days=days) if 0 < days <= _LONGEST_DAYS else None
    if word == "tomorrow":
        return When(working_days=1)
    if len(word) >= _SHORTEST_NAME:
        for number, name in enumerate(_WEEKDAYS):
            if word in (name, name[:3]) or (name.startswith(word) and word in ("tues", "thurs")):
                return When(weekday=number)
    return None
