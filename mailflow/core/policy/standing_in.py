"""An owner who is away: whoever stands in has the case as soon as it needs somebody, an urgent one
at once, and gives it back when the owner is there again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.case.content import Template
from mailflow.core.case.events import EventKind
from mailflow.core.case.transitions import ENDED
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.handover import Handover, hand_to, with_changes
from mailflow.core.policy.mails import hand_over
from mailflow.core.policy.moments import at_midnight, calendar_of
from mailflow.core.policy.ownership import pick_owner

if TYPE_CHECKING:
    from datetime import date, datetime

    from mailflow.core.case.case import Case
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.mail_order import MailOrder
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


def cover_if_needed(
    decision: Decision,
    file: CaseFile | None,
    house: House,
    workload: Workload,
    *,
    now: datetime,
    cause: str,
    by: str = "",
) -> Decision:
    """The decision with somebody who is there in the place of an absent owner to whom it speaks,
    or whose case must not wait. ``by`` is who wrote: an owner who writes is there.
    """
    case = decision.case
    if file is None or case is None or case.uid != file.case.uid or case.owner != file.case.owner:
        return decision
    owner = house.staff.member(case.owner)
    if owner is None or by in owner.addresses:
        return decision
    needs_somebody = (
        case.risk.is_urgent
        or any(mail.recipient == owner.email for mail in decision.mails)
        or any(event.kind is EventKind.NUDGED for event in decision.events)
    )
    if not needs_somebody:
        return decision
    present = with_changes(file, decision.changed_clocks)
    taken = cover_absent_owner(present, case, house, workload, now=now)
    if taken is None:
        return decision
    mails = _redirect(decision.mails, owner.email, taken.case.owner, house)
    after = taken.added_to(replace(decision, mails=mails))
    return tell_new_owner(after, house, now=now, cause=f"away:{cause}")


def _redirect(
    mails: tuple[MailOrder, ...], absent: str, stand_in: str, house: House
) -> tuple[MailOrder, ...]:
    """What the absent owner would have got. In the place of a nudge stands the word of the case:
    that it is theirs now.
    """
    member = house.staff.member(stand_in)
    name = member.name if member else None
    locale = house.locale_of(stand_in)
    return tuple(
        replace(mail, recipient=stand_in, recipient_name=name, locale=locale)
        if mail.recipient == absent
        else mail
        for mail in mails
        if mail.recipient != absent or mail.template is not Template.NUDGE
    )


def look_for_stand_in(
    case: Case, house: House, workload: Workload, *, now: datetime
) -> list[Timer]:
    """What is set where somebody away is given a case that must not wait."""
    if not case.risk.is_urgent or not is_away(case.owner, house, workload):
        return []
    return [Timer(TimerKind.AWAY, now, STAND_IN, now.strftime("%Y%m%dT%H%M%S"))]


def hand_over_urgent(
    timer: Timer, file: CaseFile, house: House, *, now: datetime, workload: Workload
) -> Decision:
    """When somebody is known to be away: their case that must not wait goes to somebody who is
    there; while nobody else may have it, another look each morning.
    """
    case = file.case
    if not case.risk.is_urgent or case.state in ENDED or not is_away(case.owner, house, workload):
        return Decision(None, case=case)
    taken = cover_absent_owner(file, case, house, workload, now=now)
    if taken is None:
        again = replace(_look_again(case, house, now=now), kind=TimerKind.AWAY)
        return Decision(None, case=case, timers=(again,))
    after = taken.added_to(Decision(None, case=case))
    return tell_new_owner(after, house, now=now, cause=f"away:{timer.step}")


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
