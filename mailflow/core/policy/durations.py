"""How long: `4 working hours`, `24 clock hours`, `2 working days`, `1 payroll cycle`.

A length says nothing until a calendar and a start are known; see due.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mailflow.located import nearest


class Unit(StrEnum):
    """Clock units count nights; working units count opening hours; calendar units count dates."""

    CLOCK_MINUTES = "clock minutes"
    CLOCK_HOURS = "clock hours"
    WORKING_MINUTES = "working minutes"
    WORKING_HOURS = "working hours"
    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    CALENDAR_MONTHS = "calendar months"
    CYCLES = "cycles"


_FIXED_LENGTH = {
    Unit.CLOCK_MINUTES: timedelta(minutes=1),
    Unit.CLOCK_HOURS: timedelta(hours=1),
    Unit.WORKING_MINUTES: timedelta(minutes=1),
    Unit.WORKING_HOURS: timedelta(hours=1),
}
_TEN_YEARS = {
    Unit.CLOCK_MINUTES: 5_260_000,
    Unit.CLOCK_HOURS: 87_700,
    Unit.WORKING_MINUTES: 5_260_000,
    Unit.WORKING_HOURS: 87_700,
    Unit.WORKING_DAYS: 3_660,
    Unit.CALENDAR_DAYS: 3_660,
    Unit.CALENDAR_MONTHS: 120,
    Unit.CYCLES: 260,
}
_EXAMPLES = '"4 working hours", "24 clock hours", "2 working days", "1 payroll cycle"'
_MEANT = {
    "business": "working",
    "work": "working",
    "elapsed": "clock",
    "real": "clock",
}


class DurationError(ValueError):
    """The text is no length of time; the message says how to write it."""


@dataclass(frozen=True)
class Duration:
    """``count`` of ``unit``; ``cycle`` names the calendar's cycle for CYCLES and is None else."""

    count: int
    unit: Unit
    cycle: str | None = None

    def __str__(self) -> str:
        unit = f"{self.cycle} cycles" if self.unit is Unit.CYCLES else self.unit.value
        return f"{self.count} {unit[:-1] if self.count == 1 else unit}"

    @property
    def fixed_length(self) -> timedelta | None:
        """The length in time for hours and minutes, None for days, months and cycles."""
        step = _FIXED_LENGTH.get(self.unit)
        return None if step is None else step * self.count

    @property
    def is_pausable(self) -> bool:
        """Whether a pause can stop it at all: only working time can be stopped (SLA rule 6)."""
        return self.unit in (Unit.WORKING_MINUTES, Unit.WORKING_HOURS, Unit.WORKING_DAYS)


def parse_duration(text: str) -> Duration:
    """Read a length as people write it in rules files. Raises DurationError."""
    words = text.split()
    if not words:
        raise DurationError(f"a length of time is missing: write for example {_EXAMPLES}")
    count = _read_count(words[0], text)
    match words[1:]:
        case [noun]:
            raise DurationError(_explain_bare_unit(words[0], noun.lower()))
        case [kind, noun]:
            return _read_unit(text, count, kind=kind, noun=noun.lower())
    raise DurationError(f'"{text}" is no length of time: write for example {_EXAMPLES}')


def _read_unit(text: str, count: int, *, kind: str, noun: str) -> Duration:
    if noun in ("cycle", "cycles"):
        return _within_ten_years(Duration(count, Unit.CYCLES, kind), text)
    plural = noun if noun.endswith("s") else f"{noun}s"
    name = f"{kind.lower()} {plural}"
    if name not in tuple(Unit):
        raise DurationError(_explain_unknown_unit(text, count, kind.lower(), plural))
    return _within_ten_years(Duration(count, Unit(name)), text)


def _read_count(word: str, text: str) -> int:
    if word.isascii() and word.isdigit():
        return int((word.lstrip("0") or "0")[:9])
    raise DurationError(
        f'"{text}" must begin with a whole number that is not negative: for example {_EXAMPLES}'
    )


def _within_ten_years(duration: Duration, text: str) -> Duration:
    if duration.count > _TEN_YEARS[duration.unit]:
        raise DurationError(f'"{text}" is longer than ten years')
    return duration


def _explain_bare_unit(count: str, noun: str) -> str:
    plural = noun if noun.endswith("s") else f"{noun}s"
    if plural in ("hours", "minutes"):
        return (
            f'"{count} {noun}" can be read two ways: write "{count} clock {plural}" (nights and '
            f'weekends count) or "{count} working {plural}" (only opening hours count)'
        )
    if plural == "days":
        return (
            f'"{count} {noun}" can be read two ways: write "{count} working days" or '
            f'"{count} calendar days"'
        )
    if plural == "months":
        return f'"{count} {noun}": write "{count} calendar months"'
    if plural == "cycles":
        return f'"{count} {noun}" does not say which cycle: write for example "1 payroll cycle"'
    return f'"{count} {noun}" is no length of time: write for example {_EXAMPLES}'


def _explain_unknown_unit(text: str, count: int, kind: str, plural: str) -> str:
    if kind == "clock" and plural in ("days", "months"):
        return f'"{text}": write "{count} calendar {plural}"'
    guess = nearest(f"{_MEANT.get(kind, kind)} {plural}", tuple(Unit))
    if guess:
        return f'"{text}" has no unit that is known, did you mean "{count} {guess}"?'
    return f'"{text}" has no unit that is known: write for example {_EXAMPLES}'
