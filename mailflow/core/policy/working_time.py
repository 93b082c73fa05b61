"""Working time as a table of UTC intervals with running sums: every question is a bisection.

The table grows by whole years when a question reaches past it; no question walks days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from mailflow.core.policy.wall_time import closing_instant, opening_instant
from mailflow.errors import MailflowError

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from mailflow.core.policy.wall_time import Hours

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_FIRST_YEAR = 2
_LAST_YEAR = 9997
_IDLE_YEARS = 12


class NeverOpenError(MailflowError):
    """The calendar does not hold the working time that was asked for, however long one waits."""


def to_ticks(at: datetime) -> int:
    """Microseconds since 1970, exact."""
    return (at - _EPOCH) // _TICK


def from_ticks(ticks: int) -> datetime:
    return _EPOCH + timedelta(microseconds=ticks)


@dataclass(frozen=True)
class _Year:
    """One local year: merged intervals in ticks, and its working days with their closing."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    days: tuple[int, ...]
    day_closes: tuple[int, ...]


@dataclass(frozen=True)
class _Table:
    """``sums[i]`` is the work in the first i intervals; instants are ticks, days ordinals."""

    first_year: int
    last_year: int
    covers_from: int
    covers_to: int
    opens: tuple[int, ...]
    closes: tuple[int, ...]
    sums: tuple[int, ...]
    days: tuple[int, ...]
    day_closes: tuple[int, ...]

    def work_before(self, ticks: int) -> int:
        index = bisect_right(self.opens, ticks)
        if index == 0:
            return 0
        opened = self.opens[index - 1]
        return self.sums[index - 1] + min(ticks, self.closes[index - 1]) - opened

    def instant_of(self, work: int) -> int | None:
        """The earliest instant by which so much work is done; None past the table's end."""
        index = bisect_left(self.sums, work)
        if index == len(self.sums):
            return None
        return self.closes[index - 1] - (self.sums[index] - work)


class WorkingTime:
    """The working time of one calendar. All datetimes are aware; what comes back is UTC."""

    def __init__(self, zone: ZoneInfo, hours_on: Callable[[date], tuple[Hours, ...]]) -> None:
        self.zone = zone
        self._hours_on = hours_on
        self._years: dict[int, _Year] = {}
        # Replaced as a whole when it grows, so that threads never see half a table.
        self._table: _Table | None = None

    def is_open(self, at: datetime) -> bool:
        ticks = to_ticks(at)
        table = self._covering(ticks)
        index = bisect_right(table.opens, ticks)
        return index > 0 and ticks < table.closes[index - 1]

    def next_opening(self, at: datetime) -> datetime:
        """The asked time itself when it is open. Raises NeverOpenError."""
        if self.is_open(at):
            return at.astimezone(UTC)
        ticks = to_ticks(at)
        table = self._covering(ticks)
        while (index := bisect_left(table.opens, ticks)) == len(table.opens):
            table = self._grow(table)
        return from_ticks(table.opens[index])

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Working time in [start, end); zero when end is not after start."""
        first, last = to_ticks(start), to_ticks(end)
        if last <= first:
            return timedelta(0)
        self._covering(first)
        table = self._covering(last)
        return timedelta(microseconds=table.work_before(last) - table.work_before(first))

    def add(self, start: datetime, budget: timedelta) -> datetime:
        """The earliest instant t with worked(start, t) >= budget. Raises NeverOpenError."""
        if budget <= timedelta(0):
            return start.astimezone(UTC)
        ticks = to_ticks(start)
        table = self._covering(ticks)
        wanted = table.work_before(ticks) + budget // _TICK
        while (found := table.instant_of(wanted)) is None:
            table = self._grow(table)
        return from_ticks(found)

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def working_day(self, day: date, *, steps: int) -> date:
        """The working day ``steps`` after ``day`` (before it when negative), not counting it."""
        table = self._covering_day(day)
        while True:
            if steps >= 0:
                index = bisect_right(table.days, day.toordinal()) + steps - 1
            else:
                index = bisect_left(table.days, day.toordinal()) + steps
            if index < 0:
                table = self._grow_back(table)
            elif index >= len(table.days):
                table = self._grow(table)
            else:
                return date.fromordinal(table.days[index])

    def is_working_day(self, day: date) -> bool:
        table = self._covering_day(day)
        index = bisect_left(table.days, day.toordinal())
        return index < len(table.days) and table.days[index] == day.toordinal()

    def count_working_days(self, first: date, last: date) -> int:
        """Working days from ``first`` to ``last``, both counted; 0 when they are reversed."""
        self._covering_day(first)
        table = self._covering_day(last)
        begin = bisect_left(table.days, first.toordinal())
        return max(bisect_right(table.days, last.toordinal()) - begin, 0)

    def close_of(self, day: date) -> datetime:
        """The last closing of a working day. Raises NeverOpenError for any other day."""
        table = self._covering_day(day)
        index = bisect_left(table.days, day.toordinal())
        if index == len(table.days) or table.days[index] != day.toordinal():
            raise NeverOpenError(f"{day} is no working day")
        return from_ticks(table.day_closes[index])

    def _covering(self, ticks: int) -> _Table:
        table = self._table
        if table is not None and table.covers_from <= ticks < table.covers_to:
            return table
        # A year's table is sure of its inner days only: the margins depend on the zone's offset.
        at = from_ticks(ticks)
        return self._cover(
            (at - timedelta(days=2)).year,
            (at + timedelta(days=3)).year,
        )

    def _covering_day(self, day: date) -> _Table:
        table = self._table
        if table is not None and table.first_year <= day.year <= table.last_year:
            return table
        return self._cover(day.year, day.year)

    def _grow(self, table: _Table) -> _Table:
        busy_year = date.fromordinal(table.days[-1]).year if table.days else table.first_year
        if table.last_year >= _LAST_YEAR or busy_year + _IDLE_YEARS < table.last_year:
            raise NeverOpenError("the calendar has no working time left to count")
        # Growing by a share of the table keeps a very long wait linear.
        step = 1 + (table.last_year - table.first_year) // 4
        return self._cover(table.first_year, min(table.last_year + step, _LAST_YEAR))

    def _grow_back(self, table: _Table) -> _Table:
        busy_year = date.fromordinal(table.days[0]).year if table.days else table.last_year
        if table.first_year <= _FIRST_YEAR or busy_year - _IDLE_YEARS > table.first_year:
            raise NeverOpenError("the calendar had no working time before that to count")
        return self._cover(table.first_year - 1, table.last_year)

    def _cover(self, first_year: int, last_year: int) -> _Table:
        known = self._table
        if known is not None:
            first_year = min(first_year, known.first_year)
            last_year = max(last_year, known.last_year)
        years = [self._year(year) for year in range(first_year, last_year + 1)]
        opens = tuple(ticks for year in years for ticks in year.opens)
        closes = tuple(ticks for year in years for ticks in year.closes)
        lengths = (closed - opened for opened, closed in zip(opens, closes, strict=True))
        table = _Table(
            first_year=first_year,
            last_year=last_year,
            covers_from=to_ticks(datetime(first_year, 1, 3, tzinfo=UTC)),
            covers_to=to_ticks(datetime(last_year, 12, 29, tzinfo=UTC)),
            opens=opens,
            closes=closes,
            sums=tuple(accumulate(lengths, initial=0)),
            days=tuple(day for year in years for day in year.days),
            day_closes=tuple(ticks for year in years for ticks in year.day_closes),
        )
        self._table = table
        return table

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._build_year(year)
        return found

    def _build_year(self, year: int) -> _Year:
        opens: list[int] = []
        closes: list[int] = []
        days: list[int] = []
        day_closes: list[int] = []
        for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            spans = self._spans_on(day)
            for opened, closed in spans:
                # A repeated hour can make an interval reach into the next one: count it once.
                if closes and opened <= closes[-1]:
                    closes[-1] = max(closes[-1], closed)
                else:
                    opens.append(opened)
                    closes.append(closed)
            if spans:
                days.append(ordinal)
                day_closes.append(max(closed for _, closed in spans))
        return _Year(tuple(opens), tuple(closes), tuple(days), tuple(day_closes))

    def _spans_on(self, day: date) -> list[tuple[int, int]]:
        spans = []
        for hours in self._hours_on(day):
            opened = to_ticks(opening_instant(self.zone, day, hours.opens))
            closed = to_ticks(closing_instant(self.zone, day, hours.closes))
            if opened < closed:
                spans.append((opened, closed))
        return sorted(spans)
