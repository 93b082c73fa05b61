"""Pauses: half-open stretches of waiting that do not count as working time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.policy.working_time import WorkingTime


@dataclass(frozen=True)
class Pause:
    """[start, end); ``end`` is None while the pause lasts."""

    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


def unite_pauses(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same stretches in order, without overlap; empty ones are gone."""
    united: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        if pause.end is not None and pause.end <= pause.start:
            continue
        last = united[-1] if united else None
        if last is None or (last.end is not None and last.end < pause.start):
            united.append(pause)
        elif last.end is not None:
            end = None if pause.end is None else max(last.end, pause.end)
            united[-1] = Pause(last.start, end)
    return tuple(united)


def walk_working_time(
    working_time: WorkingTime,
    start: datetime,
    *,
    budget: timedelta,
    pauses: Iterable[Pause] = (),
) -> datetime | None:
    """The earliest instant by which ``budget`` was worked outside the pauses.

    None when a pause without an end begins before that.
    """
    if budget <= timedelta(0):
        return working_time.add(start, timedelta(0))
    left, since = budget, start
    for pause in unite_pauses(pauses):
        worked = working_time.worked(since, pause.start)
        if worked >= left:
            break
        left -= worked
        if pause.end is None:
            return None
        since = max(since, pause.end)
    return working_time.add(since, left)


def worked_outside_pauses(
    working_time: WorkingTime, start: datetime, end: datetime, *, pauses: Iterable[Pause] = ()
) -> timedelta:
    """Working time in [start, end) that no pause covers."""
    worked = working_time.worked(start, end)
    for pause in unite_pauses(pauses):
        until = end if pause.end is None else min(pause.end, end)
        worked -= working_time.worked(max(pause.start, start), until)
    return worked
