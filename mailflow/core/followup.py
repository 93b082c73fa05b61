"""What a timer that fires gives rise to. Each kind of timer is decided in a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mailflow.core.case.clock import TimerKind
from mailflow.core.policy.chasing import chase_if_waiting
from mailflow.core.policy.climbing import climb_if_unheard
from mailflow.core.policy.reminding import send_reminder
from mailflow.core.policy.settling import close_after_grace, settle_if_told
from mailflow.core.policy.unconfirmed import nudge_or_replace

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
    TimerKind.NUDGE: nudge_or_replace,
    TimerKind.CLIMB: climb_if_unheard,
    TimerKind.CHASE: chase_if_waiting,
    TimerKind.SETTLE: settle_if_told,
    TimerKind.GRACE: close_after_grace,
    TimerKind.REMIND: send_reminder,
}


def follow_up(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """The decision about one timer; an empty one when what it waits for happened meanwhile.

    Raises KeyError for a kind of timer that nothing handles: it is put off, not forgotten.
    """
    return _HANDLERS[timer.kind](timer, file, house, now=now)
