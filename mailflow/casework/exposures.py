"""Fetching what was sent of a case, when a decision keeps somebody out who took part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.policy.exposure import finds_exposure, report_exposure
from mailflow.store import case_events

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mailflow.casework.desk import Desk
    from mailflow.core.policy.decision import Decision


def look_up_exposure(
    connection: Connection, desk: Desk, decision: Decision, *, cause: str
) -> Decision:
    """The decision with its exposure report; as it is where nobody was exposed."""
    if decision.case is None or not finds_exposure(decision):
        return decision
    past = case_events.load_events(connection, desk.files[decision.case.uid].vault)
    now = desk.office.clock.now()
    return report_exposure(decision, past, desk.house, now=now, cause=cause)
