"""What a timer that fires gives rise to. Each kind of timer is decided in a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mailflow.core.case.clock import TimerKind
from mailflow.core.policy.climbing import climb_if_unheard
from mailflow.core.policy.nudging import nudge_if_due

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import Timer
    from mailflow.core.policy.decision import Decision
    from mailflow.core.policy.house import House


class _Handler(Protocol):
    def __call__(
        self, timer: Timer, file: CaseFile, house: House, *, now: datetime
    ) -> Decision: ...


_HANDLERS: dict[TimerKind, _Handler] = {
    TimerKind.NUDGE: nudge_if_due,
    TimerKind.CLIMB: climb_if_unheard,
}


def follow_up(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """The decision about one timer; an empty one when what it waits for happened meanwhile.

    Raises KeyError for a kind of timer that nothing handles: it is put off, not forgotten.
    """
    return _HANDLERS[timer.kind](timer, file, house, now=now)
