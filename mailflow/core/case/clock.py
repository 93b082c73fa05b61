"""Clocks and timers of a case, as stored. How they are computed is policy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


SET_BY_HAND = "set by hand"
"""The terms of a clock whose due time a person chose."""


@dataclass(frozen=True)
class CaseClock:
    """One promise about a case. ``terms`` is the target as written, for the record.

    ``due_at`` is None while paused; ``closed_reason`` says why it no longer applies.
    """

    target: str
    started_at: datetime
    due_at: datetime | None
    terms: str = ""
    generation: int = 0
    met_at: datetime | None = None
    breached_at: datetime | None = None
    closed_reason: str | None = None

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.closed_reason is None

    @property
    def is_kept_as_set(self) -> bool:
        """Whether a person chose the due time: nothing but a person moves it again."""
        return self.terms == SET_BY_HAND


class TimerKind(StrEnum):
    """What is to be looked at when a timer fires. Neutral words: they stand in the clear."""

    NUDGE = "nudge"
    CLIMB = "climb"
    RELEASE = "release"
    CHASE = "chase"
    SETTLE = "settle"
    GRACE = "grace"
    REMIND = "remind"
    RETURN = "return"
    AWAY = "away"
    LEFT = "left"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True)
class Timer:
    """Work that becomes due by time alone. (kind, target, step, generation) is unique a case."""

    kind: TimerKind
    fire_at: datetime
    target: str
    step: str
    generation: int = 0
