"""What people who left still own: put before the sweep, which hands it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.case.clock import Timer, TimerKind
from mailflow.core.policy.leaving import LEFT
from mailflow.store import case_pages, timers
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from mailflow.casework.office import Office


def hand_over_of_leavers(office: Office) -> int:
    """How many cases were put before the sweep. Raises TemporaryError.

    Asks nothing while staff.yaml names nobody under ``left``.
    """
    left = office.house().staff.left
    if not left:
        return 0
    with reading(office.engine) as connection:
        owned = case_pages.open_cases_of(connection, office.keyring, left)
    if not owned:
        return 0
    now = office.clock.now()
    look = Timer(TimerKind.LEFT, now, LEFT, LEFT)
    with transaction(office.engine) as connection:
        timers.add_timer_at_once(connection, look, case_uids=owned, now=now)
    return len(owned)
