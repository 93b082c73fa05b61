"""What a timer that fires gives rise to. Each kind of timer is decided in a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mailflow.core.case.clock import TimerKind
from mailflow.core.policy.chasing import chase_if_waiting
from mailflow.core.policy.climbing import climb_if_unheard
from mailflow.core.policy.decision import Situation
from mailflow.core.policy.leaving import hand_over_for_good
from mailflow.core.policy.parting import part_from_case
from mailflow.core.policy.reminding import send_reminder
from mailflow.core.policy.settling import close_after_grace, settle_if_told
from mailflow.core.policy.standing_in import cover_if_needed, give_back, hand_over_urgent
from mailflow.core.policy.unconfirmed import nudge_or_replace
from mailflow.core.policy.undelivered import tell_of_undelivered

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import Timer
    from mailflow.core.policy.decision import Decision
    from mailflow.core.policy.house import House
    from mailflow.core.policy.ownership import Workload


class _Handler(Protocol):
    def __call__(
        self, timer: Timer, file: CaseFile, house: House, *, now: datetime
    ) -> Decision: ...


class _StaffedHandler(Protocol):
    def __call__(
        self, timer: Timer, file: CaseFile, house: House, *, now: datetime, workload: Workload
    ) -> Decision: ...


_HANDLERS: dict[TimerKind, _Handler] = {
    TimerKind.CLIMB: climb_if_unheard,
    TimerKind.CHASE: chase_if_waiting,
    TimerKind.SETTLE: settle_if_told,
    TimerKind.GRACE: close_after_grace,
    TimerKind.REMIND: send_reminder,
    TimerKind.UNDELIVERED: tell_of_undelivered,
}
# These may give the case to somebody else, and have to know who is there.
_STAFFED_HANDLERS: dict[TimerKind, _StaffedHandler] = {
    TimerKind.NUDGE: nudge_or_replace,
    TimerKind.RETURN: give_back,
    TimerKind.AWAY: hand_over_urgent,
    TimerKind.LEFT: hand_over_for_good,
}


def follow_up(
    timer: Timer, file: CaseFile, house: House, *, now: datetime, workload: Workload
) -> Decision:
    """The decision about one timer; an empty one when what it waits for happened meanwhile.

    Raises KeyError for a kind of timer that nothing handles: it is put off, not forgotten.
    """
    staffed = _STAFFED_HANDLERS.get(timer.kind)
    decision = (
        staffed(timer, file, house, now=now, workload=workload)
        if staffed is not None
        else _HANDLERS[timer.kind](timer, file, house, now=now)
    )
    cause = f"{file.case.uid}:{timer.kind}:{timer.target}:{timer.generation}:{timer.step}"
    if decision.events or decision.mails:
        decision = cover_if_needed(decision, file, house, workload, now=now, cause=cause)
    return part_from_case(decision, file, house, Situation(workload), now=now, cause=cause)
