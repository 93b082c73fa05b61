"""What every end of a case does: clocks stop, waiting ends, the owner has one case less."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.case import State
from mailflow.core.policy.targets import Target
from mailflow.core.policy.waiting import end_wait

if TYPE_CHECKING:
    from mailflow.core.policy.case_sheet import CaseSheet


def end_case(sheet: CaseSheet, state: State, *, why: str) -> None:
    """``state`` is RESOLVED or CANCELLED; the step must be legal."""
    end_wait(sheet, because=state)
    if state is State.RESOLVED:
        sheet.meet_clock(Target.RESOLVE)
    for clock in list(sheet.current.clocks):
        if clock.is_running:
            sheet.close_clock(clock.target, reason=f"not_applicable({state})")
    sheet.go(state, reason=why)
    is_resolved = state is State.RESOLVED
    sheet.case = replace(
        sheet.case,
        resolved_at=sheet.now if is_resolved else sheet.case.resolved_at,
        closed_at=sheet.case.closed_at if is_resolved else sheet.now,
    )
    owner = sheet.case.owner
    sheet.workload[owner] = sheet.workload.get(owner, 0) - 1
