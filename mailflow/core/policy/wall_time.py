"""Wall time on a local date to the instant it means, where clocks are moved twice a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, order=True)
class Hours:
    """Open from ``opens`` until before ``closes``: minutes since local midnight, 0 to 1440."""

    opens: int
    closes: int


def opening_instant(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """The first time the wall clock shows it; inside a skipped hour, the end of the gap. UTC."""
    return _instant(zone, _wall(day, minute), fold=0)


def closing_instant(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """The last time the wall clock shows it; inside a skipped hour, the end of the gap. UTC.

    24:00 is the end of the local date: where midnight itself is repeated (Havana), the hour after
    the first midnight belongs to the next date already.
    """
    fold = 0 if minute == MINUTES_A_DAY else 1
    return _instant(zone, _wall(day, minute), fold=fold)


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time.min) + timedelta(minutes=minute)


def _instant(zone: ZoneInfo, wall: datetime, *, fold: int) -> datetime:
    earlier = wall.replace(tzinfo=zone, fold=0)
    later = wall.replace(tzinfo=zone, fold=1)
    before, after = earlier.utcoffset(), later.utcoffset()
    # PEP 495: in a gap the offset grows between fold 0 and fold 1, in a repeated hour it shrinks.
    if before is not None and after is not None and before < after:
        return _end_of_gap(zone, later.astimezone(UTC), earlier.astimezone(UTC))
    return (later if fold else earlier).astimezone(UTC)


def _end_of_gap(zone: ZoneInfo, before: datetime, not_before: datetime) -> datetime:
    """The change of offset in (before, not_before], to the second."""
    offset_before = before.astimezone(zone).utcoffset()
    low, high = 0, int((not_before - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        moved = (before + middle * _SECOND).astimezone(zone).utcoffset() != offset_before
        low, high = (low, middle) if moved else (middle, high)
    return before + high * _SECOND
