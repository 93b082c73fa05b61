"""An owner who is away: whoever stands in has the case as soon as it needs somebody, and gives it
back when the owner is there again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.case.transitions import ENDED
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.handover import Handover, hand_to
from mailflow.core.policy.mails import hand_over
from mailflow.core.policy.moments import at_midnight, calendar_of
from mailflow.core.policy.ownership import pick_owner

if TYPE_CHECKING:
    from datetime import date, datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.policy.house import House
    from mailflow.core.policy.ownership import Workload

STAND_IN = "stand_in"


def is_away(address: str, house: House, workload: Workload) -> bool:
    member = house.staff.member(address)
    return member is not None and member.email in workload.absent


def cover_absent_owner(
    file: CaseFile, case: Case, house: House, workload: Workload, *, now: datetime
) -> Handover | None:
    """The case in the hands of whoever stands in; None while the owner is there, and where
    nobody else may have it.
    """
    if not is_away(case.owner, house, workload) or case.state in ENDED:
        return None
    today = now.astimezone(house.zone).date()
    stand_in = _find_stand_in(case, house, workload, today=today)
    if stand_in is None:
        return None
    # Who stands in for a stand-in still gives the case back to the first of them.
    absent = case.record.stands_in_for or case.owner
    record = replace(case.record, stands_in_for=absent)
    taken = hand_to(file, replace(case, record=record), stand_in, house, now=now, by="absence")
    return replace(taken, timers=(*taken.timers, _look_again(case, house, now=now)))


def _find_stand_in(case: Case, house: House, workload: Workload, *, today: date) -> str | None:
    """The delegate, or whoever the case would go to if it came now; never the absent owner."""
    owner = house.staff.member(case.owner)
    named = workload.absent.get(owner.email, "") if owner else ""
    delegate = house.staff.member(named or (owner.delegate if owner else "") or "")
    if (
        delegate is not None
        and delegate.email not in workload.absent
        and may_own(delegate, case, today=today)
    ):
        return delegate.email
    category = house.bundle.categories.get(case.category)
    policy = category.owner if category else ""
    picked = pick_owner(
        case,
        house.staff,
        policy=policy,
        workload=workload,
        today=today,
        directory=house.directory,
    ).owner
    is_somebody_here = house.staff.member(picked) and not is_away(picked, house, workload)
    return picked if is_somebody_here and picked != case.owner else None


def _look_again(case: Case, house: House, *, now: datetime) -> Timer:
    """When the next working day begins."""
    calendar = calendar_of(case, house)
    if calendar is None:
        at = at_midnight(now.astimezone(house.zone).date() + timedelta(days=1), house)
    else:
        working = calendar.working_time
        day = working.working_day(working.local_date(now), steps=1)
        at = working.next_opening(at_midnight(day, house))
    return Timer(TimerKind.RETURN, at, STAND_IN, at.strftime("%Y%m%dT%H%M"))


def give_back(
    timer: Timer, file: CaseFile, house: House, *, now: datetime, workload: Workload
) -> Decision:
    """On a morning after: back to the owner who is there again, else another look the next day."""
    case = file.case
    owner = house.staff.member(case.record.stands_in_for)
    if timer.target != STAND_IN or owner is None or case.state in ENDED:
        return Decision(None, case=case)
    if is_away(owner.email, house, workload):
        return Decision(None, case=case, timers=(_look_again(case, house, now=now),))
    kept = replace(case, record=replace(case.record, stands_in_for=""))
    today = now.astimezone(house.zone).date()
    if case.owner in owner.addresses or not may_own(owner, case, today=today):
        return Decision(None, case=case)
    returned = hand_to(file, kept, owner.email, house, now=now, by="return")
    return tell_new_owner(returned.added_to(Decision(None)), house, now=now, cause=timer.step)


def tell_new_owner(decision: Decision, house: House, *, now: datetime, cause: str) -> Decision:
    """The decision with word to the owner it ends with."""
    case = decision.case
    if case is None:
        return decision
    word = hand_over(
        case,
        house,
        to=case.owner,
        cause=cause,
        now=now,
        shows=None,
        fields={"is_new": False},
    )
    return replace(decision, mails=(*decision.mails, word))
