"""An escalation that nobody has heard goes one step further up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.case.events import Event, EventKind
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.escalation import escalate
from mailflow.core.policy.mails import tell_of_escalation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.house import House

UNDELIVERED_AFTER = timedelta(minutes=15)
UNANSWERED_AFTER = timedelta(hours=1)
ESCALATION = "escalation"
_UNHEARD = (State.NEW, State.TRIAGE, State.ASSIGNED)
_STEPS = ("undelivered", "unanswered")


def climb_timers(case: Case, *, at: datetime) -> tuple[Timer, ...]:
    """What is set beside an escalation at ``at``: a look whether it could be delivered, and one
    whether anybody has acted on it. Once a risk: one that rises further is escalated anew.
    """
    waits = (UNDELIVERED_AFTER, UNANSWERED_AFTER)
    return tuple(
        Timer(TimerKind.CLIMB, at + wait, ESCALATION, step, generation=case.risk.rank)
        for step, wait in zip(_STEPS, waits, strict=True)
    )


def climb_if_unheard(timer: Timer, file: CaseFile, house: House, *, now: datetime) -> Decision:
    """Tell the next people up when no escalation got through, or nobody has acted on one.

    The mails that failed keep trying; this only stops waiting for them.
    """
    case = file.case
    heard = bool(file.escalations_sent) if timer.step == "undelivered" else _was_acted_on(case)
    if heard or case.state in (State.RESOLVED, State.CLOSED, State.CANCELLED):
        return Decision(None, case=case)
    category = house.bundle.categories.get(case.category)
    above = escalate(
        case,
        house.staff,
        targets=category.escalate_to_alternate if category else (),
        alternates=(),
        today=now.astimezone(house.zone).date(),
    ).recipients
    told = tuple(a for a in _further(above, house) if a not in file.escalations_ordered)
    if not told:
        return Decision(None, case=case)
    return Decision(
        None,
        case=case,
        mails=tuple(
            tell_of_escalation(case, house, to=address, cause=f"{case.uid}:{timer.step}", now=now)
            for address in told
        ),
        events=(Event(EventKind.ESCALATED, now, data={"to": list(told), "because": timer.step}),),
    )


def _was_acted_on(case: Case) -> bool:
    return case.state not in _UNHEARD


def _further(above: Iterable[str], house: House) -> tuple[str, ...]:
    """The alternates, and the independent contact as the last of all."""
    return tuple(dict.fromkeys((*above, house.staff.independent_contact)))
