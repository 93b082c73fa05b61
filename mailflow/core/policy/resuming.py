"""A wait that ends by itself: an answer came, or the date did. Clocks go on where they stood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.events import SYSTEM, Event, EventKind
from mailflow.core.policy.clock_changes import (
    current_promises,
    due_after_pause,
    moved,
    next_timer,
)
from mailflow.core.policy.waiting import CHASE, current_wait

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import CaseClock, Timer
    from mailflow.core.policy.house import House


@dataclass(frozen=True)
class Resumed:
    """The case at work again; ``changed`` are clocks (before, after)."""

    case: Case
    changed: tuple[tuple[CaseClock, CaseClock], ...] = ()
    timers: tuple[Timer, ...] = ()
    events: tuple[Event, ...] = ()
    dropped: tuple[str, ...] = ()


def resume_case(
    file: CaseFile, case: Case, house: House, *, now: datetime, because: str
) -> Resumed:
    """``case`` is the file's, as changed so far."""
    waiting = current_wait(case)
    events = [
        Event(
            EventKind.STATE_CHANGED,
            now,
            actor=SYSTEM,
            data={"from": case.state, "to": State.WORKING, "reason": because},
        )
    ]
    case = replace(case, state=State.WORKING)
    if waiting is None:
        return Resumed(case, events=tuple(events))
    case = replace(case, waits=(*case.waits[:-1], replace(waiting, ended_at=now)))
    events.append(Event(EventKind.WAITING_ENDED, now, data={"because": because}))
    promises = current_promises(case, house)
    changed: list[tuple[CaseClock, CaseClock]] = []
    timers: list[Timer] = []
    for target, due in waiting.dues.items():
        clock, promise = file.running(target), promises.get(target)
        if clock is None or clock.due_at is not None or promise is None:
            continue
        after = moved(clock, due_after_pause(due, promise, since=waiting.since, now=now))
        changed.append((clock, after))
        timer = next_timer(after, promise, case, house, now=now)
        timers += [timer] if timer else []
    dropped = (CHASE, *(before.target for before, _ in changed))
    return Resumed(case, tuple(changed), tuple(timers), tuple(events), dropped)
