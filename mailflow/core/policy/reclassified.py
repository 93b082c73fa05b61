"""What a new class of a case does to its clocks: a due time moves, and a breach stays (rule 7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.policy.pauses import walk_working_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailflow.core.policy.pauses import Pause
    from mailflow.core.policy.sla import Promise

GRACE = timedelta(hours=2)


def due_when_raised(
    old_due: datetime | None,
    new: Promise,
    *,
    start: datetime,
    changed_at: datetime,
    pauses: Iterable[Pause] = (),
) -> datetime | None:
    """min(old, max(new from receipt, change + 2 working hours)).

    ``old_due`` is None when the target is new to the case; None comes back while it is paused.
    """
    held = tuple(pauses) if new.is_pausable else ()
    new_due = new.due(start, pauses=held)
    grace = walk_working_time(new.calendar.working_time, changed_at, budget=GRACE, pauses=held)
    if new_due is None or grace is None:
        return old_due
    due = max(new_due, grace)
    return due if old_due is None else min(old_due, due)


def due_when_lowered(
    old_due: datetime | None,
    new: Promise | None,
    *,
    start: datetime,
    changed_at: datetime,
    pauses: Iterable[Pause] = (),
) -> datetime | None:
    """New from receipt, unless the old due time was missed: a breach is never erased.

    ``new`` is None when the target is gone; None then means "not applicable".
    """
    if old_due is not None and old_due < changed_at:
        return old_due
    return None if new is None else new.due(start, pauses=pauses)
