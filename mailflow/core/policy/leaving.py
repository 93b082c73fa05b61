"""Somebody who works here no more: what they own goes for good to whom staff.yaml names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.access import may_own
from mailflow.core.case.transitions import ENDED
from mailflow.core.policy.decision import Decision
from mailflow.core.policy.handover import hand_to
from mailflow.core.policy.ownership import pick_owner
from mailflow.core.policy.standing_in import look_for_stand_in, tell_new_owner

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.clock import Timer
    from mailflow.core.policy.house import House
    from mailflow.core.policy.ownership import Workload

LEFT = "left"


def hand_over_for_good(
    timer: Timer, file: CaseFile, house: House, *, now: datetime, workload: Workload
) -> Decision:
    """To ``handover_to`` where they may have the case, else to whoever it would go to today: a
    case about them, or one that asks for a training they lack, is not for them.
    """
    case = file.case
    successor = house.staff.left.get(case.owner)
    if successor is None or case.state in ENDED:
        return Decision(None, case=case)
    today = now.astimezone(house.zone).date()
    member = house.staff.member(successor)
    category = house.bundle.categories.get(case.category)
    if member is not None and may_own(member, case, today=today):
        owner = member.email
    else:
        owner = pick_owner(
            case,
            house.staff,
            policy=category.owner if category else "",
            workload=workload,
            today=today,
            directory=house.directory,
        ).owner
    case = replace(case, record=replace(case.record, stands_in_for=""))
    taken = hand_to(file, case, owner, house, now=now, by=LEFT)
    after = taken.added_to(Decision(None, case=case))
    away = look_for_stand_in(taken.case, house, workload, now=now)
    after = replace(after, timers=(*after.timers, *away))
    return tell_new_owner(
        after, house, now=now, cause=f"{timer.step}:{case.uid}:{now:%Y%m%dT%H%M%S}"
    )
