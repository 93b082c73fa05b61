"""Ten invented calendars for the tests of clocks, with holidays as plain dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mailflow.core.policy.calendars import Calendar
from mailflow.core.policy.cycles import Cycle, EveryWeeks, IfClosed, Monthly
from mailflow.core.policy.wall_time import Hours

BERLIN_HOLIDAYS = frozenset(
    {
        *(date(2026, 1, 1), date(2026, 3, 8), date(2026, 4, 3), date(2026, 4, 6)),
        *(date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25), date(2026, 10, 3)),
        *(date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2027, 3, 8)),
        *(date(2027, 3, 26), date(2027, 3, 29)),
    }
)
NEW_YORK_HOLIDAYS = frozenset(
    {
        *(date(2026, 1, 1), date(2026, 5, 25), date(2026, 7, 3), date(2026, 9, 7)),
        *(date(2026, 11, 26), date(2026, 12, 25)),
    }
)
NOON = 12 * 60


def hours(*spans: str) -> tuple[Hours, ...]:
    """`09:00-17:00` to minutes, for tests only."""
    minutes = ([_minute(time) for time in span.split("-")] for span in spans)
    return tuple(Hours(opens, closes) for opens, closes in minutes)


def week(weekday: tuple[Hours, ...], **others: tuple[Hours, ...]) -> tuple[tuple[Hours, ...], ...]:
    """The same hours from Monday to Friday, unless a day is named."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    usual = dict.fromkeys(names[:5], weekday) | others
    return tuple(usual.get(name, ()) for name in names)


def in_year(days: frozenset[date], year: int) -> frozenset[date]:
    return frozenset(day for day in days if day.year == year)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(calendar: Calendar, text: str) -> datetime:
    """Wall time in the calendar's zone, as UTC; of a repeated hour the first."""
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone).astimezone(UTC)


def _minute(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


MONTHLY_25TH = Cycle("payroll", Monthly(25), IfClosed.PREVIOUS, 5, NOON)
MONTH_END = Cycle("salaried", Monthly(None), IfClosed.NEXT, 3, 17 * 60)
FORTNIGHTLY = Cycle("hourly", EveryWeeks(2, date(2026, 11, 13)), IfClosed.NEXT, 2, 10 * 60)
CYCLES = {cycle.name: cycle for cycle in (MONTHLY_25TH, MONTH_END, FORTNIGHTLY)}

BERLIN = Calendar(
    "berlin",
    ZoneInfo("Europe/Berlin"),
    week(hours("09:00-17:00")),
    public_holidays=lambda year: in_year(BERLIN_HOLIDAYS, year),
    special_days={date(2026, 12, 24): hours("09:00-12:00")},
    cycles=CYCLES,
)
BERLIN_LUNCH = Calendar(
    "berlin_lunch",
    ZoneInfo("Europe/Berlin"),
    week(hours("08:30-12:30", "13:15-17:15"), fri=hours("08:30-14:00")),
    public_holidays=lambda year: in_year(BERLIN_HOLIDAYS, year),
    extra_holidays=frozenset({date(2026, 12, 31)}),
    no_holidays_on=frozenset({date(2027, 3, 8)}),
    cycles=CYCLES,
)
NEW_YORK = Calendar(
    "new_york",
    ZoneInfo("America/New_York"),
    week(hours("08:00-18:00")),
    public_holidays=lambda year: in_year(NEW_YORK_HOLIDAYS, year),
    cycles=CYCLES,
)
NIGHT_SHIFT = Calendar(
    "night_shift",
    ZoneInfo("America/New_York"),
    (hours("00:00-06:00", "22:00-24:00"),) * 7,
    cycles=CYCLES,
)
WEEKEND_NIGHTS = Calendar(
    "weekend_nights",
    ZoneInfo("Europe/Berlin"),
    week(
        (), fri=hours("22:00-24:00"), sat=hours("00:00-02:30", "22:15-24:00"),
        sun=hours("00:00-02:15", "02:45-05:00"),
    ),
)  # fmt: skip
KOLKATA = Calendar(
    "kolkata",
    ZoneInfo("Asia/Kolkata"),
    week(hours("09:30-18:30"), sat=hours("09:30-13:00")),
    cycles=CYCLES,
)
ADELAIDE = Calendar(
    "adelaide",
    ZoneInfo("Australia/Adelaide"),
    week(hours("09:00-17:30"), sun=hours("01:00-04:00")),
    special_days={date(2026, 4, 6): ()},
    cycles=CYCLES,
)
LORD_HOWE = Calendar(
    "lord_howe",
    ZoneInfo("Australia/Lord_Howe"),
    week(hours("09:00-17:00"), sun=hours("01:45-02:10", "02:20-08:00")),
)
HAVANA = Calendar(
    "havana", ZoneInfo("America/Havana"), week(hours("09:00-17:00"), sat=hours("20:00-24:00"))
)
ALWAYS = Calendar("always", ZoneInfo("Europe/Berlin"), (hours("00:00-24:00"),) * 7, cycles=CYCLES)

ALL = (
    BERLIN, BERLIN_LUNCH, NEW_YORK, NIGHT_SHIFT, WEEKEND_NIGHTS, KOLKATA, ADELAIDE, LORD_HOWE,
    HAVANA, ALWAYS,
)  # fmt: skip
