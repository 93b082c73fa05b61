"""What one language knows: names, phrases and how times and sizes are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Counted:
    """A word that counts, in the singular and for every other number."""

    one: str
    many: str

    def say(self, count: int) -> str:
        return f"{count} {self.one if count == 1 else self.many}"


@dataclass(frozen=True)
class Vocabulary:
    """``moment``, ``moment_with_year``, ``date``, ``clock`` and ``by`` are patterns with fields.

    Fields of a moment: weekday, day, month, year, hour, minute; of ``by``: moment. ``first_day``
    is how the first of a month is written. ``byte_units`` go up by 1000, as mail clients count.
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    moment: str
    moment_with_year: str
    date: str
    clock: str
    by: str
    first_day: str
    minutes: Counted
    hours: Counted
    days: Counted
    under_a_minute: str
    decimal_mark: str
    byte_units: tuple[str, ...]
    categories: Mapping[str, str]
    risks: Mapping[str, str]
    states: Mapping[str, str]
    roles: Mapping[str, str]
    fields: Mapping[str, str]
    directions: Mapping[str, str]
    targets: Mapping[str, str]
    actions: Mapping[str, str]
    links: Mapping[str, str]
    warnings: Mapping[str, str]
