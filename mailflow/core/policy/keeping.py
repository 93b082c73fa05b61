"""What keeping a promise does to the other clocks of a case: some are kept with it, some start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.policy.clocks import meet, promises_of, say_started, start_clock
from mailflow.core.policy.targets import StatutoryStart, Target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.case.events import Event
    from mailflow.core.policy.house import House


@dataclass(frozen=True)
class Kept:
    """``changed`` are (before, after); the timers of ``dropped`` targets are forgotten."""

    changed: tuple[tuple[CaseClock, CaseClock], ...] = ()
    started: tuple[CaseClock, ...] = ()
    timers: tuple[Timer, ...] = ()
    dropped: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


def keep(file: CaseFile, house: House, targets: Iterable[str], *, at: datetime) -> Kept:
    """Meet the running clocks of these targets at ``at``, those of statutes that are met by
    them, and start what a statute counts from the acknowledgement (Directive (EU) 2019/1937
    Art. 9: feedback within three months of it).
    """
    wanted = set(targets)
    category = house.bundle.categories.get(file.case.category)
    promises = promises_of(file.case, house, (category.sla,) if category else ())
    wanted |= {promise.name for promise in promises if promise.met_by in wanted}
    changed: list[tuple[CaseClock, CaseClock]] = []
    events: list[Event] = []
    for clock in file.clocks:
        if clock.is_running and clock.target in wanted:
            met, said = meet(clock, at=at)
            changed.append((clock, met))
            events += said
    started: list[CaseClock] = []
    timers: list[Timer] = []
    if any(before.target == Target.ACKNOWLEDGE for before, _ in changed):
        known = {clock.target for clock in file.clocks}
        for promise in promises:
            if promise.starts is StatutoryStart.ACKNOWLEDGEMENT and promise.name not in known:
                clock, timer = start_clock(promise, house, at=at)
                started.append(clock)
                timers += [timer] if timer else []
    if started:
        events.append(say_started(started, at=at))
    dropped = tuple(before.target for before, _ in changed)
    return Kept(tuple(changed), tuple(started), tuple(timers), dropped, tuple(events))
