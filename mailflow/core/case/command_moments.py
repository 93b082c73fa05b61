"""Moments of the past as people write them in commands: a day, and the time where hours count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

_MOMENT = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2}|today|yesterday)(?:\s+at\s+|\s*t\s*|\s+|$))?"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>\d{2}))?",
    re.IGNORECASE,
)
_DAYS_AGO = {"today": 0, "yesterday": 1}


@dataclass(frozen=True)
class Moment:
    """A date or so many days ago, and a time of day by the organisation's clocks.

    ``at`` None means that only the day was named.
    """

    on: date | None = None
    days_ago: int = 0
    at: time | None = None

    def day(self, *, today: date) -> date:
        return self.on or today - timedelta(days=self.days_ago)


def read_moment(text: str) -> Moment | None:
    """``2026-11-24 09:30``, ``2026-11-24``, ``yesterday 14:00``, ``today``, ``09:30`` (today).

    None for anything else.
    """
    found = _MOMENT.fullmatch(text.strip().rstrip(".,;"))
    if found is None or not (found["day"] or found["hour"]):
        return None
    try:
        at = time(int(found["hour"]), int(found["minute"])) if found["hour"] else None
        word = (found["day"] or "today").lower()
        if word in _DAYS_AGO:
            return Moment(days_ago=_DAYS_AGO[word], at=at)
        return Moment(on=date.fromisoformat(word), at=at)
    except ValueError:
        return None
